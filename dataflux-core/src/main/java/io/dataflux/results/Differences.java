package io.dataflux.results;

import io.dataflux.results.Outputs.Mode;
import io.dataflux.results.Outputs.Row;
import io.dataflux.results.ResultVerdict.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Where results differ from what is expected, by time and key. Immutable once made. */
final class Differences {

    /**
     * One of them.
     *
     * @param cell null if nothing is expected there
     * @param row null if nothing is there
     * @param times how many records there are
     */
    record Problem(
            Kind kind,
            Cell.Id id,
            @Nullable Cell cell,
            @Nullable Row row,
            int times) {}

    private final List<Problem> problems = new ArrayList<>();
    private final Set<Cell.Id> places = new HashSet<>(); // order never seen

    /** @param shift by how much the system's windows are named later than they are */
    static <R> Differences of(Expected<?> expected, Outputs<R> outputs, long shift) {
        Differences found = new Differences();
        for (Cell cell : expected.cells()) {
            Cell.Id there = new Cell.Id(cell.id.key(), cell.id.start() + shift);
            List<Row> rows = outputs.at(there);
            if (rows.isEmpty()) {
                if (cell.required()) {
                    found.add(Kind.MISSING, there, cell, null, 0);
                }
                continue;
            }
            List<Row> wrong =
                    rows.stream().filter(row -> !outputs.isRight(cell, row)).toList();
            boolean anyIsEnough = outputs.shape().mode() == Mode.UPDATES; // the last of several sources is not known
            if (anyIsEnough ? wrong.size() == rows.size() : !wrong.isEmpty()) {
                found.add(Kind.WRONG, there, cell, wrong.get(wrong.size() - 1), rows.size());
            }
            if (!anyIsEnough && rows.size() > 1) {
                found.add(Kind.TWICE, there, cell, rows.get(0), rows.size());
            }
        }
        outputs.forEach((id, rows) -> {
            Cell.Id meant = new Cell.Id(id.key(), id.start() - shift);
            if (!rows.isEmpty() && expected.cell(meant) == null && !expected.isUndecided(meant)) {
                found.add(Kind.UNEXPECTED, id, null, rows.get(0), rows.size());
            }
        });
        found.problems.sort(Comparator.<Problem>comparingLong(problem -> problem.id.start())
                .thenComparing(problem -> Normal.text(problem.id.key()))
                .thenComparing(Problem::kind));
        return found;
    }

    private void add(Kind kind, Cell.Id id, @Nullable Cell cell, @Nullable Row row, int times) {
        problems.add(new Problem(kind, id, cell, row, times));
        places.add(id);
    }

    List<Problem> problems() {
        return problems;
    }

    /** How many keys and windows have a problem. */
    int places() {
        return places.size();
    }

    /** How many keys and windows have a problem here, and none there. */
    long placesNotIn(Differences other) {
        return places.stream().filter(place -> !other.places.contains(place)).count();
    }

    /** A problem in words, without its place. */
    static String words(Problem problem, Outputs<?> outputs) {
        StringJoiner words = new StringJoiner(", ");
        Cell cell = problem.cell;
        Row row = problem.row;
        if (problem.kind == Kind.TWICE) {
            return "came " + problem.times + " times";
        }
        var values = outputs.shape().values();
        for (int i = 0; i < values.size(); i++) {
            String name = values.get(i).name();
            Allowed allowed = cell == null ? null : cell.allowed(values.get(i).aggregate());
            Object actual = row == null ? null : row.values()[i];
            if (allowed == null) {
                words.add(name + " was " + Normal.text(actual));
            } else if (row == null) {
                words.add(name + " expected " + allowed);
            } else if (!allowed.allows(actual)) {
                String off = allowed.off(actual);
                words.add(name + " expected " + allowed + " but was " + Normal.text(actual)
                        + (off.isEmpty() ? "" : " (" + off + ")"));
            }
        }
        if (cell != null && row != null && outputs.shape().end() != null && row.end() != cell.end) {
            words.add("end expected " + java.time.Instant.ofEpochMilli(cell.end) + " but was "
                    + java.time.Instant.ofEpochMilli(row.end()));
        }
        return words.toString();
    }
}
