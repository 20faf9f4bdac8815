package io.dataflux.verify;

import io.dataflux.spi.SinkReader;
import java.util.List;
import java.util.Map;

/**
 * What two runs of the same streams left at a sink, compared event by event: each event of one run with the event of the same number of the
 * other. Immutable.
 *
 * @param sink the name of the sink
 * @param a the tag of the first run, such as {@code 5f3a90c1}
 * @param b the tag of the second run
 * @param recordsA how many records the first run's target holds
 * @param recordsB how many records the second run's target holds
 * @param compared how many events are there in both
 * @param counts how many events have each difference, 0 among them
 * @param examples the events with the lowest numbers of each difference
 * @param notes what is not compared, and what else to know, a sentence each
 */
public record RunComparison(
        String sink,
        String a,
        String b,
        long recordsA,
        long recordsB,
        long compared,
        Map<Kind, Long> counts,
        List<Example> examples,
        List<String> notes) {

    /** How an event differs. */
    public enum Kind {
        /** It is in the first run only, although the second one sent it as well, or neither did. */
        ONLY_A("only in A"),
        /** It is in the second run only, although the first one sent it as well, or neither did. */
        ONLY_B("only in B"),
        /** It has other bytes or another key, apart from the run's tag in ids. */
        VALUES("values"),
        /** It is there more often in one of them. */
        COPIES("copies"),
        /** It came after a later event of its key in one of them only. */
        ORDER("order");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** Such as {@code only in A}. */
        public String word() {
            return word;
        }
    }

    /**
     * One event that differs.
     *
     * @param text what differs
     * @param replay a command that computes the event
     */
    public record Example(Kind kind, String stream, long sequence, String text, String replay) {}

    /** What one of the runs left; it is read once if there is no difference, and otherwise again, each time from its beginning. */
    @FunctionalInterface
    public interface Target {
        /** Opens the target. The caller closes the reader. */
        Opened open() throws Exception;
    }

    /** A reader at the beginning of what a run left, and what judges it. */
    public record Opened(SinkReader reader, SinkVerification verification) {}

    public RunComparison {
        counts = Map.copyOf(counts); // order never seen
        examples = List.copyOf(examples);
        notes = List.copyOf(notes);
    }

    /**
     * Reads both targets and compares them. The state is some bits per event at worst, and next to nothing for what arrived completely;
     * where events of both runs differ from what was sent, some hundred megabytes at most, and a further reading for each half million of
     * them.
     *
     * @param examples how many of each difference are kept
     * @throws IllegalArgumentException if the streams of the runs are not the same
     */
    public static RunComparison of(Target a, Target b, int examples) throws Exception {
        return new ComparedRuns(a, b, examples).compare();
    }

    /** Whether no event differs. */
    public boolean same() {
        return counts.values().stream().allMatch(count -> count == 0);
    }

    /** How many events have a difference. */
    public long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("Sink '" + sink + "' holds " + (same() ? "the same" : "other")
                + " events of run " + b + " (B) " + (same() ? "as" : "than") + " of run " + a + " (A)");
        fact(text, "records", Wording.count(recordsA) + " in A, " + Wording.count(recordsB) + " in B");
        fact(
                text,
                "compared",
                Wording.count(compared) + (compared == 1 ? " event that is" : " events that are") + " in both");
        for (Kind kind : Kind.values()) {
            String name = kind.word();
            for (Example example : examples) {
                if (example.kind() == kind) {
                    String count = name.isEmpty() ? "" : Wording.count(count(kind));
                    fact(
                            text,
                            name,
                            pad(count, 4) + " " + example.stream() + " " + example.sequence() + ": " + example.text());
                    text.append("\n                   ").append(example.replay());
                    name = "";
                }
            }
        }
        notes.forEach(note -> fact(text, "note", note));
        return text.toString();
    }

    private static void fact(StringBuilder text, String name, String what) {
        text.append("\n  ")
                .append(pad(name, 10))
                .append(name.isEmpty() ? "  " : ": ")
                .append(what);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
