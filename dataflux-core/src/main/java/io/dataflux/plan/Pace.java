package io.dataflux.plan;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;

/**
 * When an event is due, counted from the run's start: its scheduled time divided by the speed, in exact integers, so that nothing
 * drifts, however long a run takes. Immutable.
 */
public final class Pace {

    public static final double SLOWEST = 0.001;
    public static final double FASTEST = 1_000_000;
    private static final long PARTS = 1000;
    private static final long SECOND = 1_000_000_000L;
    /** A long of nanoseconds ends after 292 years; what would be due later is due then; the same holds for the past. */
    private static final long MAX_SECONDS = Long.MAX_VALUE / SECOND - 1;

    private final long originSecond;
    private final int originNano;
    /** The speed is {@code speed / parts}; {@code speed} is 0 for as fast as possible. */
    private final long speed;

    private final long parts;

    /** @param speed a multiple of 0.001 up to a million (others are rounded), or infinite */
    public Pace(Instant origin, double speed) {
        originSecond = origin.getEpochSecond();
        originNano = origin.getNano();
        if (speed == Double.POSITIVE_INFINITY) {
            this.speed = 0;
            parts = 1;
        } else if (speed >= SLOWEST && speed <= FASTEST) {
            long thousandths = Math.round(speed * PARTS);
            boolean whole = thousandths % PARTS == 0;
            this.speed = whole ? thousandths / PARTS : thousandths;
            parts = whole ? 1 : PARTS;
        } else {
            throw new IllegalArgumentException("speed " + speed + ": 0.001 to 1000000, or max");
        }
    }

    /** The scheduled time that is due at the start. */
    public Instant origin() {
        return Instant.ofEpochSecond(originSecond, originNano);
    }

    /** Whether there is a pace at all. */
    public boolean paced() {
        return speed != 0;
    }

    /** The scheduled time that is due at some nanoseconds after the start; only if there is a pace. */
    public Instant at(long nanos) {
        BigInteger scaled =
                BigInteger.valueOf(nanos).multiply(BigInteger.valueOf(speed)).divide(BigInteger.valueOf(parts));
        BigInteger[] split = scaled.divideAndRemainder(BigInteger.valueOf(SECOND));
        return origin().plus(Duration.ofSeconds(split[0].longValueExact(), split[1].longValueExact()));
    }

    /** Nanoseconds from the start to the moment at which an event is due, rounded down; negative before it, 0 without a pace. */
    public long due(long epochSecond, int nano) {
        if (speed == 0) {
            return 0;
        }
        long scaled = (epochSecond - originSecond) * parts;
        long seconds = Math.floorDiv(scaled, speed);
        if (Math.abs(seconds) > MAX_SECONDS) {
            return Long.signum(seconds) * MAX_SECONDS * SECOND;
        }
        long rest = scaled - seconds * speed;
        return seconds * SECOND + Math.floorDiv(rest * SECOND + (nano - originNano) * parts, speed);
    }
}
