package io.dataflux.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The options that override the configuration. */
final class Plans {

    private static final List<String> FLAGS =
            List.of("seed", "events", "for", "speed", "tag", "output", "part", "start-at");
    private static final String BACKFILL = "backfill";

    private Plans() {}

    static Usage options(Usage usage) {
        return usage.option("for", "TIME", "ends the run after this much scheduled time, such as 30s or 5m")
                .option("events", "N", "ends the run after this many events over all streams")
                .option(
                        "speed",
                        "X",
                        "1 as scheduled, 10 ten times as fast, max as fast as possible (default: the configuration's, or 1)")
                .option("seed", "S", "the seed (default: the configuration's)")
                .option("tag", "T", "the run's tag, eight hexadecimal digits (default: a new one)")
                .option(
                        "output",
                        "DIR",
                        "the folder for reports and files (default: the configuration's, or dataflux-out)")
                .option(
                        "part",
                        "N/OF",
                        "sends only part N of OF, such as 3/8, while other processes send the others; needs --tag")
                .option(
                        "start-at",
                        "TIME",
                        "when to begin sending, such as 2026-11-20T12:00:00Z, so that all parts begin together")
                .flag(BACKFILL, "sends what is scheduled in the past as fast as possible, then continues live");
    }

    /** A word for a shell. */
    static String quoted(String word) {
        return word.matches("[\\w./:@%+=,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    static Map<String, String> flags(Arguments arguments) {
        Map<String, String> flags = new LinkedHashMap<>();
        for (String flag : FLAGS) {
            arguments.text(flag).ifPresent(value -> flags.put(flag, value));
        }
        if (arguments.flag(BACKFILL)) {
            flags.put(BACKFILL, "true");
        }
        return flags;
    }
}
