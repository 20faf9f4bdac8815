package io.dataflux.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * The one thread that calls a sink under test. So a call that never returns is a failure instead of a hanging test, and
 * the threads that a sink starts are known: they are in this thread's group.
 */
final class LaneThread implements AutoCloseable {

    private final ThreadGroup group = new ThreadGroup("sink-contract");
    private final Duration patience;
    private final ExecutorService executor;
    private volatile Thread thread = Thread.currentThread();

    /** @param patience how long a call may take */
    LaneThread(Duration patience) {
        this.patience = patience;
        executor = Executors.newSingleThreadExecutor(task -> {
            thread = new Thread(group, task, "sink-contract");
            thread.setDaemon(false); // as a lane's is: what it starts inherits that
            return thread;
        });
    }

    /**
     * Makes a call of a sink.
     *
     * @param what is called, for messages
     * @throws AssertionError if it throws, or does not return
     */
    <T> T call(String what, Callable<T> call) throws InterruptedException {
        Future<T> end = executor.submit(call);
        try {
            return end.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            String stack = Arrays.stream(thread.getStackTrace())
                    .limit(12)
                    .map(frame -> "\n  at " + frame)
                    .collect(Collectors.joining());
            end.cancel(true);
            throw new AssertionError(what + " has not returned after " + FaultProxy.span(patience) + "; it is" + stack);
        } catch (ExecutionException e) {
            throw new AssertionError(what + " threw " + e.getCause(), e.getCause());
        }
    }

    /** The threads that the sink started and that keep a program from ending; empty as soon as there are none, or after a while. */
    List<String> left(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        while (true) {
            Thread[] all = new Thread[group.activeCount() + 8];
            List<Thread> left = Arrays.stream(all, 0, group.enumerate(all))
                    .filter(each -> each != thread && !each.isDaemon() && each.isAlive())
                    .toList();
            if (left.isEmpty() || System.nanoTime() > deadline) {
                return left.stream().map(Thread::getName).toList();
            }
            left.get(0).join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
