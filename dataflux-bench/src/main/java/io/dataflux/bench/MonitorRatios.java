package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.Sinks;
import io.dataflux.monitor.LivePage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * What watching costs: one lane into the null sink as fast as possible, without a monitor, and with a live page that is read by one reader
 * and by ten. A page sends an update a second; the first reader also asks for the metrics after each, as Prometheus would. Readers are
 * threads of this process, so what they take of the machine counts as well.
 */
final class MonitorRatios {

    private static final int ROUNDS = Turns.rounds(15);
    private static final int EVENTS = Integer.getInteger("events", 20_000_000);
    /** Compares the CPU time of the process instead of the time: for a machine that is not quiet. */
    private static final boolean CPU = Boolean.getBoolean("cpu");

    private static final double SECOND = 1e9;
    private static final long PATIENCE_SECONDS = 30;

    private MonitorRatios() {}

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%nMonitor: %,d events of the telemetry stream into the null sink, by %s%n",
                EVENTS,
                CPU ? "CPU time of the process" : "time");
        Path folder = Files.createTempDirectory("dataflux-ratio-");
        try {
            Plan plan = DataFlux.plan(DataFlux.stream("device_telemetry", 42))
                    .limit(EVENTS)
                    .sink("null", Sinks.discard())
                    .speed(Double.POSITIVE_INFINITY)
                    .output(folder)
                    .build();
            return new Turns(ROUNDS)
                    .side("no monitor", () -> turn(plan, 0))
                    .side("one page", () -> turn(plan, 1))
                    .side("ten pages", () -> turn(plan, 10))
                    .take()
                    .bounded("one page", "no monitor", 0.97)
                    .bounded("ten pages", "no monitor", 0.94)
                    .good();
        } finally {
            LaneRatios.delete(folder);
        }
    }

    private static Turns.Turn turn(Plan plan, int pages) throws Exception {
        if (pages == 0) {
            return timed(plan, List.of());
        }
        try (LivePage page = LivePage.open(0)) {
            List<Reader> readers = new ArrayList<>();
            for (int i = 0; i < pages; i++) {
                readers.add(new Reader(page, i == 0));
            }
            return timed(plan.monitoredBy(page), readers);
        }
    }

    private static Turns.Turn timed(Plan plan, List<Reader> readers) throws Exception {
        long start = System.nanoTime();
        long cpu = Turns.cpuNanos();
        try (Run run = plan.start()) {
            readers.forEach(Reader::start);
            Feed.check(run.await().acknowledged(), EVENTS);
        }
        cpu = Turns.cpuNanos() - cpu;
        long nanos = System.nanoTime() - start;
        int least = readers.isEmpty() ? 0 : Integer.MAX_VALUE;
        for (Reader reader : readers) {
            least = Math.min(least, reader.updates());
        }
        // a page sends one a second, fewer if the machine is busy
        if (!readers.isEmpty() && least < Math.max(1, nanos / SECOND / 2)) {
            throw new IllegalStateException("a page got only " + least + " updates in " + nanos / SECOND + " s");
        }
        return new Turns.Turn(
                (double) (CPU ? cpu : nanos) / EVENTS,
                String.format(
                        Locale.ROOT,
                        "%,11.0f events/s, %6.1f ns of CPU per event, each page got %d updates or more",
                        EVENTS * SECOND / nanos,
                        (double) cpu / EVENTS,
                        least));
    }

    /** Reads a page's updates until the run has ended, and counts them. */
    private static final class Reader {

        private final String url;
        private final String token;
        private final boolean metricsToo;
        private final FutureTask<Integer> reading = new FutureTask<>(this::read);

        Reader(LivePage page, boolean metricsToo) {
            url = page.url();
            token = page.address().replaceAll(".*#token=", "");
            this.metricsToo = metricsToo;
        }

        void start() {
            new Thread(reading, "page-reader").start();
        }

        int updates() throws Exception {
            return reading.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        private int read() throws IOException {
            int updates = 0;
            try (BufferedReader lines = open("api/updates")) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.equals("event: step")) {
                        updates++;
                        if (metricsToo) {
                            readMetrics();
                        }
                    } else if (line.startsWith("data: ") && line.contains("\"ended\":true")) {
                        break;
                    }
                }
            }
            return updates;
        }

        private void readMetrics() throws IOException {
            try (BufferedReader lines = open("metrics")) {
                if (lines.lines().noneMatch(line -> line.startsWith("dataflux_events_issued_total{"))) {
                    throw new IllegalStateException("there are no metrics");
                }
            }
        }

        private BufferedReader open(String what) throws IOException {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(url + what).toURL().openConnection();
            connection.setRequestProperty("Authorization", "Bearer " + token);
            return new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
        }
    }
}
