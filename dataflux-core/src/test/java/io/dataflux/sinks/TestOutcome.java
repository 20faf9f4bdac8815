package io.dataflux.sinks;

import io.dataflux.spi.Outcome;
import java.util.Arrays;

/** Remembers what became of each event of a batch and refuses to hear it twice. */
final class TestOutcome implements Outcome {

    enum Fate {
        OPEN,
        ACKNOWLEDGED,
        FAILED,
        UNKNOWN
    }

    private final Fate[] fates;
    private Throwable cause;

    TestOutcome(int size) {
        fates = new Fate[size];
        Arrays.fill(fates, Fate.OPEN);
    }

    /** The fate that all events share. */
    synchronized Fate fate() {
        Fate first = fates[0];
        for (Fate fate : fates) {
            if (fate != first) {
                throw new AssertionError("fates differ: " + Arrays.toString(fates));
            }
        }
        return first;
    }

    synchronized Throwable cause() {
        return cause;
    }

    @Override
    public void acknowledged(int from, int to) {
        settle(from, to, Fate.ACKNOWLEDGED, null);
    }

    @Override
    public void failed(int from, int to, Throwable cause) {
        settle(from, to, Fate.FAILED, cause);
    }

    @Override
    public void unknown(int from, int to, Throwable cause) {
        settle(from, to, Fate.UNKNOWN, cause);
    }

    private synchronized void settle(int from, int to, Fate fate, Throwable why) {
        for (int i = from; i < to; i++) {
            if (fates[i] != Fate.OPEN) {
                throw new AssertionError("event " + i + " is " + fates[i] + " already");
            }
            fates[i] = fate;
        }
        cause = why;
    }
}
