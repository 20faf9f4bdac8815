package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.spi.LaneContext;
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

    /** For a lane of a sink. */
    static Undelivered of(Routes routes, LaneContext lane) {
        return new Undelivered(
                routes.name() + ", lane " + lane.lane(),
                lane.streams().stream().map(LaneContext.Stream::name).toList());
    }

    void failed(int stream, long sequence, Throwable cause) {
        failed(stream, sequence, sequence + 1, 1, cause);
    }

    void unknown(int stream, long sequence, Throwable cause) {
        unknown(stream, sequence, sequence + 1, 1, cause);
    }

    /** Some events of a stream with sequences in {@code [first, end)}. */
    synchronized void failed(int stream, long first, long end, long events, Throwable cause) {
        failed += events;
        note(stream, first, end, events, cause);
    }

    /** Some events of a stream with sequences in {@code [first, end)}. */
    synchronized void unknown(int stream, long first, long end, long events, Throwable cause) {
        unknown += events;
        note(stream, first, end, events, cause);
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
        text.append(failed).append(failed == 1 ? " event failed, " : " events failed, ");
        text.append(unknown).append(unknown == 1 ? " is" : " are").append(" unknown (may be in the topic)");
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

    private void note(int stream, long first, long end, long events, Throwable cause) {
        if (events > 0) {
            if (firstCause == null) {
                firstCause = cause;
            }
            from[stream] = to[stream] == 0 ? first : Math.min(from[stream], first);
            to[stream] = Math.max(to[stream], end);
        }
    }
}
