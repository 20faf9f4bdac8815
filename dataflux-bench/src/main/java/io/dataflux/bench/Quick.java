package io.dataflux.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Measures one side of a ratio in a few seconds, in a JVM of its own and by the CPU time of its thread, so that other processes do not
 * count; it waits for the compiler.
 */
public final class Quick {

    private static final long WARM_UP_NANOS = 1_200_000_000;
    private static final long SLICE_NANOS = 200_000_000;
    private static final int SLICES = 5;
    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    private interface Batch {
        int take() throws IOException;
    }

    private Quick() {}

    /** Prints nanoseconds and allocated bytes per event. */
    public static void main(String[] args) throws IOException {
        Batch batch = args[0].equals(CoreBenchmark.class.getSimpleName()) ? core(args[1]) : state(args[1], args[2]);
        int seen = 0;
        for (long start = cpu(); cpu() - start < WARM_UP_NANOS; ) {
            seen += batch.take();
        }
        double[] nanos = new double[SLICES];
        long events = 0;
        long allocated = -THREADS.getCurrentThreadAllocatedBytes();
        for (int slice = 0; slice < SLICES; slice++) {
            long start = cpu();
            long batches = 0;
            long used;
            do {
                for (int i = 0; i < 16; i++) {
                    seen += batch.take();
                }
                batches += 16;
                used = cpu() - start;
            } while (used < SLICE_NANOS);
            events += batches * CoreBenchmark.BATCH;
            nanos[slice] = (double) used / (batches * CoreBenchmark.BATCH);
        }
        allocated += THREADS.getCurrentThreadAllocatedBytes();
        Arrays.sort(nanos);
        System.out.println(nanos[SLICES / 2] + " " + (double) allocated / events + " " + seen);
    }

    private static long cpu() {
        return THREADS.getCurrentThreadCpuTime();
    }

    private static Batch core(String method) {
        CoreBenchmark benchmark = new CoreBenchmark();
        switch (method) {
            case "copyReady":
                CoreBenchmark.Pool pool = new CoreBenchmark.Pool();
                return () -> benchmark.copyReady(pool);
            case "compute":
                CoreBenchmark.Computed computed = new CoreBenchmark.Computed();
                return () -> benchmark.compute(computed);
            default:
                CoreBenchmark.Filled filled = new CoreBenchmark.Filled();
                return () -> benchmark.jacksonFilled(filled);
        }
    }

    private static Batch state(String method, String stream) {
        StateBenchmark benchmark = new StateBenchmark();
        benchmark.stream = stream;
        benchmark.compile();
        return method.equals("sequential") ? benchmark::sequential : benchmark::scattered;
    }

    /** Measures a side in a process of its own. */
    static Forked run(String... side) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder program = new ProcessBuilder(
                java, "-Xbatch", "-Xmx1g", "-cp", System.getProperty("java.class.path"), Quick.class.getName());
        program.command().addAll(Arrays.asList(side));
        Process process = program.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = out.readLine();
            if (line == null) {
                throw new IOException("no result from " + String.join(" ", side));
            }
            String[] words = line.split(" ", -1);
            return new Forked(Double.parseDouble(words[0]), Double.parseDouble(words[1]));
        } finally {
            process.destroy();
        }
    }
}
