package io.dataflux.verify;

import io.dataflux.ledger.Ranges;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outcome of a verification. Immutable. Its text is a headline, aligned facts, a line per finding with its count and what its
 * events have in common, and a line that computes these events again.
 *
 * <pre>{@code
 * if (!verdict.clean()) {
 *     throw new AssertionError(verdict.toString());
 * }
 * }</pre>
 */
public final class Verdict {

    private final String headline;
    private final boolean clean;
    private final boolean judgesOrder;
    private final boolean judgesKeys;
    private final long expected;
    private final long records;
    private final long repeated;
    private final List<String> facts;
    private final Map<Finding, FindingSummary> parts;
    private final Optional<Path> report;

    Verdict(
            String headline,
            boolean clean,
            boolean judgesOrder,
            boolean judgesKeys,
            long expected,
            long records,
            long repeated,
            List<String> facts,
            Map<Finding, FindingSummary> parts,
            Optional<Path> report) {
        this.headline = headline;
        this.clean = clean;
        this.judgesOrder = judgesOrder;
        this.judgesKeys = judgesKeys;
        this.expected = expected;
        this.records = records;
        this.repeated = repeated;
        this.facts = List.copyOf(facts);
        this.parts = parts;
        this.report = report;
    }

    /** How often something was found; {@link Finding} says what is counted. */
    public long count(Finding finding) {
        return part(finding).count;
    }

    /** The first examples of a finding, at most 1,000; lost events by event number, all others in the order of arrival. */
    public List<Example> examples(Finding finding) {
        return part(finding).examples;
    }

    /** The verdict in one line. */
    public String headline() {
        return headline;
    }

    /** Whether something was expected, all of it arrived as it should, and nothing else did. */
    public boolean clean() {
        return clean;
    }

    /**
     * Whether something was expected and only tolerated findings were made, such as {@link Finding#DUPLICATE} where at-least-once
     * delivery is enough.
     */
    public boolean cleanBut(Finding... tolerated) {
        return clean || expected > 0 && !parts.isEmpty() && List.of(tolerated).containsAll(parts.keySet());
    }

    /** Whether order per key was judged: the events have keys, and the arrivals are a log. */
    public boolean judgesOrder() {
        return judgesOrder;
    }

    /**
     * Whether the keys of records were judged: the arrivals have keys, and events should come out unchanged or {@link
     * Verification#keyedBy} says what the keys should be.
     */
    public boolean judgesKeys() {
        return judgesKeys;
    }

    /**
     * How many extra copies there were of events that were sent again when the run was resumed, at a target that promises at least
     * once. They are not a finding.
     */
    public long repeated() {
        return repeated;
    }

    /** How many events should have arrived: acknowledged, and meant for the target. */
    public long expected() {
        return expected;
    }

    /** How many records arrived. */
    public long records() {
        return records;
    }

    /** The lines below the headline. */
    public List<String> facts() {
        return facts;
    }

    /** Where {@code verdict.json} was written, if that was requested. */
    public Optional<Path> report() {
        return report;
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

    /** All findings, in the order of {@link Finding}, without those whose count is 0. */
    Map<Finding, FindingSummary> parts() {
        return parts;
    }

    Verdict reportedTo(Path file) {
        return new Verdict(
                headline, clean, judgesOrder, judgesKeys, expected, records, repeated, facts, parts, Optional.of(file));
    }

    Verdict withKeysJudged() {
        return new Verdict(headline, clean, judgesOrder, true, expected, records, repeated, facts, parts, report);
    }

    private FindingSummary part(Finding finding) {
        FindingSummary part = parts.get(finding);
        return part == null ? FindingSummary.NONE : part;
    }

    /**
     * One event or record that has a finding.
     *
     * @param stream the stream's name; {@code null} for a record that belongs to no stream
     * @param sequence the event's number; -1 for a record that belongs to no stream
     * @param source where it was found; {@code null} if it was not
     * @param offset its coordinate there; -1 if it was not found
     * @param text the example as text, such as {@code 512: total expected 1999 but was 1990}
     * @param expected the event as it should be; {@code null} where none is expected or the text would be too long
     * @param actual what was found, as text; {@code null} if nothing was or the text would be too long
     */
    public record Example(
            @Nullable String stream,
            long sequence,
            @Nullable String source,
            long offset,
            String text,
            @Nullable String expected,
            @Nullable String actual) {
        @Override
        public String toString() {
            return text;
        }
    }

    /** One finding: how often, what its events have in common, their sequences per stream (the lowest ones), and examples. */
    record FindingSummary(long count, String where, Map<String, Ranges> sequences, List<Example> examples) {
        static final FindingSummary NONE = new FindingSummary(0, "", Collections.emptyMap(), List.of());
    }
}
