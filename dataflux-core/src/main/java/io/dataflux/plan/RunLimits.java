package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.plan.RunConfig.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where each stream of a run ends: one cut through all streams merged by scheduled time, ties by stream, so that every lane of every
 * sink ends at the same event. Limits of events are exact over all streams; bytes become events by the mean size of each stream's
 * first 4,096 events, line ends included, whichever sinks they go to.
 */
public final class RunLimits {

    private static final int SAMPLE = 4096;
    private static final long SECOND = 1_000_000_000L;
    /** Streams end before the year 10000. */
    private static final long LAST_SECOND = 253_402_300_800L;

    /** All that the streams have. */
    private final Extent whole;

    private final long[] from;

    private RunLimits(Extent whole) {
        this.whole = whole;
        from = whole.from();
    }

    /**
     * What a run sends of some streams within its limits.
     *
     * @param from per stream the sequence at which it begins
     */
    public static Extent extent(List<CompiledStream> streams, long[] from, Limits limits) {
        long[] ends = streams.stream().mapToLong(CompiledStream::end).toArray();
        Extent whole = new Extent(streams, from, ends);
        RunLimits cut = new RunLimits(whole);
        if (limits.time() != null) {
            Instant end = whole.start().plus(limits.time());
            ends = earlier(ends, cut.at(end.getEpochSecond(), end.getNano()));
        }
        if (limits.events().isPresent()) {
            long[] one = new long[ends.length];
            Arrays.fill(one, 1);
            ends = earlier(ends, cut.within(limits.events().getAsLong(), one));
        }
        if (limits.bytes().isPresent()) {
            long[] size = streams.stream().mapToLong(RunLimits::meanBytes).toArray();
            ends = earlier(ends, cut.within(limits.bytes().getAsLong(), size));
        }
        return new Extent(streams, from, ends);
    }

    /** The scheduled time at which all streams of a run have ended; {@code null} if nothing ends them. */
    public static @Nullable Instant end(Extent extent, Limits limits) {
        if (limits.none()) {
            return null;
        }
        Instant start = extent.start();
        Instant end = start;
        for (int i = 0; i < extent.streams().size(); i++) {
            if (extent.limit(i) > extent.from(i)) {
                CompiledStream stream = extent.streams().get(i);
                Instant its = stream.timeOf(Math.min(extent.limit(i), stream.end() - 1));
                end = its.isAfter(end) ? its : end;
            }
        }
        Duration time = limits.time();
        return time != null && start.plus(time).isBefore(end) ? start.plus(time) : end;
    }

    /** Of two cuts, which are nested, the earlier one. */
    private static long[] earlier(long[] a, long[] b) {
        long[] earlier = new long[a.length];
        for (int i = 0; i < a.length; i++) {
            earlier[i] = Math.min(a[i], b[i]);
        }
        return earlier;
    }

    /** The cut before a time. */
    private long[] at(long second, long nano) {
        Instant time = Instant.ofEpochSecond(second, nano);
        long[] cut = new long[from.length];
        for (int i = 0; i < cut.length; i++) {
            long sequence = whole.streams().get(i).sequenceAt(time);
            cut[i] = Math.max(from[i], Math.min(sequence, whole.limit(i)));
        }
        return cut;
    }

    /** The latest cut whose events cost no more than the budget; an event of stream i costs {@code cost[i]}. */
    private long[] within(long budget, long[] cost) {
        if (cost(at(LAST_SECOND, 0), cost) <= budget) {
            return at(LAST_SECOND, 0);
        }
        long second = whole.start().getEpochSecond();
        for (long high = LAST_SECOND; high - second > 1; ) { // the cut at high costs too much
            long middle = second + (high - second) / 2; // seconds before 1970 are negative
            if (cost(at(middle, 0), cost) <= budget) {
                second = middle;
            } else {
                high = middle;
            }
        }
        long nano = 0;
        for (long high = SECOND; high - nano > 1; ) {
            long middle = (nano + high) >>> 1;
            if (cost(at(second, middle), cost) <= budget) {
                nano = middle;
            } else {
                high = middle;
            }
        }
        return withTies(at(second, nano), at(second, nano + 1), budget, cost);
    }

    /** Adds to a cut what the budget allows of the events of one nanosecond, stream by stream. */
    private long[] withTies(long[] cut, long[] next, long budget, long[] cost) {
        long left = budget - cost(cut, cost);
        for (int i = 0; i < cut.length; i++) {
            long events = Math.min(next[i] - cut[i], left / cost[i]);
            left -= events * cost[i];
            cut[i] += events;
            if (cut[i] < next[i]) {
                break;
            }
        }
        return cut;
    }

    /** What the events of a cut cost; {@code Long.MAX_VALUE} if it is more than a long. */
    private long cost(long[] cut, long[] cost) {
        long sum = 0;
        for (int i = 0; i < cut.length; i++) {
            long events = cut[i] - from[i];
            long part = events * cost[i];
            sum += part;
            if (Math.multiplyHigh(events, cost[i]) != 0 || part < 0 || sum < 0) {
                return Long.MAX_VALUE;
            }
        }
        return sum;
    }

    private static long meanBytes(CompiledStream stream) {
        EventState event = new EventState();
        byte[] buffer = new byte[Math.addExact(stream.maxEventBytes(), CompiledStream.SLACK)];
        long count = Math.min(SAMPLE, stream.end());
        long bytes = 0;
        for (long n = 0; n < count; n++) {
            stream.locate(n, event);
            bytes += stream.encode(event, buffer, 0) + 1;
        }
        return count == 0 ? 1 : (bytes + count - 1) / count;
    }
}
