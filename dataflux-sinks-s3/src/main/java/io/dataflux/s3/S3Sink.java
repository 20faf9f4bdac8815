package io.dataflux.s3;

import io.dataflux.DeliveryException;
import io.dataflux.spi.Chunk;
import io.dataflux.spi.Chunks;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Gathers a lane's events into objects and uploads them, a few at a time; see {@link S3SinkProvider} for the guarantees and the
 * settings.
 *
 * <p>Used by its lane's thread; objects are compressed, uploaded and settled by threads of its own. {@link #write} waits while as many
 * objects are in flight as allowed. Copies each event once, and once more compressed.
 *
 * <pre>{@code
 * orders.sendTo(S3Sink.bucket(URI.create("http://localhost:9000"), "orders")
 *         .credentials("minio", secret)
 *         .sink());
 * }</pre>
 */
public final class S3Sink implements Sink {

    private static final Duration GRACE = Duration.ofSeconds(1);

    private final S3Store store;
    private final S3Settings settings;
    private final LaneContext lane;
    private final StoredObjects stored;
    private final Chunks chunks;
    private final SpareArrays arrays;
    private final ExecutorService threads;
    private final Semaphore free;
    private final Set<Delivery> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicLong retries = new AtomicLong();

    S3Sink(S3Store store, S3Settings settings, LaneContext lane, StoredObjects stored) {
        this.store = store;
        this.settings = settings;
        this.lane = lane;
        this.stored = stored;
        free = new Semaphore(settings.uploads());
        arrays = new SpareArrays(settings.uploads());
        threads = Executors.newFixedThreadPool(settings.uploads(), task -> {
            Thread thread = new Thread(task, "dataflux-" + lane.sink() + "-" + lane.lane() + "-upload");
            thread.setDaemon(true);
            return thread;
        });
        KeyTemplate key = settings.key();
        int shares = shares(lane);
        chunks = new Chunks(
                        lane,
                        true,
                        Math.max(1, Math.min(settings.objectEvents(), S3Settings.OPEN_EVENTS / 2 / shares)),
                        Math.max(1, Math.min(settings.objectBytes(), settings.bufferBytes() / shares)),
                        S3Settings.OPEN_EVENTS,
                        this::upload)
                .heldBytes(settings.bufferBytes())
                .arrays(arrays::take);
        if (key.partitioned()) {
            chunks.partition((batch, i) -> key.partition(batch.timeMillis(i)));
        }
        if (!stored.isEmpty()) {
            chunks.border(stored::endsBefore);
        }
    }

    /** A bucket that already exists, at any S3-compatible store. */
    public static S3Target bucket(URI endpoint, String bucket) {
        return new S3Target(S3Settings.checked(endpoint), bucket);
    }

    /** How many objects a lane fills at a time, if shards are dealt to lanes evenly. A function of the run, not of the lane. */
    private static int shares(LaneContext lane) {
        long shares = 0;
        for (LaneContext.Stream stream : lane.streams()) {
            shares += (stream.shards() + lane.lanes() - 1) / lane.lanes();
        }
        return (int) Math.max(1, Math.min(shares, S3Settings.OPEN_EVENTS / 2));
    }

    @Override
    public void write(EventBatch batch, Outcome outcome) throws Exception {
        chunks.add(batch, outcome);
    }

    @Override
    public long retries() {
        return retries.get();
    }

    /** Takes a whole chunk from the lane. */
    private void upload(Chunk chunk) throws InterruptedException {
        long partition = settings.key().partition(chunk.firstTimeMillis());
        ObjectName name = new ObjectName(chunk.stream(), chunk.firstShard(), partition, chunk.first(), chunk.last());
        String key = settings.key().key(lane, name);
        Optional<ObjectName> other = stored.inTheWayOf(chunk);
        if (other.isPresent()) {
            chunk.failed(new DeliveryException(
                    "S3 " + settings.target() + ": object " + key + ": "
                            + settings.key().key(lane, other.get())
                            + " of an earlier attempt holds some of its events; resume with the settings that the run"
                            + " began with",
                    null));
            return;
        }
        try {
            free.acquire();
        } catch (InterruptedException e) {
            chunk.failed(new DeliveryException(
                    "S3 " + settings.target() + ": object " + key + ": the run was interrupted before it was sent", e));
            throw e;
        }
        Delivery delivery = new Delivery(store, settings, chunk, key, lane.attempt() > 0, retries);
        underWay.add(delivery);
        threads.execute(() -> {
            try {
                delivery.run();
                // the client sends on this thread, so nothing reads the bytes after its last call
                arrays.give(chunk.bytes());
            } finally {
                underWay.remove(delivery);
                free.release();
            }
        });
    }

    /** Uploads what is gathered as it is, and waits until every object is settled, each for its {@code delivery_timeout} at most. */
    @Override
    public void flush() throws Exception {
        chunks.flush();
        for (Delivery delivery = any(); delivery != null; delivery = any()) {
            // slots are all free when nothing is in flight
            if (free.tryAcquire(settings.uploads(), waiting(delivery), TimeUnit.NANOSECONDS)) {
                free.release(settings.uploads());
            } else {
                giveUpLate();
            }
        }
    }

    private @Nullable Delivery any() {
        for (Delivery delivery : underWay) {
            return delivery;
        }
        return null;
    }

    private static long waiting(Delivery delivery) {
        return Math.max(0, delivery.deadline().left().plus(GRACE).toNanos());
    }

    private void giveUpLate() {
        List<Delivery> late =
                underWay.stream().filter(each -> waiting(each) == 0).toList();
        late.forEach(Delivery::giveUp);
        underWay.removeAll(late);
    }

    /** What was not flushed is failed; what is in flight is interrupted and unknown. */
    @Override
    public void close() {
        chunks.refuse(new IOException("closed before it was flushed"));
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            // a thread that is interrupted settles its chunk and aborts its upload
            threads.awaitTermination(settings.connectTimeout().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        underWay.forEach(Delivery::giveUp);
        store.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
