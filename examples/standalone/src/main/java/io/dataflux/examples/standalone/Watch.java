package io.dataflux.examples.standalone;

import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Starts a plan and watches it: a progress line on a terminal, a line every few seconds elsewhere, and a clean stop on Ctrl-C. */
final class Watch {

    /** Goes to the start of the line and clears it. */
    private static final String CLEAR = "\r\u001b[K";

    private static final long TERMINAL_MILLIS = 200;
    private static final long PLAIN_MILLIS = 5_000;

    /** Set by the launcher when stderr is a terminal. */
    private static final boolean TERMINAL = Boolean.getBoolean("dataflux.terminal");

    private Watch() {}

    /**
     * How a run ended.
     *
     * @param signal the number of the signal that stopped it; 0 if none did
     */
    record Ended(RunReport report, int signal) {

        /** A defect, wrong input and failed deliveries take precedence over being late, and that over a signal. */
        int exitCode() {
            if (!report.delivered()) {
                return Command.FAILED;
            }
            if (report.validity() == Validity.INVALID) {
                return Command.RUN_INVALID;
            }
            return signal > 0 && !report.complete() ? Command.SIGNALLED + signal : Command.GOOD;
        }
    }

    static Ended run(Plan plan) throws InterruptedException {
        try (Run run = plan.start()) {
            run.resumption().forEach(System.err::println);
            Interrupts interrupts = Interrupts.handledBy(() -> {
                System.err.println(
                        (TERMINAL ? CLEAR : "") + "stopping: flushing what is in flight (Ctrl-C again ends at once)");
                run.requestStop();
            });
            CountDownLatch done = new CountDownLatch(1);
            Thread printer = new Thread(() -> print(run, done), "progress");
            printer.setDaemon(true);
            printer.start();
            try {
                RunReport report = run.await();
                return new Ended(report, interrupts.first());
            } finally {
                interrupts.close();
                done.countDown();
                printer.join();
            }
        }
    }

    private static void print(Run run, CountDownLatch done) {
        Run.Progress before = run.progress();
        try {
            while (!done.await(TERMINAL ? TERMINAL_MILLIS : PLAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                Run.Progress now = run.progress();
                String line = line(before, now);
                if (TERMINAL) {
                    System.err.print(CLEAR + line);
                } else {
                    System.err.println(line);
                }
                before = now;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (TERMINAL) {
            System.err.print(CLEAR);
        }
    }

    static String line(Run.Progress before, Run.Progress now) {
        double seconds = Math.max(1e-9, (now.elapsedNanos() - before.elapsedNanos()) / 1e9);
        StringBuilder line = new StringBuilder(String.format(Locale.ROOT, "%5.1f s", now.elapsedNanos() / 1e9));
        for (int i = 0; i < now.sinks().size(); i++) {
            Run.SinkProgress sink = now.sinks().get(i);
            Run.SinkProgress last = before.sinks().get(i);
            line.append(String.format(
                    Locale.ROOT,
                    " | %s %,d, %,.0f/s, %.1f MB/s",
                    sink.name(),
                    sink.acknowledged(),
                    (sink.acknowledged() - last.acknowledged()) / seconds,
                    (sink.bytes() - last.bytes()) / 1e6 / seconds));
            long inFlight = sink.issued() - sink.acknowledged() - sink.failed() - sink.unknown();
            if (inFlight > 0) {
                line.append(String.format(Locale.ROOT, ", %,d in flight", inFlight));
            }
            if (sink.failed() + sink.unknown() > 0) {
                line.append(String.format(Locale.ROOT, ", %,d FAILED", sink.failed() + sink.unknown()));
            }
            if (sink.behindNanos() == 0 && sink.ownLagNanos() + sink.sinkLagNanos() > 0) {
                line.append(", lag ").append(Reports.millis(sink.ownLagNanos() + sink.sinkLagNanos()));
            }
            if (sink.behindNanos() > 0) {
                line.append(", ")
                        .append(Reports.span(Duration.ofNanos(sink.behindNanos())))
                        .append(" behind");
            }
            if (sink.done()) {
                line.append(", done");
            }
        }
        return line.toString();
    }
}
