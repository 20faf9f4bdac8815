package io.dataflux.schedule;

/**
 * Time that runs faster now and then: in every period, from a random moment, {@code speed} times as fast for {@code length}, and slower in
 * the rest of the period, so that the ends of periods stay where they are. A monotone map {@link #up} from time to the source's time, and
 * its lower inverse {@link #down}. Times count from the origin; both begin at 0.
 *
 * <p>Immutable and thread-safe; a few divisions per call, and no allocation: the result is written into a {@link Moment}.
 */
final class BurstWarp {
    private static final long SECOND = 1_000_000_000L;

    /** Whole seconds and nanoseconds since the origin. */
    static final class Moment {
        long seconds;
        int nanos;

        void set(long toSeconds, int toNanos) {
            seconds = toSeconds;
            nanos = toNanos;
        }

        /** Moves by less than 2^62 nanoseconds, forwards. */
        void add(long more) {
            long total = nanos + more % SECOND;
            seconds += more / SECOND + total / SECOND;
            nanos = (int) (total % SECOND);
        }
    }

    private final long key;
    private final long periodSeconds;
    private final long period;
    private final long length;
    /** How much of the source's time passes in a burst. */
    private final long burst;

    private BurstWarp(long key, long periodSeconds, long length, long burst) {
        this.key = key;
        this.periodSeconds = periodSeconds;
        this.period = periodSeconds * SECOND;
        this.length = length;
        this.burst = burst;
    }

    /**
     * @param length of a burst in nanoseconds
     * @param speed in a burst; {@code speed * length} is below the period
     */
    static BurstWarp of(long key, long periodSeconds, long length, Fraction speed) {
        long burst = speed.times(Fraction.of(length)).floor().longValueExact();
        boolean good = periodSeconds >= 1 && periodSeconds <= (1L << 62) / SECOND && length >= 1;
        if (!good || length >= burst || burst >= periodSeconds * SECOND) {
            throw new IllegalArgumentException(
                    "no bursts: " + length + " ns at " + speed + " in " + periodSeconds + " s");
        }
        return new BurstWarp(key, periodSeconds, length, burst);
    }

    /** The moment of its period at which a burst begins. */
    private long begin(long number) {
        return Mix.bound(Mix.sub(key, number), period - length + 1);
    }

    /** The source's time before the burst that begins there. */
    private long sourceBegin(long begin) {
        return Wide.mulDiv(begin, period - burst, period - length);
    }

    /** The source's time at a time; not before the origin. */
    void up(Moment m) {
        if (m.seconds == Long.MAX_VALUE) {
            return;
        }
        long number = m.seconds / periodSeconds;
        long x = m.seconds % periodSeconds * SECOND + m.nanos;
        long begin = begin(number);
        long from = sourceBegin(begin);
        long y;
        if (x < begin) {
            y = Wide.mulDiv(x, from, begin);
        } else if (x < begin + length) {
            y = from + Wide.mulDiv(x - begin, burst, length);
        } else {
            y = from + burst + Wide.mulDiv(x - begin - length, period - from - burst, period - begin - length);
        }
        m.set(number * periodSeconds + y / SECOND, (int) (y % SECOND));
    }

    /** The first time at which the source's time is reached. */
    void down(Moment m) {
        if (m.seconds == Long.MAX_VALUE) {
            return;
        }
        long number = m.seconds / periodSeconds;
        long y = m.seconds % periodSeconds * SECOND + m.nanos;
        long begin = begin(number);
        long from = sourceBegin(begin);
        long x;
        if (y == 0) {
            x = 0;
        } else if (y <= from) {
            x = Wide.mulDivCeil(y, begin, from);
        } else if (y <= from + burst) {
            x = begin + Wide.mulDivCeil(y - from, length, burst);
        } else {
            x = begin + length + Wide.mulDivCeil(y - from - burst, period - begin - length, period - from - burst);
        }
        m.set(number * periodSeconds, 0);
        m.add(x);
    }
}
