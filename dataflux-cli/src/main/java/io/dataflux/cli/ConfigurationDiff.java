package io.dataflux.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.cli.StreamComparison.Effect;
import io.dataflux.cli.StreamComparison.Finding;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Which streams of two configurations are not the same, and what differs in their events. */
final class ConfigurationDiff {

    private final StringBuilder lines = new StringBuilder();
    private final StringBuilder words = new StringBuilder();
    private boolean same = true;

    private ConfigurationDiff() {}

    /** @throws io.dataflux.ConfigurationException with every problem of the first configuration that has any */
    static ConfigurationDiff of(Path old, Path now, Map<String, String> flags) {
        Instant begun = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Map<String, EventStream> before = streams(old, flags);
        Map<String, EventStream> after = streams(now, flags);
        ConfigurationDiff diff = new ConfigurationDiff();
        if (beginNow(before, begun) && beginNow(after, begun)) {
            before.replaceAll((name, stream) -> stream.with(definition -> definition.start(begun)));
            after.replaceAll((name, stream) -> stream.with(definition -> definition.start(begun)));
            diff.words.append("Both have 'start: now', and are compared as if they began at the same moment.\n");
        }
        diff.compare(before, after);
        return diff;
    }

    /**
     * Prints a line for each stream, and for a changed one lines for why, and for what its events have; to stderr what to know of them.
     * Returns the exit code.
     */
    int print(ObjectNode document, boolean json, Stdout out) {
        document.put("same", same);
        lines.toString().lines().forEach(document.putArray("text")::add);
        if (!json) {
            out.text(lines.toString());
            out.flush(); // before what is said of it
        }
        System.err.print(words);
        return same ? Command.GOOD : Command.FAILED;
    }

    private static Map<String, EventStream> streams(Path file, Map<String, String> flags) {
        Map<String, EventStream> streams = new LinkedHashMap<>();
        DataFlux.streams(file, flags, System.getenv()).forEach(stream -> streams.put(stream.name(), stream));
        return streams;
    }

    /** Whether the streams, which all have one start, begin at the moment when they were read. */
    private static boolean beginNow(Map<String, EventStream> streams, Instant begun) {
        Instant start =
                StreamComparison.definition(streams.values().iterator().next()).start();
        return !start.isBefore(begun) && !start.isAfter(Instant.now());
    }

    private void compare(Map<String, EventStream> before, Map<String, EventStream> after) {
        boolean added = false;
        int compared = 0;
        for (EventStream stream : after.values()) {
            EventStream old = before.get(stream.name());
            if (old != null && old.fingerprint() == stream.fingerprint()) {
                lines.append(stream.name()).append(": unchanged\n");
                continue;
            }
            same = false;
            added |= old == null;
            if (old == null) {
                lines.append(stream.name()).append(": added\n");
            } else {
                StreamComparison comparison = new StreamComparison(old, stream);
                compared = Math.max(compared, comparison.compared());
                lines.append(stream.name()).append(": changed\n");
                comparison.reasons().forEach(reason -> line("why", reason));
                findings(comparison);
            }
        }
        List<String> removed = before.keySet().stream()
                .filter(name -> !after.containsKey(name))
                .toList();
        removed.forEach(name -> lines.append(name).append(": removed\n"));
        same &= removed.isEmpty();
        if (compared > 0) {
            words.append(number(compared))
                    .append(" events of each changed stream, from its first to its last, were computed with both"
                            + " configurations and compared by event number.\nAny change of a stream gives"
                            + " each of its events another id, because ids are computed from the"
                            + " whole definition (and a run's tag).\n");
        }
        if (added && !removed.isEmpty()) {
            words.append(
                    "A stream's name is part of what its values are drawn from: a renamed stream is a different stream.\n");
        }
        words.append(same ? "No event changes. " : "")
                .append("Sinks, regions, routing, limits, speed, backfill, lanes and output do not affect events and"
                        + " are not compared, nor are faults of single regions.\n");
    }

    private void findings(StreamComparison comparison) {
        List<Finding> fields = comparison.fields();
        int width = Stream.concat(comparison.heads().stream(), fields.stream())
                .mapToInt(finding -> finding.name().length())
                .max()
                .orElse(0);
        comparison.heads().forEach(finding -> line("event", text(finding, width)));
        fields.forEach(finding -> line("field", text(finding, width)));
    }

    private void line(String about, String text) {
        lines.append("  ")
                .append(Command.pad(about, 5))
                .append("  ")
                .append(text)
                .append('\n');
    }

    private static String text(Finding finding, int width) {
        String effect = finding.effect().name().toLowerCase(Locale.ROOT);
        String note = note(finding);
        String text = Command.pad(finding.name(), width) + "  " + effect;
        return note.isEmpty() ? text : text + ", " + note;
    }

    private static String note(Finding finding) {
        if (finding.of() == 0) {
            return "but none of the compared events has it";
        } else if (finding.effect() == Effect.SAME) {
            return finding.redefined() ? "in all " + number(finding.of()) : "";
        } else if (finding.id()) {
            return "holds the id";
        }
        return finding.effect() == Effect.DIFFERS && finding.differing() < finding.of()
                ? "in " + number(finding.differing()) + " of " + number(finding.of())
                : "";
    }

    private static String number(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }
}
