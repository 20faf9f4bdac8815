package io.dataflux.encode;

import io.dataflux.encode.Node.Numeric;
import io.dataflux.json.Json;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Mix;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Compiles the kinds whose value belongs to an entity and changes with time. Problems are thrown, and the caller notes them at the field.
 */
final class SlowKinds {

    private static final BigInteger LARGEST = BigInteger.ONE.shiftLeft(61);
    private static final int MOST_DECIMALS = 6;
    /** Minutes from the year 1 to the year 10000. */
    private static final long ALL_MINUTES = 5_300_000_000L;

    private static final long MOST_FOR_EVER = 1_000_000L;

    private final StreamDefinition definition;
    private final long seed;

    SlowKinds(StreamDefinition definition, long seed) {
        this.definition = definition;
        this.seed = seed;
    }

    private SlowNodes.Subject subject(long salt) {
        String pattern = definition.key() == null ? "" : definition.key().pattern();
        return new SlowNodes.Subject(
                Mix.sub(Mix.mix(seed), Mix.hash("slow " + pattern)), salt, definition.key() != null);
    }

    Node smooth(Kind.Smooth k, long salt) {
        check(
                k.scale() >= 0 && k.scale() <= Kind.MOST_SCALE,
                "scale " + k.scale() + " is not between 0 and " + Kind.MOST_SCALE);
        long min = units(k.min(), k.scale());
        long max = units(k.max(), k.scale());
        check(
                min <= max,
                "the lower bound " + k.min().toPlainString() + " is above the upper bound "
                        + k.max().toPlainString());
        checkSpan("over", k.over(), Kind.Smooth.SHORTEST_OVER, Kind.Smooth.LONGEST_OVER);
        check(k.dailyPpm() >= 0 && k.dailyPpm() <= 1_000_000, "'daily' is not a share");
        check(k.peakMinute() >= 0 && k.peakMinute() < 1440, "'peak' is not a time of day");
        long daily = ((long) k.dailyPpm() << 20) / 1_000_000;
        return new SlowNodes.Smooth(
                subject(salt), min, max, k.scale(), k.over().toMillis(), daily, k.peakMinute() * SlowNodes.MINUTE);
    }

    Node counter(Kind.Counter k, long salt) {
        Duration reset = k.reset();
        if (reset != null) {
            checkSpan("reset", reset, Kind.Counter.SHORTEST_RESET, Kind.Counter.LONGEST_RESET);
        }
        BigInteger events = BigInteger.valueOf(k.rate().events());
        BigInteger seconds = BigInteger.valueOf(k.rate().seconds());
        long most = reset == null ? MOST_FOR_EVER : StreamDefinition.Rate.MOST;
        check(
                events.signum() > 0 && events.compareTo(seconds.multiply(BigInteger.valueOf(most))) <= 0,
                k.rate() + " is not above 0 and at most " + most + "/s"
                        + (reset == null ? "; faster counters need a 'reset'" : ""));
        long perMinute = events.multiply(BigInteger.valueOf(60 * SlowNodes.Counter.PARTS))
                .divide(seconds)
                .longValueExact();
        check(perMinute >= 4, k.rate() + " is too slow: a counter counts at least 4 in a million minutes");
        long minutes = reset == null ? ALL_MINUTES : reset.toMillis() * 3 / 2 / SlowNodes.MINUTE + 1;
        long max = (minutes + 2) * (perMinute / SlowNodes.Counter.PARTS * 3 / 2 + 2);
        long start =
                definition.start().getEpochSecond() * 1000 + definition.start().getNano() / 1_000_000;
        return new SlowNodes.Counter(subject(salt), perMinute, reset == null ? 0 : reset.toMillis(), start, max);
    }

    Node linear(Kind.Linear k, @Nullable Node of, long salt) {
        check(
                of instanceof Numeric && of.always(),
                "'" + k.path() + "' must be a field with a number that is never null or absent");
        Numeric number = (Numeric) Objects.requireNonNull(of);
        check(
                k.scale() >= 0 && k.scale() <= Kind.MOST_SCALE,
                "scale " + k.scale() + " is not between 0 and " + Kind.MOST_SCALE);
        BigDecimal times = new BigDecimal(k.times().stripTrailingZeros().toPlainString());
        check(times.scale() <= MOST_DECIMALS, "'times' can have at most " + MOST_DECIMALS + " decimals");
        long noise = units(k.noise(), k.scale());
        long min = units(k.min(), k.scale());
        long max = units(k.max(), k.scale());
        long plus = units(k.plus(), k.scale());
        check(noise >= 0, "the noise must not be negative");
        check(
                min <= max,
                "the lower bound " + k.min().toPlainString() + " is above the upper bound "
                        + k.max().toPlainString());
        int digits = number.scale() + times.scale() - k.scale();
        BigInteger factor = times.unscaledValue().multiply(BigInteger.TEN.pow(Math.max(0, -digits)));
        BigInteger farthest = BigInteger.valueOf(number.min())
                .abs()
                .max(BigInteger.valueOf(number.max()).abs());
        check(
                digits <= 18
                        && farthest.multiply(factor.abs()).compareTo(LARGEST) < 0
                        && BigInteger.valueOf(plus)
                                        .abs()
                                        .add(BigInteger.valueOf(noise))
                                        .compareTo(LARGEST)
                                < 0,
                "its numbers are too large: all digits together must stay below 2^61");
        return new SlowNodes.Linear(
                salt,
                number,
                factor.longValueExact(),
                Json.power(Math.max(0, digits)),
                plus,
                noise,
                min,
                max,
                k.scale());
    }

    private static long units(BigDecimal number, int scale) {
        try {
            long units = SlowNodes.units(number, scale);
            check(BigInteger.valueOf(units).abs().compareTo(LARGEST) < 0, number.toPlainString() + " is too large");
            return units;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    number.toPlainString() + " is too large, or has more digits than scale " + scale + " allows", e);
        }
    }

    private static void checkSpan(String name, Duration span, Duration min, Duration max) {
        check(
                span.compareTo(min) >= 0 && span.compareTo(max) <= 0,
                "'" + name + "' is " + Problems.text(span) + ", not from " + Problems.text(min) + " to "
                        + Problems.text(max));
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new IllegalArgumentException(what);
        }
    }
}
