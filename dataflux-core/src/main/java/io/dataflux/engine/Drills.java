package io.dataflux.engine;

import io.dataflux.ledger.Ledger;
import io.dataflux.plan.Drill;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The commands that a run begins on its way, and the record of them over all its attempts. Each runs on a thread of its own, with what it
 * prints going into a file in the run's folder. Thread-safe.
 */
final class Drills {

    private static final int MOST_WAITS = 10;

    private final Attempt attempt;
    private final Supplier<Instant> reached;
    private final Consumer<String> onProblem;
    private final Runnable onBegun;
    private final List<Ledger.Drill> done;
    private List<Ledger.Drill> onDisk = List.of();
    private final List<Thread> threads = new ArrayList<>();
    private final List<Drill> ahead;
    private boolean ended;

    /**
     * @param earlier those of earlier attempts, which are not done again
     * @param reached the latest scheduled time that a lane has come to
     * @param onProblem is told what went wrong
     * @param onBegun asks for a checkpoint: an action is begun only once one names it, so that the next attempt does not do it again
     */
    Drills(
            Attempt attempt,
            List<Ledger.Drill> earlier,
            Supplier<Instant> reached,
            Consumer<String> onProblem,
            Runnable onBegun) {
        this.onBegun = onBegun;
        this.attempt = attempt;
        this.reached = reached;
        this.onProblem = onProblem;
        done = new ArrayList<>(earlier);
        List<String> names = earlier.stream().map(Ledger.Drill::name).toList();
        boolean first = attempt.config().part().number() == 1; // the others would do the same again
        ahead = new ArrayList<>(attempt.config().drills().stream()
                .filter(drill -> first && !names.contains(drill.name()))
                .toList());
    }

    /** Has all that is ahead begin at its time; the lanes are about to start. */
    void begin(Milestones milestones) {
        for (Drill drill : List.copyOf(ahead)) {
            Duration at = drill.at();
            if (at == null) {
                milestones.add(drill.after(), () -> start(drill));
            } else {
                Thread thread = new Thread(() -> startAt(drill, at), "dataflux-action-" + drill.name());
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private void startAt(Drill drill, Duration at) {
        try {
            synchronized (this) {
                for (long left = at.toNanos() - attempt.clock().now(); left > 0 && !ended; ) {
                    wait(left / 1_000_000 + 1);
                    left = at.toNanos() - attempt.clock().now();
                }
            }
            start(drill);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Does it on this thread, unless the run has ended. */
    private void start(Drill drill) {
        Ledger.Drill begun = new Ledger.Drill(
                attempt.number(), drill.name(), attempt.clock().wall(), reached.get(), Duration.ZERO, -1);
        synchronized (this) {
            if (ended) {
                return;
            }
            ahead.remove(drill);
            threads.add(Thread.currentThread());
            done.add(begun);
        }
        onBegun.run();
        long from = attempt.clock().now();
        int code = awaitDisk(begun) ? run(drill) : -1;
        Duration took = Duration.ofMillis((attempt.clock().now() - from) / 1_000_000);
        synchronized (this) {
            done.set(
                    done.indexOf(begun),
                    new Ledger.Drill(begun.attempt(), begun.name(), begun.at(), begun.scheduled(), took, code));
            threads.remove(Thread.currentThread());
            notifyAll();
        }
    }

    /** These stand in a checkpoint that was written. */
    synchronized void written(List<Ledger.Drill> drills) {
        onDisk = drills;
        notifyAll();
    }

    /** Waits until a checkpoint names what is about to begin. False if none can. */
    private boolean awaitDisk(Ledger.Drill begun) {
        synchronized (this) {
            try {
                for (int i = 0; i < MOST_WAITS && !onDisk.contains(begun); i++) {
                    wait(1000);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt(); // the command is ended at once
            }
            if (!onDisk.contains(begun)) {
                onProblem.accept(
                        "action '" + begun.name() + "' was not begun: no checkpoint could be written that names it");
                return false;
            }
            return true;
        }
    }

    /** The exit code; -1 if it could not be started or did not end in time. */
    private int run(Drill drill) {
        Path log = attempt.folder().resolve("action-" + drill.name() + ".log");
        ProcessBuilder builder = new ProcessBuilder(drill.command())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("DATAFLUX_TAG", attempt.tagText());
        builder.environment()
                .put("DATAFLUX_FOLDER", attempt.folder().toAbsolutePath().toString());
        Process process = null;
        try {
            process = builder.start();
            process.getOutputStream().close();
            if (!process.waitFor(drill.timeout().toMillis(), TimeUnit.MILLISECONDS)) {
                problem(
                        drill,
                        "did not end within " + PlanWords.span(drill.timeout().toMillis() / 1e3) + ", and was ended");
                return -1;
            }
            int code = process.exitValue();
            if (code != 0) {
                problem(drill, "ended with " + code + "; what it printed is in " + log);
            }
            return code;
        } catch (IOException e) {
            problem(drill, "could not be started: " + e.getMessage());
            return -1;
        } catch (InterruptedException e) {
            problem(drill, "was ended, because the run was interrupted");
            return -1;
        } finally {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        }
    }

    private void problem(Drill drill, String what) {
        onProblem.accept("action '" + drill.name() + "' " + what);
    }

    /**
     * Waits for what has begun, each as long as its timeout at most; what has not begun will not.
     *
     * @param complete whether the run has sent everything: then what is still ahead never came
     */
    void end(boolean complete) {
        boolean interrupted = false;
        synchronized (this) {
            ended = true;
            notifyAll();
            while (!threads.isEmpty()) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    interrupted = true;
                    threads.forEach(Thread::interrupt);
                }
            }
            if (complete) {
                ahead.forEach(drill -> problem(drill, "was not begun: the run ended before"));
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Those that have ended, by when they began. */
    synchronized List<Ledger.Drill> all() {
        List<Ledger.Drill> all = new ArrayList<>(done);
        all.sort(Comparator.comparing(Ledger.Drill::at));
        return List.copyOf(all);
    }
}
