package io.dataflux.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that override what a configuration says about a run. The library reads and checks them, together with the file. */
final class RunOptions {

    /** Of the live page. */
    static final String PORT = "8000";

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "ends the run after this much scheduled time, such as 30s or 5m")
    private @Nullable String time;

    @Option(
            names = {"-n", "--events"},
            paramLabel = "N",
            description = "ends the run after this many events over all streams")
    private @Nullable String events;

    @Option(
            names = "--speed",
            paramLabel = "X",
            description =
                    "1 as scheduled, 10 ten times as fast, max as fast as possible (default: the configuration's, or 1)")
    private @Nullable String speed;

    @Option(
            names = "--tag",
            paramLabel = "T",
            description = "the run's tag, eight hexadecimal digits (default: a new one)")
    private @Nullable String tag;

    @Option(
            names = "--part",
            paramLabel = "N/OF",
            description = "sends only part N of OF, such as 3/8, while other processes send the others; needs --tag")
    private @Nullable String part;

    @Option(
            names = "--start-at",
            paramLabel = "TIME",
            description = "when to begin sending, such as 2026-11-20T12:00:00Z, so that all parts begin together")
    private @Nullable String startAt;

    @Option(
            names = "--backfill",
            description = "sends what is scheduled in the past as fast as possible, then continues live")
    private boolean backfill;

    @Option(
            names = "--monitor",
            description = "shows the run on a live page at port " + PORT
                    + " of this machine (another port: --set monitor.port=N" + " instead)")
    private boolean monitor;

    /** As the library takes them. */
    Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>();
        put(flags, "for", time);
        put(flags, "events", events);
        put(flags, "speed", speed);
        put(flags, "tag", tag);
        put(flags, "part", part);
        put(flags, "start-at", startAt);
        put(flags, "backfill", backfill ? "true" : null);
        put(flags, "monitor", monitor ? PORT : null);
        return flags;
    }

    static void put(Map<String, String> flags, String name, @Nullable String value) {
        if (value != null) {
            flags.put(name, value);
        }
    }
}
