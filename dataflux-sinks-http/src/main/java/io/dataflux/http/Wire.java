package io.dataflux.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What the lanes of a sink share: the client with its connections, the clock of its deadlines, and a permit per request in flight. The
 * client itself would open a connection per request however many there are, and its own time-out ends with the headers of an
 * answer. HTTP/1.1 only, and no redirects: a followed one would repeat the request, with its secrets, elsewhere. Thread-safe.
 */
class Wire {

    private static final int THREADS = 4;
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final HttpClient client;
    private final ScheduledThreadPoolExecutor timer;
    private final Semaphore permits;

    Wire(HttpSettings settings) {
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "dataflux-http");
            thread.setDaemon(true);
            return thread;
        };
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), daemons);
        threads.allowCoreThreadTimeOut(true);
        timer = new ScheduledThreadPoolExecutor(1, daemons);
        timer.setRemoveOnCancelPolicy(true);
        permits = new Semaphore(settings.connections(), true);
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.target().connectTimeout())
                .executor(threads);
        Tls tls = settings.tls();
        if (tls != null) {
            builder.sslContext(tls.context());
        }
        client = builder.build();
    }

    /** Waits until fewer requests than connections are in flight. */
    void acquire() throws InterruptedException {
        permits.acquire();
    }

    void release() {
        permits.release();
    }

    /** Sends a request. Cancelling the future closes its connection. */
    CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request, Answer answer) {
        return client.sendAsync(request, answer);
    }

    /** Runs something later, on a thread that must not be held up. */
    Future<?> after(Duration wait, Runnable task) {
        return timer.schedule(task, Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
    }

    /** Ends the clock; nothing may be in flight. The client's threads end by themselves: it still closes idle connections on them. */
    void close() {
        timer.shutdownNow();
    }
}
