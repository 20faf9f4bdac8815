package io.dataflux.config;

import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/**
 * Why a text is not YAML or JSON, in our words. The text itself is not quoted: the line might hold a password.
 *
 * @param line from 1; 0 if it is not known
 * @param column from 1
 */
record SyntaxError(int line, int column, String what) {

    /** The place, as the beginning of a message: {@code "line 7, column 3 (near sinks.broker): "}. */
    String where(String reachedPath) {
        String in = reachedPath.isEmpty() ? "" : " (near " + reachedPath + ")";
        return line == 0 ? (in.isEmpty() ? "" : in.strip() + ": ") : "line " + line + ", column " + column + in + ": ";
    }

    static SyntaxError of(MarkedYAMLException e, String text) {
        String found = e.getProblem() == null ? "" : e.getProblem();
        boolean open = found.contains("unexpected end of stream") || found.contains("document separator");
        // of something that is never closed, the beginning helps more than the end
        Mark mark = open && e.getContextMark() != null ? e.getContextMark() : e.getProblemMark();
        int line = mark == null ? 0 : mark.getLine() + 1;
        int column = mark == null ? 0 : mark.getColumn() + 1;
        return new SyntaxError(line, column, words(found, open, lineAt(text, line)));
    }

    private static String words(String found, boolean open, String line) {
        if (open) {
            return "a quote is opened here and never closed";
        }
        if (found.contains("mapping values are not allowed")) {
            return "a ':' where a key is not allowed; put text that contains ': ' in quotes, and each key on a line of its own";
        }
        if (found.contains("could not find expected ':'")) {
            return "a ':' is missing; write 'key: value', with a space after the ':'";
        }
        if (found.contains("expected ',' or")) {
            return "a ',' or the closing bracket is missing; within { } and [ ], text that contains any of { } [ ] , needs quotes"
                    + (line.contains("${") ? ", such as \"${env:NAME}\"" : "");
        }
        if (found.contains("expected <block end>")) {
            return "this does not fit the lines above; the keys of a map begin in the same column, and only a ',' can follow a"
                    + " closing quote";
        }
        if (found.contains("escape")) {
            return "an unknown escape after '\\'; in double quotes write '\\\\' for a backslash, or use single quotes";
        }
        if (found.contains("cannot start any token")) {
            return "text cannot begin with this character; put it in quotes";
        }
        if (found.contains("sequence entries are not allowed")) {
            return "a '-' where a list is not allowed; begin the list on a line of its own";
        }
        if (found.contains("alphabetic or numeric")) {
            return "text cannot begin with '*' or '&'; put it in quotes";
        }
        return "this is not YAML or JSON; check quotes, brackets and indentation here and on the line above";
    }

    private static String lineAt(String text, int line) {
        return text.lines().skip(Math.max(0, line - 1L)).findFirst().orElse("");
    }
}
