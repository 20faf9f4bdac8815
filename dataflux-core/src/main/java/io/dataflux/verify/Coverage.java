package io.dataflux.verify;

import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.Verdict.Aspect;
import java.util.ArrayList;
import java.util.List;

/** What a verdict looked at, and what it did not. */
final class Coverage {

    private final Observed observed;
    private final Wording wording;

    Coverage(Observed observed, Wording wording) {
        this.observed = observed;
        this.wording = wording;
    }

    static String table(List<Aspect> aspects) {
        int width = aspects.stream()
                .mapToInt(aspect -> aspect.name().length())
                .max()
                .orElse(0);
        StringBuilder table = new StringBuilder();
        for (boolean judged : new boolean[] {true, false}) {
            for (Aspect aspect : aspects) {
                if (aspect.judged() == judged) {
                    table.append(table.length() == 0 ? "" : "\n")
                            .append(judged ? "  judged      " : "  not judged  ")
                            .append(aspect.name())
                            .append(" ".repeat(width - aspect.name().length() + 2))
                            .append(aspect.how());
                }
            }
        }
        return table.toString();
    }

    List<Aspect> aspects() {
        List<Aspect> aspects = new ArrayList<>();
        long expected = wording.counted();
        aspects.add(
                wording.readToEnd()
                        ? new Aspect(
                                "completeness",
                                true,
                                Wording.count(expected) + " acknowledged events, each by its number")
                        : new Aspect("completeness", false, "it was not read to its end; raise the deadline"));
        aspects.add(new Aspect(
                "nothing else",
                true,
                "records of other runs and streams, and events that were never sent, are findings"));
        repeats(aspects);
        aspects.addAll(wording.aspects());
        String why = observed.orderNotJudged();
        aspects.add(
                why == null
                        ? new Aspect("order per key", true, "by first arrivals, in the order of sending")
                        : new Aspect("order per key", false, why + option(why)));
        if (observed.sources().count() > 1) {
            aspects.add(new Aspect(
                    "order among sources",
                    false,
                    "nothing says which record of two sources came first; use one source"));
        }
        aspects.add(new Aspect("order among keys", false, "no sink promises it"));
        long unknown = 0;
        for (int i = 0; i < observed.states.length; i++) {
            unknown += observed.judged.counts(i).map(counts -> counts.unknown()).orElse(0L);
        }
        if (unknown > 0) {
            aspects.add(new Aspect(
                    "events without an answer",
                    false,
                    Wording.count(unknown)
                            + " may have been sent and were never answered, so they may be there or not ("
                            + Wording.count(observed.seen(Standing.UNKNOWN)) + " are)"));
        }
        for (String kept : observed.removals.words()) {
            aspects.add(new Aspect("what the target itself removes", false, "it keeps " + kept));
        }
        return aspects;
    }

    private void repeats(List<Aspect> aspects) {
        aspects.add(
                observed.mayRepeat()
                        ? new Aspect(
                                "repeats after a resumption",
                                false,
                                "the sink promises at least once (" + Wording.count(observed.repeats())
                                        + " came); in Kafka transactional: true promises more")
                        : new Aspect("repeats", true, "an event that is there more than once is a finding"));
    }

    private String option(String why) {
        if (observed.acceptsAnyOrder()) {
            return "; lanes or a sink that keeps the order, such as ordered: true of http, would";
        }
        return observed.scatteredKeys() > 0
                ? "; records with a key and a fixed number of partitions would be"
                : why.contains("no keys") ? "; a key: in the stream's definition would do" : "";
    }
}
