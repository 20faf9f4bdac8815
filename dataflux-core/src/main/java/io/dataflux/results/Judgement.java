package io.dataflux.results;

import io.dataflux.EventStream;
import io.dataflux.RunReport;
import io.dataflux.results.Computation.Excerpt;
import io.dataflux.results.Differences.Problem;
import io.dataflux.results.ResultVerdict.Difference;
import io.dataflux.results.ResultVerdict.Kind;
import io.dataflux.verify.PatientReading;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares outputs with what is expected and puts the differences into words. Not thread-safe. */
final class Judgement<T, R> {

    private static final int EXAMPLES = 1000;
    private static final int SHOWN = 3;

    private final Asked<T> asked;
    private final Computation<T> computation;
    private final RunReport report;
    private final Expected<T> expected;

    Judgement(Asked<T> asked, Computation<T> computation) {
        this.asked = asked;
        this.computation = computation;
        report = computation.report();
        expected = computation.expected();
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
        Explanation explained = found.problems().isEmpty()
                ? Explanation.NONE
                : Explanation.of(
                        computation,
                        found,
                        outputs,
                        excerpts,
                        counts.containsKey(Kind.UNREADABLE) || counts.containsKey(Kind.RETRACTED));
        List<String> facts = new ArrayList<>();
        facts.add("expected  : " + count(required) + (required == 1 ? " result" : " results") + " of "
                + count(expected.counted()) + " events" + exactWords());
        facts.add("arrived   : " + (outputs.records() == 0 ? "nothing" : count(outputs.records()) + " records"));
        for (Kind kind : Kind.values()) {
            if (counts.containsKey(kind)) {
                facts.add(line(kind, counts.get(kind), found, outputs));
            }
        }
        excerpts.forEach(excerpt -> facts.add("events    : " + events(excerpt)));
        if (!explained.partly().isEmpty()) {
            facts.add("perhaps   : " + explained.partly());
        }
        notJudged(outputs).forEach(what -> facts.add("not judged: " + what));
        facts.add("ended     : " + outcome.ended() + (outcome.heldBack().isEmpty() ? "" : "; " + outcome.heldBack()));
        if (!agrees) {
            facts.add("replay    : " + replay(excerpts));
        }
        return new ResultVerdict(
                headline(nothing, agrees, whole && counts.isEmpty(), explained.all()),
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
                explained.all());
    }

    private static void put(Map<Kind, Long> counts, Kind kind, long count) {
        if (count > 0) {
            counts.put(kind, count);
        }
    }

    private String headline(boolean nothing, boolean agrees, boolean unread, String explanation) {
        EventStream stream = computation.stream();
        String origin = " stream '" + stream.name() + "' (seed " + stream.seed()
                + (asked.seedSource.isEmpty() ? "" : " from " + asked.seedSource) + ", run " + report.tag()
                + ")";
        return nothing
                ? "Nothing to judge: no event that the run acknowledged belongs to any result of" + origin
                : agrees
                        ? "Results agree with" + origin
                        : (unread ? "Results were not read to their end, of" : "Results differ from")
                                + origin
                                + (explanation.isEmpty() ? "" : ": " + explanation);
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
        String place = place(excerpt.problem());
        if (excerpt.events() == 0) {
            return place + " has none";
        }
        long more = excerpt.events() - excerpt.sequences().size();
        return place + " has "
                + excerpt.sequences().stream().map(String::valueOf).collect(Collectors.joining(", "))
                + (more == 0 ? "" : " and " + count(more) + " more");
    }

    private String replay(List<Excerpt> excerpts) {
        long from = excerpts.stream().mapToLong(each -> each.first()).min().orElse(Long.MAX_VALUE);
        long to = excerpts.stream().mapToLong(each -> each.last() + 1).max().orElse(0);
        boolean some = from < to;
        long first = some ? from : computation.sent().from();
        long events = (some ? to : computation.sent().limit()) - first;
        return asked.replay != null
                ? asked.replay.line(first, events)
                : "./dataflux sample " + computation.stream().name() + " --seed "
                        + computation.stream().seed() + " --from " + first + " --count " + events + " --tag "
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
        return (asked.isKeyed() ? "key " + Normal.text(problem.id().key()) + " in " : "") + window;
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
                        : ", because " + times(expected.undecidedEvents()) + " an event may count or not: " + cause())
                + (asked.lastMayBeMissing ? ", or because their windows may not be closed" : "");
    }

    private String cause() {
        boolean unknown = report.unknown() > 0;
        return unknown
                ? "whether some arrived is not known, and late ones may be dropped"
                : expected.rules.late() == Results.Late.EITHER
                        ? "late ones may be dropped, by late(EITHER)"
                        : Double.isInfinite(report.speed())
                                ? "the run was as fast as possible, so it is not known how far time had come;"
                                        + " give it a rate(...)"
                                : !computation.paced()
                                        ? "the run did not keep to its schedule (" + report.validity() + ")"
                                        : !asked.slackIsKnown()
                                                ? "slack(...) does not say how exactly the system follows the time"
                                                : "it came within the slack of when its window was closed";
    }

    private List<String> notJudged(Outputs<R> outputs) {
        List<String> not = new ArrayList<>();
        String left = asked.aggregates.stream()
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

    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
