package io.dataflux.bench;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.ledger.Routing;
import io.dataflux.schedule.Timeline;
import io.dataflux.verify.Finding;
import io.dataflux.verify.MarksMemory;
import io.dataflux.verify.SinkVerification;
import io.dataflux.verify.Verdict;
import java.util.List;
import java.util.Locale;

/**
 * What judging stored events costs, compared with generating the same events in order: they lie in memory, see {@link StoredEvents}.
 * What the judge of outputs costs is in {@link OutputRatios}.
 */
final class JudgeRatios {

    static final int ROUNDS = Turns.rounds(9);
    static final int EVENTS = Integer.getInteger("events", 1_200_000);
    static final double MOST_EXACT = 1.6;

    /** Compares the CPU time of the process instead of the time: for a machine that is not quiet. */
    private static final boolean CPU = Boolean.getBoolean("cpu");

    static final List<String> STREAMS = List.of("device_telemetry", "video_logs", "clickstream");
    private static final int SHUFFLED_WITHIN = 10_000;
    private static final double MOST_SHUFFLED = 2.5;
    private static final long MARKS = Long.getLong("marks", 1_000_000_000);
    private static final int MOST_MARK_BYTES = 2 << 20;
    private static final int BATCH = 512;

    private static long used;

    private JudgeRatios() {}

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%nJudge: %,d events of %s, by %s%n",
                EVENTS,
                String.join(", ", STREAMS),
                CPU ? "CPU time of the process" : "time");
        boolean good = stored();
        good &= OutputRatios.measure();
        return good & MarksMemory.measure(MARKS, SHUFFLED_WITHIN) <= MOST_MARK_BYTES;
    }

    private static boolean stored() throws Exception {
        int each = EVENTS / STREAMS.size();
        StoredEvents stored = StoredEvents.of(STREAMS, each);
        StoredEvents keyed = stored.keyed();
        StoredEvents shuffled = stored.shuffled(SHUFFLED_WITHIN);
        return new Turns(ROUNDS)
                .side("generate", () -> timed(stored.size(), () -> generate(stored.streams, each)))
                .side("judge", () -> timed(stored.size(), () -> judge(stored)))
                .side("judge with headers", () -> timed(stored.size(), () -> judge(keyed)))
                .side("judge shuffled", () -> timed(stored.size(), () -> judge(shuffled)))
                .take()
                .cost("judge", "generate", MOST_EXACT)
                .cost("judge with headers", "generate", MOST_EXACT)
                .cost("judge shuffled", "generate", MOST_SHUFFLED)
                .good();
    }

    /** Judges and checks that nothing else is found than what is missing. */
    private static void judge(StoredEvents stored) throws Exception {
        Verdict verdict = SinkVerification.of(stored.ledger, StoredEvents.SINK, stored.streams, Routing.EVERYTHING)
                .verify(stored.reader());
        Feed.check(verdict.count(Finding.LOST), stored.missing());
        Feed.check(verdict.count(Finding.CORRUPTED) + verdict.count(Finding.FOREIGN), 0);
    }

    /** Computes the first events of each stream, like a lane that owns all shards. */
    static void generate(List<CompiledStream> streams, int events) {
        for (CompiledStream stream : streams) {
            byte[] buffer = new byte[BATCH * (stream.maxEventBytes() + CompiledStream.SLACK)];
            long start = stream.definition().start().getEpochSecond();
            long[] places = new long[stream.shards()];
            EventState event = new EventState();
            Timeline.Cursor cursor = stream.timeline().cursor(0);
            int at = 0;
            for (int n = 0; n < events; n++) {
                at = n % BATCH == 0 ? 0 : at;
                int shard = stream.schedule().shardOf(n);
                stream.locate(n, shard, places[shard]++, start + cursor.seconds(), cursor.nanos(), event);
                at = stream.encode(event, buffer, at);
                cursor.next();
            }
            used += at;
        }
    }

    interface Work {
        void take() throws Exception;
    }

    static Turns.Turn timed(int events, Work work) throws Exception {
        long start = System.nanoTime();
        long cpu = Turns.cpuNanos();
        work.take();
        double each = (double) (Turns.cpuNanos() - cpu) / events;
        double nanos = (double) (System.nanoTime() - start) / events;
        return new Turns.Turn(
                CPU ? each : nanos, String.format(Locale.ROOT, "%,7.0f ns per event, %,7.0f ns of CPU", nanos, each));
    }
}
