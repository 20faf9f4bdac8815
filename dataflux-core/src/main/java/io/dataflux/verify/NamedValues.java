package io.dataflux.verify;

import com.fasterxml.jackson.databind.JsonNode;
import io.dataflux.Event;
import io.dataflux.json.FieldPath;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The named values of an object: the components of a record, the properties and public fields of a bean, the entries of a map, the
 * fields of JSON. Two names are the same if they differ in case, {@code _} and {@code -} only, so that a component
 * {@code orderId} is the field {@code order_id}. Immutable.
 */
final class NamedValues {

    private static final ClassValue<List<Member>> OF_CLASS = new ClassValue<>() {
        @Override
        protected List<Member> computeValue(Class<?> type) {
            return type.isRecord() ? components(type) : properties(type);
        }
    };

    /** Of what has none. */
    static final NamedValues NONE = new NamedValues(Collections.emptyMap());

    private interface Member {
        String name();

        @Nullable
        Object of(Object object) throws ReflectiveOperationException;
    }

    private record Getter(String name, Method method) implements Member {
        @Override
        public @Nullable Object of(Object object) throws ReflectiveOperationException {
            return method.invoke(object);
        }
    }

    private record PublicField(String name, Field field) implements Member {
        @Override
        public @Nullable Object of(Object object) throws ReflectiveOperationException {
            return field.get(object);
        }
    }

    private final Map<String, @Nullable Object> values;

    private NamedValues(Map<String, @Nullable Object> values) {
        this.values = values;
    }

    /** The members of an object; null if it is a value without any, such as text or a number. */
    static @Nullable NamedValues of(@Nullable Object object) {
        if (object instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            map.forEach((name, value) -> values.put(String.valueOf(name), value));
            return new NamedValues(values);
        }
        if (object instanceof JsonNode node) {
            return node.isObject() ? ofJson(node) : null;
        }
        if (object instanceof Event event) {
            return ofText(event.bytes());
        }
        if (object == null || isValue(object.getClass())) {
            return null;
        }
        List<Member> members = OF_CLASS.get(object.getClass());
        if (members.isEmpty()) {
            return null;
        }
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        for (Member member : members) {
            values.put(member.name(), read(member, object));
        }
        return new NamedValues(values);
    }

    /**
     * Whether two records of one class have the same text, whole numbers and truth values and nothing else; false also says that somebody
     * has to look closer. The quick answer for what nearly all outputs are.
     */
    static boolean plainlySame(@Nullable Object one, @Nullable Object other) {
        if (one == null
                || other == null
                || one.getClass() != other.getClass()
                || !one.getClass().isRecord()
                || isValue(one.getClass())
                || one instanceof Map
                || one instanceof Event
                || OF_CLASS.get(one.getClass()).isEmpty()) {
            return false;
        }
        for (Member member : OF_CLASS.get(one.getClass())) {
            Object value = read(member, one);
            boolean plain = value instanceof String
                    || value instanceof Long
                    || value instanceof Integer
                    || value instanceof Boolean
                    || value instanceof Double number && Double.isFinite(number);
            if (value == null || !plain || !value.equals(read(member, other))) {
                return false;
            }
        }
        return true;
    }

    /** The fields of a JSON object in UTF-8; null if it is none. */
    static @Nullable NamedValues ofText(byte[] json) {
        JsonNode node = Difference.json(json);
        return node != null && node.isObject() ? ofJson(node) : null;
    }

    static @Nullable NamedValues ofText(String json) {
        return ofText(json.getBytes(StandardCharsets.UTF_8));
    }

    private static NamedValues ofJson(JsonNode node) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        node.properties().forEach(field -> values.put(field.getKey(), plain(field.getValue())));
        return new NamedValues(values);
    }

    /** A JSON value as Java has it; objects stay as they are. */
    static @Nullable Object plain(JsonNode node) {
        if (node.isNull() || node.isMissingNode()) {
            return null;
        }
        if (node.isArray()) {
            List<@Nullable Object> list = new ArrayList<>();
            node.forEach(element -> list.add(plain(element)));
            return list;
        }
        return node.isTextual()
                ? node.textValue()
                : node.isNumber() ? node.decimalValue() : node.isBoolean() ? node.booleanValue() : node;
    }

    List<String> names() {
        return List.copyOf(values.keySet());
    }

    /** Whether there is a member of that name. */
    boolean has(String name) {
        return nameOf(name) != null;
    }

    /** The value of a member; null if it is null or there is none. */
    @Nullable
    Object value(String name) {
        String own = nameOf(name);
        return own == null ? null : values.get(own);
    }

    /** Whether there is a member at a path such as {@code transaction.id}. */
    boolean hasAt(String path) {
        int end = nameEnd(path, 0);
        NamedValues below = end < 0 || end == path.length() ? null : below(path.substring(0, end));
        return end == path.length() || below != null && below.hasAt(path.substring(end + 1));
    }

    /** The names that there are where a path leads to none; empty if there is a member at the path, or a null on the way to it. */
    List<String> insteadOf(String path) {
        int end = nameEnd(path, 0);
        NamedValues below = end < 0 || end == path.length() ? null : below(path.substring(0, end));
        return end < 0 ? names() : below == null ? List.of() : below.insteadOf(path.substring(end + 1));
    }

    /** The value at a path; null if it is null or there is none. */
    @Nullable
    Object at(String path) {
        int end = nameEnd(path, 0);
        NamedValues below = end < 0 || end == path.length() ? null : below(path.substring(0, end));
        return end == path.length() ? value(path) : below == null ? null : below.at(path.substring(end + 1));
    }

    /** Where the name ends with which a path goes on in these members; -1 if there is none of that name. */
    int nameEnd(String path, int from) {
        return FieldPath.nameEnd(path, from, this::has);
    }

    private @Nullable NamedValues below(String name) {
        return Comparison.membersOf(Comparison.opened(value(name)));
    }

    private @Nullable String nameOf(String name) {
        if (values.containsKey(name)) {
            return name;
        }
        String wanted = bare(name);
        for (String own : values.keySet()) {
            if (bare(own).equals(wanted)) {
                return own;
            }
        }
        return null;
    }

    private static String bare(String name) {
        return name.replace("_", "").replace("-", "").toLowerCase(Locale.ROOT);
    }

    private static @Nullable Object read(Member member, Object object) {
        try {
            return member.of(object);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(
                    "'" + member.name() + "' of a " + object.getClass().getName() + " cannot be read: " + e.getCause(),
                    e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "'" + member.name() + "' of a " + object.getClass().getName() + " cannot be read: " + e, e);
        }
    }

    /** Whether an object of this class is one value; those of the JDK are. */
    private static boolean isValue(Class<?> type) {
        return type.isPrimitive()
                || type.isArray()
                || type.isEnum()
                || Enum.class.isAssignableFrom(type)
                || type.getName().startsWith("java.")
                || type.getName().startsWith("javax.")
                || Number.class.isAssignableFrom(type)
                || CharSequence.class.isAssignableFrom(type)
                || Iterable.class.isAssignableFrom(type);
    }

    private static List<Member> components(Class<?> type) {
        List<Member> members = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true); // records of tests are rarely public
            members.add(new Getter(component.getName(), accessor));
        }
        return members;
    }

    /** By name, because reflection promises no order. */
    private static List<Member> properties(Class<?> type) {
        Map<String, Member> members = new TreeMap<>();
        for (Field field : type.getFields()) {
            if (!Modifier.isStatic(field.getModifiers())) {
                field.setAccessible(true);
                members.put(field.getName(), new PublicField(field.getName(), field));
            }
        }
        for (Method method : type.getMethods()) {
            String name = property(method);
            if (name != null) {
                method.setAccessible(true);
                members.put(name, new Getter(name, method));
            }
        }
        return List.copyOf(members.values());
    }

    private static @Nullable String property(Method method) {
        String name = method.getName();
        boolean is = name.startsWith("is") && method.getReturnType() == boolean.class;
        int prefix = is ? 2 : name.startsWith("get") ? 3 : 0;
        return prefix == 0
                        || name.length() == prefix
                        || !Character.isUpperCase(name.charAt(prefix))
                        || method.getParameterCount() > 0
                        || Modifier.isStatic(method.getModifiers())
                        || method.getDeclaringClass() == Object.class
                        || method.getReturnType() == void.class
                ? null
                : Character.toLowerCase(name.charAt(prefix)) + name.substring(prefix + 1);
    }
}
