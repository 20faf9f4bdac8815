package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a run's scheduled time, which the report describes one by one: the steps of its streams' rate profiles, and
 * the tenths of their ramps. Days, weeks and bursts make no steps; of endless steps only the first ones are told apart. A run as fast
 * as possible has one. Immutable.
 */
public final class Steps {

    /** Each has two histograms per lane. */
    public static final int MOST = 32;

    private static final int PARTS_OF_A_RAMP = 10;
    private static final double SECOND = 1e9;
    /** The time over which the rate of an endless last step is averaged. */
    private static final Duration LAST = Duration.ofMinutes(1);

    private final List<CompiledStream> streams;
    private final List<Instant> begins;
    private final @Nullable Instant end;

    private Steps(List<CompiledStream> streams, List<Instant> begins, @Nullable Instant end) {
        this.streams = streams;
        this.begins = begins;
        this.end = end;
    }

    /** @param end of the run's scheduled time, {@code null} if it has none */
    public static Steps of(Extent extent, @Nullable Instant end, boolean paced) {
        List<CompiledStream> streams = extent.streams();
        Instant start = extent.start();
        Set<Instant> begins = new TreeSet<>();
        if (paced) {
            for (CompiledStream stream : streams) {
                Instant origin = stream.definition().start();
                Set<Duration> bounds = new TreeSet<>();
                Duration from = Duration.between(origin, start);
                bounds(stream.definition().rate(), BigDecimal.ONE, from.isNegative() ? Duration.ZERO : from, bounds);
                bounds.forEach(bound -> begins.add(origin.plus(bound)));
            }
        }
        List<Instant> all = new ArrayList<>(List.of(start));
        begins.stream()
                .filter(begin -> begin.isAfter(start) && (end == null || begin.isBefore(end)))
                .limit(MOST - 1)
                .forEach(all::add);
        return new Steps(streams, List.copyOf(all), end);
    }

    /** Adds where a profile changes from step to step, after a time, as many as there can be. */
    private static void bounds(RateProfile profile, BigDecimal speed, Duration after, Set<Duration> bounds) {
        if (profile instanceof RateProfile.Steps steps) {
            long first = 1 + nanos(after, speed) / steps.each().toNanos();
            long last = steps.repeat() ? Long.MAX_VALUE : steps.rates().size() - 1;
            for (long k = first; k <= last && k < first + MOST; k++) {
                bounds.add(faster(steps.each().multipliedBy(k), speed));
            }
        } else if (profile instanceof RateProfile.Ramp ramp) {
            for (int k = 1; k <= PARTS_OF_A_RAMP; k++) {
                bounds.add(faster(ramp.over().multipliedBy(k).dividedBy(PARTS_OF_A_RAMP), speed));
            }
        } else if (profile instanceof RateProfile.Sum sum) {
            sum.parts().forEach(part -> bounds(part, speed, after, bounds));
        } else if (profile instanceof RateProfile.Daily daily) {
            bounds(daily.of(), speed, after, bounds);
        } else if (profile instanceof RateProfile.Weekly weekly) {
            bounds(weekly.of(), speed, after, bounds);
        } else if (profile instanceof RateProfile.Warped warped) {
            bounds(warped.of(), speed.multiply(warped.speed()), after, bounds);
        } else if (!(profile instanceof Rate)) {
            throw new IllegalStateException("a profile of another kind: " + profile);
        }
    }

    /** The nanoseconds of a profile's own time that pass in a time. */
    private static long nanos(Duration time, BigDecimal speed) {
        return exact(BigDecimal.valueOf(time.getSeconds())
                .movePointRight(9)
                .add(BigDecimal.valueOf(time.getNano()))
                .multiply(speed));
    }

    private static Duration faster(Duration time, BigDecimal speed) {
        BigDecimal nanos =
                BigDecimal.valueOf(time.getSeconds()).movePointRight(9).add(BigDecimal.valueOf(time.getNano()));
        return Duration.ofNanos(exact(nanos.divide(speed, 0, RoundingMode.DOWN)));
    }

    private static long exact(BigDecimal nanos) {
        return nanos.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }

    public int count() {
        return begins.size();
    }

    public Instant from(int step) {
        return begins.get(step);
    }

    /** Where a step ends; {@code null} for the last one of a run without end. */
    @Nullable
    public Instant to(int step) {
        return step + 1 < begins.size() ? begins.get(step + 1) : end;
    }

    /** Per step the time at which it ends, as {@link Pace#due} counts; the last one takes all that is left. */
    public long[] ends(Pace pace) {
        long[] ends = new long[begins.size()];
        Arrays.fill(ends, Long.MAX_VALUE);
        for (int step = 0; step + 1 < ends.length; step++) {
            ends[step] = due(begins.get(step + 1), pace);
        }
        return ends;
    }

    static long due(Instant time, Pace pace) {
        return pace.due(time.getEpochSecond(), time.getNano());
    }

    /** Events per second of all streams in a step, as scheduled. */
    public double perSecond(int step) {
        double sum = 0;
        Instant from = from(step);
        Instant to = to(step);
        Instant until = to == null ? from.plus(LAST) : to;
        for (CompiledStream stream : streams) {
            sum += count() == 1
                    ? stream.timeline().meanPerSecond()
                    : (stream.sequenceAt(until) - stream.sequenceAt(from))
                            / (Duration.between(from, until).toNanos() / SECOND);
        }
        return sum;
    }
}
