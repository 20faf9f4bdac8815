package io.dataflux.verify;

import io.dataflux.EventStream;
import io.dataflux.verify.Verdict.Aspect;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/**
 * The sentences of a verdict that depend on what was judged: a sink's target, or the output of a system.
 *
 * @param empty the headline when nothing was expected
 * @param clean the headline when nothing was wrong
 * @param cleanAsKept the same when the target has removed some by its own rules
 * @param differs the headline when something was
 * @param origin after the headline: seed and run
 * @param counted how many events should arrive, counted another way; must give the same number
 * @param disagreement the sentence when it does not
 * @param moreExpected after the number of acknowledged events
 * @param incomplete after an event that is partly missing
 * @param corruptMissing after an event that was sent broken and is missing
 * @param expected what should arrive of an event, as text
 * @param replay the line that computes events again
 * @param ended how the end of the arrivals was detected
 * @param readToEnd whether the arrivals were read to their end
 * @param heldBack what kept the last reading from it, without failing; may be empty
 * @param aspects what is judged, and what is not, besides what is the same for every verdict
 */
record Wording(
        String empty,
        String clean,
        String cleanAsKept,
        String differs,
        String origin,
        long counted,
        LongFunction<String> disagreement,
        String moreExpected,
        String incomplete,
        String corruptMissing,
        BiFunction<Integer, Long, String> expected,
        Replay replay,
        String ended,
        boolean readToEnd,
        String heldBack,
        List<Aspect> aspects) {

    /** The line that computes the events [from, from + count) of a stream again. */
    @FunctionalInterface
    interface Replay {
        String line(EventStream stream, long from, long count);
    }

    /** A count for people, with grouping commas. Event numbers have none, so that they can be copied into commands. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    static Wording ofSink(
            JudgedRun judged, BiFunction<String, Long, String> replayOptions, String ended, List<Aspect> aspects) {
        String sink = "Sink '" + judged.sink().name() + "'";
        String streams = judged.streamNames();
        return new Wording(
                "Nothing to judge: the run acknowledged no event of " + streams + " at sink '"
                        + judged.sink().name() + "'",
                sink + " holds " + streams + " exactly",
                sink + " holds exactly what it keeps of " + streams,
                sink + " differs from " + streams,
                judged.origin(""),
                judged.acknowledged(),
                expected ->
                        "counts " + count(judged.acknowledged()) + " acknowledged, but its ranges and the routing give "
                                + count(expected) + ": it was written by another plan",
                "",
                "came only once",
                "",
                (stream, sequence) ->
                        judged.streams().get(stream).event(sequence).toString(),
                (stream, from, count) -> ("./dataflux sample " + stream.name() + " --seed " + stream.seed() + " --from "
                                + from + " --count " + count + " " + replayOptions.apply(stream.name(), from))
                        .stripTrailing(),
                ended,
                true,
                "",
                aspects);
    }
}
