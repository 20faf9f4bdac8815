package io.dataflux.engine;

import java.util.ArrayList;
import java.util.List;

/**
 * How a running run is held up or made faster. The plan says when an event is due, in nanoseconds of the plan; while nobody touches the run,
 * these are nanoseconds since its start. A pause stops the plan, a change of speed makes it go by that many times faster; both only move
 * when events are due from then on, never which they are or in what order.
 *
 * <p>Between the two lies the time in which the run was not paused: each piece of it has one factor, and each pause has one place in it.
 * Thread-safe; all that is known at a moment is one immutable state.
 */
final class Tempo {

    /** From a nanosecond of the plan on, which is due at a nanosecond of the time without pauses, the plan goes by that fast. */
    private record Piece(long plan, long at, double factor) {}

    /** A pause that has ended, and when it began in the time without pauses. */
    private record Pause(long at, long nanos) {}

    /** @param pausedSince when the pause began that has not ended; {@link #RUNNING} if there is none */
    private record State(List<Piece> pieces, List<Pause> pauses, long pausedNanos, long pausedSince) {

        boolean touched() {
            return pieces.size() > 1 || !pauses.isEmpty() || pausedSince != RUNNING;
        }

        Piece last() {
            return pieces.get(pieces.size() - 1);
        }
    }

    private static final long RUNNING = Long.MIN_VALUE;
    private static final State UNTOUCHED = new State(List.of(new Piece(0, 0, 1)), List.of(), 0, RUNNING);

    private volatile State state = UNTOUCHED;

    /** Whether anybody has paused the run or changed its speed. */
    boolean touched() {
        return state.touched();
    }

    boolean paused() {
        return state.pausedSince != RUNNING;
    }

    /** How many times faster than planned the run goes, or would if it were not paused. */
    double factor() {
        return state.last().factor;
    }

    /** Pauses the run at a time, in nanoseconds since its start. False if it is paused already. */
    synchronized boolean pause(long now) {
        if (paused()) {
            return false;
        }
        state = new State(state.pieces, state.pauses, state.pausedNanos, now);
        return true;
    }

    /** Lets a paused run go on. False if it is not paused. */
    synchronized boolean resume(long now) {
        State old = state;
        if (!paused()) {
            return false;
        }
        long nanos = now - old.pausedSince;
        List<Pause> pauses = new ArrayList<>(old.pauses);
        pauses.add(new Pause(old.pausedSince - old.pausedNanos, nanos));
        state = new State(old.pieces, List.copyOf(pauses), old.pausedNanos + nanos, RUNNING);
        return true;
    }

    /** Makes the plan go by that many times faster than planned from now on. False if it does already. */
    synchronized boolean change(long now, double factor) {
        State old = state;
        if (factor == factor()) {
            return false;
        }
        List<Piece> pieces = new ArrayList<>(old.pieces);
        pieces.add(new Piece(position(now), running(old, now), factor));
        state = new State(List.copyOf(pieces), old.pauses, old.pausedNanos, old.pausedSince);
        return true;
    }

    /** The nanosecond of the plan that is due at a time. */
    long position(long now) {
        State known = state;
        if (!known.touched()) {
            return now;
        }
        long at = running(known, now);
        Piece piece = known.pieces.get(0);
        for (Piece next : known.pieces) {
            piece = next.at <= at ? next : piece;
        }
        return sum(piece.plan, scaled(at - piece.at, piece.factor));
    }

    /**
     * When a nanosecond of the plan is due, in nanoseconds since the run's start, as far as is known at a time. Pauses that were made after
     * it was due count as if they had come before, so that a paused time makes nothing late; one that lasts counts up to now.
     */
    long due(long plan, long now) {
        State known = state;
        if (!known.touched()) {
            return plan;
        }
        long lasting = known.pausedSince == RUNNING ? 0 : Math.max(0, now - known.pausedSince);
        return sum(runningAt(known.pieces, plan), known.pausedNanos + lasting);
    }

    /** How much of the time until then the run was not paused, in nanoseconds. */
    long running(long now) {
        return running(state, now);
    }

    /** The same until a nanosecond of the plan is due. */
    long runningAt(long plan) {
        return runningAt(state.pieces, plan);
    }

    /** For how long the run was paused altogether before a time, in nanoseconds. */
    long pausedBefore(long now) {
        return now - running(now);
    }

    private static long running(State known, long now) {
        long end = known.pausedSince == RUNNING ? now : Math.min(now, known.pausedSince);
        long paused = 0;
        for (Pause pause : known.pauses) {
            long begin = pause.at + paused;
            if (end > begin) {
                paused += Math.min(pause.nanos, end - begin);
            }
        }
        return end - paused;
    }

    private static long runningAt(List<Piece> pieces, long plan) {
        Piece piece = pieces.get(0);
        for (Piece next : pieces) {
            piece = next.plan <= plan ? next : piece;
        }
        return sum(piece.at, scaled(plan - piece.plan, 1 / piece.factor));
    }

    /** Exact as long as the speed is as planned. */
    private static long scaled(long nanos, double factor) {
        return factor == 1 ? nanos : (long) (nanos * factor);
    }

    /** Not beyond the end of time, at which what is never due is due. */
    private static long sum(long a, long b) {
        long sum = a + b;
        return ((a ^ sum) & (b ^ sum)) < 0 ? (a < 0 ? Long.MIN_VALUE : Long.MAX_VALUE) : sum;
    }
}
