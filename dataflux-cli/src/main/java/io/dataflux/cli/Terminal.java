package io.dataflux.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Help.Ansi;

/** The terminal that stderr goes to, if it does: the launcher knows, and tells by properties. */
final class Terminal {

    private static final int NARROW = 60;
    private static final int WIDE = 140;

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String PLAIN = "\u001b[0m";

    private Terminal() {}

    /** Whether messages may be coloured. */
    static Ansi ansi() {
        return coloured(Boolean.getBoolean("dataflux.terminal"), System.getenv("NO_COLOR"), System.getenv("TERM"))
                ? Ansi.ON
                : Ansi.OFF;
    }

    /**
     * @param never the variable NO_COLOR
     * @param kind the variable TERM
     */
    static boolean coloured(boolean terminal, @Nullable String never, @Nullable String kind) {
        return terminal && (never == null || never.isEmpty()) && !"dumb".equals(kind);
    }

    /** A text whose first line shows by its colour whether it is good. */
    static String headed(String text, boolean good) {
        int end = text.indexOf('\n');
        String head = end < 0 ? text : text.substring(0, end);
        return painted(good ? GREEN : RED, head) + text.substring(head.length());
    }

    /** A message, which begins with the program's name. */
    static String bad(@Nullable String message) {
        return painted(RED, "dataflux:") + ' ' + message;
    }

    private static String painted(String colour, String text) {
        return ansi().enabled() ? colour + text + PLAIN : text;
    }

    static int columns() {
        return Math.min(WIDE, Math.max(NARROW, Integer.getInteger("dataflux.columns", 120)));
    }
}
