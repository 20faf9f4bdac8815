package io.dataflux.verify;

import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** How much memory the marks take of events that arrive nearly in order; in the package of what it measures, which is not public. */
public final class MarksMemory {

    private static final int SHARDS = 64;
    private static final int BATCH = 1 << 23;

    private MarksMemory() {}

    /** Marks that many events of 64 shards in turn, shuffled within that many, and returns the most bytes that the marks took. */
    public static long measure(long events, int shuffledWithin) {
        ArrivedSet[] marks = Stream.generate(ArrivedSet::new).limit(SHARDS).toArray(ArrivedSet[]::new);
        SplittableRandom random = new SplittableRandom(7);
        int[] order = new int[shuffledWithin];
        Arrays.setAll(order, i -> i);
        long most = 0;
        long before = used();
        long start = System.nanoTime();
        for (long from = 0; from < events; from += shuffledWithin) {
            for (int i = shuffledWithin - 1; i > 0; i--) {
                int other = random.nextInt(i + 1);
                int moved = order[i];
                order[i] = order[other];
                order[other] = moved;
            }
            for (int at : order) {
                long n = from + at;
                marks[(int) (n % SHARDS)].add(n / SHARDS);
            }
            if (from / BATCH != (from + shuffledWithin) / BATCH) {
                most = Math.max(most, used() - before);
            }
        }
        long nanos = System.nanoTime() - start;
        long count = Stream.of(marks).mapToLong(ArrivedSet::count).sum();
        if (count != (events + shuffledWithin - 1) / shuffledWithin * shuffledWithin) {
            throw new IllegalStateException(count + " marks of " + events);
        }
        System.out.printf(
                Locale.ROOT,
                "%,d marks, shuffled within %,d: at most %,d bytes, %.1f ns each%n",
                count,
                shuffledWithin,
                most,
                (double) nanos / count);
        return most;
    }

    private static long used() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
