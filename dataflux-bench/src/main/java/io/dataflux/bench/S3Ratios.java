package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.model.Key;
import io.dataflux.s3.S3Sink;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * Compares the S3 sink with the same client with the same settings, which uploads objects prepared in advance, with their checksums: the
 * same size, the same number at a time, to the same store in a JVM of its own. The sink gets batches prepared in advance; a whole run also
 * computes them. Measured with objects of one request each and with objects in parts, without compression, which would dominate the time.
 */
final class S3Ratios {

    private static final double LEAST = 0.95;
    private static final int ROUNDS = Turns.rounds(9);
    private static final int BYTES = Integer.getInteger("megabytes", 960) << 20;
    private static final int MIB = 1 << 20;
    private static final String KEY = "{tag}-{shard}-{first}-{last}.jsonl";
    private static final int SHARDS = 4;
    private static final EventStream STREAM = DataFlux.stream("device_telemetry", 42);

    private final Server server;
    private final int objectBytes;
    private final List<ReadyBatch> batches = ReadyBatch.of(STREAM, 20_000, 500);
    private final S3Uploads uploads;
    private long events;
    private int attempts;

    private S3Ratios(Server server, int objectBytes) {
        this.server = server;
        this.objectBytes = objectBytes;
        uploads = new S3Uploads(URI.create(server.address()), object(), BYTES / objectBytes);
    }

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        try (Server server = Server.start("s3")) {
            boolean whole = new S3Ratios(server, 8 * MIB).compare();
            boolean parts = new S3Ratios(server, 48 * MIB).compare();
            return whole && parts;
        }
    }

    private boolean compare() throws Exception {
        int objects = BYTES / objectBytes;
        events = objects * eventsOfAnObject();
        System.out.printf(
                Locale.ROOT,
                "%nS3: %d objects of %d MiB%s, 2 at a time, store in a JVM of its own%n",
                objects,
                objectBytes / MIB,
                objectBytes > S3Uploads.PART_BYTES ? " in parts of " + S3Uploads.PART_BYTES / MIB : "");
        return new Turns(ROUNDS)
                .side("ready objects", () -> counted(() -> uploads.take("ready-" + ++attempts)))
                .side("sink", () -> counted(this::sink))
                .side("run", () -> counted(this::run))
                .take()
                .speed("sink", "ready objects", LEAST)
                .speed("run", "ready objects", 0)
                .good();
    }

    private interface Work {
        /** Bytes that were uploaded. */
        long take() throws Exception;
    }

    private Turns.Turn counted(Work work) throws Exception {
        server.forget();
        Server.Tally before = server.tally();
        long cpu = Turns.cpuNanos();
        long start = System.nanoTime();
        long bytes = work.take();
        long nanos = System.nanoTime() - start;
        cpu = Turns.cpuNanos() - cpu;
        Server.Tally seen = server.tally().since(before);
        return new Turns.Turn((double) nanos / bytes, Server.remark(bytes, nanos, cpu, seen.cpuNanos()));
    }

    /** As the sink makes them: as many events as fit. */
    private byte[] object() {
        ByteArrayOutputStream object = new ByteArrayOutputStream(objectBytes);
        while (true) {
            for (ReadyBatch batch : batches) {
                for (int i = 0; i < batch.size(); i++) {
                    int length = batch.end(i) + 1 - batch.start(i);
                    if (object.size() + length > objectBytes) {
                        return object.toByteArray();
                    }
                    object.write(batch.bytes(), batch.start(i), length);
                }
            }
        }
    }

    private long eventsOfAnObject() {
        long bytes = batches.stream()
                .mapToLong(batch -> batch.end(batch.size() - 1) + 1)
                .sum();
        long size = 500L * batches.size();
        return uploads.objectLength() * size / bytes;
    }

    private SinkConnector connector() {
        return S3Sink.bucket(URI.create(server.address()), ServerProgram.BUCKET)
                .credentials(S3Uploads.ACCESS_KEY, S3Uploads.SECRET_KEY)
                .key(KEY)
                .objectBytes(objectBytes)
                .batchInterval(Duration.ofDays(1))
                .sink();
    }

    private long sink() throws Exception {
        try (Sink sink = connector().open(Feed.lane(++attempts))) {
            return Feed.into(sink, batches, events);
        }
    }

    private long run() throws Exception {
        Path folder = Files.createTempDirectory("dataflux-ratio-");
        // one object per shard is filled at a time: with more shards they would be smaller
        EventStream stream =
                STREAM.with(change -> change.key(new Key("device_{}", 10_000, BigDecimal.ZERO, SHARDS, 1)));
        try (Run run = DataFlux.plan(stream)
                .events(0, events)
                .speed(Double.POSITIVE_INFINITY)
                .sink("store", connector())
                .tag(++attempts)
                .output(folder)
                .build()
                .start()) {
            RunReport report = run.await();
            Feed.check(report.acknowledged(), events);
            return report.bytes();
        }
    }
}
