package io.dataflux.results;

import io.dataflux.EventStream;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.results.Differences.Problem;
import io.dataflux.results.ResultVerdict.Difference;
import io.dataflux.results.ResultVerdict.Kind;
import io.dataflux.verify.DeliveredEvents;
import io.dataflux.verify.PatientReading;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Computes expected results, compares outputs with them, tries hypotheses if they differ, and puts all that into words. Not thread-safe. */
final class Judgement<T, R> {

    private static final int EXAMPLES = 1000;
    private static final int SHOWN = 3;
    private static final int EVENTS = 8;

    private final Results<T> results;
    private final RunReport report;
    private final DeliveredEvents delivered;
    private final Ledger.Stream sent;
    private final boolean paced;
    private final Expected<T> expected;

    /** The events of one result that differs. */
    private static final class Excerpt {
        private final Problem problem;
        private final long end;
        private final List<Long> sequences = new ArrayList<>();
        private long events;
        private long first = Long.MAX_VALUE;
        private long last = -1;

        Excerpt(Problem problem, long end) {
            this.problem = problem;
            this.end = end;
        }

        void add(long sequence) {
            events++;
            first = Math.min(first, sequence);
            last = Math.max(last, sequence);
            if (sequences.size() < EVENTS) {
                sequences.add(sequence);
            }
        }
    }

    Judgement(Results<T> results, RunReport report, DeliveredEvents delivered) {
        this.results = results;
        this.report = report;
        this.delivered = delivered;
        sent = report.ledger().streams().get(0);
        paced = !Double.isInfinite(report.speed())
                && report.validity() == Validity.VALID
                && report.ledger().touches().stream().noneMatch(touch -> touch.action() == Touch.Action.SPEED);
        expected = by(results.rules());
        compute(List.of(expected), List.of());
    }

    Expected<T> expected() {
        return expected;
    }

    private Expected<T> by(Rules rules) {
        return new Expected<>(results, rules, paced, delivered.stream().timeOf(sent.from()).toEpochMilli());
    }

    /** Goes through all deliveries once; each event is decoded once. */
    private void compute(List<Expected<T>> all, List<Excerpt> excerpts) {
        boolean copies = all.stream().anyMatch(each -> each.rules.copies());
        boolean broken = all.stream().anyMatch(each -> each.rules.broken());
        delivered.forEach(copies, delivery -> {
            if (broken || !delivery.broken()) {
                T event = results.decode(delivery.event());
                all.forEach(each -> each.add(delivery, event));
                for (Excerpt excerpt : excerpts) {
                    long time = results.timeOf(event, delivery);
                    if (time >= excerpt.problem.id().start()
                            && time < excerpt.end
                            && expected.takes(delivery, event)
                            && java.util.Objects.equals(results.keyOf(event), excerpt.problem.id().key())) {
                        excerpt.add(delivery.sequence());
                    }
                }
            }
        });
        all.forEach(Expected::finish);
    }

    ResultVerdict verdict(Outputs<R> outputs, PatientReading.Outcome<?> outcome) {
        Differences found = Differences.of(expected, outputs, 0);
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        found.problems().forEach(problem -> counts.merge(problem.kind(), 1L, Long::sum));
        put(counts, Kind.UNREADABLE, outputs.unreadable());
        put(counts, Kind.RETRACTED, outputs.strayRetractions());
        long required = expected.cells().stream().filter(Cell::required).count();
        boolean nothing = required == 0 && found.problems().isEmpty();
        boolean whole = outcome.readToEnd() && outcome.heldBack().isEmpty();
        boolean agrees = !nothing && whole && counts.isEmpty();

        List<Excerpt> excerpts = excerpts(found);
        Explained explained = found.problems().isEmpty()
                ? new Explained("", "")
                : explained(found, outputs, counts, excerpts);
        List<String> facts = new ArrayList<>();
        facts.add("expected  : " + count(required) + (required == 1 ? " result" : " results") + " of "
                + count(expected.counted()) + " events" + (exactWords()));
        facts.add("arrived   : " + (outputs.records() == 0 ? "nothing" : count(outputs.records()) + " records"));
        for (Kind kind : Kind.values()) {
            if (counts.containsKey(kind)) {
                facts.add(line(kind, counts.get(kind), found, outputs));
            }
        }
        excerpts.forEach(excerpt -> facts.add("events    : " + events(excerpt)));
        if (!explained.partly.isEmpty()) {
            facts.add("perhaps   : " + explained.partly);
        }
        notJudged(outputs).forEach(what -> facts.add("not judged: " + what));
        facts.add("ended     : " + outcome.ended()
                + (outcome.heldBack().isEmpty() ? "" : "; " + outcome.heldBack()));
        if (!agrees) {
            facts.add("replay    : " + replay(excerpts));
        }
        return new ResultVerdict(
                headline(nothing, agrees, whole && counts.isEmpty(), explained.all),
                agrees,
                whyNotExact(),
                required,
                outputs.records(),
                counts,
                found.problems().stream()
                        .limit(EXAMPLES)
                        .map(problem -> difference(problem, outputs))
                        .toList(),
                facts,
                explained.all);
    }

    private static void put(Map<Kind, Long> counts, Kind kind, long count) {
        if (count > 0) {
            counts.put(kind, count);
        }
    }

    private String headline(boolean nothing, boolean agrees, boolean unread, String explanation) {
        EventStream stream = delivered.stream();
        String origin = " stream '" + stream.name() + "' (seed " + stream.seed()
                + (results.seedSource().isEmpty() ? "" : " from " + results.seedSource()) + ", run " + report.tag()
                + ")";
        return nothing
                ? "Nothing to judge: no event that the run acknowledged belongs to any result of" + origin
                : agrees
                        ? "Results agree with" + origin
                        : (unread ? "Results were not read to their end, of" : "Results differ from") + origin
                                + (explanation.isEmpty() ? "" : ": " + explanation);
    }

    private record Explained(String all, String partly) {}

    /** Tries the hypotheses; only one by which nothing at all is wrong explains everything. */
    private Explained explained(
            Differences found, Outputs<R> outputs, Map<Kind, Long> counts, List<Excerpt> excerpts) {
        List<Hypothesis> hypotheses = Hypothesis.worthTrying(expected, outputs, results.bounded(), found);
        List<Expected<T>> others = new ArrayList<>();
        for (Hypothesis each : hypotheses) {
            others.add(each.shift() != 0 ? expected : by(each.rules()));
        }
        List<Expected<T>> computed =
                others.stream().filter(each -> each != expected).collect(Collectors.toList());
        if (expected.held() * computed.size() > results.most()) {
            compute(List.of(), excerpts);
            return new Explained("", "no common mistake was looked for, as that would hold more than "
                    + count(results.most()) + " values; atMost(...) allows more");
        }
        compute(computed, excerpts);
        boolean besides = counts.containsKey(Kind.UNREADABLE) || counts.containsKey(Kind.RETRACTED);
        String best = "";
        long most = 0;
        String last = lastNotClosed(found);
        if (!last.isEmpty() && !besides) {
            return new Explained(last, "");
        }
        for (int i = 0; i < hypotheses.size(); i++) {
            Differences left = Differences.of(others.get(i), outputs, hypotheses.get(i).shift());
            if (left.problems().isEmpty() && !hypotheses.get(i).vague() && !besides) {
                return new Explained(hypotheses.get(i).words(), "");
            }
            long explains = found.places().stream()
                            .filter(place -> !left.places().contains(place))
                            .count()
                    - left.places().stream()
                            .filter(place -> !found.places().contains(place))
                            .count();
            if (explains > most) {
                most = explains;
                best = hypotheses.get(i).words();
            }
        }
        return new Explained(
                "",
                best.isEmpty()
                        ? ""
                        : best + ", which may explain " + count(most) + " of "
                                + count(found.places().size()));
    }

    /** Whether exactly those results are missing whose windows no event closes. */
    private String lastNotClosed(Differences found) {
        long closed = expected.maybeClosedUpTo();
        boolean all = found.problems().stream()
                .allMatch(problem -> problem.kind() == Kind.MISSING
                        && problem.cell() != null
                        && problem.cell().end != Cell.NO_END
                        && problem.cell().end > closed);
        long open = expected.cells().stream()
                .filter(cell -> cell.required() && cell.end > closed)
                .count();
        return all && open == found.problems().size()
                ? "the last windows were not closed; no event is late enough to close them"
                : "";
    }

    private List<Excerpt> excerpts(Differences found) {
        List<Excerpt> excerpts = new ArrayList<>();
        Windows windows = expected.rules.windows();
        if (!(windows instanceof Windows.Counted)) {
            found.problems().stream().limit(SHOWN).forEach(problem -> excerpts.add(new Excerpt(problem, end(problem))));
        }
        return excerpts;
    }

    private long end(Problem problem) {
        Windows windows = expected.rules.windows();
        long start = problem.id().start();
        return problem.cell() != null
                ? problem.cell().end
                : windows instanceof Windows.Slices slices
                        ? slices.end(start)
                        : windows instanceof Windows.Sessions sessions ? start + sessions.gap() : Cell.NO_END;
    }

    private String events(Excerpt excerpt) {
        String place = place(excerpt.problem);
        if (excerpt.events == 0) {
            return place + " has none";
        }
        long more = excerpt.events - excerpt.sequences.size();
        return place + " has "
                + excerpt.sequences.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + (more == 0 ? "" : " and " + count(more) + " more");
    }

    private String replay(List<Excerpt> excerpts) {
        long from = excerpts.stream().mapToLong(each -> each.first).min().orElse(Long.MAX_VALUE);
        long to = excerpts.stream().mapToLong(each -> each.last + 1).max().orElse(0);
        boolean some = from < to;
        long first = some ? from : sent.from();
        long events = (some ? to : sent.limit()) - first;
        return results.replay() != null
                ? results.replay().line(first, events)
                : "./dataflux sample " + delivered.stream().name() + " --seed "
                        + delivered.stream().seed() + " --from " + first + " --count " + events + " --tag "
                        + report.tag();
    }

    private String line(Kind kind, long count, Differences found, Outputs<R> outputs) {
        String examples = kind == Kind.UNREADABLE
                ? outputs.whyUnreadable()
                : kind == Kind.RETRACTED
                        ? "took back a result that was not there"
                        : found.problems().stream()
                                .filter(problem -> problem.kind() == kind)
                                .limit(SHOWN)
                                .map(problem -> text(problem, outputs))
                                .collect(Collectors.joining("; "));
        return String.format(Locale.ROOT, "%-10s: %-4s %s", kind.word(), count(count), examples)
                + (count > SHOWN && kind != Kind.UNREADABLE && kind != Kind.RETRACTED
                        ? "; and " + count(count - SHOWN) + " more"
                        : "");
    }

    private Difference difference(Problem problem, Outputs<R> outputs) {
        return new Difference(
                problem.kind(),
                problem.id().key(),
                Cell.window(problem.id().start(), end(problem), expected.rules.windows()),
                text(problem, outputs));
    }

    private String text(Problem problem, Outputs<R> outputs) {
        return place(problem) + ": " + Differences.words(problem, outputs);
    }

    private String place(Problem problem) {
        String window = Cell.window(problem.id().start(), end(problem), expected.rules.windows());
        return (results.isKeyed() ? "key " + Normal.text(problem.id().key()) + " in " : "") + window;
    }

    private String exactWords() {
        String why = whyNotExact();
        return why.isEmpty() ? ", all exact" : "; " + why;
    }

    private String whyNotExact() {
        long bounds = expected.cells().stream().filter(cell -> !cell.exact()).count();
        long places = expected.undecidedPlaces();
        if (bounds == 0 && places == 0) {
            return "";
        }
        return count(bounds) + (bounds == 1 ? " has" : " have") + " bounds only"
                + (places == 0 ? "" : " and " + count(places) + " are not judged")
                + (expected.undecidedEvents() == 0
                        ? ""
                        : ", because " + times(expected.undecidedEvents()) + " an event may count or not: "
                                + cause())
                + (results.mayLackLast() ? ", or because their windows may not be closed" : "");
    }

    private @Nullable String cause() {
        boolean unknown = report.unknown() > 0;
        return unknown
                ? "whether some arrived is not known, and late ones may be dropped"
                : expected.rules.late() == Results.Late.EITHER
                        ? "late ones may be dropped, by late(EITHER)"
                        : Double.isInfinite(report.speed())
                                ? "the run was as fast as possible, so it is not known how far time had come;"
                                        + " give it a rate(...)"
                                : !paced
                                        ? "the run did not keep to its schedule (" + report.validity() + ")"
                                        : !results.slackIsKnown()
                                                ? "slack(...) does not say how exactly the system follows the time"
                                                : "it came within the slack of when its window was closed";
    }

    private List<String> notJudged(Outputs<R> outputs) {
        List<String> not = new ArrayList<>();
        String left = results.aggregates().stream()
                .map(Aggregate::name)
                .filter(name -> outputs.shape().values().stream()
                        .noneMatch(value -> value.name().equals(name)))
                .collect(Collectors.joining(", "));
        if (!left.isEmpty()) {
            not.add(left + ", which no value(...) reads");
        }
        if (expected.dropped() > 0) {
            not.add("where events went that were certainly too late for a window, " + times(expected.dropped())
                    + "; they must not count");
        }
        return not;
    }

    private static String times(long number) {
        return number == 1 ? "once" : count(number) + " times";
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
