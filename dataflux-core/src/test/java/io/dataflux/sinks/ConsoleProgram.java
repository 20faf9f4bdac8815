package io.dataflux.sinks;

import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Four lanes that write to the console; a process of its own, because the console is the process's. */
final class ConsoleProgram {
    private ConsoleProgram() {}

    static final int LANES = 4;
    static final int EVENTS_PER_BATCH = 50;

    /** Sends {@code args[0]} batches per lane; then says on stderr what did not get through. */
    public static void main(String[] args) throws Exception {
        SinkProvider provider = ServiceLoader.load(SinkProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(found -> found.type().equals("console"))
                .findFirst()
                .orElseThrow();
        List<Thread> lanes = new ArrayList<>();
        for (int lane = 0; lane < LANES; lane++) {
            Sink sink = provider.configure(null).open(TestBatch.lane(lane, LANES, Path.of(".")));
            int number = lane;
            lanes.add(new Thread(() -> send(sink, number, Integer.parseInt(args[0]))));
        }
        lanes.forEach(Thread::start);
        for (Thread lane : lanes) {
            lane.join();
        }
    }

    private static void send(Sink sink, int lane, int batches) {
        try (sink) {
            for (int batch = 0; batch < batches; batch++) {
                long from = ((long) lane * batches + batch) * EVENTS_PER_BATCH;
                TestOutcome outcome =
                        TestBatch.range(from, from + EVENTS_PER_BATCH).sendTo(sink);
                if (outcome.fate() != TestOutcome.Fate.ACKNOWLEDGED) {
                    System.err.println(outcome.fate() + " " + outcome.cause().getMessage());
                }
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
