package io.dataflux.model;

import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rate of a stream in events per second, and how it changes with time: a constant rate, steps, a ramp, the hours of a day, the days of
 * a week, a sum. Profiles nest: {@code daily} and {@code weekly} multiply the profile that they are {@code of}. Immutable data, part of a
 * stream's definition; times are UTC and count from the stream's start.
 *
 * <pre>{@code
 * RateProfile load = RateProfile.of("steps 500/s..4000/s by 500/s each 20s");
 * RateProfile both = new RateProfile.Sum(List.of(load, new Rate(100, 1)));
 * }</pre>
 *
 * <p>{@code toString} is the text form, the same for equal profiles.
 */
public sealed interface RateProfile
        permits Rate,
                RateProfile.Steps,
                RateProfile.Ramp,
                RateProfile.Daily,
                RateProfile.Weekly,
                RateProfile.Sum,
                RateProfile.Warped {

    /**
     * The profile of a text: a rate ({@code 500/s}, {@code 0.5/s}, {@code 90/m}, {@code 7/3s}), steps
     * ({@code steps 500/s..4000/s by 500/s each 20s}, {@code steps 10/s, 50/s each 1m}, followed by {@code repeat} for steps that begin
     * again), or a ramp ({@code ramp 200/s..2000/s over 20m}).
     *
     * @throws IllegalArgumentException if the text is not a profile; the message says what is allowed
     */
    static RateProfile of(String text) {
        return RateText.profile(text);
    }

    /** The longest step or ramp. */
    Duration LONGEST = Duration.ofDays(36_500);

    /**
     * The same profile with all its rates multiplied by a fraction.
     *
     * @throws ArithmeticException if a rate becomes too large or too fine
     */
    RateProfile times(long numerator, long denominator);

    /** Calls the visitor's method for this profile. */
    <R> R accept(Visitor<R> visitor);

    /**
     * The times at which one stage ends and the next begins: at the end of each step, and of each tenth of a ramp. Days and weeks are not
     * stages.
     *
     * @param after a time since the start; ends before it may be left out
     * @param most the largest number of ends of one part of the profile, which are its first ones after that time
     * @return times since the start, in no particular order
     */
    List<Duration> stageEnds(Duration after, int most);

    /** How long the profile changes before its last rate stays; zero if it never changes, or never stops changing. */
    default Duration length() {
        return Duration.ZERO;
    }

    /** A question that has an answer for every profile. */
    interface Visitor<R> {
        R constant(Rate rate);

        R steps(Steps profile);

        R ramp(Ramp profile);

        R daily(Daily profile);

        R weekly(Weekly profile);

        R sum(Sum profile);

        R warped(Warped profile);
    }

    /** One rate after another, each for the same time; then the last one forever, or all of them again. */
    record Steps(List<Rate> rates, Duration each, boolean repeat) implements RateProfile {
        public Steps {
            rates = List.copyOf(rates);
            if (rates.isEmpty() || each.toMillis() < 1 || !each.equals(Duration.ofMillis(each.toMillis()))) {
                throw new IllegalArgumentException("steps need at least one rate and a time in whole milliseconds, not "
                        + rates + " each " + each);
            }
        }

        @Override
        public Steps times(long numerator, long denominator) {
            return new Steps(
                    rates.stream().map(r -> r.times(numerator, denominator)).toList(), each, repeat);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.steps(this);
        }

        @Override
        public List<Duration> stageEnds(Duration after, int most) {
            long first = 1 + after.dividedBy(each);
            long last = repeat ? Long.MAX_VALUE : rates.size() - 1;
            List<Duration> ends = new ArrayList<>();
            for (long k = first; k <= last && k < first + most; k++) {
                ends.add(each.multipliedBy(k));
            }
            return ends;
        }

        @Override
        public Duration length() {
            return repeat ? Duration.ZERO : each.multipliedBy(rates.size());
        }

        @Override
        public String toString() {
            return "steps " + rates.stream().map(Rate::toString).collect(Collectors.joining(", ")) + " each "
                    + RateText.span(each) + (repeat ? " repeat" : "");
        }
    }

    /** A rate that rises or falls evenly, then stays. */
    record Ramp(Rate from, Rate to, Duration over) implements RateProfile {
        private static final int TENTHS = 10;

        public Ramp {
            if (over.toMillis() < 1 || !over.equals(Duration.ofMillis(over.toMillis()))) {
                throw new IllegalArgumentException("a ramp needs a time in whole milliseconds, not " + over);
            }
        }

        @Override
        public Ramp times(long numerator, long denominator) {
            return new Ramp(from.times(numerator, denominator), to.times(numerator, denominator), over);
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.ramp(this);
        }

        @Override
        public List<Duration> stageEnds(Duration after, int most) {
            return IntStream.rangeClosed(1, TENTHS)
                    .mapToObj(k -> over.multipliedBy(k).dividedBy(TENTHS))
                    .toList();
        }

        @Override
        public Duration length() {
            return over;
        }

        @Override
        public String toString() {
            return "ramp " + from + ".." + to + " over " + RateText.span(over);
        }
    }

    /**
     * A factor for each minute of the day (UTC): given at some minutes, interpolated on a straight line between them, and from the last to
     * the first across midnight.
     *
     * @param factors by minute of the day, 0 to 1439, at least one; not negative
     */
    record Daily(Map<Integer, BigDecimal> factors, RateProfile of) implements RateProfile {
        static final int MINUTES = 1440;

        public Daily {
            TreeMap<Integer, BigDecimal> sorted = new TreeMap<>();
            factors.forEach((minute, factor) -> sorted.put(minute, factor(factor)));
            if (sorted.isEmpty() || sorted.firstKey() < 0 || sorted.lastKey() >= MINUTES) {
                throw new IllegalArgumentException(
                        "daily factors belong to minutes 0 to 1439, not to " + factors.keySet());
            }
            factors = Collections.unmodifiableSortedMap(sorted);
        }

        @Override
        public Daily times(long numerator, long denominator) {
            return new Daily(factors, of.times(numerator, denominator));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.daily(this);
        }

        @Override
        public List<Duration> stageEnds(Duration after, int most) {
            return of.stageEnds(after, most);
        }

        @Override
        public String toString() {
            List<String> points = new ArrayList<>();
            factors.forEach((minute, factor) ->
                    points.add(two(minute / 60) + ":" + two(minute % 60) + " " + factor.toPlainString()));
            return "daily " + String.join(", ", points) + " of (" + of + ")";
        }

        private static String two(int number) {
            return number < 10 ? "0" + number : Integer.toString(number);
        }
    }

    /** A factor for each day of the week (UTC), Monday first. */
    record Weekly(List<BigDecimal> factors, RateProfile of) implements RateProfile {
        public Weekly {
            factors = factors.stream().map(RateProfile::factor).toList();
            if (factors.size() != 7) {
                throw new IllegalArgumentException("a week has seven factors, not " + factors.size());
            }
        }

        @Override
        public Weekly times(long numerator, long denominator) {
            return new Weekly(factors, of.times(numerator, denominator));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.weekly(this);
        }

        @Override
        public List<Duration> stageEnds(Duration after, int most) {
            return of.stageEnds(after, most);
        }

        @Override
        public String toString() {
            return "weekly " + factors.stream().map(BigDecimal::toPlainString).collect(Collectors.joining(", "))
                    + " of (" + of + ")";
        }
    }

    /** The sum of several profiles. */
    record Sum(List<RateProfile> parts) implements RateProfile {
        public Sum {
            parts = List.copyOf(parts);
            if (parts.isEmpty()) {
                throw new IllegalArgumentException("a sum needs at least one profile");
            }
        }

        @Override
        public Sum times(long numerator, long denominator) {
            return new Sum(parts.stream()
                    .map(part -> part.times(numerator, denominator))
                    .toList());
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.sum(this);
        }

        @Override
        public List<Duration> stageEnds(Duration after, int most) {
            return parts.stream()
                    .flatMap(part -> part.stageEnds(after, most).stream())
                    .toList();
        }

        @Override
        public String toString() {
            return "sum " + parts.stream().map(part -> "(" + part + ")").collect(Collectors.joining(", "));
        }
    }

    /** A profile whose time runs {@code speed} times as fast: with 24, a day passes in an hour, and each second has 24 times the events. */
    record Warped(BigDecimal speed, RateProfile of) implements RateProfile {
        public Warped {
            speed = factor(speed);
            if (speed.signum() == 0) {
                throw new IllegalArgumentException("time cannot run at speed 0");
            }
        }

        @Override
        public Warped times(long numerator, long denominator) {
            return new Warped(speed, of.times(numerator, denominator));
        }

        @Override
        public <R> R accept(Visitor<R> visitor) {
            return visitor.warped(this);
        }

        @Override
        public List<Duration> stageEnds(Duration after, int most) {
            Duration inner = nanos(nanos(after).multiply(speed));
            return of.stageEnds(inner, most).stream()
                    .map(end -> nanos(nanos(end).divide(speed, 0, RoundingMode.DOWN)))
                    .toList();
        }

        private static BigDecimal nanos(Duration time) {
            return BigDecimal.valueOf(time.getSeconds()).movePointRight(9).add(BigDecimal.valueOf(time.getNano()));
        }

        private static Duration nanos(BigDecimal nanos) {
            return Duration.ofNanos(
                    nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue());
        }

        @Override
        public String toString() {
            return "warp " + speed.toPlainString() + " of (" + of + ")";
        }
    }

    private static BigDecimal factor(BigDecimal factor) {
        if (factor.signum() < 0) {
            throw new IllegalArgumentException(
                    "the factor " + factor.toPlainString() + " is negative; a factor is 0 or more");
        }
        return factor.signum() == 0
                ? BigDecimal.ZERO
                : new BigDecimal(factor.stripTrailingZeros().toPlainString());
    }
}
