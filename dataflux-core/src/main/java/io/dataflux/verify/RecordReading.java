package io.dataflux.verify;

import io.dataflux.spi.SinkReader;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Hands records on in batches: whether they are events as they were sent is found out by several threads, but they are judged by the thread
 * that reads, in the order of reading. So a verdict does not depend on the number of threads. Holds a few batches for each
 * thread. Used by one thread, apart from those that it starts.
 */
final class RecordReading implements SinkReader.Visitor {

    private static final int BATCHES_PER_THREAD = 3;

    private final Consumer<RecordBatch> judge;
    private final Supplier<ExactEvents> recognisers;
    private final Deque<Recognition> free = new ArrayDeque<>();
    private final Deque<Recognition> begun = new ArrayDeque<>();
    private @Nullable ExecutorService others;
    private int most = 1;
    private Recognition filling;

    /** A batch, and who recognises what is in it. */
    private static final class Recognition {
        final RecordBatch batch = new RecordBatch();
        private final ExactEvents exact;
        private FutureTask<Boolean> task;

        Recognition(ExactEvents exact) {
            this.exact = exact;
            task = newTask();
        }

        private FutureTask<Boolean> newTask() {
            return new FutureTask<>(() -> exact.recognise(batch), true);
        }

        /** Waits until the batch is recognised; does that itself if nobody has begun. */
        void await() throws InterruptedException, ExecutionException {
            task.run();
            task.get();
            task = newTask();
        }
    }

    RecordReading(Supplier<ExactEvents> recognisers, Consumer<RecordBatch> judge) {
        this.recognisers = recognisers;
        this.judge = judge;
        filling = new Recognition(recognisers.get());
    }

    /** Reads what there is with that many threads, and judges it. */
    long read(SinkReader reader, int threads) throws Exception {
        if (threads == 1) {
            long count = reader.read(this);
            judgeAll();
            return count;
        }
        ExecutorService started = Executors.newFixedThreadPool(threads - 1, work -> {
            Thread thread = new Thread(work, "dataflux-judge");
            thread.setDaemon(true);
            return thread;
        });
        others = started;
        most = BATCHES_PER_THREAD * threads;
        try {
            long count = reader.read(this);
            judgeAll();
            return count;
        } finally {
            others = null;
            most = 1;
            started.shutdown();
        }
    }

    @Override
    public void record(
            String source, long offset, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header) {
        filling.batch.add(source, offset, key, value, header);
        if (filling.batch.isFull()) {
            begin();
        }
    }

    /** Judges what was recorded and is still held. */
    void judgeAll() {
        if (filling.batch.size() > 0) {
            begin();
        }
        while (!begun.isEmpty()) {
            judgeFirst();
        }
    }

    private void begin() {
        begun.add(filling);
        if (others != null) {
            others.execute(filling.task);
        }
        if (begun.size() >= most) {
            judgeFirst();
        }
        Recognition next = free.poll();
        filling = next == null ? new Recognition(recognisers.get()) : next;
    }

    private void judgeFirst() {
        Recognition first = begun.remove();
        try {
            first.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while judging records", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException mistake) {
                throw mistake;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
        judge.accept(first.batch);
        first.batch.clear();
        free.add(first);
    }
}
