package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.time.Duration;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a lane's events to a topic through one idempotent producer; see {@link KafkaSinkProvider} for the guarantees and the
 * settings.
 *
 * <p>Used by its lane's thread; answers come from the producer's thread. For each event it copies the value and the header once and
 * allocates what the producer needs. {@link #write} waits while {@code buffer_memory} is used up.
 *
 * <pre>{@code
 * orders.sendTo(KafkaSink.topic("localhost:9092", "orders"));
 * }</pre>
 */
public final class KafkaSink implements Sink {

    /** The name of the header that identifies an event, see {@link EventBatch#header}. */
    public static final String HEADER = "dataflux";

    private final Producer<byte[], byte[]> producer;
    private final Retries retries;
    private final Duration patience;
    private final Routes routes;
    private final Undelivered undelivered;
    private @Nullable Thread writer;

    /** @param patience how long a record may be in flight */
    KafkaSink(Producer<byte[], byte[]> producer, Duration patience, Routes routes, LaneContext lane) {
        this.producer = producer;
        retries = new Retries(producer);
        this.patience = patience;
        this.routes = routes;
        this.undelivered = Undelivered.of(routes, lane);
    }

    /** A topic that already exists, with default settings. */
    public static SinkConnector topic(String bootstrapServers, String topic) {
        return new KafkaConnector(KafkaSettings.of(bootstrapServers, topic));
    }

    /** Never fails for a delivery: what could not be sent is settled as failed, and {@link #flush} throws. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told the same
    public void write(EventBatch batch, Outcome outcome) throws InterruptedException {
        writer = Thread.currentThread();
        routes.checkRetention(batch);
        int size = batch.size();
        for (int i = 0; i < size; i++) {
            Settlement settlement = new Settlement(outcome, i, batch.stream(i), batch.sequence(i));
            try {
                producer.send(routes.record(batch, i), settlement);
            } catch (InterruptException e) {
                refuse(batch, outcome, i, e);
                Thread.interrupted(); // the client sets it again; an exception says it once
                throw new InterruptedException("interrupted while waiting for " + routes.name());
            } catch (RuntimeException e) { // the producer is broken for good
                refuse(batch, outcome, i, e);
                return;
            }
            if (settlement.hopeless) {
                refuse(batch, outcome, i + 1, undelivered.firstCause());
                return;
            }
        }
    }

    /** The rest of a batch that was never handed to the producer. */
    private void refuse(EventBatch batch, Outcome outcome, int from, Throwable cause) {
        for (int i = from; i < batch.size(); i++) {
            undelivered.failed(batch.stream(i), batch.sequence(i), cause);
        }
        if (from < batch.size()) {
            outcome.failed(from, batch.size(), cause);
        }
    }

    /**
     * Waits until every event is settled, at most for {@code delivery_timeout}.
     *
     * @throws DeliveryException if any event since the sink was opened was not acknowledged: how many, which, and why
     */
    @Override
    public void flush() throws InterruptedException {
        try {
            producer.flush();
        } catch (InterruptException e) {
            Thread.interrupted();
            throw new InterruptedException("interrupted while flushing " + routes.name());
        }
        undelivered.throwIfAny();
    }

    @Override
    public long retries() {
        return retries.count();
    }

    /**
     * Closes the producer. Waits for events that are not settled yet, as {@link #flush} does, unless the thread is
     * interrupted.
     *
     * @throws DeliveryException as {@link #flush} does, unless {@code flush} has already reported everything
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // the client would stop half-way and leave its thread running
        try {
            producer.close(interrupted ? Duration.ZERO : patience.plusSeconds(1));
        } catch (InterruptException e) {
            interrupted = true;
            Thread.interrupted();
            producer.close(Duration.ZERO);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        undelivered.throwIfNew();
    }

    /** Reports one event's outcome. Most calls come on the producer's thread, which must not be held up. */
    private final class Settlement implements Callback {

        private final Outcome outcome;
        private final int index;
        private final int stream;
        private final long sequence;
        /** Set while {@code send} is still running: others will be refused for the same reason. */
        private boolean hopeless;

        Settlement(Outcome outcome, int index, int stream, long sequence) {
            this.outcome = outcome;
            this.index = index;
            this.stream = stream;
            this.sequence = sequence;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata stored, @Nullable Exception cause) {
            if (cause == null) {
                outcome.acknowledged(index, index + 1);
                return;
            }
            // on the writer's own thread the client refuses what it has not accepted yet
            boolean refused = Thread.currentThread() == writer;
            if (refused || isAboutTheRecord(cause)) {
                hopeless = refused && !isAboutTheRecord(cause);
                undelivered.failed(stream, sequence, cause);
                outcome.failed(index, index + 1, cause);
            } else {
                undelivered.unknown(stream, sequence, cause);
                outcome.unknown(index, index + 1, cause);
            }
        }
    }

    /** Whether the broker or the client refused the record for what it is, so that no earlier try can have stored it either. */
    static boolean isAboutTheRecord(Exception cause) {
        return cause instanceof RecordTooLargeException
                || cause instanceof RecordBatchTooLargeException
                || cause instanceof InvalidRecordException // such as one without a key for a compacted topic
                || cause instanceof InvalidTimestampException;
    }
}
