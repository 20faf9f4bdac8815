package io.dataflux.verify;

import static java.util.Objects.requireNonNull;

import io.dataflux.DeliveryException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads arrivals until they are complete and nothing new has come for a while, or until a deadline. It reads in a daemon thread, so that it
 * returns at most a second after the deadline, whatever the arrivals do. Used once, by one thread.
 *
 * @param <R> one record
 * @param <J> what takes the records
 */
public final class PatientReading<R, J extends PatientReading.Judge<R>> {

    private static final Duration GRACE = Duration.ofMillis(300);

    private final Arrivals<R> arrivals;
    private final Supplier<J> judges;
    private final Waiting waiting;
    private final Duration deadline;
    private final Gate gate = new Gate();
    private volatile @Nullable J latest;

    /**
     * @param judges makes what takes the records: for a log once, for a snapshot for every reading
     * @param settle how long nothing new must have come
     * @param deadline how long to read at most
     * @throws IllegalArgumentException if a time is negative or longer than a day
     */
    public PatientReading(Arrivals<R> arrivals, Supplier<J> judges, Duration settle, Duration deadline) {
        this.arrivals = arrivals;
        this.judges = judges;
        this.deadline = Waiting.checked("deadline", deadline);
        waiting = new Waiting(Waiting.checked("settle", settle), deadline, Waiting.Clock.SYSTEM);
    }

    /**
     * Reads.
     *
     * @throws DeliveryException if the arrivals cannot be read, or the thread was interrupted
     */
    public Outcome<J> read() {
        FutureTask<Outcome<J>> reading = new FutureTask<>(this::readOn);
        Thread thread = new Thread(reading, "dataflux-results");
        thread.setDaemon(true);
        thread.start();
        try {
            Outcome<J> outcome = get(reading, deadline.plus(GRACE));
            if (outcome == null) {
                gate.shut();
                outcome = get(reading, GRACE);
            }
            if (outcome == null) {
                thread.interrupt();
                outcome = given(latest, "; a reading had not returned");
            }
            return outcome;
        } catch (InterruptedException e) {
            gate.shut();
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new DeliveryException("interrupted while waiting for arrivals", e);
        }
    }

    private Outcome<J> readOn() throws Exception {
        J judge = judges.get();
        latest = judge;
        long before = 0;
        boolean goesOn = true;
        while (goesOn) {
            long begun = waiting.nanos();
            J now = arrivals.isLog() ? judge : judges.get();
            long records;
            try {
                records = arrivals.read(gate.before(now));
            } catch (Gate.Shut e) {
                return given(judge, ", while records were still being read");
            }
            judge = now;
            latest = now;
            boolean news = arrivals.isLog() ? records > 0 : records != before;
            before = records;
            goesOn = waiting.goesOn(news, news, judge.complete());
            if (goesOn) {
                waiting.pause(arrivals.isLog() ? 0 : waiting.nanos() - begun);
            }
        }
        return new Outcome<>(
                judge, gate.passed(), true, waiting.ended(), arrivals.heldBack().orElse(""));
    }

    private Outcome<J> given(@Nullable J judge, String why) {
        return new Outcome<>(judge, gate.passed(), false, waiting.deadlineText() + why, "");
    }

    private static <J> @Nullable Outcome<J> get(FutureTask<Outcome<J>> task, Duration longest)
            throws InterruptedException {
        try {
            return task.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            Throwable cause = requireNonNull(e.getCause());
            if (cause instanceof RuntimeException mistake) {
                throw mistake;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new DeliveryException("the arrivals could not be read: " + cause.getMessage(), cause);
        }
    }

    /** Takes the records. */
    public interface Judge<R> extends Arrivals.Visitor<R> {

        /** Whether all that is expected has come. */
        boolean complete();
    }

    /**
     * How the reading ended.
     *
     * @param judge what took the records of the last whole reading; null if there was none
     * @param records how many were read, over all readings
     * @param readToEnd whether the last reading came to its end
     * @param ended how the end was known, as a clause
     * @param heldBack what kept the last reading from the end, see {@link Arrivals#heldBack}; may be empty
     */
    public record Outcome<J>(@Nullable J judge, long records, boolean readToEnd, String ended, String heldBack) {}
}
