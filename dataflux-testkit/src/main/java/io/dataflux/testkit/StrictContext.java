package io.dataflux.testkit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.InjectableValues;
import com.fasterxml.jackson.databind.cfg.CacheProvider;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.deser.DefaultDeserializationContext;
import com.fasterxml.jackson.databind.deser.DeserializerFactory;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.io.IOException;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Decides, value by value, what may be read as another type. In an event everything may: its fields have the types that they should. In
 * what a system put out, text is no number and no boolean, and nothing else is text, unless the stream's field at that place has the same
 * form. A number without a fraction is a whole one in both.
 */
final class StrictContext extends DefaultDeserializationContext {

    private static final long serialVersionUID = 1L;

    /** The attribute with the {@link FieldForms} of the stream; {@link #ANY} where no stream is known, absent for events. */
    static final String FORMS = "dataflux.forms";

    static final String ANY = "any";

    private StrictContext(DeserializerFactory factory) {
        super(factory, null);
    }

    private StrictContext(
            StrictContext from,
            DeserializationConfig config,
            @Nullable JsonParser parser,
            @Nullable InjectableValues values) {
        super(from, config, parser, values);
    }

    private StrictContext(StrictContext from, DeserializerFactory factory) {
        super(from, factory);
    }

    private StrictContext(StrictContext from, DeserializationConfig config) {
        super(from, config);
    }

    private StrictContext(StrictContext from) {
        super(from);
    }

    private StrictContext(StrictContext from, CacheProvider caches) {
        super(from, caches);
    }

    /** A mapper with such contexts. */
    static JsonMapper.Builder mapper() {
        return new JsonMapper.Builder(new Mapper());
    }

    private static final class Mapper extends JsonMapper {
        private static final long serialVersionUID = 1L;

        Mapper() {
            _deserializationContext = new StrictContext(_deserializationContext.getFactory());
        }
    }

    @Override
    public DefaultDeserializationContext copy() {
        return new StrictContext(this);
    }

    @Override
    public DefaultDeserializationContext createInstance(
            DeserializationConfig config, JsonParser parser, InjectableValues values) {
        return new StrictContext(this, config, parser, values);
    }

    @Override
    public DefaultDeserializationContext createDummyInstance(DeserializationConfig config) {
        return new StrictContext(this, config);
    }

    @Override
    public DefaultDeserializationContext with(DeserializerFactory factory) {
        return new StrictContext(this, factory);
    }

    @Override
    public DefaultDeserializationContext withCaches(CacheProvider caches) {
        return new StrictContext(this, caches);
    }

    @Override
    public CoercionAction findCoercionAction(LogicalType type, Class<?> target, CoercionInputShape shape) {
        if (shape == CoercionInputShape.Float && type == LogicalType.Integer) {
            return isWhole() ? CoercionAction.TryConvert : CoercionAction.Fail;
        }
        boolean widened = shape == CoercionInputShape.Integer && type == LogicalType.Float;
        return widened || mayConvert(shape) ? super.findCoercionAction(type, target, shape) : CoercionAction.Fail;
    }

    @Override
    public CoercionAction findCoercionFromBlankString(LogicalType type, Class<?> target, CoercionAction otherwise) {
        return getAttribute(FORMS) == null
                ? super.findCoercionFromBlankString(type, target, otherwise)
                : CoercionAction.Fail;
    }

    private boolean mayConvert(CoercionInputShape shape) {
        Object forms = getAttribute(FORMS);
        return forms == null
                || forms instanceof FieldForms known
                        && !isPadded()
                        && known.has(getParser().getParsingContext().pathAsPointer(), shape);
    }

    private boolean isPadded() {
        try {
            String text = getParser().currentToken() == JsonToken.VALUE_STRING
                    ? getParser().getText()
                    : "";
            return !text.equals(text.strip());
        } catch (IOException e) {
            return true;
        }
    }

    /** Whether the current number is whole. Asks for it as a decimal first, so that it is not rounded on the way to a whole one. */
    private boolean isWhole() {
        try {
            if (getParser().currentToken() != JsonToken.VALUE_NUMBER_FLOAT) {
                return false;
            }
            BigDecimal number = getParser().getDecimalValue();
            return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
        } catch (IOException e) {
            return false;
        }
    }
}
