package io.dataflux.model;

import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The kind of a field, which determines how its value is computed: one record per kind, plain immutable data. Kinds are made by
 * {@link Fields} or read from YAML; whether they fit together (paths exist, bounds hold) is checked when a stream or plan is made.
 *
 * <p>To add one, write its record and its method of the {@link Visitor} here; the compiler then lists where the kind is missing. Long because
 * all kinds are here.
 */
public sealed interface Kind {

    /** The most digits after the point. */
    int MOST_SCALE = 15;

    /** The most levels of an event: its own fields are the first, those of an object or of a list's objects are one deeper. */
    int MOST_LEVELS = 20;

    /** The most digits of a constant number: as many as always fit into 64 bits. */
    int MOST_DIGITS = 18;

    /** Calls the visitor's method for this kind. */
    <R> R accept(Visitor<R> visitor);

    /**
     * The fields of which this one consists or from which it chooses, by where they stand in its definition: those of an object by name,
     * the variants of {@link When} by {@code is.} and value. Most kinds have none.
     */
    default Map<String, Field> inner() {
        return Collections.emptyMap();
    }

    /** A value drawn at random for each event. */
    sealed interface Drawn extends Kind {
        /** Whether the draw depends on no other field, so that it can also be made once for a key or a session. */
        default boolean isAlone() {
            return true;
        }
    }

    /**
     * A value that belongs to the one event and no other. It cannot be a column of a {@link Table}, because the next event of the row
     * must be able to tell it as it was before. The version in a {@link Change} can.
     */
    sealed interface OfEvent extends Kind {}

    /** Always the same value: a {@code String}, {@code Long}, {@code BigDecimal}, {@code Boolean} or null. */
    record Constant(@Nullable Object value) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.constant(this);
        }
    }

    /** The identity as text: a UUID (version 8) in place of <code>{}</code> in the pattern. */
    record Id(String pattern) implements OfEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.id(this);
        }
    }

    /** The identity as a 62-bit number; streams that use it end at sequence 2^40. Written as a string unless {@code number}. */
    record LongId(boolean number) implements OfEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.longId(this);
        }
    }

    /** The sequence plus {@code first}. */
    record SequenceNumber(long first) implements OfEvent {
        /** The largest {@code first}, also of {@link Occurrence}; its negative is the smallest. */
        public static final long LARGEST_FIRST = 1L << 62;

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sequence(this);
        }
    }

    /** The number of earlier events of the same entity, plus {@code first}. */
    record Occurrence(long first) implements OfEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.occurrence(this);
        }
    }

    /** The event time. */
    record Time(TimeFormat format) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.time(this);
        }
    }

    /** A whole number between the bounds, both included; all equally likely if {@code spread} is null. */
    record IntRange(Bound min, Bound max, @Nullable Spread spread) implements Drawn {
        public IntRange(Bound min, Bound max) {
            this(min, max, null);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.integer(this);
        }

        @Override
        public boolean isAlone() {
            return min.path() == null && max.path() == null;
        }
    }

    /** A decimal with {@code scale} digits after the point, between the bounds, both included; otherwise as {@link IntRange}. */
    record DecimalRange(
            Bound min, Bound max, int scale, @Nullable Spread spread) implements Drawn {
        public DecimalRange(Bound min, Bound max, int scale) {
            this(min, max, scale, null);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.decimal(this);
        }

        @Override
        public boolean isAlone() {
            return min.path() == null && max.path() == null;
        }
    }

    /**
     * A number that wanders between its bounds, the same for all events of a key at one time.
     *
     * @param over about how long it takes from low to high
     * @param dailyPpm the share of the value that follows the time of day, in parts per million
     * @param peakMinute the minute of the day (UTC) at which that part is highest
     */
    record Smooth(BigDecimal min, BigDecimal max, int scale, Duration over, int dailyPpm, int peakMinute)
            implements OfEvent {
        /** The quickest way from low to high. */
        public static final Duration SHORTEST_OVER = Duration.ofSeconds(1);
        /** The slowest way from low to high. */
        public static final Duration LONGEST_OVER = Duration.ofDays(366);

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.smooth(this);
        }
    }

    /**
     * A number per key that only grows, by about {@code rate}. It starts again from 0 every {@code reset}, each time up to half of
     * {@code reset} late; if {@code reset} is null, it counts from the stream's start.
     */
    record Counter(Rate rate, @Nullable Duration reset) implements OfEvent {
        /** The shortest time after which a counter begins again. */
        public static final Duration SHORTEST_RESET = Duration.ofMinutes(1);
        /** The longest time after which a counter begins again. */
        public static final Duration LONGEST_RESET = Duration.ofDays(366);

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.counter(this);
        }
    }

    /** Another number of the event multiplied by a factor, plus a constant and uniform noise in both directions, cut to the bounds. */
    record Linear(
            String path, BigDecimal times, BigDecimal plus, BigDecimal noise, BigDecimal min, BigDecimal max, int scale)
            implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.linear(this);
        }
    }

    /** {@code true} in {@code truePpm} events per million. */
    record Bool(int truePpm) implements Drawn {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.bool(this);
        }
    }

    /** One of a few values ({@code String}, {@code Long} or {@code Boolean}), by weight. */
    record Pick(List<Choice> choices) implements Drawn {
        public Pick {
            choices = List.copyOf(choices);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.pick(this);
        }
    }

    /** A word of a list; with a skew above 0 the first words are more frequent (Zipf). */
    record Words(String source, List<String> words, BigDecimal skew) implements Drawn {
        public Words {
            words = List.copyOf(words);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.words(this);
        }
    }

    /** The number of the event's entity in place of <code>{}</code>; the pattern {@code null} gives the stream's own key text. */
    record KeyText(@Nullable String pattern) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.key(this);
        }
    }

    /** The number of the event's entity; 0 is the most frequent one. */
    record KeyNumber() implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.keyNumber(this);
        }
    }

    /** Text that matches a pattern of characters, classes and counts: {@code C[A-Z]{4}-\d{2,3}}. */
    record Text(String pattern) implements Drawn {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.text(this);
        }
    }

    /** A Datafaker expression, drawn {@code pool} times when the plan is made; events pick from that pool. */
    record Faker(String expression, int pool) implements Drawn {
        /** The largest pool. */
        public static final int MOST_POOL = 1_000_000;

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.faker(this);
        }
    }

    /** A nested object. */
    record ObjectOf(Map<String, Field> fields) implements Kind {
        public ObjectOf {
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.object(this);
        }

        @Override
        public Map<String, Field> inner() {
            return fields;
        }
    }

    /** A list of {@code element}s. */
    record ListOf(Length length, Field element) implements Kind {
        /** The longest list. */
        public static final int MOST_ELEMENTS = 4096;
        /** The most lists within each other: the number of an element among all of them fits into 60 bits. */
        public static final int MOST_LISTS = 5;

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.list(this);
        }

        @Override
        public Map<String, Field> inner() {
            return Collections.singletonMap("of", element);
        }
    }

    /** The value of another field of the same event. */
    record Copy(String path) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.copy(this);
        }
    }

    /** Text with the values of other fields in place of <code>{path}</code>. */
    record Template(String template) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.template(this);
        }
    }

    /** A field chosen by the value of another field; without a case for the value and without {@code otherwise}, the field is left out. */
    record When(
            String path, Map<String, Field> cases, @Nullable Field otherwise) implements Kind {
        public When {
            cases = Collections.unmodifiableMap(new LinkedHashMap<>(cases));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.when(this);
        }

        @Override
        public Map<String, Field> inner() {
            Map<String, Field> inner = new LinkedHashMap<>();
            cases.forEach((value, field) -> inner.put("is." + value, field));
            if (otherwise != null) {
                inner.put("else", otherwise);
            }
            return inner;
        }
    }

    /**
     * A value that is the same in all events of one key: what a device is, not what it measures. The field must be drawn and must not refer
     * to other fields. Streams with the same seed, key pattern and path of the field agree on it.
     */
    record PerKey(Field field) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.perKey(this);
        }
    }

    /** A part of the event's session; {@code pattern} has <code>{}</code> where the session's id goes, and is null for all other parts. */
    record Session(SessionPart part, @Nullable String pattern) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.session(this);
        }
    }

    /** How many events of the session were in a state, up to and including this one. */
    record Visits(String state) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.visits(this);
        }
    }

    /** The sum of a number over the events of the session, up to and including this one; events without the number count as 0. */
    record Total(String path) implements Kind {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.total(this);
        }
    }

    /**
     * A value that all events of a session share: that of its first event, or of its latest event in one of the states that renew it. The
     * field must be drawn and must not refer to other fields.
     */
    record PerSession(Field field, List<String> renewedBy) implements Kind {
        public PerSession {
            renewedBy = List.copyOf(renewedBy);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.perSession(this);
        }
    }

    /** A part of the change of a row; only in streams with a {@link Table}. */
    record Change(ChangePart part) implements OfEvent {
        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.change(this);
        }
    }

    /** A part of the change of a row. */
    enum ChangePart {
        /** {@code INSERT}, {@code UPDATE}, {@code DELETE}; {@code SNAPSHOT} where a row is reported without a change. */
        OPERATION,
        /** The same as {@code c}, {@code u}, {@code d}, {@code r}. */
        CODE,
        /** {@code "true"} where a row is reported without a change, else {@code "false"}. */
        SNAPSHOT,
        /** The row before the change, null for an insert. */
        BEFORE,
        /** The row after the change, null for a delete. */
        AFTER,
        /** The row after the change; for a delete, the row as it was last. */
        ROW,
        /** How many changes the row has had since its insert; can also be a column. */
        VERSION
    }

    /** A part of the event's session. */
    enum SessionPart {
        /** 16 hexadecimal digits, in place of <code>{}</code> in a pattern. */
        ID,
        /** The number of the entity's earlier sessions. */
        NUMBER,
        /** The number of earlier events of the session. */
        STEP,
        /** How many steps of the session were before the stream's first event; 0 except in sessions that are under way then. */
        MISSED,
        /** The name of the state. */
        STATE,
        /** Milliseconds since the previous event of the session, by scheduled time; the first event of a session has none. */
        PAUSE
    }

    /** One value of a {@link Pick} and its weight (a positive decimal with at most six digits after the point). */
    record Choice(Object value, BigDecimal weight) {
        /** The largest weight, wherever there are weights. With {@link #WEIGHT_DECIMALS}, all weights are exact as doubles. */
        public static final BigDecimal MOST_WEIGHT = BigDecimal.valueOf(1_000_000_000);

        /** The most digits of a weight after the point. */
        public static final int WEIGHT_DECIMALS = 6;
    }

    /** A bound: a number, or the path of another numeric field of the same event. */
    record Bound(@Nullable BigDecimal number, @Nullable String path) {
        public Bound {
            if ((number == null) == (path == null)) {
                throw new IllegalArgumentException("a bound is either a number or a path");
            }
        }

        public static Bound of(long number) {
            return new Bound(BigDecimal.valueOf(number), null);
        }

        public static Bound of(BigDecimal number) {
            return new Bound(number, null);
        }

        public static Bound of(String path) {
            return new Bound(null, path);
        }
    }

    /** The length of a list: uniform in {@code [min, max]}, or geometric with mean 1/{@code geometric} cut to that range. */
    record Length(int min, int max, @Nullable BigDecimal geometric) {}

    /** How a time is written; always UTC. */
    enum TimeFormat {
        /** {@code 2025-01-01T00:00:00.000Z}. */
        ISO_MILLIS,
        /** {@code 2025-01-01T00:00:00Z}. */
        ISO_SECONDS,
        /** Milliseconds since 1970-01-01T00:00:00Z, a number. */
        EPOCH_MILLIS
    }

    /**
     * A question that has an answer for every kind. The methods have the names of the factories in {@link Fields}.
     */
    interface Visitor<R> {
        R constant(Constant kind);

        R id(Id kind);

        R longId(LongId kind);

        R sequence(SequenceNumber kind);

        R occurrence(Occurrence kind);

        R time(Time kind);

        R integer(IntRange kind);

        R decimal(DecimalRange kind);

        R smooth(Smooth kind);

        R counter(Counter kind);

        R linear(Linear kind);

        R bool(Bool kind);

        R pick(Pick kind);

        R words(Words kind);

        R key(KeyText kind);

        R keyNumber(KeyNumber kind);

        R text(Text kind);

        R faker(Faker kind);

        R object(ObjectOf kind);

        R list(ListOf kind);

        R copy(Copy kind);

        R template(Template kind);

        R when(When kind);

        R perKey(PerKey kind);

        R session(Session kind);

        R visits(Visits kind);

        R total(Total kind);

        R perSession(PerSession kind);

        R change(Change kind);
    }
}
