package io.dataflux.s3;

import io.dataflux.DeliveryException;
import io.dataflux.s3.Problem.Trace;
import io.dataflux.spi.Backoff;
import io.dataflux.spi.Chunk;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/**
 * One object's way into the bucket, and the answer to the question what became of it.
 *
 * <p>An object is written under the condition that none of its name is there. So whatever happened to a try - its answer was lost, the
 * store answered with an error and kept it all the same, an earlier attempt of the run had written it - the next one learns that
 * there is one, and compares: equal means delivered. Without an answer to the last try the store is asked. What even that cannot settle
 * is unknown; only what the store certainly does not hold is failed.
 */
final class Delivery {

    /** What the store holds under the object's name. */
    private enum Held {
        SAME,
        OTHER,
        NOTHING,
        NOT_TOLD
    }

    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(100), Duration.ofMillis(6400));
    private static final int ASKINGS = 3;

    private final S3Store store;
    private final S3Settings settings;
    private final Chunk chunk;
    private final String key;
    private final boolean mayBeThere;
    private final AtomicLong retries;
    private final AtomicBoolean settled = new AtomicBoolean();
    private final Deadline deadline;

    private Trace worst = Trace.NOT_SENT;

    /**
     * @param mayBeThere whether an earlier attempt may have written it, so that asking first can save the upload
     * @param retries counts the tries after the first ones
     */
    Delivery(S3Store store, S3Settings settings, Chunk chunk, String key, boolean mayBeThere, AtomicLong retries) {
        this.store = store;
        this.settings = settings;
        this.chunk = chunk;
        this.key = key;
        this.mayBeThere = mayBeThere;
        this.retries = retries;
        deadline = Deadline.in(settings.deliveryTimeout());
    }

    Deadline deadline() {
        return deadline;
    }

    /** Settles the chunk. */
    void run() {
        Transfer transfer = null;
        try {
            Body body = Body.of(chunk, settings.gzip(), settings.partBytes());
            if (mayBeThere && settings.conditional()) {
                Held held = ask(body, 1);
                if (held == Held.SAME || held == Held.OTHER) {
                    tell(held, null);
                    return;
                }
            }
            transfer = new Transfer(store, key, body, settings.partBytes());
            upload(body, transfer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            unknown(problem("the run was interrupted", e));
        } catch (RuntimeException | Error e) {
            unknown(problem("upload failed", e));
        } finally {
            if (transfer != null) {
                transfer.cleanUp(settings.connectTimeout());
            }
        }
    }

    private void upload(Body body, Transfer transfer) throws InterruptedException {
        Deadline lastTry = deadline.minus(settings.deliveryTimeout().dividedBy(4));
        int fruitless = 0;
        while (true) {
            int progress = transfer.progress();
            try {
                transfer.run(lastTry);
                acknowledged();
                return;
            } catch (SdkException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while uploading");
                }
                note(e, transfer);
                if (transfer.mayBeComplete(e)) {
                    Held held = ask(body, ASKINGS);
                    if (held != Held.NOTHING) {
                        tell(held, e);
                        return;
                    }
                    transfer.again(); // somebody deleted what stood in the way
                } else if (!Problem.isTransient(e)) {
                    conclude(body, e);
                    return;
                }
                fruitless = transfer.progress() > progress ? 1 : fruitless + 1;
                if (fruitless > settings.retries() || !pause(fruitless, lastTry)) {
                    conclude(body, e);
                    return;
                }
            }
        }
    }

    private void note(SdkException e, Transfer transfer) {
        Trace trace = transfer.writes() ? Problem.trace(e) : Trace.NOT_SENT;
        worst = trace.compareTo(worst) > 0 ? trace : worst;
    }

    /** Waits before the next try; false if there is no time for one. */
    private boolean pause(int retry, Deadline lastTry) throws InterruptedException {
        long millis = BACKOFF.pause(retry, key.hashCode()).toMillis();
        if (lastTry.left().toMillis() <= millis) {
            return false;
        }
        Thread.sleep(millis); // a retry's pause
        retries.incrementAndGet();
        return true;
    }

    /** Settles what became of an object that is no longer tried. */
    private void conclude(Body body, SdkException last) throws InterruptedException {
        if (worst == Trace.NOT_SENT || (worst == Trace.ANSWERED && !Problem.isTransient(last))) {
            failed(problem(what(), last));
        } else {
            tell(ask(body, ASKINGS), last);
        }
    }

    private void tell(Held held, @Nullable SdkException last) {
        switch (held) {
            case SAME -> acknowledged();
            case OTHER -> {
                if (settings.conditional()) {
                    failed(new DeliveryException(
                            "S3 " + settings.target() + ": " + what()
                                    + ": the bucket holds other bytes under this name, and they are not overwritten;"
                                    + " start with another tag, or delete the object",
                            null));
                } else {
                    refuse(last, worst == Trace.LOST);
                }
            }
            case NOTHING -> refuse(last, worst == Trace.LOST);
            case NOT_TOLD -> refuse(last, true);
        }
    }

    private void refuse(@Nullable SdkException last, boolean doubtful) {
        Throwable cause = last == null ? new IOException("no answer") : last;
        if (doubtful) {
            unknown(problem(what() + " may or may not be there", cause));
        } else {
            failed(problem(what(), cause));
        }
    }

    private Held ask(Body body, int times) throws InterruptedException {
        for (int asked = 1; asked <= times && !deadline.isOver(); asked++) {
            try {
                return compare(body);
            } catch (SdkException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("interrupted while comparing");
                }
                if (Problem.status(e) == 404 && !Problem.code(e).equals("NoSuchBucket")) {
                    return Held.NOTHING;
                }
                if (!Problem.isTransient(e) || !pause(asked, deadline)) {
                    return Held.NOT_TOLD;
                }
            } catch (IOException e) {
                if (!pause(asked, deadline)) {
                    return Held.NOT_TOLD;
                }
            }
        }
        return Held.NOT_TOLD;
    }

    private Held compare(Body body) throws IOException {
        HeadObjectResponse head = store.head(key, deadline.left());
        Map<String, String> metadata = head.metadata();
        String checksum = metadata == null ? null : metadata.get(Body.CHECKSUM);
        if (checksum != null) {
            return checksum.equals(body.checksum()) ? Held.SAME : Held.OTHER;
        }
        try (ResponseInputStream<GetObjectResponse> found = store.get(key, deadline.left())) {
            boolean same = false;
            try {
                same = body.holds(lines(found));
            } catch (java.util.zip.ZipException | java.io.EOFException e) {
                same = false; // not even compressed
            }
            if (!same) {
                found.abort(); // however much more of it there is
            }
            return same ? Held.SAME : Held.OTHER;
        }
    }

    private InputStream lines(InputStream stored) throws IOException {
        InputStream timely = new BufferedInputStream(new FilterInputStream(stored) {
            @Override
            public int read(byte[] to, int at, int length) throws IOException {
                deadline.check();
                return super.read(to, at, length);
            }
        });
        return settings.gzip() ? new GZIPInputStream(timely, 1 << 16) : timely;
    }

    private String what() {
        return "object " + key + " (" + chunk + ")";
    }

    private DeliveryException problem(String what, Throwable e) {
        return Problem.of(settings, what.startsWith("object") ? what : what() + ": " + what, e);
    }

    private void acknowledged() {
        if (settled.compareAndSet(false, true)) {
            chunk.acknowledged();
        }
    }

    private void failed(Throwable cause) {
        if (settled.compareAndSet(false, true)) {
            chunk.failed(cause);
        }
    }

    private void unknown(Throwable cause) {
        if (settled.compareAndSet(false, true)) {
            chunk.unknown(cause);
        }
    }

    /** Settles the chunk as unknown unless it is settled; for the lane, when the time is over. */
    void giveUp() {
        unknown(new DeliveryException(
                "S3 " + settings.target() + ": " + what() + ": not finished within delivery_timeout", null));
    }
}
