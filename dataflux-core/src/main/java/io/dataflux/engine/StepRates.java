package io.dataflux.engine;

import io.dataflux.ledger.Ranges;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Pace;
import io.dataflux.plan.Steps;
import java.time.Instant;

/**
 * The rates of one sink, step by step, after its lanes have ended: what was offered, and what was achieved.
 *
 * <p><b>Offered</b> is what the schedule holds for the sink in the part of the step that this attempt went through, without what earlier
 * attempts had delivered.
 *
 * <p><b>Achieved</b> is the acknowledged events divided by the time that the sink took for them. A step takes from its beginning, or from the
 * end of the step before if the sink was still busy with that, until its last event is settled, at least until its scheduled end. Two
 * times do not count: for how long the sink gathers events by its settings (a file that is not full yet says nothing about what the disk can
 * take; waiting in {@code write} and the delivery itself count), and the shortest time in which any batch was settled, because an answer that
 * always takes as long holds nothing up. No step is achieved faster than it was handed over: a sink that settles several steps together, and
 * does not say that it gathers, is measured by their end first, and by what it took after that.
 *
 * <p>Both are rates of the time in which the run was not paused; what is offered is what was due by the speed that the run then had.
 */
final class StepRates {

    private static final double SECOND = 1e9;

    private final Attempt attempt;
    private final Tempo tempo;
    private final Steps steps;
    private final RunningSink sink;
    private final StepBook[] books;
    /** When each step begins for this attempt, and ends by its schedule. */
    private final long[] begins;

    private final long[] ends;
    private final double[] achieved;
    private long elapsed = 1;
    private long sent = 1;
    private long reached;

    StepRates(Attempt attempt, Instant origin, Steps steps, RunningSink sink) {
        this.attempt = attempt;
        tempo = attempt.clock().tempo();
        this.steps = steps;
        this.sink = sink;
        books = new StepBook[steps.count()];
        for (int step = 0; step < books.length; step++) {
            books[step] = new StepBook();
        }
        for (Lane lane : sink.lanes()) {
            Books its = lane.books();
            elapsed = Math.max(elapsed, its.elapsedNanos);
            sent = Math.max(sent, its.sentNanos);
            reached = Math.max(reached, its.nextDue);
            for (int step = 0; step < books.length; step++) {
                StepBook book = its.stepBookOrNull(step);
                if (book != null) {
                    books[step].add(book);
                }
            }
        }
        Pace pace = attempt.pace();
        begins = new long[books.length];
        ends = new long[books.length];
        for (int step = 0; step < books.length; step++) {
            Instant to = steps.to(step);
            begins[step] = Math.max(due(steps.from(step), pace), due(origin, pace));
            ends[step] = to == null || !pace.paced() ? Long.MAX_VALUE : due(to, pace);
        }
        achieved = achieved(pace.paced());
    }

    private static long due(Instant time, Pace pace) {
        return pace.due(time.getEpochSecond(), time.getNano());
    }

    /** What all lanes recorded of a step. */
    StepBook book(int step) {
        return books[step];
    }

    /** Whether the attempt came to a step, even if there was nothing to send in it. */
    boolean isReached(int step) {
        return books[step].seen > 0 || ends[step] > 0 && begins[step] < Math.min(tempo.position(elapsed), reached);
    }

    double offeredPerSecond(int step) {
        Pace pace = attempt.pace();
        long from = begins[step];
        long to = Math.min(ends[step], reached == Long.MAX_VALUE ? ends[step] : reached);
        StepBook all = books[step];
        long meant = all.acknowledged + all.failed + all.unknown + all.kept;
        if (to <= from || all.seen == 0) {
            return 0;
        }
        Instant first = pace.at(from);
        Instant end = steps.to(step);
        Instant last = end != null && to == ends[step] ? end : pace.at(to);
        return steps.perSecond(first, last)
                * attempt.config().speed()
                * (to - from)
                / Math.max(1, tempo.runningAt(to) - tempo.runningAt(from))
                * left(first, last)
                * meant
                / all.seen
                / attempt.config().part().of();
    }

    /** The share of what is scheduled between two times that earlier attempts had not delivered. */
    private double left(Instant from, Instant to) {
        if (attempt.number() == 0) {
            return 1;
        }
        long all = 0;
        long done = 0;
        for (LaneShare share : sink.shares()) {
            long first = attempt.streams().get(share.stream()).sequenceAt(from);
            long last = attempt.streams().get(share.stream()).sequenceAt(to);
            for (int shard = 0; shard < share.owned().length; shard++) {
                if (share.owned()[shard]) {
                    long begin = share.places().before(shard, first);
                    long end = share.places().before(shard, last);
                    Ranges left = Ranges.of(begin, end);
                    left.removeAll(share.done().get(shard));
                    all += end - begin;
                    done += end - begin - left.count();
                }
            }
        }
        return all == 0 ? 1 : 1 - done / (double) all;
    }

    double achievedPerSecond(int step) {
        return achieved[step];
    }

    private double[] achieved(boolean paced) {
        double[] rates = new double[books.length];
        long shortest = 0;
        if (paced) {
            shortest = Long.MAX_VALUE;
            for (StepBook book : books) {
                shortest = Math.min(shortest, book.shortest);
            }
        }
        long begin = Math.max(0, tempo.runningAt(begins[0]));
        for (int step = 0; step < rates.length; step++) {
            if (isReached(step)) {
                StepBook all = books[step];
                long scheduled = Math.min(tempo.runningAt(ends[step]), tempo.running(paced ? sent : elapsed));
                long end = Math.max(tempo.running(all.lastSettled) - shortest, scheduled);
                long handedOver = tempo.running(all.lastHandedOver)
                        - tempo.running(Math.min(all.lastHandedOver, all.firstHandedOver));
                rates[step] = all.acknowledged * SECOND / Math.max(1, Math.max(end - begin, handedOver));
                begin = Math.max(begin, end);
            }
        }
        return rates;
    }
}
