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

/** The digest of a slice, computed by several threads in scrambled order: the same for every number of threads. */
final class FingerprintCommand implements Command {

    private static final int CHUNK = 1024;

    @Override
    public Usage usage() {
        return Streams.options(new Usage(
                                "fingerprint", "prints the SHA-256 of a stream's events, each followed by a line feed")
                        .operand("STREAM"))
                .option("from", "N", "the number of the first event (default 0)")
                .option("count", "K", "how many events (default 1000000)")
                .option(
                        "workers",
                        "W",
                        "how many threads compute them, in scrambled order; the result is the same (default 1)");
    }

    @Override
    public int run(Arguments arguments, Stdout out) throws InterruptedException, ExecutionException {
        EventStream stream = Streams.find(arguments);
        long from = arguments.number("from", 0, 0, Long.MAX_VALUE);
        long count = arguments.number("count", 1_000_000, 0, Long.MAX_VALUE);
        int workers = (int) arguments.number("workers", 1, 1, 1024);
        Streams.check(arguments, stream, from, count);
        out.line(HexFormat.of().formatHex(digest(stream, from, from + count, workers)));
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
}
