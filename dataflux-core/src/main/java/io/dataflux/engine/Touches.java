package io.dataflux.engine;

import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.ledger.Ledger.Touch.Action;
import io.dataflux.plan.Pace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What somebody does to a running run, and the record of it over all its attempts. Thread-safe. */
final class Touches {

    private final List<Touch> all;

    /** @param earlier those of earlier attempts */
    Touches(List<Touch> earlier) {
        all = new ArrayList<>(earlier);
    }

    /** False if the run is paused already. */
    synchronized boolean pause(Attempt attempt) {
        long now = attempt.clock().now();
        return noted(
                attempt,
                Action.PAUSED,
                at(attempt, now),
                attempt.clock().tempo().pause(now));
    }

    /** False if the run is not paused. */
    synchronized boolean resume(Attempt attempt) {
        long now = attempt.clock().now();
        return noted(
                attempt,
                Action.RESUMED,
                at(attempt, now),
                attempt.clock().tempo().resume(now));
    }

    /**
     * @return false if the run has that speed
     * @throws IllegalStateException if the run has no speed that could be changed
     * @throws IllegalArgumentException if the speed is not allowed
     */
    synchronized boolean speed(Attempt attempt, double speed) {
        if (!attempt.pace().paced()) {
            throw new IllegalStateException(
                    "this run is as fast as possible, so it has no speed to change; start it with a speed");
        }
        if (attempt.config().backfill()) {
            throw new IllegalStateException("this run is a backfill, which continues live, at speed 1");
        }
        if (!(speed >= Pace.SLOWEST && speed <= Pace.FASTEST)) {
            throw new IllegalArgumentException("speed " + speed + ": " + Pace.SLOWEST + " to " + (long) Pace.FASTEST
                    + " is allowed; pause the run to stop it for a while");
        }
        double factor = speed / attempt.config().speed();
        long now = attempt.clock().now();
        return noted(
                attempt, Action.SPEED, at(attempt, now), attempt.clock().tempo().change(now, factor));
    }

    /** False if this attempt was asked to end already. */
    synchronized boolean stop(Attempt attempt) {
        boolean already =
                all.stream().anyMatch(touch -> touch.action() == Action.STOPPED && touch.attempt() == attempt.number());
        return noted(attempt, Action.STOPPED, at(attempt, attempt.clock().now()), !already);
    }

    /** The streams were changed. */
    synchronized void changed(Attempt attempt) {
        noted(attempt, Action.CHANGED, at(attempt, attempt.clock().now()), true);
    }

    /** The scheduled time of the events that are due at a moment; asked before a touch, since a new speed goes far in no time. */
    private static Instant at(Attempt attempt, long now) {
        return attempt.pace().paced()
                ? attempt.pace().at(attempt.clock().tempo().position(now))
                : attempt.clock().wall();
    }

    private boolean noted(Attempt attempt, Action action, Instant scheduled, boolean done) {
        if (done) {
            all.add(new Touch(
                    attempt.number(),
                    attempt.config().part().number(),
                    attempt.clock().wall(),
                    scheduled,
                    action,
                    attempt.speed()));
        }
        return done;
    }

    synchronized List<Touch> all() {
        return List.copyOf(all);
    }
}
