package io.dataflux.http;

import io.dataflux.DeliveryException;
import io.dataflux.spi.Chunk;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * One request in flight: its tries, until its events are settled, which happens once and before {@code delivery_timeout} is over. If
 * no try succeeded, the events failed, unless any of the tries may have left them with the target: then they are unknown, whatever
 * later tries brought.
 *
 * <p>The tries follow each other on the client's and the timer's threads; {@link #cancel} comes from the lane's.
 */
final class Delivery {

    private final Wire wire;
    private final HttpSettings settings;
    private final Chunk chunk;
    private final HttpRequest request;
    private final long seed;
    private final Consumer<Delivery> done;
    private final AtomicLong retries;
    private final long startNanos = System.nanoTime();

    private int tries;
    private boolean maybeStored;
    private boolean settled;
    private boolean undelivered;
    private @Nullable CompletableFuture<HttpResponse<byte[]>> current;
    private @Nullable Future<?> timer;

    /**
     * @param seed of the hash that spreads retries
     * @param done called once, when the events are settled
     * @param retries counts the tries after the first ones
     */
    Delivery(
            Wire wire,
            HttpSettings settings,
            Chunk chunk,
            HttpRequest request,
            long seed,
            Consumer<Delivery> done,
            AtomicLong retries) {
        this.wire = wire;
        this.settings = settings;
        this.chunk = chunk;
        this.request = request;
        this.seed = seed;
        this.done = done;
        this.retries = retries;
    }

    /** Sends the request for the first time, or again. */
    @SuppressWarnings("FutureReturnValueIgnored") // what comes of it settles the events
    synchronized void send() {
        if (settled) {
            return;
        }
        tries++;
        if (tries > 1) {
            retries.incrementAndGet();
        }
        Answer answer = new Answer(settings.maxResponseBytes());
        Duration limit = left().compareTo(settings.rules().requestTimeout()) < 0
                ? left()
                : settings.rules().requestTimeout();
        CompletableFuture<HttpResponse<byte[]>> future = wire.send(request, answer);
        current = future;
        timer = wire.after(limit, () -> {
            answer.tooLate();
            future.cancel(true); // closes the connection
        });
        int number = tries;
        future.whenComplete((response, error) -> ended(number, answer, response, error, limit));
    }

    private synchronized void ended(
            int number,
            Answer answer,
            @Nullable HttpResponse<byte[]> response,
            @Nullable Throwable error,
            Duration limit) {
        if (settled || number != tries) {
            return;
        }
        if (timer != null) {
            timer.cancel(false);
        }
        try {
            judge(answer, response, error, limit);
        } catch (RuntimeException e) { // a defect, and nobody else would hear of it
            if (!settled) {
                settleUnknown(e.toString(), e);
            }
        }
    }

    private void judge(
            Answer answer, @Nullable HttpResponse<byte[]> response, @Nullable Throwable error, Duration limit) {
        if (response != null && answer.isGood()) {
            accepted(answer.status(), response.body());
        } else if (answer.status() > 0 && !answer.isGood()) {
            refused(answer, response == null ? new byte[0] : response.body());
        } else {
            broken(answer, cause(error), limit);
        }
    }

    private void accepted(int status, byte[] body) {
        RejectedPath path = settings.rejected();
        if (path == null) {
            if (status == 207) {
                settleUnknown(
                        "answered 207: it may have rejected some of the events, but which is not known; set"
                                + " rejected to the path at which the answer lists their indices, such as errors[].index",
                        null);
            } else {
                settle(() -> chunk.acknowledged());
            }
            return;
        }
        try {
            BitSet rejected = path.read(body, chunk.size());
            String reason = rejected.isEmpty() ? "" : reason(status, body);
            settle(() -> accept(rejected, reason));
        } catch (RejectedPath.Unreadable e) {
            settleUnknown("answered " + status + ", but " + e.getMessage(), e);
        }
    }

    private String reason(int status, byte[] body) {
        return "answered " + status + " and rejected the event" + excerpt(body);
    }

    private void accept(BitSet rejected, String reason) {
        for (int i = 0; i < chunk.size(); ) {
            boolean no = rejected.get(i);
            int to = no ? rejected.nextClearBit(i) : rejected.nextSetBit(i);
            to = to < 0 || to > chunk.size() ? chunk.size() : to;
            if (no) {
                undelivered = true;
                chunk.failed(i, to, problem(reason, null));
            } else {
                chunk.acknowledged(i, to);
            }
            i = to;
        }
    }

    private void refused(Answer answer, byte[] body) {
        int status = answer.status();
        Optional<Duration> asked =
                answer.headers().firstValue("Retry-After").flatMap(text -> RetryRules.retryAfter(text, Instant.now()));
        String hint = "";
        if (status == 413) {
            hint = "; the request of " + bodyLength() + " bytes is too large for it: lower batch_bytes or batch_events";
        } else if (status == 401 || status == 403) {
            hint = "; check auth and headers";
        } else if (status >= 300 && status < 400) {
            hint = " to "
                    + answer.headers()
                            .firstValue("Location")
                            .map(this::location)
                            .orElse("nowhere") + "; redirects are not followed, set url to where it leads";
        } else if (asked.isPresent() && asked.get().compareTo(settings.rules().maxRetryAfter()) > 0) {
            hint = " with Retry-After "
                    + settings.excerpt(
                            answer.headers().firstValue("Retry-After").orElse(""));
        }
        next(RetryRules.fate(status), asked, "answered " + status + hint + excerpt(body), null);
    }

    private long bodyLength() {
        return request.bodyPublisher()
                .map(HttpRequest.BodyPublisher::contentLength)
                .orElse(0L);
    }

    /** Where a redirect leads, without what may be secret in it. */
    private String location(String header) {
        int end = 0;
        while (end < header.length() && "?#".indexOf(header.charAt(end)) < 0) {
            end++;
        }
        return settings.excerpt(header.substring(0, end).replaceFirst("//[^/@]*@", "//"));
    }

    private void broken(Answer answer, Throwable error, Duration limit) {
        if (error instanceof Answer.TooLong) {
            next(
                    RetryRules.Fate.BROKEN,
                    Optional.empty(),
                    "answered " + answer.status() + ", but " + error.getMessage(),
                    error);
        } else if (answer.isLate()) {
            String what =
                    answer.status() == 0 ? "no answer" : "answered " + answer.status() + ", but the answer did not end";
            next(
                    RetryRules.Fate.LOST,
                    Optional.empty(),
                    what + " within " + Words.span(limit) + " (request_timeout)",
                    null);
        } else if (error instanceof SSLHandshakeException) {
            next(
                    Words.isAboutTrust(error) ? RetryRules.Fate.REFUSED : RetryRules.Fate.REFUSED_FOR_NOW,
                    Optional.empty(),
                    Words.tls(error),
                    error);
        } else if (isUnreached(error)) {
            next(RetryRules.Fate.REFUSED_FOR_NOW, Optional.empty(), Words.unreached(error), error);
        } else {
            String what = answer.status() == 0
                    ? "the connection broke before there was an answer"
                    : "answered " + answer.status() + ", but the connection broke during the answer";
            next(RetryRules.Fate.LOST, Optional.empty(), what + ": " + settings.excerpt(Words.of(error)), error);
        }
    }

    private static boolean isUnreached(Throwable error) {
        return error instanceof ConnectException
                || error instanceof HttpConnectTimeoutException
                || error instanceof UnresolvedAddressException;
    }

    /** Tries again, or stops trying. */
    private void next(RetryRules.Fate fate, Optional<Duration> asked, String what, @Nullable Throwable error) {
        maybeStored |= fate.maybeStored;
        RetryRules rules = settings.rules();
        if (!fate.again || tries > rules.retries()) {
            giveUp(what, error);
            return;
        }
        Duration pause = rules.pause(tries, seed, asked);
        if (pause.compareTo(left()) >= 0) {
            giveUp(
                    what + "; the next try would come after delivery_timeout (" + Words.span(rules.deliveryTimeout())
                            + ")",
                    error);
            return;
        }
        current = null;
        timer = wire.after(pause, this::send);
    }

    private void giveUp(String what, @Nullable Throwable error) {
        if (maybeStored) {
            settleUnknown(what, error);
        } else {
            undelivered = true;
            DeliveryException problem = problem(what, error);
            settle(() -> chunk.failed(problem));
        }
    }

    private void settleUnknown(String what, @Nullable Throwable error) {
        undelivered = true;
        DeliveryException problem = problem(what + "; the events may have arrived", error);
        settle(() -> chunk.unknown(problem));
    }

    /** Ends what is in flight, from the lane's thread: the events are settled when this returns. */
    synchronized void cancel() {
        if (settled) {
            return;
        }
        CompletableFuture<HttpResponse<byte[]>> running = current;
        if (timer != null) {
            timer.cancel(false);
        }
        maybeStored |= running != null;
        giveUp("the sink was closed", null);
        if (running != null) {
            running.cancel(true);
        }
    }

    /** Whether events of it failed or are unknown; true or false for good once they are settled. */
    synchronized boolean undelivered() {
        return undelivered;
    }

    private void settle(Runnable how) {
        settled = true;
        try {
            how.run();
        } finally {
            done.accept(this);
        }
    }

    private Duration left() {
        return settings.rules().deliveryTimeout().minusNanos(System.nanoTime() - startNanos);
    }

    private DeliveryException problem(String what, @Nullable Throwable error) {
        String after = tries > 1
                ? " (" + tries + " tries in " + Words.span(Duration.ofNanos(System.nanoTime() - startNanos)) + ")"
                : "";
        return new DeliveryException(
                settings.target() + ": " + chunk + " (" + Words.events(chunk.size()) + "): " + what + after, error);
    }

    private String excerpt(byte[] body) {
        String text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
        return text.isBlank() ? "" : ": " + settings.excerpt(text);
    }

    private static Throwable cause(@Nullable Throwable error) {
        Throwable cause = error == null ? new IllegalStateException("neither answer nor error") : error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }
}
