package io.dataflux.results;

import io.dataflux.results.ResultVerdict.Kind;
import io.dataflux.results.Results.Late;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A common mistake, as the rules by which a system would have to be right if it had made it.
 *
 * @param words as the end of a headline
 * @param shift by how much the system's windows are named later than they are, in milliseconds
 * @param vague whether it leaves so much open that other mistakes would pass as well; then it explains nothing for sure
 */
record Hypothesis(String words, Rules rules, long shift, boolean vague) {

    private static final long QUARTER = Duration.ofMinutes(15).toMillis();
    private static final long FARTHEST = Duration.ofHours(14).toMillis();
    private static final int LOOKED_AT = 200;

    /** What is worth trying, those first that leave no choice. */
    static <R> List<Hypothesis> worthTrying(
            Expected<?> expected, Outputs<R> outputs, boolean bounded, Differences found) {
        Rules rules = expected.rules;
        List<Hypothesis> all = new ArrayList<>();
        boolean timed = rules.windows() instanceof Windows.Slices || rules.windows() instanceof Windows.Sessions;
        long shift = timed ? shift(expected, outputs) : 0;
        if (shift != 0) {
            all.add(new Hypothesis(
                    "windows are named " + text(Math.abs(shift)) + (shift > 0 ? " later" : " earlier")
                            + " than they are, as in another zone",
                    rules,
                    shift,
                    false));
        }
        if (rules.windows() instanceof Windows.Slices slices) {
            found.problems().stream()
                    .filter(problem -> problem.kind() == Kind.UNEXPECTED)
                    .map(problem -> Math.floorMod(problem.id().start(), slices.slide()))
                    .filter(offset -> offset != slices.offset() || slices.zone() != null)
                    .findFirst()
                    .ifPresent(offset -> all.add(with(
                            "windows begin " + (offset == 0 ? "at" : text(offset) + " after") + " multiples of "
                                    + text(slices.slide()) + " in UTC, as in another zone",
                            rules.with(slices.withOffset(offset)))));
            all.add(with(
                    "an event at the end of a window counts in it, and not in the next one",
                    rules.with(slices.with(Windows.Edge.END))));
            all.add(with(
                    "an event at the end of a window counts in it, as well as in the next one",
                    rules.with(slices.with(Windows.Edge.BOTH))));
        }
        all.add(with(
                rules.copies() ? "repeated events count once" : "repeated events count twice",
                rules.withCopies(!rules.copies())));
        all.add(with("events that were sent broken count", rules.withBroken()));
        if (rules.filtered()) {
            all.add(with("the filter is not applied", rules.unfiltered()));
        }
        if (bounded && rules.late() != Late.COUNTED) {
            all.add(with("late events count", rules.with(Late.COUNTED)));
        }
        if (rules.late() == Late.COUNTED || !bounded) {
            all.add(with("late events were dropped", rules.with(Late.DROPPED).followingTheSchedule()));
            all.add(new Hypothesis("some late events were dropped", rules.with(Late.EITHER), 0, true));
        }
        return all;
    }

    private static Hypothesis with(String words, Rules rules) {
        return new Hypothesis(words, rules, 0, false);
    }

    /** The shift by which most windows are right, as zones have them; 0 if none is better. */
    private static <R> long shift(Expected<?> expected, Outputs<R> outputs) {
        List<Cell> some = expected.cells().stream()
                .sorted(Comparator.comparingLong((Cell cell) -> cell.id.start())
                        .thenComparing(cell -> Normal.text(cell.id.key())))
                .limit(LOOKED_AT)
                .toList();
        long best = 0;
        long most = right(some, outputs, 0);
        for (long shift = -FARTHEST; shift <= FARTHEST; shift += QUARTER) {
            long right = right(some, outputs, shift);
            if (right > most) {
                best = shift;
                most = right;
            }
        }
        return best;
    }

    private static <R> long right(List<Cell> cells, Outputs<R> outputs, long shift) {
        return cells.stream()
                .filter(cell -> outputs.at(new Cell.Id(cell.id.key(), cell.id.start() + shift)).stream()
                        .anyMatch(row -> outputs.isRight(cell, row)))
                .count();
    }

    private static String text(long millis) {
        return Duration.ofMillis(millis).toString().substring(2).toLowerCase(java.util.Locale.ROOT);
    }
}
