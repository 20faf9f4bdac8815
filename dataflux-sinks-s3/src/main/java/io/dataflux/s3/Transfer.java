package io.dataflux.s3;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Uploads a body, in one request or in parts; what failed can be run again, and continues with the part that failed. Leaves no
 * upload open. Used by one thread.
 */
final class Transfer {

    private static final Logger LOG = LoggerFactory.getLogger(Transfer.class);

    private final S3Store store;
    private final String key;
    private final Body body;
    private final int partBytes;
    private final List<CompletedPart> parts = new ArrayList<>();
    private @Nullable String id;
    private int progress;
    /** Whether the request in flight is one that makes the object visible. */
    private boolean writes;
    /** Whether there may be an upload whose id is not known. */
    private boolean strays;

    Transfer(S3Store store, String key, Body body, int partBytes) {
        this.store = store;
        this.key = key;
        this.body = body;
        this.partBytes = partBytes;
    }

    /** Returns when the store has the object; throws if a request failed. */
    void run(Deadline deadline) {
        writes = body.length() <= partBytes;
        if (writes) {
            store.put(key, body, deadline.left());
            return;
        }
        String upload = id;
        if (upload == null) {
            // the JDK's client repeats a POST by itself when a connection breaks off before its answer, and tells
            // nobody
            strays = true;
            upload = store.createUpload(key, body, deadline.left());
            id = upload;
        }
        for (long from = (long) parts.size() * partBytes; from < body.length(); from += partBytes) {
            int to = (int) Math.min(body.length(), from + partBytes);
            parts.add(store.uploadPart(key, upload, parts.size() + 1, body, (int) from, to, deadline.left()));
            progress++;
        }
        writes = true;
        store.complete(key, upload, parts, deadline.left());
        id = null;
    }

    /** How many parts were stored; tries that make no progress are numbered. */
    int progress() {
        return progress;
    }

    /** Whether the request that failed could have made the object visible. */
    boolean writes() {
        return writes;
    }

    /** Whether a failure says that the object is there, or that its upload is no longer open, which may mean the same. */
    boolean mayBeComplete(SdkException e) {
        boolean gone = Problem.code(e).equals("NoSuchUpload");
        if (gone) {
            again();
        }
        return gone || Problem.status(e) == Problem.PRECONDITION_FAILED;
    }

    /** Begins anew. */
    void again() {
        if (id != null) {
            abort(id, Duration.ofSeconds(1));
        }
        id = null;
        parts.clear();
    }

    /** Aborts what is open of this object. */
    void cleanUp(Duration time) {
        boolean interrupted = Thread.interrupted(); // the SDK would not send a request
        try {
            if (id != null) {
                abort(id, time);
            }
            if (strays) {
                for (MultipartUpload upload : store.openUploads(key, time)) {
                    if (upload.key().equals(key)) {
                        abort(upload.uploadId(), time);
                    }
                }
            }
        } catch (SdkException e) {
            LOG.warn("could not find out whether an upload of {} is open: {}", key, e.getMessage());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void abort(String upload, Duration time) {
        try {
            store.abort(key, upload, time);
        } catch (SdkException e) {
            if (!Problem.code(e).equals("NoSuchUpload")) {
                LOG.warn(
                        "an upload of {} may be left open: the store did not accept its abort: {}",
                        key,
                        e.getMessage());
            }
        }
    }
}
