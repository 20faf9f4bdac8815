package io.dataflux.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The answer to one try, as far as it came: the status is known before the body, and stays known if the body never ends. Of a body
 * at most a given number of bytes is read; of one that is not 2xx only what a message needs. Written by the client's threads.
 */
final class Answer implements HttpResponse.BodyHandler<byte[]> {

    /** A body that is longer than allowed. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;

        TooLong(int most) {
            super("its answer is longer than " + most + " bytes (max_response_bytes)");
        }
    }

    private static final int EXCERPT = 1024;

    private final int most;
    private volatile @Nullable ResponseInfo info;
    private volatile boolean late;

    Answer(int most) {
        this.most = most;
    }

    /** Notes that the try is being ended because it took too long. */
    void tooLate() {
        late = true;
    }

    boolean isLate() {
        return late;
    }

    /** 0 as long as there is none. */
    int status() {
        ResponseInfo known = info;
        return known == null ? 0 : known.statusCode();
    }

    boolean isGood() {
        return isGood(status());
    }

    private static boolean isGood(int status) {
        return status >= 200 && status < 300;
    }

    HttpHeaders headers() {
        ResponseInfo known = info;
        return known == null ? HttpHeaders.of(java.util.Map.of(), (name, value) -> true) : known.headers();
    }

    @Override
    public BodySubscriber<byte[]> apply(ResponseInfo responseInfo) {
        info = responseInfo;
        return new Bounded(isGood(responseInfo.statusCode()), most);
    }

    /** Gathers a body up to a limit, and stops the transfer there. */
    private static final class Bounded implements BodySubscriber<byte[]> {

        private final boolean whole;
        private final int most;
        private final CompletableFuture<byte[]> body = new CompletableFuture<>();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private Flow.@Nullable Subscription subscription;

        /** @param whole whether a body beyond the limit is an error, rather than cut */
        Bounded(boolean whole, int most) {
            this.whole = whole;
            this.most = whole ? most : Math.min(most, EXCERPT);
        }

        @Override
        public CompletionStage<byte[]> getBody() {
            return body;
        }

        @Override
        public void onSubscribe(Flow.Subscription its) {
            subscription = its;
            its.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
            for (ByteBuffer buffer : buffers) {
                byte[] some = new byte[Math.min(buffer.remaining(), most - bytes.size() + 1)];
                buffer.get(some);
                bytes.writeBytes(some);
                if (bytes.size() > most && !body.isDone()) {
                    if (subscription != null) {
                        subscription.cancel();
                    }
                    if (whole) {
                        body.completeExceptionally(new TooLong(most));
                    } else {
                        body.complete(bytes.toByteArray());
                    }
                }
            }
        }

        @Override
        public void onError(Throwable cause) {
            body.completeExceptionally(cause);
        }

        @Override
        public void onComplete() {
            body.complete(bytes.toByteArray());
        }
    }
}
