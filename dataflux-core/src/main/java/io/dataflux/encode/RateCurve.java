package io.dataflux.encode;

import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Bursts;
import io.dataflux.model.StreamDefinition.Rate;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Cells;
import io.dataflux.schedule.Fraction;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.Timeline;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes the timeline of a stream from its rate profile, its arrivals and its start. Days and weeks follow the calendar. */
final class RateCurve implements RateProfile.Visitor<Cells> {

    private static final long SECOND = 1_000_000_000L;
    private static final long MINUTE = 60 * SECOND;
    private static final int MINUTES = 1440;
    private static final long DAY = MINUTES * MINUTE;
    private static final int DAYS = 7;
    private static final int MOST_RAMP_CELLS = 4096;

    private final Instant start;

    private RateCurve(Instant start) {
        this.start = start;
    }

    /** @throws IllegalArgumentException with a reason that users can read, if no stream can have these times */
    static Timeline of(StreamDefinition d, long streamSeed) {
        RateProfile rate = d.rate();
        if (rate instanceof Rate constant) {
            checkRate(constant);
            check(constant.events() > 0, "a stream needs more than 0/s");
        }
        Timeline line = rate instanceof Rate constant
                ? Timeline.constant(constant.events(), constant.seconds())
                : rate.accept(new RateCurve(d.start())).timeline();
        Bursts bursts = d.arrivals().bursts();
        if (bursts != null) {
            line = line.bursts(
                    Mix.sub(streamSeed, 2),
                    bursts.every().toSeconds(),
                    bursts.length().toNanos(),
                    Fraction.of(bursts.speed()));
        }
        return d.arrivals().jitter() ? line.jittered(Mix.sub(streamSeed, 3)) : line;
    }

    /** What is wrong with a profile, worded to follow its text, or null. */
    static @Nullable String problem(RateProfile rate, Instant start) {
        try {
            rate.accept(new RateCurve(start)).timeline();
            return null;
        } catch (IllegalArgumentException | ArithmeticException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** @throws IllegalArgumentException with a reason that users can read, if these bursts are not possible */
    static void check(Bursts bursts) {
        Duration every = bursts.every();
        check(
                every.equals(Duration.ofSeconds(every.toSeconds()))
                        && every.compareTo(Bursts.SHORTEST_PERIOD) >= 0
                        && every.compareTo(Bursts.LONGEST_PERIOD) <= 0,
                "'every' is " + Problems.text(every) + ", not whole seconds from "
                        + Problems.text(Bursts.SHORTEST_PERIOD) + " to " + Problems.text(Bursts.LONGEST_PERIOD));
        check(
                bursts.length().compareTo(Bursts.SHORTEST) >= 0
                        && bursts.length().compareTo(every) < 0,
                "'length' is " + Problems.text(bursts.length()) + ", not at least " + Problems.text(Bursts.SHORTEST)
                        + " and below 'every'");
        check(
                bursts.speed().compareTo(BigDecimal.ONE) > 0
                        && bursts.speed()
                                        .multiply(BigDecimal.valueOf(
                                                bursts.length().toNanos()))
                                        .compareTo(BigDecimal.valueOf(every.toNanos()))
                                < 0,
                "the speed " + bursts.speed().toPlainString()
                        + " is not above 1 with speed * length below 'every': a burst cannot have"
                        + " more events than its whole period; make it shorter, slower or rarer");
    }

    @Override
    public Cells constant(Rate rate) {
        checkRate(rate);
        return Cells.constant(fraction(rate));
    }

    @Override
    public Cells steps(RateProfile.Steps steps) {
        int count = steps.rates().size();
        List<Fraction> rates = new ArrayList<>();
        for (Rate rate : steps.rates()) {
            checkRate(rate);
            rates.add(fraction(rate));
        }
        long each = nanos(steps.each());
        if (steps.repeat()) {
            return Cells.of(equal(count, each), rates, 0);
        }
        long[] at = equal(count, each);
        at[count] = at[count - 1] + SECOND; // the last one forever
        return Cells.of(at, rates, count - 1);
    }

    private static long[] equal(int count, long each) {
        long[] at = new long[count + 1];
        for (int i = 0; i <= count; i++) {
            at[i] = Math.multiplyExact(each, (long) i);
        }
        return at;
    }

    /** Each cell has the rate of its middle, hence exactly as many events as the line has there. */
    @Override
    public Cells ramp(RateProfile.Ramp ramp) {
        checkRate(ramp.from());
        checkRate(ramp.to());
        long over = nanos(ramp.over());
        int cells = (int) Math.min(MOST_RAMP_CELLS, ramp.over().toMillis());
        long[] at = new long[cells + 2];
        List<Fraction> rates = new ArrayList<>();
        Fraction from = fraction(ramp.from());
        Fraction growth = fraction(ramp.to()).minus(from);
        for (int i = 1; i <= cells; i++) {
            at[i] = over / cells * i + over % cells * i / cells;
            rates.add(from.plus(growth.times(Fraction.of(at[i - 1] + at[i], 2 * over))));
        }
        at[cells + 1] = over + SECOND;
        rates.add(fraction(ramp.to()));
        return Cells.of(at, rates, cells);
    }

    /** A cell per minute, with the factor of its middle. */
    @Override
    public Cells daily(RateProfile.Daily daily) {
        NavigableMap<Integer, BigDecimal> sorted = new TreeMap<>(daily.factors());
        List<Fraction> factors = new ArrayList<>();
        for (int minute = 0; minute < MINUTES; minute++) {
            factors.add(factor(sorted, minute));
        }
        long since = Math.floorMod(start.getEpochSecond(), DAY / SECOND) * SECOND + start.getNano();
        return daily.of().accept(this).times(cycle(factors, MINUTE, since));
    }

    private static Fraction factor(NavigableMap<Integer, BigDecimal> points, int minute) {
        int left = points.floorKey(minute) == null ? points.lastKey() : points.floorKey(minute);
        int right = points.higherKey(minute) == null ? points.firstKey() : points.higherKey(minute);
        Fraction from = Fraction.of(Objects.requireNonNull(points.get(left)));
        int gap = right > left ? right - left : right - left + MINUTES;
        int since = minute >= left ? minute - left : minute - left + MINUTES;
        Fraction growth = Fraction.of(Objects.requireNonNull(points.get(right))).minus(from);
        return from.plus(growth.times(Fraction.of(2L * since + 1, 2L * gap)));
    }

    @Override
    public Cells weekly(RateProfile.Weekly weekly) {
        long day = Math.floorDiv(start.getEpochSecond(), DAY / SECOND);
        long second = start.getEpochSecond() - day * (DAY / SECOND);
        long weekday = Math.floorMod(day + 3, DAYS); // 1970 began on a Thursday
        List<Fraction> factors = weekly.factors().stream().map(Fraction::of).toList();
        return weekly.of().accept(this).times(cycle(factors, DAY, weekday * DAY + second * SECOND + start.getNano()));
    }

    @Override
    public Cells sum(RateProfile.Sum sum) {
        return sum.parts().stream()
                .map(part -> part.accept(this))
                .reduce(Cells::plus)
                .orElseThrow();
    }

    @Override
    public Cells warped(RateProfile.Warped warped) {
        return warped.of().accept(this).faster(Fraction.of(warped.speed()));
    }

    /** Repeating cells of equal length, starting at a moment within the cycle. */
    private static Cells cycle(List<Fraction> factors, long length, long since) {
        int count = factors.size();
        List<Long> at = new ArrayList<>();
        List<Fraction> rates = new ArrayList<>();
        int first = (int) (since / length);
        long before = since % length;
        for (int i = 0; i < count + (before > 0 ? 1 : 0); i++) {
            at.add(Math.max(0, i * length - before));
            rates.add(factors.get((first + i) % count));
        }
        at.add(count * length);
        return Cells.of(at.stream().mapToLong(t -> t).toArray(), rates, 0);
    }

    private static Fraction fraction(Rate rate) {
        return Fraction.of(rate.events(), rate.seconds());
    }

    private static long nanos(Duration span) {
        check(
                span.compareTo(RateProfile.LONGEST) <= 0,
                "it contains a time of more than " + Problems.text(RateProfile.LONGEST));
        return span.toNanos();
    }

    private static void checkRate(Rate rate) {
        check(rate.isPossible(), rate + " is not at most 10^9 events a second and at least one in 10^9 seconds");
    }

    private static void check(boolean good, String what) {
        if (!good) {
            throw new IllegalArgumentException(what);
        }
    }
}
