package io.dataflux.config;

import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.plan.Drill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code actions}: what a run does to the system around it on its way. */
final class ActionsReader {

    private static final Pattern EVENTS = Pattern.compile("([0-9]{1,18})( events?)?");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
    private static final String WANTED = "write {name: kill, after: 20000 events, exec: [./kill.sh]}";
    private static final Duration LONGEST = Duration.ofDays(366);

    private final SettingsReader top;
    private final Reading reading;
    private final List<Drill> drills = new ArrayList<>();

    ActionsReader(SettingsReader top) {
        this.top = top;
        this.reading = top.reading();
    }

    List<Drill> read() {
        Tree tree = top.find("actions");
        Sequence list = tree == null
                ? null
                : reading.list(tree, "write a list such as [{name: kill, after: 20000 events, exec: [./kill.sh]}]");
        if (list != null) {
            for (Tree item : list.items()) {
                Mapping map = reading.map(item, WANTED);
                if (map != null && map.entries().isEmpty()) {
                    reading.problem(map, "is an empty map; " + WANTED);
                } else if (map != null) {
                    read(new SettingsReader(map, reading));
                }
            }
        }
        return List.copyOf(drills);
    }

    private void read(SettingsReader settings) {
        String name = settings.text("name");
        if (!name.isEmpty() && !NAME.matcher(name).matches()) {
            settings.problem(
                    "name",
                    "'" + name
                            + "' is not a valid name; write up to 64 letters, digits, '_', '-' and '.', such as kill-1");
        } else if (!name.isEmpty()
                && drills.stream().anyMatch(drill -> drill.name().equals(name))) {
            settings.problem("name", "there are two actions '" + name + "'; rename one");
        }
        boolean timed = settings.has("at");
        if (timed == settings.has("after")) {
            settings.problem(
                    timed ? "at" : "after",
                    timed
                            ? "there is an 'after' as well; keep one of the two"
                            : "is missing: write when the action begins, such as after: 20000 events, or at: 30s");
        }
        long after = settings.has("after") ? events(settings) : -1;
        Duration at = timed ? settings.duration("at", Duration.ZERO, Duration.ofMillis(1), LONGEST) : null;
        if (settings.find("exec") instanceof Sequence empty && empty.items().isEmpty()) {
            reading.problem(
                    empty, "is an empty list; write the program and its arguments, such as [./kill.sh, worker]");
        } else if (!settings.has("exec")) {
            settings.missing("exec", "the program and its arguments, such as [./kill.sh, worker]");
        }
        List<String> command = settings.texts("exec");
        Duration timeout =
                settings.duration("timeout", Drill.DEFAULT_TIMEOUT, Duration.ofMillis(1), Duration.ofHours(1));
        settings.finish();
        drills.add(new Drill(name, after, at, command, timeout));
    }

    private long events(SettingsReader settings) {
        String wanted = "write a number of acknowledged events, such as 20000 events";
        Tree tree = settings.find("after");
        Scalar value = tree == null ? null : reading.scalar(tree, wanted);
        if (value == null) {
            return -1;
        }
        settings.noteOrigin("after", value, null);
        Matcher matcher = EVENTS.matcher(value.text());
        if (!matcher.matches()) {
            reading.problem(value, reading.show(value) + " is not a number of events; " + wanted);
            return -1;
        }
        return Long.parseLong(matcher.group(1));
    }
}
