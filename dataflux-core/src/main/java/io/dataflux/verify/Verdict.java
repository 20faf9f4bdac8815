package io.dataflux.verify;

import io.dataflux.Thresholds;
import io.dataflux.ledger.Ranges;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
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
    private final boolean readToEnd;
    private final Optional<String> orderNotJudged;
    private final boolean judgesKeys;
    private final long expected;
    private final long records;
    private final long repeated;
    private final List<String> facts;
    private final Map<Finding, FindingSummary> parts;
    private final List<Aspect> aspects;
    private final Optional<Path> report;

    Verdict(
            String headline,
            boolean clean,
            boolean readToEnd,
            Optional<String> orderNotJudged,
            boolean judgesKeys,
            long expected,
            long records,
            long repeated,
            List<String> facts,
            Map<Finding, FindingSummary> parts,
            List<Aspect> aspects,
            Optional<Path> report) {
        this.headline = headline;
        this.clean = clean;
        this.readToEnd = readToEnd;
        this.orderNotJudged = orderNotJudged;
        this.judgesKeys = judgesKeys;
        this.expected = expected;
        this.records = records;
        this.repeated = repeated;
        this.facts = List.copyOf(facts);
        this.parts = parts;
        this.aspects = List.copyOf(aspects);
        this.report = report;
    }

    /** A verdict that was given up before anything could be said. */
    static Verdict unfinished(String headline, long records, String why) {
        return new Verdict(
                headline,
                false,
                false,
                Optional.of("the verification did not come to an end"),
                false,
                0,
                records,
                0,
                List.of("arrived   : " + Wording.count(records) + " records were read", "ended     : " + why),
                Collections.emptyMap(),
                List.of(),
                Optional.empty());
    }

    /** How often something was found; {@link Finding} says what is counted. */
    public long count(Finding finding) {
        return part(finding).count;
    }

    /**
     * The first examples of a finding, at most 1,000; lost events by event number, all others in the order of arrival.
     *
     * @see #findings(Finding)
     */
    public List<Example> examples(Finding finding) {
        return part(finding).examples;
    }

    /**
     * Everything that was found, the most harmful finding first; see {@link #findings(Finding)}.
     *
     * <pre>{@code
     * List<Long> lost = verdict.findings(Finding.LOST).map(Verdict.Example::sequence).toList();
     * }</pre>
     */
    public Stream<Example> findings() {
        return parts.keySet().stream().flatMap(this::findings);
    }

    /**
     * All that has a finding: the {@link #examples} and after them the others in the same order, each made when it is asked for, so that
     * millions can be streamed. How much is known of each depends on how many there are:
     *
     * <ul>
     *   <li>the first 1,000 have everything, and what was expected and what arrived for as long as these are not more than 4 MiB in all;
     *   <li>the first 1,000,000 that arrived have stream, event number, source, offset and what differs; texts of which there are
     *       more than 4,000 different ones are left out;
     *   <li>what arrived beyond that has stream and event number, each event once; records that are no event of the run are only counted;
     *   <li>missing events have stream and event number, however many they are, unless there was no time to list them (the verdict then
     *       says how many it only counted). What they should have been can be computed.
     * </ul>
     *
     * <p>The verdict keeps a bit per event for that, and 24 bytes for each of the first 1,000,000 that arrived.
     */
    public Stream<Example> findings(Finding finding) {
        FindingSummary part = part(finding);
        return Stream.concat(part.examples.stream(), part.rest.get());
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
        return clean
                || expected > 0
                        && readToEnd
                        && !parts.isEmpty()
                        && List.of(tolerated).containsAll(parts.keySet());
    }

    /** What was found beyond what these thresholds allow, one sentence each; empty if the verdict passes. */
    public List<String> beyond(Thresholds thresholds) {
        if (clean) {
            return List.of();
        }
        List<String> beyond = new ArrayList<>();
        parts.forEach((finding, part) -> {
            long allowed = thresholds.findings().getOrDefault(finding.word(), 0L);
            if (part.count() > allowed) {
                beyond.add(Wording.count(part.count()) + " " + finding.word() + ", but at most "
                        + Wording.count(allowed) + " are allowed");
            }
        });
        if (beyond.isEmpty() && !cleanBut(parts.keySet().toArray(Finding[]::new))) {
            beyond.add(headline);
        }
        return beyond;
    }

    /** Whether the arrivals were read to their end. If not, what is missing may be there, and the verdict is not clean. */
    public boolean readToEnd() {
        return readToEnd;
    }

    /** Whether order per key was judged, for all keys that came; if not, {@link #orderNotJudged} says why. */
    public boolean judgesOrder() {
        return orderNotJudged.isEmpty();
    }

    /**
     * Why order per key was not judged, or not for all keys, as a clause such as {@code a snapshot has no order}; empty if it was. A key
     * that came in more than one source, such as two partitions, is judged within each of them only: {@code 151 of 200 keys came in more
     * than one source, and nothing says which source comes first}.
     */
    public Optional<String> orderNotJudged() {
        return orderNotJudged;
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

    /**
     * What this verdict looked at and what it did not, of everything that can be asked of a delivery; empty for a verdict that was given up.
     * What is not judged can be wrong although the verdict is clean.
     */
    public List<Aspect> aspects() {
        return aspects;
    }

    /** Those of the {@link #aspects} that were judged completely. */
    public List<Aspect> judged() {
        return aspects.stream().filter(Aspect::judged).toList();
    }

    /** Those of the {@link #aspects} that were not judged, or not completely. */
    public List<Aspect> notJudged() {
        return aspects.stream().filter(aspect -> !aspect.judged()).toList();
    }

    /** All {@link #aspects} as a table for people, those that were judged first; no line end at the end. */
    public String explained() {
        return Coverage.table(aspects);
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
                headline,
                clean,
                readToEnd,
                orderNotJudged,
                judgesKeys,
                expected,
                records,
                repeated,
                facts,
                parts,
                aspects,
                Optional.of(file));
    }

    Verdict withKeysJudged() {
        return new Verdict(
                headline,
                clean,
                readToEnd,
                orderNotJudged,
                true,
                expected,
                records,
                repeated,
                facts,
                parts,
                aspects,
                report);
    }

    private FindingSummary part(Finding finding) {
        FindingSummary part = parts.get(finding);
        return part == null ? FindingSummary.NONE : part;
    }

    /**
     * Something that can be asked of a delivery.
     *
     * @param name such as {@code order per key}
     * @param judged whether it was judged, for everything that came
     * @param how how it was judged; or why it was not, and by which option it would be
     */
    public record Aspect(String name, boolean judged, String how) {
        @Override
        public String toString() {
            return name + (judged ? ": " : " is not judged: ") + how;
        }
    }

    /**
     * One event or record that has a finding.
     *
     * @param finding which one
     * @param stream the stream's name; {@code null} for a record that belongs to no stream
     * @param sequence the event's number; -1 for a record that belongs to no stream
     * @param source where it was found; {@code null} if it was not
     * @param offset its coordinate there; -1 if it was not found
     * @param difference what differs, such as {@code total}, {@code key} or {@code header}; {@code null} if nothing does or it is not known
     * @param text the example as text, such as {@code 512: total expected 1999 but was 1990}
     * @param expected the event as it should be; {@code null} where none is expected or the text would be too long
     * @param actual what was found, as text; {@code null} if nothing was or the text would be too long
     */
    public record Example(
            Finding finding,
            @Nullable String stream,
            long sequence,
            @Nullable String source,
            long offset,
            @Nullable String difference,
            String text,
            @Nullable String expected,
            @Nullable String actual) {
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * One finding: how often, what its events have in common, their sequences per stream (the lowest 1,000 ranges), examples, and all that
     * the examples leave out.
     */
    record FindingSummary(
            long count,
            String where,
            Map<String, Ranges> sequences,
            List<Example> examples,
            Supplier<Stream<Example>> rest) {
        static final FindingSummary NONE = new FindingSummary(0, "", Collections.emptyMap(), List.of(), Stream::empty);
    }
}
