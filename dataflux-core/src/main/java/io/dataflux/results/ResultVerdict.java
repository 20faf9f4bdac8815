package io.dataflux.results;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of judging results. Immutable. Its text is a headline, aligned facts, a line per kind of difference, the events in the first
 * of them, and a line that computes these events again.
 */
public final class ResultVerdict {

    /** A way in which the result of a key and window differs; the most harmful first. */
    public enum Kind {
        /** There is none. */
        MISSING,
        /** A value is none that is allowed. */
        WRONG,
        /** No event belongs to this key and window. */
        UNEXPECTED,
        /** There is more than one. */
        TWICE,
        /** A record could not be read. */
        UNREADABLE,
        /** A record takes back a result that is not there. */
        RETRACTED;

        String word() {
            return this == TWICE ? "twice" : name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One result that differs.
     *
     * @param key null if results have no keys, or for the key null
     * @param window as text, such as {@code [2025-01-01T00:00:00Z, 2025-01-01T00:01:00Z)}
     * @param text the difference, with key and window
     */
    public record Difference(Kind kind, @Nullable Object key, String window, String text) {
        @Override
        public String toString() {
            return text;
        }
    }

    private final String headline;
    private final boolean agrees;
    private final String whyNotExact;
    private final long expected;
    private final long records;
    private final Map<Kind, Long> counts;
    private final List<Difference> differences;
    private final List<String> facts;
    private final String explanation;

    ResultVerdict(
            String headline,
            boolean agrees,
            String whyNotExact,
            long expected,
            long records,
            Map<Kind, Long> counts,
            List<Difference> differences,
            List<String> facts,
            String explanation) {
        this.headline = headline;
        this.agrees = agrees;
        this.whyNotExact = whyNotExact;
        this.expected = expected;
        this.records = records;
        this.counts = Collections.unmodifiableMap(counts);
        this.differences = List.copyOf(differences);
        this.facts = List.copyOf(facts);
        this.explanation = explanation;
    }

    /** Whether results were expected, all of them are there and allowed, and nothing else is. */
    public boolean agrees() {
        return agrees;
    }

    /** Whether only one value of each result was allowed; if not, {@link #whyNotExact} says why. */
    public boolean exact() {
        return whyNotExact.isEmpty();
    }

    /** Why some results have bounds only, or are not judged, as a sentence; empty if all are exact. */
    public String whyNotExact() {
        return whyNotExact;
    }

    /** How many keys and windows must have a result. */
    public long expected() {
        return expected;
    }

    /** How many records were read, of a snapshot in its last reading. */
    public long records() {
        return records;
    }

    /** How many keys and windows differ in that way, or how many records. */
    public long count(Kind kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** The first 1,000 differences, by window and key. */
    public List<Difference> differences() {
        return differences;
    }

    /** The common mistake that explains all differences, as a clause such as {@code late events count}; empty if none does. */
    public String explanation() {
        return explanation;
    }

    /** The verdict in one line. */
    public String headline() {
        return headline;
    }

    /** The lines below the headline. */
    public List<String> facts() {
        return facts;
    }

    /** The headline and all facts, for people; no line end at the end. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(headline);
        for (String fact : facts) {
            text.append("\n  ").append(fact);
        }
        return text.toString();
    }
}
