package io.dataflux.cli;

import io.dataflux.Event;
import io.dataflux.EventStream;
import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The digest of a slice, computed by several threads in scrambled order: the same for every number of threads. */
@CommandLine.Command(header = "prints the SHA-256 of a stream's events, each followed by a line feed")
final class FingerprintCommand extends Command {

    private static final int CHUNK = 1024;

    @Mixin
    private StreamOptions options = new StreamOptions();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "K",
            converter = WholeNumber.FromZero.class,
            description = "how many events (default 1000000)")
    private long count = 1_000_000;

    @Option(
            names = "--workers",
            paramLabel = "W",
            converter = Workers.class,
            description = "how many threads compute them, in scrambled order; the result is the same (default 1)")
    private long workers = 1;

    @Override
    int run(Stdout out) throws InterruptedException, ExecutionException {
        EventStream stream = options.find();
        options.check(stream, count);
        long from = options.from();
        out.line(HexFormat.of().formatHex(digest(stream, from, from + count, (int) workers)));
        return GOOD;
    }

    static byte[] digest(EventStream stream, long from, long to, int workers)
            throws InterruptedException, ExecutionException {
        MessageDigest sha256;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        ExecutorService threads = Executors.newFixedThreadPool(workers);
        try {
            long window = (long) CHUNK * Math.max(8, 4 * workers);
            for (long start = from; start < to; start += Math.min(window, to - start)) {
                for (Future<byte[]> chunk : scrambled(stream, start, start + Math.min(window, to - start), threads)) {
                    sha256.update(chunk.get());
                }
            }
        } finally {
            threads.shutdownNow();
        }
        return sha256.digest();
    }

    /** The chunks of a window in order, but handed to the threads in a scrambled order. */
    private static List<Future<byte[]>> scrambled(EventStream stream, long from, long to, ExecutorService threads) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i * (long) CHUNK < to - from; i++) {
            order.add(i);
        }
        List<Future<byte[]>> chunks = new ArrayList<>(Collections.nCopies(order.size(), null));
        Collections.shuffle(order, new Random(from));
        for (int i : order) {
            long start = from + i * (long) CHUNK;
            chunks.set(i, threads.submit(() -> bytes(stream, start, Math.min(to, start + CHUNK))));
        }
        return chunks;
    }

    private static byte[] bytes(EventStream stream, long from, long to) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(CHUNK * 512);
        for (Event event : stream.events(from, to)) {
            bytes.writeBytes(event.bytes());
            bytes.write('\n');
        }
        return bytes.toByteArray();
    }

    static final class Workers extends WholeNumber {
        Workers() {
            super(1, 1024);
        }
    }
}
