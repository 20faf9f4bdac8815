package io.dataflux.testkit;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.PropertyName;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.verify.Arrivals;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decodes events, and other JSON in UTF-8, with Jackson. Events may be read into whatever type holds their values; what a system put out has
 * to have the right types by itself, see {@link StrictContext}. Thread-safe.
 */
final class JsonDecoder<T> implements Decoder<T>, Arrivals.JsonDecode<T> {

    private static final JsonMapper MAPPER = StrictContext.mapper()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
            .enable(
                    DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                    DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                    DeserializationFeature.USE_LONG_FOR_INTS)
            .annotationIntrospector(new SnakeCaseToo())
            .findAndAddModules()
            .addModule(TimeReader.module().setDeserializerModifier(new ExactConstants()))
            .build();

    /** What the words of Jackson hold for whoever configures a mapper. */
    private static final Pattern ADVICE = Pattern.compile(
            " \\((?:but could if|but might if|set Deserialization|token )[^)]*\\)|: disable Deserialization\\S+ to allow");

    private static final Pattern PACKAGE = Pattern.compile("'(?:\\w+\\.)+(?:\\w+\\$)*(\\w+)");
    private static final int LOOKED_AT = 1000;
    private static final int LONGEST_TEXT = 200;

    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectReader strict;
    private volatile @Nullable Known known;

    /** The reader of what a system made of a stream's events. */
    private record Known(FieldForms forms, ObjectReader reader) {}

    private JsonDecoder(JavaType type) {
        this.type = type;
        reader = MAPPER.readerFor(type);
        strict = reader.with(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .withAttribute(StrictContext.FORMS, StrictContext.ANY);
    }

    static <T> JsonDecoder<T> of(Class<T> type) {
        return new JsonDecoder<>(MAPPER.constructType(type));
    }

    static Decoder<Map<String, Object>> maps() {
        return new JsonDecoder<>(MAPPER.getTypeFactory().constructMapType(Map.class, String.class, Object.class));
    }

    static Decoder<?> of(Type type) {
        if (type == Event.class || type == Object.class || type instanceof WildcardType) {
            return Decoder.events();
        }
        if (type == String.class) {
            return Event::toString;
        }
        return type == byte[].class ? Event::bytes : new JsonDecoder<>(MAPPER.constructType(type));
    }

    @Override
    public T decode(Event event) {
        try {
            return reader.readValue(event.bytes());
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "event " + event.sequence() + " cannot be read as " + name() + ": " + words(e) + "; it is " + event,
                    e);
        }
    }

    /** Decodes JSON that a system put out, of which it is not known what it was made of. */
    @Override
    public T apply(byte[] json) {
        return decode(json, strict);
    }

    @Override
    public T decode(byte[] json, EventStream like) {
        Known last = known;
        if (last == null || !last.forms.isOf(like)) {
            FieldForms forms = new FieldForms(like);
            last = new Known(forms, strict.withAttribute(StrictContext.FORMS, forms));
            known = last;
        }
        return decode(json, last.reader);
    }

    private T decode(byte[] json, ObjectReader with) {
        try {
            T decoded = with.readValue(json);
            if (decoded == null) {
                throw new IllegalArgumentException("this cannot be read as " + name() + ": it is null");
            }
            return decoded;
        } catch (IOException e) {
            String text = new String(json, StandardCharsets.UTF_8);
            String shown = text.codePointCount(0, text.length()) <= LONGEST_TEXT
                    ? text
                    : text.substring(0, text.offsetByCodePoints(0, LONGEST_TEXT)) + "...";
            throw new IllegalArgumentException(
                    "this cannot be read as " + name() + ": " + words(e) + "; it is " + shown, e);
        }
    }

    private String name() {
        return type.getRawClass().getSimpleName();
    }

    /** What is wrong, and where; without advice that is meant for whoever configures the mapper. */
    private static String words(IOException e) {
        String text =
                e instanceof JacksonException jackson ? jackson.getOriginalMessage() : String.valueOf(e.getMessage());
        String where = e instanceof JsonMappingException mapping ? path(mapping) : "";
        String plain = ADVICE.matcher(text.replace('`', '\'')).replaceAll("");
        return (where.isEmpty() ? "" : "at " + where + ": ")
                + PACKAGE.matcher(plain).replaceAll("'$1");
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            String field = step.getFieldName();
            path.append(field == null ? "[" + step.getIndex() + "]" : path.isEmpty() ? field : "." + field);
        }
        return path.toString();
    }

    /** The record's components that come from a field of their own, with the names that the field may have. */
    private Map<String, Set<String>> components() {
        DeserializationConfig config = MAPPER.getDeserializationConfig();
        BeanDescription record = config.introspect(type);
        Map<String, Set<String>> components = new LinkedHashMap<>();
        for (BeanPropertyDefinition each : record.findProperties()) {
            boolean optional = each.getPrimaryType().isReferenceType();
            boolean unwrapped =
                    config.getAnnotationIntrospector().findUnwrappingNameTransformer(each.getPrimaryMember()) != null;
            if (!optional && !unwrapped) {
                Set<String> names = new LinkedHashSet<>(List.of(each.getName()));
                each.findAliases().forEach(alias -> names.add(alias.getSimpleName()));
                components.put(each.getName(), names);
            }
        }
        return record.findAnySetterAccessor() == null ? components : new LinkedHashMap<>();
    }

    /**
     * Refuses a record with a component that no event has: it would always be null, and so would everything expected of it.
     *
     * @throws IllegalArgumentException that names it, and the fields there are
     */
    void checkComponents(EventStream stream, long from) {
        if (!type.getRawClass().isRecord()) {
            return;
        }
        Map<String, Set<String>> unseen = components();
        Set<String> fields = new LinkedHashSet<>();
        long to = Math.min(stream.end(), from + LOOKED_AT);
        for (long sequence = from; sequence < to && !unseen.isEmpty(); sequence++) {
            fieldsOf(stream.event(sequence)).forEachRemaining(fields::add);
            unseen.values().removeIf(names -> !Collections.disjoint(names, fields));
        }
        if (!unseen.isEmpty() && !fields.isEmpty()) {
            throw new IllegalArgumentException(
                    name() + " has " + String.join(", ", unseen.keySet())
                            + ", but events of stream '" + stream.name() + "' have " + String.join(", ", fields)
                            + "; name a component like its field, orderId for order_id; make one that only some events have an Optional");
        }
    }

    private static Iterator<String> fieldsOf(Event event) {
        try {
            return MAPPER.readTree(event.bytes()).fieldNames();
        } catch (IOException e) {
            return Collections.emptyIterator(); // broken on purpose
        }
    }

    /** Enums are not looked up by text with spaces around their names. */
    private static final class ExactConstants extends BeanDeserializerModifier {

        private static final long serialVersionUID = 1L;

        @Override
        public JsonDeserializer<?> modifyEnumDeserializer(
                DeserializationConfig config, JavaType type, BeanDescription described, JsonDeserializer<?> lookup) {
            return new Exact(lookup);
        }

        private static final class Exact extends DelegatingDeserializer {

            private static final long serialVersionUID = 1L;

            Exact(JsonDeserializer<?> lookup) {
                super(lookup);
            }

            @Override
            protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> lookup) {
                return new Exact(lookup);
            }

            @Override
            public Object deserialize(JsonParser parser, DeserializationContext context) throws IOException {
                if (parser.currentToken() == JsonToken.VALUE_STRING
                        && !parser.getText().equals(parser.getText().strip())) {
                    throw context.weirdStringException(parser.getText(), handledType(), "it has spaces around it");
                }
                return super.deserialize(parser, context);
            }
        }
    }

    /** Lets {@code orderId} be {@code order_id}, too. */
    private static final class SnakeCaseToo extends JacksonAnnotationIntrospector {

        private static final long serialVersionUID = 1L;

        @Override
        public List<PropertyName> findPropertyAliases(Annotated member) {
            List<PropertyName> declared = super.findPropertyAliases(member);
            String name = propertyName(member);
            if (name == null) {
                return declared;
            }
            List<PropertyName> aliases = declared == null ? new ArrayList<>() : new ArrayList<>(declared);
            aliases.add(PropertyName.construct(snakeCase(name)));
            return aliases;
        }

        private static @Nullable String propertyName(Annotated member) {
            if (member instanceof AnnotatedParameter parameter) {
                RecordComponent[] components = parameter.getDeclaringClass().getRecordComponents();
                if (components == null) { // of a class, whose names a module may know, such as Kotlin's
                    return MAPPER.getDeserializationConfig()
                            .getAnnotationIntrospector()
                            .findImplicitPropertyName(parameter);
                }
                return parameter.getIndex() < components.length ? components[parameter.getIndex()].getName() : null;
            }
            String name = member.getName();
            boolean accessor = name.length() > 3
                    && (name.startsWith("set") || name.startsWith("get"))
                    && Character.isUpperCase(name.charAt(3));
            return accessor ? Character.toLowerCase(name.charAt(3)) + name.substring(4) : name;
        }

        private static String snakeCase(String name) {
            return name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
        }
    }
}
