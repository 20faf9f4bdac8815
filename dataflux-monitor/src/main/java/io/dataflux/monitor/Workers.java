package io.dataflux.monitor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that answer requests: few, daemons, and none of them held for long by a peer that does not send or read. Each says when it has
 * got on; one that has not for some time is interrupted, which closes its connection. Thread-safe.
 */
final class Workers implements Executor {

    private final long patienceNanos;
    private final ThreadPoolExecutor threads;
    /** Since when each busy thread waits for its peer. */
    private final Map<Thread, Long> waiting = new ConcurrentHashMap<>();

    Workers(int most, long patienceNanos) {
        this.patienceNanos = patienceNanos;
        threads = new ThreadPoolExecutor(0, most, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
            Thread thread = new Thread(task, "dataflux-monitor-http");
            thread.setDaemon(true);
            return thread;
        });
        threads.setRejectedExecutionHandler((task, pool) -> refuse(task));
    }

    /** Runs a request that no thread is left for so that its first read fails, by which the server closes the connection. */
    private static void refuse(Runnable task) {
        Thread.currentThread().interrupt();
        try {
            task.run();
        } finally {
            Thread.interrupted();
        }
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(() -> {
            waits();
            try {
                task.run();
            } finally {
                rests();
                Thread.interrupted();
            }
        });
    }

    /** The current thread waits for its peer from now on. */
    void waits() {
        waiting.put(Thread.currentThread(), System.nanoTime());
    }

    /** The current thread waits for nothing. */
    void rests() {
        waiting.remove(Thread.currentThread());
    }

    /** Ends what has waited for too long; called now and then. */
    void watch() {
        long now = System.nanoTime();
        waiting.forEach((thread, since) -> {
            if (now - since > patienceNanos && waiting.remove(thread, since)) {
                thread.interrupt();
            }
        });
    }

    /** How many threads are at work. */
    int busy() {
        return threads.getActiveCount();
    }

    void close() {
        threads.shutdownNow();
    }
}
