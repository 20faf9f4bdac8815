package io.dataflux.verify;

import io.dataflux.EventStream;
import java.util.function.BiFunction;
import java.util.function.LongFunction;

/**
 * How a verdict speaks of what was judged, which is a sink's target or the output of a system.
 *
 * @param empty the headline when nothing was expected
 * @param clean the headline when nothing was wrong
 * @param differs the headline when something was
 * @param origin behind the headline: seed and run
 * @param counted how many events were to arrive by another way of counting, which must give the same
 * @param disagreement what is said when it does not
 * @param moreExpected behind the number of acknowledged events
 * @param incomplete behind an event that is missing in part
 * @param corruptMissing behind an event that was sent broken and is missing
 * @param expected what was to arrive of an event, as text
 * @param replay the line that computes events again
 * @param ended how the end was known
 */
record Wording(
        String empty,
        String clean,
        String differs,
        String origin,
        long counted,
        LongFunction<String> disagreement,
        String moreExpected,
        String incomplete,
        String corruptMissing,
        BiFunction<Integer, Long, String> expected,
        Replay replay,
        String ended) {

    /** The line that computes the events [from, from + count) of a stream again. */
    @FunctionalInterface
    interface Replay {
        String line(EventStream stream, long from, long count);
    }

    static Wording ofSink(JudgedRun judged, String replayOptions, String ended) {
        String sink = "Sink '" + judged.sink().name() + "'";
        String streams = judged.streamNames();
        String more = replayOptions.isEmpty() ? "" : " " + replayOptions;
        return new Wording(
                "Nothing to judge: the run acknowledged no event of " + streams + " at sink '"
                        + judged.sink().name() + "'",
                sink + " holds " + streams + " exactly",
                sink + " differs from " + streams,
                judged.origin(""),
                judged.acknowledged(),
                expected -> "counts " + judged.acknowledged() + " acknowledged, its ranges and the routing give "
                        + expected + ": it was written by another plan",
                "",
                "came only once",
                "",
                (stream, sequence) ->
                        judged.streams().get(stream).event(sequence).toString(),
                (stream, from, count) -> "./dataflux sample " + stream.name() + " --seed " + stream.seed() + " --from "
                        + from + " --count " + count + more,
                ended);
    }
}
