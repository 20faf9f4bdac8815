package io.dataflux.http;

import io.dataflux.DeliveryException;
import io.dataflux.spi.Chunk;
import io.dataflux.spi.Chunks;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import java.net.http.HttpRequest;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one lane's events: gathers them into chunks, makes a request of each, and waits while as many requests are in flight as
 * allowed. Used by its lane's thread; requests settle their events on others. What it holds is bounded: an open chunk per stream and
 * a chunk per request in flight.
 */
final class HttpLane implements Sink {

    /** How many events a lane may leave unsettled while chunks gather. */
    static final int OPEN_EVENTS = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(HttpLane.class);

    private final HttpSettings settings;
    private final LaneContext lane;
    private final Wire wire;
    private final Runnable closed;
    private final Chunks chunks;
    private final int mostUnderWay;
    private final Semaphore slots;
    private final Set<Delivery> underWay = ConcurrentHashMap.newKeySet();
    private final AtomicLong retries = new AtomicLong();
    private boolean toldOfEarly;
    /** Whether a request failed after which nothing may arrive: events of its keys would overtake it. */
    private volatile boolean broken;

    /** @param closed called once, when this lane needs the wire no longer */
    HttpLane(HttpSettings settings, LaneContext lane, Wire wire, Runnable closed) {
        this.settings = settings;
        this.lane = lane;
        this.wire = wire;
        this.closed = closed;
        HttpSettings.Batching batching = settings.batching();
        chunks = new Chunks(lane, false, batching.events(), batching.bytes(), OPEN_EVENTS, this::deliver);
        mostUnderWay = batching.ordered() ? 1 : settings.connections();
        slots = new Semaphore(mostUnderWay);
    }

    @Override
    public void write(EventBatch batch, Outcome outcome) throws Exception {
        chunks.add(batch, outcome);
        if (chunks.early() > 0 && !toldOfEarly) {
            toldOfEarly = true;
            LOG.warn(
                    "sink '{}': {} events came while a request of another stream was being filled, more than fit; it was sent"
                            + " early, so a resumed run may repeat it under another key. Shorten batch_interval",
                    lane.sink(),
                    OPEN_EVENTS / 2);
        }
    }

    @Override
    public long retries() {
        return retries.get();
    }

    private void deliver(Chunk chunk) throws InterruptedException {
        try {
            acquire();
        } catch (InterruptedException e) {
            chunk.failed(notSent(chunk, "the run was interrupted", e));
            throw e;
        }
        if (broken) {
            wire.release();
            slots.release();
            chunk.failed(notSent(chunk, "an earlier request of this lane failed, and ordered is true", null));
            return;
        }
        Delivery delivery = new Delivery(wire, settings, chunk, request(chunk), seed(chunk), this::settled, retries);
        underWay.add(delivery);
        delivery.send();
    }

    private DeliveryException notSent(Chunk chunk, String why, @Nullable Exception cause) {
        return new DeliveryException(settings.target() + ": " + chunk + ": not sent, " + why, cause);
    }

    private void settled(Delivery delivery) {
        if (settings.batching().ordered() && lane.endsOnFailure() && delivery.undelivered()) {
            broken = true; // before the slot is free
        }
        underWay.remove(delivery);
        wire.release();
        slots.release();
    }

    private void acquire() throws InterruptedException {
        slots.acquire();
        try {
            wire.acquire();
        } catch (InterruptedException e) {
            slots.release();
            throw e;
        }
    }

    private HttpRequest request(Chunk chunk) {
        HttpSettings.Target target = settings.target();
        HttpSettings.Batching batching = settings.batching();
        Body.Content content = batching.body().of(chunk, batching.gzip());
        HttpRequest.Builder request = HttpRequest.newBuilder(target.url())
                .method(target.method(), HttpRequest.BodyPublishers.ofByteArray(content.bytes, 0, content.length))
                .setHeader("Content-Type", batching.body().contentType)
                .setHeader("User-Agent", "DataFlux");
        if (batching.gzip()) {
            request.setHeader("Content-Encoding", "gzip");
        }
        target.headers()
                .forEach(header ->
                        request.setHeader(header.name(), header.value().reveal()));
        if (!settings.keyHeader().isEmpty()) {
            request.setHeader(settings.keyHeader(), key(lane, chunk));
        }
        return request.build();
    }

    /**
     * The idempotency key of a chunk: tag, sink, stream, lane, first and last event as shard and position. A chunk is a function of
     * these, so that a key stands for the same bytes in every try and every attempt.
     */
    static String key(LaneContext lane, Chunk chunk) {
        return lane.tagText() + "-" + lane.sink() + "-" + chunk.streamName() + "-" + lane.lane() + "of" + lane.lanes()
                + "-" + chunk.firstShard() + "." + chunk.first() + "-" + chunk.lastShard() + "." + chunk.last();
    }

    private long seed(Chunk chunk) {
        return Objects.hash(lane.tag(), chunk.stream(), chunk.firstSequence());
    }

    /** Sends what is gathered and waits until every request is settled, which their deadlines bound. */
    @Override
    public void flush() throws Exception {
        chunks.flush();
        slots.acquire(mostUnderWay);
        slots.release(mostUnderWay);
    }

    /** Ends what is in flight. Without an earlier {@link #flush} what is gathered was not sent, and failed. */
    @Override
    public void close() {
        chunks.refuse(new DeliveryException(settings.target() + ": not sent, the sink was closed first", null));
        underWay.forEach(Delivery::cancel);
        closed.run();
    }
}
