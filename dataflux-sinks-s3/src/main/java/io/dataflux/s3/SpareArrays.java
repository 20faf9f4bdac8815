package io.dataflux.s3;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** The arrays of objects that are over, to gather later ones in: a large object costs less in one of these than in a fresh one. Thread-safe. */
final class SpareArrays {

    private final BlockingQueue<byte[]> spare;

    /** @param most how many are kept */
    SpareArrays(int most) {
        spare = new ArrayBlockingQueue<>(most);
    }

    /** A spare array if there is one of about that size, or a fresh one: a much larger one would be worth more to another object. */
    byte[] take(int size) {
        byte[] found = spare.poll();
        return found != null && found.length >= size && found.length / 2 <= size ? found : new byte[size];
    }

    /** Takes an array that nobody reads any more, not even a request that was given up. */
    void give(byte[] over) {
        spare.offer(over);
    }
}
