package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a sink could not deliver: counts, the sequences concerned per stream, the first cause. Thread-safe; the lock is taken only
 * when something fails, and for a few instructions.
 */
final class Undelivered {

    private final String target;
    private final List<String> streams;
    private final long[] from;
    private final long[] to;
    private long failed;
    private long unknown;
    private long told;
    private @Nullable Throwable firstCause;

    Undelivered(String target, List<String> streams) {
        this.target = target;
        this.streams = streams;
        this.from = new long[streams.size()];
        this.to = new long[streams.size()];
    }

    synchronized void failed(int stream, long sequence, Throwable cause) {
        failed++;
        note(stream, sequence, cause);
    }

    synchronized void unknown(int stream, long sequence, Throwable cause) {
        unknown++;
        note(stream, sequence, cause);
    }

    /** Called when something was noted. */
    synchronized Throwable firstCause() {
        return firstCause == null ? new IllegalStateException("nothing failed") : firstCause;
    }

    /** Throws if anything was noted since the last time that this method threw. */
    synchronized void throwIfNew() {
        if (failed + unknown > told) {
            throwIfAny();
        }
    }

    synchronized void throwIfAny() {
        if (failed + unknown == 0) {
            return;
        }
        told = failed + unknown;
        StringBuilder text = new StringBuilder("Kafka ").append(target).append(": ");
        text.append(failed).append(" events failed, ").append(unknown).append(" are unknown (may be in the topic)");
        for (int stream = 0; stream < to.length; stream++) {
            if (to[stream] > 0) {
                text.append(", ").append(streams.get(stream));
                text.append(" within [")
                        .append(from[stream])
                        .append(", ")
                        .append(to[stream])
                        .append(')');
            }
        }
        Throwable cause = firstCause();
        text.append("; first: ")
                .append(cause.getClass().getSimpleName())
                .append(": ")
                .append(cause.getMessage());
        throw new DeliveryException(text.toString(), cause);
    }

    private void note(int stream, long sequence, Throwable cause) {
        if (firstCause == null) {
            firstCause = cause;
        }
        from[stream] = to[stream] == 0 ? sequence : Math.min(from[stream], sequence);
        to[stream] = Math.max(to[stream], sequence + 1);
    }
}
