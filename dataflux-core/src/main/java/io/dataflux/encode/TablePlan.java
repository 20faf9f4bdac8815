package io.dataflux.encode;

import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.Table;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Lives;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.RunTable;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The table of a stream of changes, planned. A row's life is a run of its key's events. The value of a column is a function of key, life
 * and the step of its latest change, so the row before and after any change is computed without earlier changes. Immutable.
 */
record TablePlan(Table table, long seed, Lives lives, Schedule schedule, Timeline timeline, Instant start) {

    private static final Length USUAL_LIVES = new Length(3, 60, new BigDecimal("0.12"));

    /** The plan, or null if problems were noted under {@code path}. */
    static @Nullable TablePlan of(
            StreamDefinition d,
            Table table,
            long streamSeed,
            Schedule schedule,
            Timeline timeline,
            String path,
            Problems problems) {
        int before = problems.count();
        if (d.key() == null) {
            problems.add(path, "the stream has no key to tell rows apart; add key: {entity: \"row_{}\", count: 1000}");
        }
        if (d.sessions() != null) {
            problems.add(
                    path, "the stream has sessions, but the changes of a row are spread evenly; remove one of the two");
        }
        Length lives = table.lives() == null ? USUAL_LIVES : table.lives();
        BigDecimal p = lives.geometric();
        if (lives.min() < Table.LEAST_CHANGES
                || lives.max() < lives.min()
                || lives.max() > Table.MOST_CHANGES
                || p != null && (p.signum() <= 0 || p.compareTo(BigDecimal.ONE) > 0)) {
            problems.add(
                    path + ".lives",
                    "a row has " + Table.LEAST_CHANGES + " (insert and delete) to " + Table.MOST_CHANGES
                            + " changes, min at most max, and geometric is above 0 and at"
                            + " most 1; this one has min " + lives.min() + " and max " + lives.max());
        }
        if (table.columns().isEmpty()) {
            problems.add(path + ".columns", "has no columns; a table needs at least one");
        }
        table.columns().forEach((name, column) -> {
            if (column.every() < 0 || column.every() > Table.Column.MOST_EVERY) {
                problems.add(
                        path + ".columns." + name + ".changes_every",
                        column.every() + " is not between 0 (never) and " + Table.Column.MOST_EVERY);
            }
            Field field = column.field();
            if (field.kind() instanceof Kind.Time && field.nullablePpm() + field.absentPpm() > 0) {
                problems.add(
                        path + ".columns." + name,
                        "a column with a time must never be null or absent; remove 'nullable' and 'absent'");
            }
            checkKind(field.kind(), path + ".columns." + name, problems);
        });
        if (!table.columns().isEmpty() && table.columns().values().stream().noneMatch(c -> c.every() == 1)) {
            problems.add(
                    path + ".columns",
                    "no column changes with every update; give one of them changes_every: 1, such as version: {change: version,"
                            + " changes_every: 1}");
        }
        return problems.count() > before
                ? null
                : new TablePlan(
                        table,
                        Mix.sub(streamSeed, 6),
                        new Lives(Mix.sub(streamSeed, 7), RunTable.of(Quantiles.of(lives, RunTable.MOST_RUNS))),
                        schedule,
                        timeline,
                        d.start());
    }

    /**
     * Refuses values that belong to the event instead of the row: the next event, which shows the row before its change, would have a
     * different value.
     */
    private static void checkKind(Kind kind, String place, Problems problems) {
        boolean version = kind instanceof Kind.Change change && change.part() == Kind.ChangePart.VERSION;
        if (kind instanceof Kind.OfEvent && !version) {
            problems.add(
                    place,
                    "refers to the event, but a column is about the row; use it outside the table, or use a column that is drawn");
        } else {
            kind.inner().forEach((name, field) -> checkInner(field, place + "." + name, problems));
        }
    }

    private static void checkInner(Field field, String place, Problems problems) {
        if (field.kind() instanceof Kind.Time) {
            problems.add(place, "a time must be a column of its own, not part of one");
        }
        checkKind(field.kind(), place, problems);
    }

    /** Sets the registers that belong to the row of the located event. */
    void begin(EventState s) {
        lives.locate(s.slot.entity, s.slot.occurrence, s.life);
        s.rowKey = Mix.sub(Mix.sub(seed, s.slot.entity), s.life.life);
        s.rowStep = s.life.step;
        s.operation = s.life.step == 0
                ? ChangeNodes.INSERT
                : s.life.step == s.life.length - 1 ? ChangeNodes.DELETE : ChangeNodes.UPDATE;
    }

    /**
     * A column of the row; {@code node} is compiled as if it were a field of the event.
     *
     * @param alone whether it refers to no other column, so that it changes only at its own changes
     */
    Node column(String name, String path, Node node, boolean alone) {
        if (node instanceof NumberNodes.AsText text) {
            return new NumberNodes.AsText(column(name, path, text.node(), alone));
        }
        Table.Column column = Objects.requireNonNull(table.columns().get(name));
        int number = alone ? List.copyOf(table.columns().keySet()).indexOf(name) : RowColumns.NONE;
        long phase = Compiler.salt(path + "?phase");
        return node instanceof TextNodes.Time time
                ? new ChangeNodes.ChangeTime(number, column.every(), phase, time, this)
                : new ChangeNodes.Column(number, column.every(), phase, node);
    }

    Node part(Kind.ChangePart part, Node row) {
        return switch (part) {
            case OPERATION -> ChangeNodes.operation("INSERT", "UPDATE", "DELETE", "SNAPSHOT");
            case CODE -> ChangeNodes.operation("c", "u", "d", "r");
            case SNAPSHOT -> ChangeNodes.operation("false", "false", "false", "true");
            case BEFORE -> new ChangeNodes.Row(row, true, false);
            case AFTER -> new ChangeNodes.Row(row, false, false);
            case ROW -> new ChangeNodes.Row(row, false, true);
            case VERSION -> new ChangeNodes.Version();
        };
    }

    static boolean isRow(Kind.ChangePart part) {
        return List.of(Kind.ChangePart.BEFORE, Kind.ChangePart.AFTER, Kind.ChangePart.ROW)
                .contains(part);
    }
}
