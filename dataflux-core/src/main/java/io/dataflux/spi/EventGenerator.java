package io.dataflux.spi;

/**
 * Computes events in code. An event must be a function of what {@link Context} offers and of nothing else: no clock, no other random
 * numbers, no state that survives the call. The generator is called from many threads, for any sequence, in any order.
 *
 * <pre>{@code
 * static final Draw AMOUNT = Draw.of("amount");
 *
 * public void generate(Context event, EventWriter to) {
 *     to.id("order_id", "ord_{}").key("customer").time("placed_at").integer("amount", 1 + event.bound(AMOUNT, 500));
 * }
 * }</pre>
 */
@FunctionalInterface
public interface EventGenerator {

    /** Writes the fields of one event, in a fixed order of names. Must not keep {@code event} or {@code to}. */
    void generate(Context event, EventWriter to);

    /** Makes generators of one type; found by {@link java.util.ServiceLoader}. */
    interface Provider {

        /** The word after {@code generator: {type: ...}} in a configuration. */
        String type();

        /** A version that is part of the stream's fingerprint: raise it whenever the same event would get different bytes. */
        default int version() {
            return 1;
        }

        /** Reads and checks the settings while the plan is made; report mistakes with {@link Settings#problem}. */
        EventGenerator configure(Settings settings);
    }

    /** A named source of random values; make one per field, as a constant. */
    record Draw(String path, long salt) {
        public static Draw of(String path) {
            return new Draw(path, io.dataflux.schedule.Mix.hash(path));
        }
    }

    /** What is known about the event that is being computed. Valid only during the call. */
    interface Context {

        long sequence();

        /** The number of the entity; 0 is the most frequent one. */
        long entity();

        /** How many earlier events the entity has in this stream. */
        long occurrence();

        /** The event time, in whole seconds since 1970-01-01T00:00:00Z. */
        long epochSecond();

        /** The nanoseconds within {@link #epochSecond}. */
        int nano();

        /** 64 random bits for this event and draw; always the same for the same seed, stream, sequence and path. */
        long word(Draw draw);

        /** Uniform in {@code [0, bound)}. */
        long bound(Draw draw, long bound);
    }
}
