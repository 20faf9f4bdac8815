package io.dataflux.cli;

import picocli.CommandLine.Help.Ansi;

/** The terminal that stderr goes to, if it does: the launcher knows, and tells by properties. */
final class Terminal {

    private static final int NARROW = 60;
    private static final int WIDE = 140;

    private Terminal() {}

    /** Whether messages may be coloured. */
    static Ansi ansi() {
        String never = System.getenv("NO_COLOR");
        boolean colours = Boolean.getBoolean("dataflux.terminal")
                && (never == null || never.isEmpty())
                && !"dumb".equals(System.getenv("TERM"));
        return colours ? Ansi.ON : Ansi.OFF;
    }

    static int columns() {
        return Math.min(WIDE, Math.max(NARROW, Integer.getInteger("dataflux.columns", 120)));
    }
}
