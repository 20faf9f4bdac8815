package io.dataflux.results;

import io.dataflux.results.Computation.Excerpt;
import io.dataflux.results.ResultVerdict.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * The common mistake behind differences.
 *
 * @param all the mistake by which everything is right; empty if there is none
 * @param partly what can be said instead; may be empty
 */
record Explanation(String all, String partly) {

    static final Explanation NONE = new Explanation("", "");

    /**
     * Tries the hypotheses; only one by which nothing at all is wrong explains everything.
     *
     * @param excerpts filled on the way
     * @param besides whether something else is wrong, which no hypothesis explains
     */
    static <T, R> Explanation of(
            Computation<T> computation,
            Differences found,
            Outputs<R> outputs,
            List<Excerpt> excerpts,
            boolean besides) {
        Expected<T> expected = computation.expected();
        List<Hypothesis> hypotheses =
                Hypothesis.worthTrying(expected, outputs, computation.asked().bounded(), found);
        List<Expected<T>> results = new ArrayList<>();
        List<Expected<T>> computed = new ArrayList<>();
        for (Hypothesis each : hypotheses) {
            Expected<T> its = each.shift() != 0 ? expected : computation.by(each.rules());
            results.add(its);
            if (its != expected) {
                computed.add(its);
            }
        }
        long most = computation.asked().most;
        boolean fits = expected.held() * computed.size() <= most;
        computation.compute(fits ? computed : List.of(), excerpts);
        if (!fits) {
            return new Explanation(
                    "",
                    "no common mistake was looked for, as that could hold more than " + Judgement.count(most)
                            + " values; atMost(...) allows more");
        }
        String last = lastNotClosed(expected, found);
        if (!last.isEmpty() && !besides) {
            return new Explanation(last, "");
        }
        String best = "";
        long explained = 0;
        for (int i = 0; i < hypotheses.size(); i++) {
            Hypothesis hypothesis = hypotheses.get(i);
            if (results.get(i).abandoned()) {
                continue;
            }
            Differences left = Differences.of(results.get(i), outputs, hypothesis.shift());
            if (left.problems().isEmpty() && !hypothesis.vague() && !besides) {
                return new Explanation(hypothesis.words(), "");
            }
            long explains = found.placesNotIn(left) - left.placesNotIn(found);
            if (explains > explained) {
                explained = explains;
                best = hypothesis.words();
            }
        }
        return best.isEmpty()
                ? NONE
                : new Explanation(
                        "",
                        best + ", which may explain " + Judgement.count(explained) + " of "
                                + Judgement.count(found.places()));
    }

    /** Whether exactly those results are missing whose windows no event closes. */
    private static String lastNotClosed(Expected<?> expected, Differences found) {
        long closed = expected.maybeClosedUpTo();
        boolean all = found.problems().stream()
                .allMatch(problem -> problem.kind() == Kind.MISSING
                        && problem.cell() != null
                        && problem.cell().end != Cell.NO_END
                        && problem.cell().end > closed);
        long open = expected.cells().stream()
                .filter(cell -> cell.required() && cell.end > closed)
                .count();
        return all && open == found.problems().size()
                ? "the last windows were not closed; no event is late enough to close them"
                : "";
    }
}
