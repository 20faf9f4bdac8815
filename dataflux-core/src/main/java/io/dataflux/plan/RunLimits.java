package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.plan.RunConfig.Limits;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;

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

    private final List<CompiledStream> streams;
    private final long[] from;

    private RunLimits(List<CompiledStream> streams, long[] from) {
        this.streams = streams;
        this.from = from;
    }

    /**
     * Per stream the sequence at which it ends, at most its own end.
     *
     * @param from per stream the sequence at which it begins
     */
    public static long[] limits(List<CompiledStream> streams, long[] from, Limits limits) {
        RunLimits cut = new RunLimits(streams, from);
        long[] ends = streams.stream().mapToLong(CompiledStream::end).toArray();
        if (limits.time() != null) {
            Instant end = start(streams, from).plus(limits.time());
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
        return ends;
    }

    /** The scheduled time of the first event of all. */
    public static Instant start(List<CompiledStream> streams, long[] from) {
        Instant start = Instant.MAX;
        for (int i = 0; i < from.length; i++) {
            Instant first = streams.get(i).timeOf(from[i]);
            start = first.isBefore(start) ? first : start;
        }
        return start;
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
            CompiledStream stream = streams.get(i);
            cut[i] = Math.max(from[i], Math.min(stream.sequenceAt(time), stream.end()));
        }
        return cut;
    }

    /** The latest cut whose events cost no more than the budget; an event of stream i costs {@code cost[i]}. */
    private long[] within(long budget, long[] cost) {
        if (cost(at(LAST_SECOND, 0), cost) <= budget) {
            return at(LAST_SECOND, 0);
        }
        long second = start(streams, from).getEpochSecond();
        for (long high = LAST_SECOND; high - second > 1; ) { // the cut at high costs too much
            long middle = (second + high) >>> 1;
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
