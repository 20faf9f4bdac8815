package io.dataflux.testkit;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.sql.Timestamp;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Date;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads times: moments from ISO text with an offset, or from a number of milliseconds, local dates and times from ISO text. Digits in text
 * are no number. A pattern of {@code @JsonFormat} is honoured. Immutable and thread-safe.
 */
final class TimeReader<T> extends StdDeserializer<T> implements ContextualDeserializer {

    private static final long serialVersionUID = 1L;

    private final transient DateTimeFormatter format;
    private final transient Function<TemporalAccessor, T> made;
    private final boolean moment;

    private TimeReader(Class<?> type, DateTimeFormatter format, Function<TemporalAccessor, T> made, boolean moment) {
        super(type);
        this.format = format;
        this.made = made;
        this.moment = moment;
    }

    @SuppressWarnings("JavaUtilDate") // what older beans have
    static SimpleModule module() {
        SimpleModule module = new SimpleModule("dataflux");
        moment(module, Instant.class, Instant::from);
        moment(module, OffsetDateTime.class, time -> ZonedDateTime.from(time).toOffsetDateTime());
        moment(module, ZonedDateTime.class, ZonedDateTime::from);
        moment(module, Date.class, time -> Date.from(Instant.from(time)));
        moment(module, Timestamp.class, time -> Timestamp.from(Instant.from(time)));
        local(module, LocalDateTime.class, DateTimeFormatter.ISO_LOCAL_DATE_TIME, LocalDateTime::from);
        local(module, LocalDate.class, DateTimeFormatter.ISO_LOCAL_DATE, LocalDate::from);
        local(module, LocalTime.class, DateTimeFormatter.ISO_LOCAL_TIME, LocalTime::from);
        return module;
    }

    private static <T> void moment(SimpleModule module, Class<T> type, Function<TemporalAccessor, T> made) {
        module.addDeserializer(type, new TimeReader<>(type, DateTimeFormatter.ISO_ZONED_DATE_TIME, made, true));
    }

    private static <T> void local(
            SimpleModule module, Class<T> type, DateTimeFormatter format, Function<TemporalAccessor, T> made) {
        module.addDeserializer(type, new TimeReader<>(type, format, made, false));
    }

    @Override
    public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
        JsonFormat.Value wanted = findFormatOverrides(context, property, handledType());
        if (wanted == null || !wanted.hasPattern()) {
            return this;
        }
        Locale locale = wanted.hasLocale() ? wanted.getLocale() : Locale.ROOT;
        DateTimeFormatter own = DateTimeFormatter.ofPattern(wanted.getPattern(), locale)
                .withZone(wanted.hasTimeZone() ? wanted.getTimeZone().toZoneId() : ZoneOffset.UTC);
        return new TimeReader<>(handledType(), own, made, moment);
    }

    @Override
    public T deserialize(JsonParser parser, DeserializationContext context) throws IOException {
        JsonToken token = parser.currentToken();
        try {
            if (token == JsonToken.VALUE_STRING) {
                return made.apply(format.parse(parser.getText()));
            }
            if (token == JsonToken.VALUE_NUMBER_INT && moment) {
                return made.apply(Instant.ofEpochMilli(parser.getLongValue()).atZone(ZoneOffset.UTC));
            }
        } catch (DateTimeException e) {
            throw context.weirdStringException(parser.getText(), handledType(), "not a time");
        }
        throw context.wrongTokenException(parser, handledType(), JsonToken.VALUE_STRING, "not a time");
    }
}
