package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.model.StreamDefinition;
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

    private static final double SECOND = 1e9;

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
                Duration from = Duration.between(origin, start);
                stream.definition()
                        .rate()
                        .stageEnds(from.isNegative() ? Duration.ZERO : from, MOST)
                        .forEach(stage -> begins.add(origin.plus(stage)));
            }
        }
        List<Instant> all = new ArrayList<>(List.of(start));
        begins.stream()
                .filter(begin -> begin.isAfter(start) && (end == null || begin.isBefore(end)))
                .limit(MOST - 1)
                .forEach(all::add);
        return new Steps(streams, List.copyOf(all), end);
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

    private static long due(Instant time, Pace pace) {
        return pace.due(time.getEpochSecond(), time.getNano());
    }

    /** Events per second of all streams between two times, as scheduled. */
    public double perSecond(Instant from, Instant to) {
        double sum = 0;
        for (CompiledStream stream : streams) {
            boolean constant = stream.definition().rate() instanceof StreamDefinition.Rate;
            sum += constant
                    ? stream.timeline().meanPerSecond() // exact, however short the time is
                    : (stream.sequenceAt(to) - stream.sequenceAt(from))
                            / Math.max(1 / SECOND, Duration.between(from, to).toNanos() / SECOND);
        }
        return sum;
    }
}
