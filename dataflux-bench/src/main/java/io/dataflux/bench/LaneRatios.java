package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The CPU time that a run costs with two lanes against one, over the same events, into the null sink and into files: each lane looks at
 * every sequence and computes its own shards. The time is that of the whole process, the compiler's and the collector's included.
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
                    .side("one lane", () -> run(sink, 1, events))
                    .side("two lanes", () -> run(sink, 2, events))
                    .take()
                    .cost("two lanes", "one lane", MOST)
                    .good();
        }
        return good;
    }

    private static Turns.Turn run(String sink, int lanes, int events) throws IOException, InterruptedException {
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
            Plan plan = DataFlux.plan(config, Map.of(), Map.of());
            long start = System.nanoTime();
            long cpu = Turns.cpuNanos();
            try (Run run = plan.start()) {
                RunReport report = run.await();
                cpu = Turns.cpuNanos() - cpu;
                long nanos = System.nanoTime() - start;
                if (report.acknowledged() != events) {
                    throw new IllegalStateException(report.acknowledged() + " of " + events + " were acknowledged");
                }
                return new Turns.Turn(
                        (double) cpu / events,
                        String.format(
                                Locale.ROOT,
                                "%6.1f ns of CPU per event, %,11.0f events/s",
                                (double) cpu / events,
                                events * 1e9 / nanos));
            }
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
