package io.dataflux.verify;

import static java.util.Objects.requireNonNull;

import io.dataflux.DeliveryException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads arrivals and judges them until everything expected has come or the deadline has passed. This is done in a daemon thread, so that
 * whatever the arrivals or the test's own functions do, there is a verdict about a second after the deadline at the latest: a reading that goes on is
 * ended between two records, then interrupted, then left behind. Used once, by one thread.
 */
final class TimedJudging<T, R> {

    private static final long MILLI = 1_000_000;
    private static final long LOOK = 25 * MILLI;
    /** How long after the deadline a reading is ended, interrupted and given up, missing events are listed, and everything is over. */
    private static final long ENDED = 200 * MILLI;

    private static final long INTERRUPTED = 300 * MILLI;
    private static final long GIVEN_UP = 400 * MILLI;
    private static final long LISTED = 550 * MILLI;
    private static final long OVER = 950 * MILLI;
    /** How long something may take that is not stuck. */
    private static final long PATIENT = 10_000 * MILLI;

    /** How a verdict is worded, given how the end was detected and what kept the last reading from the end. */
    interface Words {
        Wording of(Expectation.Count count, String ended, boolean readToEnd, String heldBack);

        /** A verdict without findings. */
        Verdict unfinished(String why, long records);
    }

    private interface Reading {
        void read() throws Exception;
    }

    private final Expectation<T> expectation;
    private final JudgedRun judged;
    private final Arrivals<R> arrivals;
    private final @Nullable DeadLetters letters;
    private final Supplier<OutputJudge<T, R>> judges;
    private final Words words;
    private final Waiting waiting;
    private final Gate gate = new Gate();
    private final AtomicBoolean concluding = new AtomicBoolean();

    private volatile Expectation.@Nullable Count count;
    private volatile @Nullable OutputJudge<T, R> judge;
    /** When the present reading began; 0 between readings. */
    private volatile long readingSince;

    private volatile boolean settled;
    private volatile boolean readToEnd;
    private volatile boolean readOnce;
    private volatile String failure = "";
    /** What had not returned when the reading was interrupted; empty if it was not. */
    private volatile String stuckAt = "";

    private volatile long shutAt;

    TimedJudging(
            JudgedRun judged,
            Expectation<T> expectation,
            Arrivals<R> arrivals,
            @Nullable DeadLetters letters,
            Supplier<OutputJudge<T, R>> judges,
            Words words,
            Waiting waiting) {
        this.judged = judged;
        this.expectation = expectation;
        this.arrivals = arrivals;
        this.letters = letters;
        this.judges = judges;
        this.words = words;
        this.waiting = waiting;
    }

    /** @throws DeliveryException if the arrivals cannot be read, or the thread was interrupted */
    Verdict verdict() {
        FutureTask<Verdict> reading = new FutureTask<>(this::readAndConclude);
        Thread thread = start(reading);
        try {
            Verdict verdict = untilTheDeadline(reading);
            if (verdict != null) {
                return verdict;
            }
            shutAt = System.nanoTime();
            gate.shut();
            return afterTheDeadline(reading, thread, shutAt - ENDED);
        } catch (InterruptedException e) {
            gate.shut();
            thread.interrupt();
            Thread.currentThread().interrupt();
            throw new DeliveryException("interrupted while waiting for arrivals", e);
        }
    }

    private static Thread start(FutureTask<Verdict> task) {
        Thread thread = new Thread(task, "dataflux-verification");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits until the deadline; ends earlier if all is there and a reading brings nothing more without coming to an end. */
    private @Nullable Verdict untilTheDeadline(FutureTask<Verdict> reading) throws InterruptedException {
        long[] ours = {-1, 0};
        while (!settled && waiting.left() > -ENDED) {
            Verdict verdict = get(reading, System.nanoTime() + LOOK);
            if (verdict != null) {
                return verdict;
            }
            long since = readingSince;
            settled = since != 0
                    && System.nanoTime() - since > waiting.settleNanos()
                    && gate.ask(() -> stillAndComplete(ours));
        }
        return null;
    }

    private boolean stillAndComplete(long[] ours) {
        OutputJudge<T, R> now = judge;
        if (now == null || !complete(now)) {
            return false;
        }
        if (now.ours() != ours[0]) {
            ours[0] = now.ours();
            ours[1] = System.nanoTime();
        }
        return System.nanoTime() - ours[1] > waiting.settleNanos();
    }

    private Verdict afterTheDeadline(FutureTask<Verdict> reading, Thread thread, long end) throws InterruptedException {
        Verdict verdict = get(reading, end + INTERRUPTED);
        if (verdict != null) {
            return verdict;
        }
        if (!concluding.get()) {
            stuckAt = where(thread);
            thread.interrupt();
        }
        try {
            verdict = get(reading, end + GIVEN_UP);
        } catch (RuntimeException e) {
            return unfinished(stuckAt, e); // what was interrupted may fail in its own way
        }
        if (verdict != null) {
            return verdict;
        }
        if (readingSince != 0 && gate.shutAndClear(LOOK) && concluding.compareAndSet(false, true)) {
            FutureTask<Verdict> conclusion = new FutureTask<>(() -> conclude());
            Thread second = start(conclusion);
            verdict = patiently(conclusion, second, end);
            return verdict != null ? verdict : unfinished(where(second), null);
        }
        try {
            verdict = patiently(reading, thread, end);
        } catch (RuntimeException e) {
            return unfinished(stuckAt, e);
        }
        if (verdict == null) {
            stuckAt = stuckAt.isEmpty() ? where(thread) : stuckAt;
            thread.interrupt();
            return unfinished(stuckAt, null);
        }
        return verdict;
    }

    /**
     * Waits until all is over. On a busy machine the last steps, which are all DataFlux's own, may take longer than they should; so they
     * get more time, unless they call something else, such as a function of the test.
     */
    private @Nullable Verdict patiently(FutureTask<Verdict> task, Thread thread, long end) throws InterruptedException {
        Verdict verdict = get(task, end + OVER);
        for (long until = end + OVER + LOOK; verdict == null && until < end + PATIENT; until += LOOK) {
            if (!concluding.get() || !isOwn(thread.getStackTrace())) {
                return null;
            }
            verdict = get(task, until);
        }
        return verdict;
    }

    private static boolean isOwn(StackTraceElement[] frames) {
        return Stream.of(frames)
                .map(StackTraceElement::getClassName)
                .allMatch(type -> isOfJdk(type) || type.startsWith("io.dataflux."));
    }

    private static boolean isOfJdk(String type) {
        return type.startsWith("java.") || type.startsWith("jdk.") || type.startsWith("sun.");
    }

    /** The innermost method of a thread that is not the JDK's. */
    private static String where(Thread thread) {
        for (StackTraceElement frame : thread.getStackTrace()) {
            String type = frame.getClassName();
            if (!isOfJdk(type)) {
                return type + "." + frame.getMethodName() + "(" + frame.getFileName() + ":" + frame.getLineNumber()
                        + ")";
            }
        }
        return "it";
    }

    private Verdict unfinished(String where, @Nullable RuntimeException interrupted) {
        return words.unfinished(
                waiting.deadlineText() + "; " + where
                        + (interrupted == null ? " had not returned" : " was interrupted: " + interrupted.getMessage()),
                gate.passed());
    }

    private static @Nullable Verdict get(FutureTask<Verdict> task, long until) throws InterruptedException {
        try {
            return task.get(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException mistake) {
                throw mistake;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private Verdict readAndConclude() {
        Expectation.Count expected = expectation.count(judged);
        count = expected;
        judge = judges.get();
        boolean goesOn = true;
        while (goesOn) {
            long begun = waiting.nanos();
            goesOn = readOn();
            if (goesOn) {
                waiting.pause(arrivals.isLog() ? 0 : waiting.nanos() - begun); // a log is read on, a snapshot anew
            }
        }
        if (!concluding.compareAndSet(false, true)) {
            throw new Gate.Shut(); // somebody else does
        }
        return conclude();
    }

    /** Reads what there is, and returns whether to continue. */
    private boolean readOn() {
        OutputJudge<T, R> before = requireNonNull(judge);
        long ours = before.ours();
        long outputs = before.expectedOutputs();
        long broken = letters == null ? 0 : letters.arrived();
        long lettersBefore = letters == null ? 0 : letters.count();
        OutputJudge<T, R> now = arrivals.isLog() ? before : judges.get();
        if (!readOnce) {
            judge = now; // better than nothing, if the first reading does not end
        }
        boolean whole = read(() -> arrivals.read(gate.before(now)));
        if (whole) {
            judge = now;
        }
        OutputJudge<T, R> read = requireNonNull(judge);
        boolean expected = read.expectedOutputs() != outputs;
        boolean news = expected || read.ours() != ours;
        if (letters != null && whole) {
            whole = read(() -> letters.read(gate));
            expected |= letters.arrived() != broken;
            news |= expected || letters.count() != lettersBefore;
        }
        readToEnd = whole;
        readOnce |= whole;
        boolean goesOn = waiting.goesOn(expected, news, whole && complete(read));
        return goesOn && !gate.isShut();
    }

    private boolean complete(OutputJudge<T, R> read) {
        Expectation.Count expected = requireNonNull(count);
        return read.hasSeen(expected.events()) && (letters == null || letters.hasSeen(expected.broken()));
    }

    /** Returns whether the reading came to an end. What could be read once is tried again until the deadline. */
    private boolean read(Reading reading) {
        readingSince = System.nanoTime() | 1;
        try {
            reading.read();
            failure = "";
            return true;
        } catch (Gate.Shut e) {
            return false;
        } catch (InterruptedException e) {
            if (gate.isShut()) {
                return false;
            }
            throw new DeliveryException("interrupted while reading arrivals", e);
        } catch (Exception e) {
            if (gate.isShut()) {
                return false;
            }
            boolean maybeLater = readOnce && (e instanceof DeliveryException || !(e instanceof RuntimeException));
            if (!maybeLater) {
                throw e instanceof RuntimeException mistake
                        ? mistake
                        : new DeliveryException("the arrivals could not be read: " + e.getMessage(), e);
            }
            failure = String.valueOf(e.getMessage());
            return false;
        } finally {
            readingSince = 0;
        }
    }

    private Verdict conclude() {
        OutputJudge<T, R> read = requireNonNull(judge);
        read.finish();
        if (letters != null) {
            letters.judge(read.observed());
        }
        if (!stuckAt.isEmpty()) {
            readToEnd = false; // the reading that was given up
        }
        boolean whole = readToEnd || settled;
        Expectation.Count expected = requireNonNull(count);
        boolean nothing = expected.events() > 0 && read.observed().records() == 0;
        Optional<String> heldBack = arrivals.heldBack();
        Finding missing = whole && heldBack.isEmpty() ? waiting.missing() : Finding.PENDING;
        return read.observed()
                .verdict(
                        missing,
                        words.of(expected, ended(nothing), whole, heldBack.orElse("")),
                        () -> !gate.isShut() || System.nanoTime() - shutAt < LISTED - ENDED);
    }

    private String ended(boolean nothing) {
        if (settled) {
            return waiting.settledText() + ", although reading went on";
        }
        if (readToEnd) {
            return waiting.ended()
                    + (nothing && arrivals.isLog()
                            ? " (a log is read from where it ended when the arrivals were created: create them before sending)"
                            : "");
        }
        return waiting.deadlineText()
                + (!failure.isEmpty()
                        ? "; the arrivals could not be read any more: " + failure
                        : stuckAt.isEmpty()
                                ? ", while records were still being read"
                                : ", while records were still being read; " + stuckAt + " had not returned");
    }
}
