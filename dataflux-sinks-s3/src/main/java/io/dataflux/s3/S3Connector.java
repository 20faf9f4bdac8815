package io.dataflux.s3;

import io.dataflux.ConfigurationException;
import io.dataflux.DeliveryException;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Resume;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/** A bucket that a run sends to: checked once, then one client per lane. */
final class S3Connector implements SinkConnector {

    private static final int TRIES = 3;
    private static final long PAUSE_MILLIS = 200;

    private final S3Settings settings;
    /** What earlier attempts left; listed once for all lanes. */
    private @Nullable StoredObjects stored;

    S3Connector(S3Settings settings) {
        this.settings = settings;
    }

    @Override
    public void prepare(LaneContext run) throws InterruptedException {
        if (run.streams().size() > 1 && !settings.key().has(KeyTemplate.Word.STREAM)) {
            throw new DeliveryException(
                    "S3 " + settings.target() + ": the run has " + run.streams().size()
                            + " streams, but the key has no {stream} to tell their objects apart; add it, as in"
                            + " raw/{stream}/{tag}-{shard}-{first}-{last}.jsonl",
                    null);
        }
        stored = null;
        interruptibly(() -> {
            for (int tries = 1; !look(run, tries == TRIES); tries++) {
                Thread.sleep(PAUSE_MILLIS * tries); // a retry's pause
            }
            return true;
        });
    }

    /** Looks at what is there; false if a transient fault prevents it. */
    private boolean look(LaneContext run, boolean last) {
        try (S3Store store = open()) {
            findBucket(store);
            if (run.attempt() > 0) {
                abortUploads(store, run);
                stored = StoredObjects.list(store, settings.key(), run);
            }
            return true;
        } catch (SdkException e) {
            if (last || !Problem.isTransient(e)) {
                throw Problem.of(settings, "cannot be used", e);
            }
            return false;
        }
    }

    /**
     * Asks on a thread of its own. The client notices no interrupt while a server does not answer; the thread is then left to the time-out
     * of its request.
     */
    private <T> T interruptibly(Callable<T> question) throws InterruptedException {
        FutureTask<T> asked = new FutureTask<>(question);
        Thread asking = new Thread(asked, "dataflux-s3-prepare");
        asking.setDaemon(true);
        asking.start();
        try {
            return asked.get();
        } catch (InterruptedException e) {
            asking.interrupt();
            throw new InterruptedException("interrupted while connecting to S3 " + settings.target());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException why) {
                throw why;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private boolean isThere() throws InterruptedException {
        for (int tries = 1; ; tries++) {
            try (S3Store store = open()) {
                store.headBucket();
                return true;
            } catch (SdkException e) {
                if (Problem.status(e) == 404) {
                    return false;
                }
                if (tries == TRIES || !Problem.isTransient(e)) {
                    throw Problem.of(settings, "cannot be used", e);
                }
            }
            Thread.sleep(PAUSE_MILLIS * tries); // a retry's pause
        }
    }

    private S3Store open() {
        try {
            return new S3Store(settings);
        } catch (SdkException | IllegalArgumentException e) {
            throw Problem.of(settings, "cannot be used", e);
        }
    }

    private void findBucket(S3Store store) {
        try {
            store.headBucket();
        } catch (SdkException e) {
            if (Problem.status(e) != 404) {
                throw e;
            }
            if (!settings.createBucket()) {
                throw new DeliveryException(
                        "S3 " + settings.target() + ": there is no bucket '" + settings.bucket()
                                + "'; create it, or set create_bucket: true",
                        e);
            }
            try {
                store.createBucket();
            } catch (SdkException refused) {
                if (Problem.status(refused) != 409) { // somebody else was faster
                    throw refused;
                }
            }
        }
    }

    /** What was being uploaded by this part of the run when its process ended can never be completed. */
    private void abortUploads(S3Store store, LaneContext run) {
        int part = run.firstLane() / run.ownLanes();
        for (int stream = 0; stream < run.streams().size(); stream++) {
            KeyTemplate.Parser parser = settings.key().parser(run, stream);
            String prefix = settings.key().prefix(run, stream);
            for (MultipartUpload upload : store.openUploads(prefix, settings.requestTimeout())) {
                Optional<ObjectName> name = parser.parse(upload.key());
                if (name.isPresent() && name.get().shard() % run.parts() == part) {
                    store.abort(upload.key(), upload.uploadId(), settings.requestTimeout());
                }
            }
        }
    }

    private StoredObjects stored(LaneContext run) {
        StoredObjects known = stored;
        if (known == null) {
            try (S3Store store = open()) {
                known = run.attempt() == 0
                        ? new StoredObjects(settings.key())
                        : StoredObjects.list(store, settings.key(), run);
            } catch (SdkException e) {
                throw Problem.of(settings, "cannot be listed", e);
            }
            stored = known;
        }
        return known;
    }

    @Override
    public Sink open(LaneContext lane) {
        StoredObjects earlier = stored(lane);
        return new S3Sink(open(), settings, lane, earlier);
    }

    @Override
    public int openEvents() {
        return S3Settings.OPEN_EVENTS;
    }

    /** Reads the run's own objects; they carry its tag, so where the bucket ended before the run does not matter. */
    @Override
    public Optional<ReadBack> readBack() {
        return Optional.of((run, position) -> new S3Reader(open(), settings, run));
    }

    @Override
    public Resume resume() {
        return new ByNames();
    }

    /** What is sent again has the same names as before, and each object exists once. */
    private final class ByNames implements Resume {
        @Override
        public DeliveryUnit unit() {
            return new DeliveryUnit(Long.MAX_VALUE, settings.batchInterval());
        }

        /** An object's content is a function of its name: what that depends on must not change. */
        @Override
        public String destination() {
            return "bucket " + settings.bucket() + ", " + settings.key().text() + (settings.gzip() ? ", gzip" : "")
                    + ", objects of " + settings.objectEvents() + " events and " + settings.objectBytes() + " bytes";
        }

        @Override
        public Map<String, String> facts(LaneContext run) throws InterruptedException {
            return Map.of(
                    "bucket '" + settings.bucket() + "'",
                    interruptibly(S3Connector.this::isThere) ? "there" : "missing");
        }

        @Override
        public void recover(LaneContext lane, Delivered delivered) {
            StoredObjects earlier = stored(lane);
            if (delivered.hasAny() && earlier.isEmpty()) {
                throw new ConfigurationException(
                        "run " + lane.tagText(),
                        List.of(new ConfigurationException.Problem(
                                "sinks." + lane.sink(),
                                "S3 " + settings.target()
                                        + " holds no object of this run, although the store had acknowledged some: they"
                                        + " were deleted, or this is another bucket; use another tag for a new run")));
            }
            earlier.tell(delivered);
        }

        @Override
        public boolean exactlyOnce() {
            return true;
        }
    }
}
