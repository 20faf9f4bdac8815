package io.dataflux.results;

import io.dataflux.EventStream;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.results.Differences.Problem;
import io.dataflux.verify.DeliveredEvents;
import io.dataflux.verify.DeliveredEvents.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Goes through the deliveries of a run, once for the expectation and once more for all that is asked about differences. Not thread-safe. */
final class Computation<T> {

    private final Asked<T> asked;
    private final RunReport report;
    private final DeliveredEvents delivered;
    private final boolean paced;
    private final Expected<T> expected;

    Computation(Asked<T> asked, RunReport report) {
        this.asked = asked;
        this.report = report;
        delivered = DeliveredEvents.of(asked.stream(), report.ledger());
        paced = !Double.isInfinite(report.speed())
                && report.validity() == Validity.VALID
                && report.ledger().touches().stream().noneMatch(touch -> touch.action() == Touch.Action.SPEED);
        expected = by(asked.rules());
        delivered.forEach(asked.rules().copies(), delivery -> {
            if (!delivery.broken()) {
                expected.add(delivery, asked.decode(delivery.event()));
            }
        });
        expected.finish();
    }

    Expected<T> by(Rules rules) {
        return new Expected<>(
                asked, rules, paced, stream().timeOf(sent().from()).toEpochMilli());
    }

    /**
     * Takes all deliveries again; each event is decoded once.
     *
     * @param all by other rules, by which functions may get events that they were not made for; what fails is abandoned
     */
    void compute(List<Expected<T>> all, List<Excerpt> excerpts) {
        boolean copies = asked.rules().copies() || all.stream().anyMatch(each -> each.rules.copies());
        boolean broken = all.stream().anyMatch(each -> each.rules.broken());
        delivered.forEach(copies, delivery -> {
            if (broken || !delivery.broken()) {
                T event = asked.decode(delivery.event());
                all.forEach(each -> each.tryToAdd(delivery, event));
                if (!excerpts.isEmpty() && expected.takes(delivery, event)) {
                    excerpts.forEach(excerpt -> add(excerpt, delivery, event));
                }
            }
        });
        all.forEach(Expected::finish);
    }

    private void add(Excerpt excerpt, Delivery delivery, T event) {
        long time = asked.timeOf(event, delivery);
        if (time >= excerpt.problem.id().start()
                && time < excerpt.end
                && Objects.equals(asked.keyOf(event), excerpt.problem.id().key())) {
            excerpt.add(delivery.sequence());
        }
    }

    Asked<T> asked() {
        return asked;
    }

    Expected<T> expected() {
        return expected;
    }

    RunReport report() {
        return report;
    }

    EventStream stream() {
        return delivered.stream();
    }

    /** The events that the run was for. */
    Ledger.Stream sent() {
        return report.ledger().streams().get(0);
    }

    /** Whether the run kept to its schedule. */
    boolean paced() {
        return paced;
    }

    /** The events of one result that differs. */
    static final class Excerpt {

        private static final int MOST = 8;

        private final Problem problem;
        private final long end;
        private final List<Long> sequences = new ArrayList<>();
        private long events;
        private long first = Long.MAX_VALUE;
        private long last = -1;

        Excerpt(Problem problem, long end) {
            this.problem = problem;
            this.end = end;
        }

        private void add(long sequence) {
            events++;
            first = Math.min(first, sequence);
            last = Math.max(last, sequence);
            if (sequences.size() < MOST) {
                sequences.add(sequence);
            }
        }

        Problem problem() {
            return problem;
        }

        /** Some of the events, by number. */
        List<Long> sequences() {
            return sequences;
        }

        long events() {
            return events;
        }

        /** The least event number; more than {@link #last} if there is no event. */
        long first() {
            return first;
        }

        long last() {
            return last;
        }
    }
}
