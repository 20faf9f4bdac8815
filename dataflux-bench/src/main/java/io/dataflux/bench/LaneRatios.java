package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.Run;
import io.dataflux.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

/**
 * Compares the CPU time of a run with two lanes with that of one, over the same events, into the null sink and into files. Each lane looks
 * at every sequence and computes its own shards. The time is that of the whole process, including the compiler and the collector. Two
 * simultaneous runs of one lane each, over half of the events each, share nothing but the machine: what they cost more than one lane alone
 * is not caused by the lanes.
 */
final class LaneRatios {

    private static final double MOST = 1.1;
    private static final int ROUNDS = Turns.rounds(9);

    private LaneRatios() {}

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        boolean good = true;
        for (String sink : List.of("null", "file")) {
            int events = Integer.getInteger("events", sink.equals("null") ? 10_000_000 : 3_000_000);
            System.out.printf(Locale.ROOT, "%nLanes: %,d events of the telemetry stream, sink %s%n", events, sink);
            good &= new Turns(ROUNDS)
                    .side("one lane", () -> timed(events, () -> run(sink, 1, events)))
                    .side("two lanes", () -> timed(events, () -> run(sink, 2, events)))
                    .side("two runs of one lane", () -> timed(events, () -> twice(sink, events / 2)))
                    .take()
                    .cost("two lanes", "one lane", MOST)
                    .cost("two lanes", "two runs of one lane", 0)
                    .cost("two runs of one lane", "one lane", 0)
                    .good();
        }
        return good;
    }

    private interface Work {
        void take() throws Exception;
    }

    private static Turns.Turn timed(int events, Work work) throws Exception {
        long start = System.nanoTime();
        long cpu = Turns.cpuNanos();
        work.take();
        cpu = Turns.cpuNanos() - cpu;
        long nanos = System.nanoTime() - start;
        return new Turns.Turn(
                (double) cpu / events,
                String.format(
                        Locale.ROOT,
                        "%6.1f ns of CPU per event, %,11.0f events/s",
                        (double) cpu / events,
                        events * 1e9 / nanos));
    }

    private static void twice(String sink, int events) throws Exception {
        FutureTask<Boolean> other = new FutureTask<>(() -> {
            run(sink, 1, events);
            return true;
        });
        new Thread(other, "other-run").start();
        run(sink, 1, events);
        other.get();
    }

    private static void run(String sink, int lanes, int events) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dataflux-ratio-");
        try {
            Path config = Files.writeString(folder.resolve("run.yaml"), """
                    seed: 42
                    speed: max
                    limits: {events: %d}
                    streams: {telemetry: {from: device_telemetry}}
                    sinks: {to: {type: '%s', lanes: %d}}
                    output: {dir: '%s'}
                    """.formatted(events, sink, lanes, folder));
            try (Run run = DataFlux.plan(config, Map.of(), Map.of()).start()) {
                RunReport report = run.await();
                Feed.check(report.acknowledged(), events);
            }
        } finally {
            delete(folder);
        }
    }

    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
