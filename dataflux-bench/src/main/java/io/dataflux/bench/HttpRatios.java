package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.http.HttpSink;
import io.dataflux.spi.Sink;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Compares the HTTP sink with the JDK's client posting bodies prepared in advance: the same events in the same requests, the same number
 * of connections, and the same receiver in a JVM of its own, which reads the bodies and forgets them. The sink gets batches prepared in
 * advance and collects them into requests; a whole run also computes and encodes them. Measured with 1 event per request, where the cost
 * is that of requests, and with 500, where it is that of bytes.
 */
final class HttpRatios {

    private static final double LEAST = 0.9;
    private static final int ROUNDS = Turns.rounds(9);
    private static final int CONNECTIONS = 16;
    private static final int CLIENT_THREADS = 4;
    private static final int EVENTS = Integer.getInteger("events", 40_000);
    private static final int READY = 20_000;
    private static final int BATCH = 250;

    private final Server server;
    private final boolean single;
    private final int perRequest;
    private final int events;
    private final List<byte[]> bodies = new ArrayList<>();
    private final List<ReadyBatch> batches;

    private HttpRatios(Server server, int perRequest, int events) {
        this.server = server;
        this.perRequest = perRequest;
        this.events = Math.max(1, events / READY) * READY;
        single = perRequest == 1;
        EventStream stream = DataFlux.stream("device_telemetry", 42);
        batches = ReadyBatch.of(stream, READY, BATCH);
        for (long from = 0; from < READY; from += perRequest) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            for (Event event : stream.events(from, from + perRequest)) {
                body.writeBytes(event.bytes());
                if (!single) {
                    body.write('\n');
                }
            }
            bodies.add(body.toByteArray());
        }
    }

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        try (Server server = Server.start("http")) {
            boolean singles = new HttpRatios(server, 1, EVENTS).compare();
            boolean lines = new HttpRatios(server, 500, 50 * EVENTS).compare();
            return singles && lines;
        }
    }

    private boolean compare() throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%nHTTP: %,d events of the telemetry stream, %s per request, %d connections, receiver in a JVM of its own%n",
                events,
                single ? "one" : perRequest + " as JSON lines",
                CONNECTIONS);
        Turns turns = new Turns(ROUNDS)
                .side("ready bodies", () -> counted(this::ready))
                .side("sink", () -> counted(this::sink))
                .side("run", () -> counted(this::run))
                .take();
        return turns.speed("sink", "ready bodies", LEAST)
                .speed("run", "ready bodies", 0)
                .good();
    }

    private interface Work {
        /** Nanoseconds. */
        long take() throws Exception;
    }

    private Turns.Turn counted(Work work) throws Exception {
        Server.Tally before = server.tally();
        long cpu = Turns.cpuNanos();
        long nanos = work.take();
        cpu = Turns.cpuNanos() - cpu;
        Server.Tally seen = server.tally().since(before);
        if (seen.requests() != events / perRequest) {
            throw new IllegalStateException(seen.requests() + " requests arrived, not " + events / perRequest);
        }
        return new Turns.Turn(
                (double) nanos / seen.bodyBytes(), Server.remark(seen.bodyBytes(), nanos, cpu, seen.cpuNanos()));
    }

    private long ready() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(CLIENT_THREADS);
        try {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .executor(threads)
                    .build();
            Semaphore free = new Semaphore(CONNECTIONS);
            AtomicLong accepted = new AtomicLong();
            URI url = URI.create(server.address());
            int requests = events / perRequest;
            long start = System.nanoTime();
            for (int i = 0; i < requests; i++) {
                HttpRequest request = HttpRequest.newBuilder(url)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(bodies.get(i % bodies.size())))
                        .setHeader("Content-Type", single ? "application/json" : "application/x-ndjson")
                        .build();
                free.acquire();
                var unused = client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .whenComplete((response, error) -> {
                            if (error == null && response.statusCode() == 200) {
                                accepted.incrementAndGet();
                            }
                            free.release();
                        });
            }
            free.acquire(CONNECTIONS);
            long nanos = System.nanoTime() - start;
            Feed.check(accepted.get(), requests);
            return nanos;
        } finally {
            threads.shutdown();
        }
    }

    private long sink() throws Exception {
        HttpSink http = HttpSink.post(server.address()).connections(CONNECTIONS);
        try (Sink sink = (single ? http : http.ndjson(perRequest)).sink().open(Feed.lane(1))) {
            long start = System.nanoTime();
            Feed.into(sink, batches, events);
            return System.nanoTime() - start;
        }
    }

    private long run() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("dataflux-ratio-");
        Path config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 42
                speed: max
                limits: {events: %d}
                streams: {telemetry: {from: device_telemetry}}
                sinks: {receiver: {type: http, url: '%s', connections: %d, %s}}
                output: {dir: '%s'}
                """.formatted(
                        events,
                        server.address(),
                        CONNECTIONS,
                        single ? "body: single" : "body: ndjson, batch_events: " + perRequest,
                        folder));
        Plan plan = DataFlux.plan(config, Map.of(), Map.of());
        long start = System.nanoTime();
        try (Run run = plan.start()) {
            RunReport report = run.await();
            Feed.check(report.acknowledged(), events);
            return System.nanoTime() - start;
        }
    }
}
