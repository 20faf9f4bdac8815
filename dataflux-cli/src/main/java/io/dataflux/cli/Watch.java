package io.dataflux.cli;

import io.dataflux.DeliveryException;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Starts a plan and watches it: a progress line on a terminal, a line every few seconds elsewhere, and a clean stop on Ctrl-C. */
final class Watch {

    /** Goes to the start of the line and clears it. */
    private static final String CLEAR = "\r\u001b[K";

    private static final long TERMINAL_MILLIS = 200;
    private static final long PLAIN_MILLIS = 5_000;
    /** How far the pace is looked back at that tells how long a run will take. */
    private static final long RECENT_NANOS = 20_000_000_000L;

    /** Set by the launcher when stderr is a terminal. */
    private static final boolean TERMINAL = Boolean.getBoolean("dataflux.terminal");

    /** Its width, also from the launcher. */
    private static final int COLUMNS = Math.max(20, Integer.getInteger("dataflux.columns", 80));

    private Watch() {}

    /**
     * How a run ended.
     *
     * @param file where the report is
     * @param missed the thresholds that it has not reached, one sentence each
     * @param signal the number of the signal that stopped it; 0 if none did
     */
    record Ended(RunReport report, Path file, List<String> missed, int signal) {

        /** What stops a run over its page is as good as Ctrl-C. */
        private static final int INTERRUPT = 2;

        /** A defect, wrong input and failed deliveries take precedence over being late, and that over a signal. */
        int exitCode() {
            if (!report.delivered() || !missed.isEmpty()) {
                return Command.FAILED;
            }
            if (report.validity() == Validity.INVALID) {
                return Command.RUN_INVALID;
            }
            return report.complete() ? Command.GOOD : Command.SIGNALLED + (signal > 0 ? signal : INTERRUPT);
        }
    }

    static Ended run(Plan plan) throws InterruptedException {
        return run(plan, run -> null);
    }

    /** @param beside begins what goes on beside the run, and is closed with it; may return null */
    static Ended run(Plan plan, Function<Run, @Nullable Reloader> beside) throws InterruptedException {
        AtomicReference<Run> running = new AtomicReference<>();
        Thread opener = Thread.currentThread();
        try (Interrupts interrupts = Interrupts.handledBy(() -> stop(running.get(), opener))) {
            try (Run run = started(plan, interrupts)) {
                running.set(run);
                System.err.println("run " + run.tag() + ": " + plan.summary());
                System.err.println("files and report: " + run.report().getParent());
                run.resumption().forEach(System.err::println);
                run.monitors().forEach(System.err::println);
                if (interrupts.first() > 0) { // in between
                    Thread.interrupted();
                    stop(run, opener);
                }
                Reloader reloader = beside.apply(run);
                try {
                    RunReport report = watched(run);
                    return new Ended(report, run.report(), plan.thresholds().missedBy(report), interrupts.first());
                } finally {
                    if (reloader != null) {
                        reloader.close();
                    }
                }
            }
        }
    }

    private static Run started(Plan plan, Interrupts interrupts) {
        try {
            return plan.start();
        } catch (DeliveryException e) {
            if (interrupts.first() > 0) {
                throw new Interrupts.SignalledException(interrupts.first());
            }
            throw e;
        }
    }

    /** Prints a line among those of the progress. */
    static void say(String line) {
        System.err.println((TERMINAL ? CLEAR : "") + line);
    }

    /** Ends a run in order, or else its being opened: nothing was sent. */
    private static void stop(@Nullable Run run, Thread opener) {
        if (run == null) {
            opener.interrupt();
        } else {
            say("stopping: flushing what is in flight (Ctrl-C again ends at once)");
            run.requestStop();
        }
    }

    private static RunReport watched(Run run) throws InterruptedException {
        CountDownLatch done = new CountDownLatch(1);
        Thread printer = new Thread(() -> print(run, done), "progress");
        printer.setDaemon(true);
        printer.start();
        try {
            return run.await();
        } finally {
            done.countDown();
            printer.join();
        }
    }

    private static void print(Run run, CountDownLatch done) {
        Deque<Run.Progress> last = new ArrayDeque<>();
        Run.Progress before = run.progress();
        last.add(before);
        try {
            while (!done.await(TERMINAL ? TERMINAL_MILLIS : PLAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                Run.Progress now = run.progress();
                ProgressLine line = new ProgressLine(last.element(), before, now);
                if (TERMINAL) {
                    System.err.print(CLEAR + line.within(COLUMNS - 1));
                } else {
                    line.lines().forEach(System.err::println);
                }
                before = now;
                last.add(now);
                while (now.elapsedNanos() - last.element().elapsedNanos() > RECENT_NANOS && last.size() > 1) {
                    last.remove();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (TERMINAL) {
            System.err.print(CLEAR);
        }
    }
}
