package io.dataflux.engine;

/**
 * The engine's own measures; a run's results do not depend on them. Immutable.
 *
 * @param batchEvents a batch is handed over when it holds that many events,
 * @param batchBytes or that many bytes,
 * @param batchSpanNanos or, in a paced run, when the next event is due that much later than the first
 * @param openBatches how many batches of a lane may wait for their outcome: enough for a sink that collects some into a file
 * @param openEvents how many events these may hold together, at some 40 bytes each
 * @param lagBudgetNanos how late 99 of 100 batches may be at most for the run to be valid
 * @param settleNanos how long after the flush a lane waits for outcomes; what is open then is unknown
 */
record Tuning(
        int batchEvents,
        int batchBytes,
        long batchSpanNanos,
        int openBatches,
        int openEvents,
        long lagBudgetNanos,
        long settleNanos,
        Ticker ticker) {

    private static final long MILLI = 1_000_000;

    static final Tuning DEFAULT =
            new Tuning(1024, 256 * 1024, 10 * MILLI, 4096, 256 * 1024, 100 * MILLI, 30_000 * MILLI, Ticker.SYSTEM);

    Tuning batchEvents(int events) {
        return new Tuning(
                events, batchBytes, batchSpanNanos, openBatches, openEvents, lagBudgetNanos, settleNanos, ticker);
    }

    Tuning open(int batches, int events) {
        return new Tuning(
                batchEvents, batchBytes, batchSpanNanos, batches, events, lagBudgetNanos, settleNanos, ticker);
    }

    Tuning lagBudgetNanos(long nanos) {
        return new Tuning(batchEvents, batchBytes, batchSpanNanos, openBatches, openEvents, nanos, settleNanos, ticker);
    }

    Tuning settleNanos(long nanos) {
        return new Tuning(
                batchEvents, batchBytes, batchSpanNanos, openBatches, openEvents, lagBudgetNanos, nanos, ticker);
    }

    Tuning ticker(Ticker other) {
        return new Tuning(
                batchEvents, batchBytes, batchSpanNanos, openBatches, openEvents, lagBudgetNanos, settleNanos, other);
    }
}
