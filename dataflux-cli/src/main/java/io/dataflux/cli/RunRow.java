package io.dataflux.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that two runs have, side by side: a fact, or a figure with difference and ratio.
 *
 * @param defines whether runs that differ in it sent other events, or others of them, or at other times
 * @param format of a figure; empty for a fact
 * @param a a text, a {@code Double} for a figure, or null if the run does not have it
 */
record RunRow(
        String name,
        boolean defines,
        String format,
        @Nullable Object a,
        @Nullable Object b) {

    private static final int COLUMNS = 5;

    private boolean same() {
        return String.valueOf(a).equals(String.valueOf(b));
    }

    private @Nullable Double difference() {
        return a instanceof Double was && b instanceof Double is ? is - was : null;
    }

    private @Nullable Double ratio() {
        return a instanceof Double was && b instanceof Double is && was != 0 ? is / was : null;
    }

    private List<String> cells() {
        if (format.isEmpty()) {
            return List.of(name, text(a, ""), text(b, ""), defines && !same() ? "differs" : "", "");
        }
        Double difference = difference();
        Double ratio = ratio();
        return List.of(
                name,
                text(a, ""),
                text(b, ""),
                difference == null ? "" : text(difference, "+"),
                ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio));
    }

    private String text(@Nullable Object value, String sign) {
        return value == null
                ? "-"
                : value instanceof Double
                        ? String.format(Locale.ROOT, format.replace("%", "%" + sign), value)
                        : value.toString();
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
        put(json, "a", a);
        put(json, "b", b);
        if (!format.isEmpty()) {
            json.put("difference", difference()).put("ratio", ratio());
        } else if (defines) {
            json.put("same", same());
        }
        return json;
    }

    private static void put(ObjectNode json, String name, @Nullable Object value) {
        if (value instanceof Double number) {
            json.put(name, number);
        } else {
            json.put(name, value == null ? null : value.toString());
        }
    }

    /** The rows as text, below each other. */
    static String table(List<RunRow> rows) {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "A", "B", "B - A", "B / A"));
        rows.forEach(row -> table.add(row.cells()));
        int[] width = new int[COLUMNS];
        table.forEach(cells -> {
            for (int i = 0; i < COLUMNS; i++) {
                width[i] = Math.max(width[i], cells.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> cells : table) {
            StringBuilder line = new StringBuilder(Command.pad(cells.get(0), width[0]));
            for (int i = 1; i < COLUMNS; i++) {
                line.append("  ")
                        .append(" ".repeat(width[i] - cells.get(i).length()))
                        .append(cells.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
