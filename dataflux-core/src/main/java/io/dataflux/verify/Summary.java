package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Faults;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.Verdict.Example;
import io.dataflux.verify.Verdict.FindingSummary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns what was counted into the text of one {@link Verdict}. */
final class Summary {

    private static final Set<Finding> WITH_EXPECTED = EnumSet.of(Finding.LOST, Finding.PENDING, Finding.CORRUPTED);
    private static final int SHOWN = 3;
    private static final int LABEL = 9;
    private static final int COUNT = 4;
    private static final long LONGEST_REPLAY = 10_000;
    private static final long SPARSEST_REPLAY = 20;
    private static final int EXPECTED_TEXT = 4 << 20;
    private static final int MOST_RANGES = 1000;

    private final JudgedRun judged;
    private final Observed observed;
    private final long expected;
    private final Wording wording;

    /** @param expected how many events were acknowledged and meant to arrive */
    Summary(Observed observed, long expected, Wording wording) {
        this.judged = observed.judged;
        this.observed = observed;
        this.expected = expected;
        this.wording = wording;
    }

    Verdict verdict() {
        Map<Finding, FindingSummary> parts = new EnumMap<>(Finding.class);
        observed.tallies().forEach((finding, tally) -> {
            if (tally.count() > 0) {
                parts.put(finding, part(finding, tally));
            }
        });
        boolean agreed = expected == wording.counted();
        boolean clean = expected > 0 && agreed && wording.readToEnd() && parts.isEmpty();
        String headline = expected == 0 ? wording.empty() : clean ? cleanHeadline() : wording.differs();
        return new Verdict(
                headline + " (" + wording.origin() + ")",
                clean,
                wording.readToEnd(),
                wording.readToEnd()
                        ? Optional.ofNullable(observed.orderNotJudged())
                        : Optional.of("the arrivals were not read to their end"),
                false,
                expected,
                observed.records(),
                observed.repeats(),
                facts(agreed, clean, parts),
                Collections.unmodifiableMap(parts),
                new Coverage(observed, wording).aspects(),
                Optional.empty());
    }

    private String cleanHeadline() {
        return observed.removals.notJudged() == 0 ? wording.clean() : wording.cleanAsKept();
    }

    private List<String> facts(boolean agreed, boolean clean, Map<Finding, FindingSummary> parts) {
        Map<String, List<String>> facts = new LinkedHashMap<>();
        facts.put("expected", List.of(expectedText()));
        List<String> planned = planned();
        if (!planned.isEmpty()) {
            facts.put("planned", planned);
        }
        facts.put("arrived", List.of(arrivedText(clean)));
        if (observed.repeats() > 0) {
            facts.put(
                    "repeated",
                    List.of(Wording.count(observed.repeats()) + (observed.repeats() == 1 ? " copy" : " copies")
                            + " of events that were sent again when the run was resumed"));
        }
        if (!observed.removals.words().isEmpty()) {
            facts.put("kept", observed.removals.words());
        }
        if (!agreed) {
            facts.put("ledger", List.of(wording.disagreement().apply(expected)));
        }
        int width = COUNT;
        for (FindingSummary part : parts.values()) {
            width = Math.max(width, Wording.count(part.count()).length());
        }
        for (Map.Entry<Finding, FindingSummary> entry : parts.entrySet()) {
            facts.put(entry.getKey().word(), lines(entry.getKey(), entry.getValue(), width));
        }
        List<String> notes = notes();
        if (!notes.isEmpty()) {
            facts.put("note", notes);
        }
        if (!wording.ended().isEmpty()) {
            facts.put("ended", List.of(wording.ended()));
        }
        replay().ifPresent(line -> facts.put("replay", List.of(line)));
        return aligned(facts);
    }

    /** The faults that the streams were sent with. */
    private List<String> planned() {
        Set<String> planned = new LinkedHashSet<>(); // what is alike in two epochs of a stream is said once
        for (CompiledStream stream : judged.streams()) {
            Faults faults = stream.definition().faults();
            if (faults != null) {
                planned.add((judged.streams().size() == 1 ? "" : stream.name() + " ") + faults);
            }
        }
        return List.copyOf(planned);
    }

    private String expectedText() {
        long acknowledged = sum(Standing.ACKNOWLEDGED);
        long failed = sum(Standing.FAILED);
        long unknown = sum(Standing.UNKNOWN);
        long missing = missing();
        return Wording.count(wording.moreExpected().isEmpty() ? expected : acknowledged) + " acknowledged"
                + (missing == 0
                        ? ""
                        : " of " + Wording.count(acknowledged + failed + unknown + missing)
                                + " planned: the run ended before its limit")
                + wording.moreExpected()
                + (failed == 0 ? "" : ", " + Wording.count(failed) + " failed")
                + (unknown == 0
                        ? ""
                        : ", " + Wording.count(unknown) + " unknown, of which "
                                + Wording.count(observed.seen(Standing.UNKNOWN)) + " arrived");
    }

    private String arrivedText(boolean clean) {
        long records = observed.records();
        if (records == 0) {
            return "nothing";
        }
        Sources sources = observed.sources();
        String in = sources.count() == 1 ? sources.name(0) : Wording.count(sources.count()) + " sources";
        return Wording.count(records) + (records == 1 ? " record" : " records") + " in " + in
                + (clean ? howOften() + order() : "");
    }

    private String howOften() {
        boolean planned =
                judged.streams().stream().anyMatch(stream -> stream.definition().faults() != null);
        return planned ? ", as planned" : observed.repeats() == 0 ? ", each once and unchanged" : ", each unchanged";
    }

    private String order() {
        return observed.orderNotJudged() == null
                ? ", in order per key"
                : observed.scatteredKeys() > 0
                        ? ", order not judged for " + Wording.count(observed.scatteredKeys()) + " of "
                                + Wording.count(observed.keys()) + " keys"
                        : "";
    }

    /** A single event by itself; of several what they share, and below it the first three. */
    private List<String> lines(Finding finding, FindingSummary part, int width) {
        String count = Wording.count(part.count());
        String start = count + " ".repeat(width - count.length() + 1);
        if (part.count() == 1) {
            return List.of(start + part.examples().get(0).text());
        }
        long more = finding == Finding.DUPLICATE ? observed.copies() : 0;
        List<String> lines = new ArrayList<>();
        lines.add(start + part.where() + (more > part.count() ? ", " + Wording.count(more) + " extra copies" : ""));
        for (Example example :
                part.examples().subList(0, Math.min(SHOWN, part.examples().size()))) {
            lines.add(" ".repeat(width + 1) + example.text());
        }
        return lines;
    }

    /** What limits the verdict. */
    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        observed.tallies().forEach((finding, tally) -> {
            if (tally.notListed() > 0) {
                notes.add(Wording.count(tally.notListed()) + " of the events that are " + finding.word()
                        + " are only counted: there was no time to list them all");
            }
        });
        for (StreamState state : observed.states) {
            if (state.stream.definition().identity().isEmpty()
                    && state.seen(Standing.ACKNOWLEDGED) == 0
                    && observed.count(Finding.FOREIGN) > 0) {
                notes.add("stream '" + state.stream.name()
                        + "' declares no identity, and the records that arrived have no headers:"
                        + " declare an identity to judge it");
            }
        }
        String touched = judged.ledger().touched();
        if (!touched.isEmpty()) {
            notes.add(touched + ": that moved no event, only when it was sent");
        }
        judged.ledger().drills().forEach(drill -> notes.add(drill.words()));
        List<String> changes = judged.ledger().changes();
        notes.addAll(changes);
        if (!changes.isEmpty()) {
            notes.add(
                    "the streams were changed while the run went on: each event is judged by the definition that it had, and the order of a key within that");
        }
        if (!wording.heldBack().isEmpty()) {
            notes.add("not read to the end: " + wording.heldBack());
        }
        if (observed.acceptsAnyOrder()) {
            notes.add("order per key was not judged: the sink does not promise it");
        }
        String why = observed.orderNotJudged();
        if (why != null && observed.judgesOrderInParts()) {
            notes.add("order was judged in parts: " + why);
        }
        return notes;
    }

    /** The line that computes the events of the first finding again. */
    private Optional<String> replay() {
        for (FindingTally tally : observed.tallies().values()) {
            for (Map.Entry<Integer, Sequences> entry : tally.sequences().entrySet()) {
                Sequences in = entry.getValue();
                long reach = in.to() - in.from();
                boolean close = reach <= LONGEST_REPLAY && reach / SPARSEST_REPLAY <= tally.count();
                long count = close ? reach : in.endOfFirst() - in.from();
                return Optional.of(wording.replay().line(stream(entry.getKey()), in.from(), count));
            }
        }
        return Optional.empty();
    }

    private FindingSummary part(Finding finding, FindingTally tally) {
        Map<String, Ranges> sequences = new LinkedHashMap<>();
        tally.sequences().forEach((stream, in) -> sequences.put(stream(stream).name(), in.ranges(MOST_RANGES)));
        List<Example> examples = new ArrayList<>();
        int room = EXPECTED_TEXT;
        NoticedPlaces places = tally.places();
        for (Noticed sight : tally.sights()) {
            String expected = null;
            if (room > 0 && WITH_EXPECTED.contains(finding)) {
                expected = wording.expected().apply(sight.stream, sight.sequence);
                room -= expected.length();
            }
            int at = examples.size();
            examples.add(example(finding, sight, at < places.size() ? places.difference(at) : null, expected));
        }
        return new FindingSummary(
                tally.count(),
                tally.where() + sharedPlan(tally) + Drilled.words(observed.judged, tally.sequences()),
                Collections.unmodifiableMap(sequences),
                Collections.unmodifiableList(examples),
                rest(finding, tally));
    }

    /** What the examples leave out, as it is now; each is made when it is asked for. */
    private Supplier<Stream<Example>> rest(Finding finding, FindingTally tally) {
        int from = tally.sights().size();
        NoticedPlaces places = tally.places();
        int to = places.size();
        boolean missing = to == 0;
        Map<Integer, Sequences> sequences = new TreeMap<>();
        if (tally.count() > Math.max(from, to)) {
            (missing ? tally.sequences() : tally.further()).forEach((stream, in) -> sequences.put(stream, in.copy()));
        }
        return () -> Stream.concat(
                IntStream.range(from, Math.max(from, to)).mapToObj(i -> placed(finding, places, i)),
                sequences.entrySet().stream()
                        .flatMap(in -> in.getValue().all().mapToObj(n -> unplaced(finding, in.getKey(), n)))
                        .skip(missing ? from : 0));
    }

    private Example placed(Finding finding, NoticedPlaces places, int i) {
        String said = places.what(i);
        String difference = places.difference(i);
        String what = said != null ? said : inGeneral(finding, difference);
        Noticed sight =
                new Noticed(places.stream(i), places.sequence(i), places.source(i), places.offset(i), what, null);
        return example(finding, sight, difference, null);
    }

    private Example unplaced(Finding finding, int stream, long sequence) {
        Noticed sight = new Noticed(stream, sequence, null, -1, inGeneral(finding, null), null);
        return example(finding, sight, null, null);
    }

    /** What is said of an event of which the details are not kept. */
    private static String inGeneral(Finding finding, @Nullable String difference) {
        return switch (finding) {
            case REORDERED -> "came after a later event of the same key";
            case CORRUPTED -> (difference == null ? "the record" : difference) + " differs";
            case FOREIGN -> "is not an event of this run";
            default -> "";
        };
    }

    /** Which planned fault the examples have in common, such as {@code , all planned late}; empty if none. */
    private String sharedPlan(FindingTally tally) {
        if (planned().isEmpty()) {
            return "";
        }
        List<Set<String>> plans = tally.sights().stream()
                .map(sight -> sight.stream == Noticed.NO_STREAM
                        ? Set.<String>of()
                        : FaultWords.kinds(stream(sight.stream), sight.sequence))
                .toList();
        for (String kind : FaultWords.KINDS) {
            CommonTrait<String> share = new CommonTrait<>();
            plans.forEach(plan -> share.add(plan.contains(kind) ? kind : null));
            if (share.telling() != null) {
                boolean some = tally.sights().size() < tally.count();
                return ", " + share.amount(kind) + (some ? " examined" : "") + " planned " + kind;
            }
        }
        return "";
    }

    private Example example(Finding finding, Noticed sight, @Nullable String difference, @Nullable String expected) {
        byte[] actual = sight.actual;
        return new Example(
                finding,
                sight.stream == Noticed.NO_STREAM ? null : stream(sight.stream).name(),
                sight.sequence,
                sight.source,
                sight.offset,
                difference,
                text(finding, sight),
                expected,
                actual == null ? null : new String(actual, StandardCharsets.UTF_8));
    }

    private String text(Finding finding, Noticed sight) {
        String at = sight.source == null ? "somewhere" : sight.source + " offset " + sight.offset;
        if (sight.stream == Noticed.NO_STREAM) {
            return at + ": " + sight.what;
        }
        String name = judged.name(sight.stream, sight.sequence);
        String plan = FaultWords.of(stream(sight.stream), sight.sequence);
        return text(finding, sight, name, at) + (plan.isEmpty() ? "" : "; planned: " + plan);
    }

    private String text(Finding finding, Noticed sight, String name, String at) {
        return switch (finding) {
            case LOST, PENDING -> name + lostDetails(sight);
            case DUPLICATE -> name + (sight.times > 1 ? " (" + sight.times + " times)" : " came more than once");
            case REORDERED -> name + " " + sight.what;
            case CORRUPTED -> name + ": " + sight.what;
            case FOREIGN -> name;
            case PHANTOM -> name + (sight.what.isEmpty() ? " was never issued (" : " " + sight.what + " (") + at + ")";
            case MISROUTED ->
                name + " " + (sight.what.isEmpty() ? "was meant for other sinks" : sight.what) + " (" + at + ")";
            case RESURRECTED -> name + " was reported as failed (" + at + ")";
        };
    }

    private String lostDetails(Noticed sight) {
        String key = stream(sight.stream).event(sight.sequence).key();
        String home = sight.source == null || observed.sources().count() == 1
                ? ""
                : ", whose other events are in " + sight.source;
        return (key == null ? "" : " (key " + key + home + ")") + (sight.what.isEmpty() ? "" : " " + sight.what);
    }

    private static List<String> aligned(Map<String, List<String>> facts) {
        int width = LABEL;
        for (String label : facts.keySet()) {
            width = Math.max(width, label.length());
        }
        List<String> lines = new ArrayList<>();
        for (Map.Entry<String, List<String>> fact : facts.entrySet()) {
            String label = fact.getKey();
            for (String text : fact.getValue()) {
                lines.add(label + " ".repeat(width - label.length()) + (label.isEmpty() ? "   " : " : ") + text);
                label = "";
            }
        }
        return lines;
    }

    private CompiledStream stream(int index) {
        return observed.states[index].stream;
    }

    /** How many events a run that was stopped did not reach. */
    private long missing() {
        long sum = 0;
        for (int i = 0; i < observed.states.length; i++) {
            sum += judged.counts(i).map(StreamLedger::missing).orElse(0L);
        }
        return sum;
    }

    private long sum(Standing standing) {
        long sum = 0;
        for (int i = 0; i < observed.states.length; i++) {
            sum += judged.counts(i)
                    .map(counts -> switch (standing) {
                        case ACKNOWLEDGED -> counts.acknowledged();
                        case FAILED -> counts.failed();
                        case UNKNOWN -> counts.unknown();
                        case NOT_ISSUED -> 0L;
                    })
                    .orElse(0L);
        }
        return sum;
    }
}
