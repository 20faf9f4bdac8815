package io.dataflux.engine;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;

/** Actions that start once a run has got far enough, each once and on its own thread. Thread-safe. */
final class Milestones {

    private record Milestone(long count, Runnable action) {}

    private final PriorityQueue<Milestone> ahead = new PriorityQueue<>(Comparator.comparingLong(Milestone::count));
    private final BiConsumer<String, Throwable> onFailure;
    private volatile long next = Long.MAX_VALUE;

    /** @param onFailure is told which action failed, and why */
    Milestones(BiConsumer<String, Throwable> onFailure) {
        this.onFailure = onFailure;
    }

    synchronized void add(long count, Runnable action) {
        ahead.add(new Milestone(count, action));
        next = ahead.element().count;
    }

    /** The count of the next milestone; a look is cheap. */
    long next() {
        return next;
    }

    /** Starts what is due at a count. */
    void reached(long count) {
        for (Milestone milestone : takeUpTo(count)) {
            String name = "dataflux-after-" + milestone.count;
            Thread thread = new Thread(
                    () -> {
                        try {
                            milestone.action.run();
                        } catch (Throwable e) {
                            onFailure.accept("the action after " + milestone.count + " events failed", e);
                        }
                    },
                    name);
            thread.setDaemon(true);
            thread.start();
        }
    }

    private synchronized List<Milestone> takeUpTo(long count) {
        List<Milestone> due = new ArrayList<>();
        while (!ahead.isEmpty() && ahead.element().count <= count) {
            due.add(ahead.remove());
        }
        next = ahead.isEmpty() ? Long.MAX_VALUE : ahead.element().count;
        return due;
    }
}
