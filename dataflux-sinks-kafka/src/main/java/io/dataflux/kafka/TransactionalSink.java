package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import io.dataflux.kafka.KafkaSettings.Transactions;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Sends a lane's events in transactions: what is acknowledged was committed, and a reader of committed records sees each event
 * once, over restarts of the run as well. Each transaction also commits how far the lane got ({@link Progress}), so the broker knows
 * what it has of a run even if the process died before it could write that down.
 *
 * <p>A transaction is ended when it is large or old enough, and before the lane waits for longer than it may be open. One that cannot be
 * committed is the last: its events failed, or are unknown if the commit was in progress, and everything after it fails too;
 * otherwise one number per stream could not describe the lane's progress. Used by its lane's thread.
 */
final class TransactionalSink implements Sink {

    /** A lane hands out 4,096 batches before it waits, and batches may be small. */
    private static final int MOST_PARTS = 2_048;

    private static final Duration GIVE_UP = Duration.ofSeconds(1);

    private final Producer<byte[], byte[]> producer;
    private final Retries retries;
    private final Transactions settings;
    private final Duration patience;
    private final Routes routes;
    private final Undelivered undelivered;
    private final ConsumerGroupMetadata group;
    private final TopicPartition progressPartition;
    private final String id;

    /** Per stream the sequence before whose time all is sent. */
    private final long[] next;

    /** What is sent at the time of {@link #next} of one stream, if there is more to come. */
    private Progress.@Nullable Segment part;

    /** Per stream the first sequence in the open transaction, and how many events. */
    private final long[] first;

    private final int[] counts;
    private final List<Slice> parts = new ArrayList<>();
    private long committed;
    private int events;
    private boolean open;
    private long openedNanos;
    /** Why nothing is sent any more. */
    private @Nullable Exception broken;
    /** Why the first record was refused; written by the producer's thread. */
    private volatile @Nullable Exception refused;

    /** Events of one batch that are in the open transaction. */
    private record Slice(Outcome outcome, int from, int to) {}

    /**
     * @param producer ready for its first transaction
     * @param patience how long a record may be in flight
     * @param next how far an earlier attempt got
     * @param part of what is sent at that time, or null
     */
    TransactionalSink(
            Producer<byte[], byte[]> producer,
            Transactions settings,
            Duration patience,
            Routes routes,
            LaneContext lane,
            long[] next,
            Progress.@Nullable Segment part) {
        this.producer = producer;
        retries = new Retries(producer);
        this.settings = settings;
        this.patience = patience;
        this.routes = routes;
        this.undelivered = Undelivered.of(routes, lane);
        this.id = id(lane);
        this.group = group(id);
        this.progressPartition = new TopicPartition(routes.topics().get(0), 0);
        this.next = next.clone();
        this.part = part;
        this.first = new long[next.length];
        this.counts = new int[next.length];
    }

    /** The lane's transactional id and the group that its progress is committed for: the same in every attempt of a run. */
    static String id(LaneContext lane) {
        return "dataflux-" + lane.tagText() + "-" + lane.sink() + "-" + lane.lane() + "of" + lane.lanes();
    }

    @SuppressWarnings("removal") // the client knows no other way to name a group that has no members
    private static ConsumerGroupMetadata group(String id) {
        return new ConsumerGroupMetadata(id);
    }

    /** Never fails for a delivery: what could not be sent is settled as failed, and {@link #flush} throws. */
    @Override
    public void write(EventBatch batch, Outcome outcome) throws InterruptedException {
        routes.checkRetention(batch);
        int size = batch.size();
        int from = 0;
        for (int i = 0; i < size && broken == null; i++) {
            try {
                send(batch, i);
            } catch (InterruptException e) {
                take(outcome, from, i);
                fail(e);
                refuse(batch, outcome, i, e);
                throw interrupted();
            } catch (RuntimeException e) { // the transaction, or the producer, is broken
                take(outcome, from, i);
                from = i;
                abort(e);
            }
            if (broken == null && ++events == settings.events()) {
                take(outcome, from, i + 1);
                from = i + 1;
                commit(batch, outcome, from);
            }
        }
        if (broken != null) {
            refuse(batch, outcome, from, broken);
            return;
        }
        take(outcome, from, size);
        if (parts.size() >= MOST_PARTS || leftNanos() <= 0) {
            commit();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told the same
    private void send(EventBatch batch, int i) {
        int stream = batch.stream(i);
        long time = batch.sentAt(i);
        Progress.Segment begun = part;
        if (begun != null && (begun.stream() != stream || begun.time() != time)) {
            next[begun.stream()] = begun.time() + 1; // what was left at that time was for others
            begun = null;
        }
        if (time < next[stream]) {
            throw new IllegalStateException(
                    "event " + batch.sequence(i) + " of stream '" + batch.streamName(i) + "' came after "
                            + (next[stream] - 1) + ", but progress is recorded in the order of event numbers");
        }
        if (!open) {
            producer.beginTransaction();
            open = true;
            openedNanos = System.nanoTime();
        }
        producer.send(routes.record(batch, i), (stored, cause) -> {
            if (cause != null && refused == null) {
                refused = cause;
            }
        });
        if (counts[stream]++ == 0) {
            first[stream] = time;
        }
        if (batch.more(i)) {
            next[stream] = time;
            part = new Progress.Segment(
                    stream, time, batch.shard(i), begun == null ? batch.place(i) : begun.from(), batch.place(i) + 1);
        } else {
            next[stream] = time + 1;
            part = null;
        }
    }

    /** Notes that the events {@code [from, to)} of a batch are in the open transaction. */
    private void take(Outcome outcome, int from, int to) {
        if (from < to) {
            parts.add(new Slice(outcome, from, to));
        }
    }

    /** Commits in the middle of a batch, of which the rest is settled as well if the thread is interrupted. */
    private void commit(EventBatch batch, Outcome outcome, int rest) throws InterruptedException {
        try {
            commit();
        } catch (InterruptedException e) {
            refuse(batch, outcome, rest, e);
            throw e;
        }
    }

    /**
     * Ends the open transaction, if there is one. Up to the last step it can be rolled back; from then on it is unknown until it is done.
     */
    private void commit() throws InterruptedException {
        if (!open) {
            return;
        }
        for (Slice part : parts) {
            part.outcome.gathered(part.from, part.to);
        }
        try {
            producer.flush();
            Exception cause = refused;
            if (cause != null) {
                abort(cause);
                return;
            }
            OffsetAndMetadata progress = new OffsetAndMetadata(committed + events, Progress.text(next, part));
            producer.sendOffsetsToTransaction(Map.of(progressPartition, progress), group);
        } catch (InterruptException e) {
            fail(e);
            throw interrupted();
        } catch (RuntimeException e) {
            abort(e);
            return;
        }
        try {
            end();
            committed += events;
            for (Slice part : parts) {
                part.outcome.acknowledged(part.from, part.to);
            }
            clear();
        } catch (InterruptException e) {
            unknown(e);
            throw interrupted();
        } catch (RuntimeException e) {
            unknown(e);
        }
    }

    /** The client keeps trying after the call has timed out; calling again means waiting on. */
    private void end() {
        try {
            producer.commitTransaction();
        } catch (TimeoutException e) {
            producer.commitTransaction();
        }
    }

    /**
     * Drops the open transaction. Nobody ever asked the broker to commit it, so its events failed, whether or not the attempt to abort
     * it now succeeds; if not, the broker does so later.
     */
    private void abort(Exception cause) {
        boolean wasOpen = open;
        Exception first = refused;
        fail(first == null ? cause : first);
        try {
            if (wasOpen) {
                producer.abortTransaction();
            }
        } catch (RuntimeException e) {
            cause.addSuppressed(e);
        }
    }

    private void fail(Exception cause) {
        Exception why = explained(cause);
        for (int stream = 0; stream < counts.length; stream++) {
            undelivered.failed(stream, first[stream], next[stream], counts[stream], why);
        }
        for (Slice part : parts) {
            part.outcome.failed(part.from, part.to, why);
        }
        broken = why;
        clear();
    }

    private void unknown(Exception cause) {
        Exception why = explained(cause);
        for (int stream = 0; stream < counts.length; stream++) {
            undelivered.unknown(stream, first[stream], next[stream], counts[stream], why);
        }
        for (Slice part : parts) {
            part.outcome.unknown(part.from, part.to, why);
        }
        broken = why;
        clear();
    }

    private void clear() {
        parts.clear();
        Arrays.fill(counts, 0);
        events = 0;
        open = false;
    }

    private Exception explained(Exception cause) {
        if (!isFenced(cause)) {
            return cause;
        }
        return new DeliveryException(
                "the broker no longer accepts what this process sends as " + id
                        + ": another process has resumed the same"
                        + " run and tag, or the transaction was open longer than transaction_timeout ("
                        + KafkaAdmin.seconds(settings.timeout()) + ")",
                cause);
    }

    private static boolean isFenced(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }

    /** The rest of a batch, of which nothing was sent. */
    private void refuse(EventBatch batch, Outcome outcome, int from, Exception cause) {
        for (int i = from; i < batch.size(); i++) {
            undelivered.failed(batch.stream(i), batch.sequence(i), batch.sequence(i) + 1, 1, cause);
        }
        if (from < batch.size()) {
            outcome.failed(from, batch.size(), cause);
        }
    }

    private InterruptedException interrupted() {
        Thread.interrupted(); // the client sets it again; an exception says it once
        return new InterruptedException("interrupted while sending to " + routes.name());
    }

    private long leftNanos() {
        return open ? settings.interval().toNanos() - (System.nanoTime() - openedNanos) : Long.MAX_VALUE;
    }

    @Override
    public void idle(long nanos) throws InterruptedException {
        if (open && nanos >= leftNanos()) {
            commit();
        }
    }

    /**
     * Commits what is open.
     *
     * @throws DeliveryException if any event since the sink was opened was not acknowledged: how many, which, and why
     */
    @Override
    public void flush() throws InterruptedException {
        commit();
        undelivered.throwIfAny();
    }

    @Override
    public long retries() {
        return retries.count();
    }

    /**
     * Closes the producer. A transaction that is still open is committed, unless the thread is interrupted.
     *
     * @throws DeliveryException as {@link #flush} does, unless {@code flush} has already reported everything
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // the client would stop half-way and leave its thread running
        try {
            if (interrupted) {
                fail(new InterruptedException("interrupted before the transaction was committed"));
            } else {
                commit();
            }
            producer.close(interrupted ? Duration.ZERO : broken == null ? patience.plusSeconds(1) : GIVE_UP);
        } catch (InterruptedException | InterruptException e) {
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
}
