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
    private static final int MOST_BYTES = 512;

    private JudgeRatios() {}

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        System.out.printf(
                Locale.ROOT,
                "%nJudge: %,d events of %s, by %s%n",
                EVENTS,
                String.join(", ", STREAMS),
                CPU ? "CPU time of the process" : "time");
        boolean stored = stored();
        boolean outputs = OutputRatios.measure();
        boolean marks = MarksMemory.measure(MARKS, SHUFFLED_WITHIN) <= MOST_MARK_BYTES;
        return stored && outputs && marks;
    }

    private static boolean stored() throws Exception {
        int each = EVENTS / STREAMS.size();
        StoredEvents stored = StoredEvents.of(STREAMS, each);
        StoredEvents keyed = stored.keyed();
        StoredEvents shuffled = stored.shuffled(SHUFFLED_WITHIN);
        return new Turns(ROUNDS)
                .side("generate", () -> timed(stored.size(), () -> generate(stored.streams, each)))
                .side("judge", () -> timed(stored.size(), () -> judge(stored, 1)))
                .side("judge with two threads", () -> timed(stored.size(), () -> judge(stored, 2)))
                .side("judge with headers", () -> timed(stored.size(), () -> judge(keyed, 1)))
                .side("judge shuffled", () -> timed(stored.size(), () -> judge(shuffled, 1)))
                .take()
                .cost("judge", "generate", MOST_EXACT)
                .cost("judge with two threads", "judge", 0)
                .cost("judge with headers", "generate", MOST_EXACT)
                .cost("judge shuffled", "generate", MOST_SHUFFLED)
                .good();
    }

    /** Judges and checks that nothing else is found than what is missing. */
    private static void judge(StoredEvents stored, int threads) throws Exception {
        Verdict verdict = SinkVerification.of(stored.ledger, StoredEvents.SINK, stored.streams, Routing.EVERYTHING)
                .threads(threads)
                .verify(stored.reader());
        Feed.check(verdict.count(Finding.LOST), stored.missing());
        Feed.check(verdict.count(Finding.CORRUPTED) + verdict.count(Finding.FOREIGN), 0);
    }

    /** Computes the first events of the streams in turn, like a lane that owns all shards. */
    static void generate(List<CompiledStream> streams, int events) {
        Generated[] each = streams.stream().map(Generated::new).toArray(Generated[]::new);
        byte[] buffer = new byte[BATCH * each.length * (MOST_BYTES + CompiledStream.SLACK)];
        int at = 0;
        for (int n = 0; n < events; n++) {
            at = n % BATCH == 0 ? 0 : at;
            for (Generated stream : each) {
                at = stream.write(buffer, at);
            }
        }
        if (at < 0) { // so that the compiler cannot leave out what nobody uses
            throw new IllegalStateException("no room");
        }
    }

    /** A stream as a lane goes through it. */
    private static final class Generated {
        private final CompiledStream stream;
        private final long start;
        private final long[] places;
        private final EventState event = new EventState();
        private final Timeline.Cursor cursor;

        Generated(CompiledStream stream) {
            this.stream = stream;
            start = stream.definition().start().getEpochSecond();
            places = new long[stream.shards()];
            cursor = stream.timeline().cursor(0);
        }

        int write(byte[] buffer, int at) {
            long n = cursor.sequence();
            int shard = stream.schedule().shardOf(n);
            stream.locate(n, shard, places[shard]++, start + cursor.seconds(), cursor.nanos(), event);
            cursor.next();
            return stream.encode(event, buffer, at);
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
