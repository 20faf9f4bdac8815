package io.dataflux.encode;

import com.sun.management.ThreadMXBean;
import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.catalog.Catalog;
import io.dataflux.schedule.Timeline;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A program that prints for each stream its name and how many bytes an event allocates: as a lane goes on, and as a reader goes to and fro.
 */
final class AllocationProbe {

    private static final int WARM_UP = 50_000;
    /** Reduced 400,000, thorough 1,000,000. */
    private static final int MEASURED = Boolean.getBoolean("dataflux.thorough") ? 1_000_000 : 400_000;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final CompiledStream stream;
    private final Timeline.Cursor cursor;
    private final byte[] buffer;
    private final EventState state = new EventState();
    private long random;

    private AllocationProbe(CompiledStream stream) {
        this.stream = stream;
        cursor = stream.timeline().cursor(0);
        buffer = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
    }

    /** @param args files with streams, beside the built-in ones and those of tests */
    public static void main(String[] args) {
        List<EventStream> all = new ArrayList<>();
        all.add(Checked.compiled(SlowTest.ALL, 42));
        all.add(Checked.compiled(SpreadTest.ALL, 42));
        Catalog.names().forEach(name -> all.add(DataFlux.stream(name, 42)));
        for (String file : args) {
            all.addAll(DataFlux.streams(Path.of(file), Map.of(), Map.of()));
        }
        for (EventStream each : all) {
            AllocationProbe probe = new AllocationProbe((CompiledStream) each);
            System.out.printf(
                    Locale.ROOT,
                    "%s %.4f %.4f%n",
                    ((CompiledStream) each).definition().name(),
                    perEvent(probe::lane),
                    perEvent(probe::reader));
        }
    }

    private interface Way {
        void go(int events);
    }

    private static double perEvent(Way way) {
        way.go(WARM_UP);
        long before = THREADS.getCurrentThreadAllocatedBytes();
        way.go(MEASURED);
        return (double) (THREADS.getCurrentThreadAllocatedBytes() - before) / MEASURED;
    }

    private void lane(int events) {
        long second = stream.definition().start().getEpochSecond();
        for (int i = 0; i < events; i++) {
            long n = cursor.sequence();
            int shard = stream.schedule().shardOf(n);
            stream.locate(n, shard, stream.schedule().localOf(n), second + cursor.seconds(), cursor.nanos(), state);
            stream.encode(state, buffer, 0);
            cursor.next();
        }
    }

    private void reader(int events) {
        for (int i = 0; i < events; i++) {
            random = random * 0x5851F42D4C957F2DL + 0x14057B7EF767814FL;
            stream.locate((random >>> 32) & ((1 << 26) - 1), state);
            stream.encode(state, buffer, 0);
        }
    }
}
