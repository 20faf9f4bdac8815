package io.dataflux.s3;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** Arrays of finished objects, for later ones: for large objects that is cheaper than a new array. Thread-safe. */
final class SpareArrays {

    private final BlockingQueue<byte[]> spare;

    /** @param most how many are kept */
    SpareArrays(int most) {
        spare = new ArrayBlockingQueue<>(most);
    }

    /** A spare array if there is one of about that size, or a new one: a much larger one is more useful to another object. */
    byte[] take(int size) {
        byte[] found = spare.poll();
        return found != null && found.length >= size && found.length / 2 <= size ? found : new byte[size];
    }

    /** Keeps an array, if there is room for it. Nobody may read it any more, not even an abandoned request. */
    void give(byte[] over) {
        spare.offer(over);
    }
}
