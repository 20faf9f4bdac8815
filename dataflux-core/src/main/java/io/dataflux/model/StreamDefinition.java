package io.dataflux.model;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The definition of a stream: which entities it is about, what identifies an event, its fields, when it starts and how fast it is.
 * Immutable data; together with a seed it determines every byte of every event. Built in code or read from YAML; both forms give the same
 * stream. Long, because each part has its accessor, its method of the builder and its comment.
 */
public final class StreamDefinition {

    public static final Instant DEFAULT_START = Instant.parse("2025-01-01T00:00:00Z");
    /** The earliest start. */
    public static final Instant FIRST_START = Instant.parse("0001-01-01T00:00:00Z");
    /** No event is scheduled at or after this time: its text would need a fifth digit for the year. */
    public static final Instant END_OF_TIME = Instant.parse("+10000-01-01T00:00:00Z");

    public static final Rate DEFAULT_RATE = new Rate(5000, 1);
    public static final int DEFAULT_MAX_EVENT_BYTES = 900 * 1024;

    private final String name;
    private final @Nullable Key key;
    private final @Nullable Sessions sessions;
    private final @Nullable Table table;
    private final List<String> identity;
    private final Map<String, Field> fields;
    private final @Nullable Code code;
    private final Instant start;
    private final RateProfile rate;
    private final Arrivals arrivals;
    private final @Nullable Lateness lateness;
    private final @Nullable Faults faults;
    private final int maxEventBytes;

    private StreamDefinition(Builder b) {
        this.name = b.name;
        this.key = b.key;
        this.sessions = b.sessions;
        this.table = b.table;
        this.identity = List.copyOf(b.identity);
        this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(b.fields));
        this.code = b.code;
        this.start = b.start;
        this.rate = b.rate;
        this.arrivals = b.arrivals;
        this.lateness = b.lateness;
        this.faults = b.faults;
        this.maxEventBytes = b.maxEventBytes;
    }

    public static Builder named(String name) {
        return new Builder(name);
    }

    public String name() {
        return name;
    }

    /** The entities that events are about, or {@code null} for events without a key. */
    public @Nullable Key key() {
        return key;
    }

    /** The sessions of the entities, or {@code null} if their events are spread evenly. */
    public @Nullable Sessions sessions() {
        return sessions;
    }

    /** The table whose changes the events are, or {@code null} if the events are not changes of a table. */
    public @Nullable Table table() {
        return table;
    }

    /** The paths of the fields that together identify an event; empty if there are none (such a stream can be sent but not verified). */
    public List<String> identity() {
        return identity;
    }

    /** The fields in their order; empty if code generates the events. */
    public Map<String, Field> fields() {
        return fields;
    }

    /** The code that generates the events, or {@code null} if the fields do. */
    public @Nullable Code code() {
        return code;
    }

    /** The scheduled time of event 0. */
    public Instant start() {
        return start;
    }

    /** The rate in events per second, and how it changes. */
    public RateProfile rate() {
        return rate;
    }

    /** The events whose event time is before they are due, or null if there are none. */
    public @Nullable Lateness lateness() {
        return lateness;
    }

    /** The planned faults, or null if there are none. */
    public @Nullable Faults faults() {
        return faults;
    }

    /** How the arrivals of events deviate from the rate. */
    public Arrivals arrivals() {
        return arrivals;
    }

    /** The largest event allowed, in bytes; a stream that could exceed it is refused when it is made. */
    public int maxEventBytes() {
        return maxEventBytes;
    }

    /** A builder that starts from this definition. */
    public Builder toBuilder() {
        Builder b = new Builder(name);
        b.key = key;
        b.sessions = sessions;
        b.table = table;
        b.identity = identity;
        b.fields.putAll(fields);
        b.code = code;
        b.start = start;
        b.rate = rate;
        b.arrivals = arrivals;
        b.lateness = lateness;
        b.faults = faults;
        b.maxEventBytes = maxEventBytes;
        return b;
    }

    @Override
    public String toString() {
        return "StreamDefinition[" + name + ", " + fields.size() + " fields]";
    }

    /**
     * A constant rate: {@code events} in {@code seconds} seconds, reduced. A stream's rate is above 0; a part of a profile can be 0.
     */
    public record Rate(long events, long seconds) implements RateProfile, Comparable<Rate> {
        /** The most events in a second, and the most seconds for an event, that a stream can have. */
        public static final long MOST = 1_000_000_000;

        public Rate {
            if (events < 0 || seconds < 1) {
                throw new IllegalArgumentException(
                        "a rate is some events in at least one second, not " + events + "/" + seconds + "s");
            }
            long divisor = big(events).gcd(big(seconds)).longValueExact();
            events /= divisor;
            seconds /= divisor;
        }

        static Rate reduced(BigInteger events, BigInteger seconds) {
            BigInteger divisor = events.gcd(seconds);
            return new Rate(
                    events.divide(divisor).longValueExact(),
                    seconds.divide(divisor).longValueExact());
        }

        @Override
        public Rate times(long numerator, long denominator) {
            return reduced(big(events).multiply(big(numerator)), big(seconds).multiply(big(denominator)));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.constant(this);
        }

        @Override
        public List<Duration> stageEnds(Duration after, int most) {
            return List.of();
        }

        Rate plus(Rate other) {
            return reduced(cross(other).add(other.cross(this)), big(seconds).multiply(big(other.seconds)));
        }

        Rate minus(Rate other) {
            return reduced(
                    cross(other).subtract(other.cross(this)), big(seconds).multiply(big(other.seconds)));
        }

        /** Whether a stream, or a part of its profile, can have this rate: see {@link #MOST}. */
        public boolean isPossible() {
            return seconds <= MOST && compareTo(new Rate(MOST, 1)) <= 0;
        }

        @Override
        public int compareTo(Rate other) {
            return cross(other).compareTo(other.cross(this));
        }

        /** The events in the time of both. */
        private BigInteger cross(Rate other) {
            return big(events).multiply(big(other.seconds));
        }

        private static BigInteger big(long number) {
            return BigInteger.valueOf(number);
        }

        @Override
        public String toString() {
            return seconds == 1 ? events + "/s" : events + "/" + seconds + "s";
        }
    }

    /**
     * How the arrivals of events deviate from their rate.
     *
     * @param bursts short periods with many events, or null
     * @param jitter whether each event is delayed at random, up to the time of the next
     */
    public record Arrivals(@Nullable Bursts bursts, boolean jitter) {
        public static final Arrivals REGULAR = new Arrivals(null, false);
    }

    /**
     * Bursts: in every period, at a random time, events come {@code speed} times as fast for {@code length}. Fewer come in the rest of the
     * period, so that the whole period has as many events as the rate says.
     */
    public record Bursts(Duration every, Duration length, BigDecimal speed) {
        /** The shortest period; periods are whole seconds. */
        public static final Duration SHORTEST_PERIOD = Duration.ofSeconds(1);
        /** The longest period. */
        public static final Duration LONGEST_PERIOD = Duration.ofDays(366);
        /** The shortest burst. */
        public static final Duration SHORTEST = Duration.ofMillis(1);

        public Bursts {
            speed = new BigDecimal(speed.stripTrailingZeros().toPlainString());
        }
    }

    /**
     * A share of events that are late: their event time is some time before their scheduled time.
     *
     * @param sharePpm how many events per million
     * @param min the shortest and {@code max} the longest time, in whole milliseconds
     * @param spread the distribution of the milliseconds between them; all equally likely if null
     */
    public record Lateness(
            int sharePpm,
            Duration min,
            Duration max,
            @Nullable Spread spread) {
        /** The longest time by which an event can be late. */
        public static final Duration LONGEST = Duration.ofDays(3660);
    }

    /** A code generator: its registered type and its settings as text. */
    public record Code(String type, Map<String, Object> settings) {
        public Code {
            settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        }
    }

    /** Builds a definition; for a single use by one thread. Whether everything fits together is checked when the stream is made. */
    public static final class Builder {
        private String name;
        private @Nullable Key key;
        private @Nullable Sessions sessions;
        private @Nullable Table table;
        private List<String> identity = List.of();
        private final Map<String, Field> fields = new LinkedHashMap<>();
        private @Nullable Code code;
        private Instant start = DEFAULT_START;
        private RateProfile rate = DEFAULT_RATE;
        private Arrivals arrivals = Arrivals.REGULAR;
        private @Nullable Lateness lateness;
        private @Nullable Faults faults;
        private int maxEventBytes = DEFAULT_MAX_EVENT_BYTES;

        private Builder(String name) {
            this.name = Objects.requireNonNull(name, "name");
        }

        public Builder name(String name) {
            this.name = name;
            return this;
        }

        /** Entities that are all equally frequent. */
        public Builder key(String pattern, long count) {
            return key(pattern, count, "0");
        }

        public Builder key(String pattern, long count, String skew) {
            return key(new Key(pattern, count, new BigDecimal(skew), Key.DEFAULT_SHARDS, 1));
        }

        /** Entities with a skew: at 0 all are equally frequent, at 1 the second is half as frequent as the first (Zipf). */
        public Builder key(String pattern, long count, double skew) {
            return key(new Key(pattern, count, BigDecimal.valueOf(skew), Key.DEFAULT_SHARDS, 1));
        }

        public Builder key(@Nullable Key key) {
            this.key = key;
            return this;
        }

        public Builder sessions(@Nullable Sessions sessions) {
            this.sessions = sessions;
            return this;
        }

        public Builder table(@Nullable Table table) {
            this.table = table;
            return this;
        }

        public Builder identity(String... paths) {
            return identity(List.of(paths));
        }

        public Builder identity(List<String> paths) {
            this.identity = List.copyOf(paths);
            return this;
        }

        public Builder field(String name, Field field) {
            if (fields.put(name, field) != null) {
                throw new IllegalArgumentException("field '" + name + "' is defined twice");
            }
            return this;
        }

        /** Replaces a field, which keeps its position. */
        public Builder replace(String name, Field field) {
            if (fields.replace(name, field) == null) {
                throw new IllegalArgumentException("there is no field '" + name + "' to replace");
            }
            return this;
        }

        public Builder code(String type, Map<String, Object> settings) {
            this.code = new Code(type, settings);
            return this;
        }

        public Builder start(Instant start) {
            this.start = start;
            return this;
        }

        public Builder rate(long events, long seconds) {
            return rate(new Rate(events, seconds));
        }

        public Builder rate(RateProfile rate) {
            this.rate = rate;
            return this;
        }

        /** A rate or profile as text, see {@link RateProfile#of}. */
        public Builder rate(String profile) {
            return rate(RateProfile.of(profile));
        }

        public Builder lateness(@Nullable Lateness lateness) {
            this.lateness = lateness;
            return this;
        }

        public Builder faults(@Nullable Faults faults) {
            this.faults = faults;
            return this;
        }

        /** Faults as text, see {@link Faults#of}. */
        public Builder faults(String faults) {
            return faults(Faults.of(faults));
        }

        public Builder arrivals(Arrivals arrivals) {
            this.arrivals = arrivals;
            return this;
        }

        public Builder maxEventBytes(int maxEventBytes) {
            this.maxEventBytes = maxEventBytes;
            return this;
        }

        public StreamDefinition build() {
            return new StreamDefinition(this);
        }
    }
}
