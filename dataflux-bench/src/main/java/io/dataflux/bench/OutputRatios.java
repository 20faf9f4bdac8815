package io.dataflux.bench;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dataflux.Event;
import io.dataflux.testkit.Decoder;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Arrivals.Stored;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verification;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What judging the output of a system costs: of one that hands events on, compared with generating them, and of one that makes something
 * else of them, compared with Jackson decoding what it made.
 */
final class OutputRatios {

    private static final double MOST_EXPECTING = 1.5;
    private static final Duration LONGEST = Duration.ofMinutes(5);

    private static long used;

    /** The event as a test sees it. */
    record Reading(
            String eventId,
            String deviceId,
            String firmware,
            String status,
            double cpuPct,
            double temperatureC,
            long memoryUsedMb,
            long memoryTotalMb) {}

    /** What the system makes of it. */
    record Health(
            String id,
            String device,
            String version,
            boolean good,
            double cpu,
            double celsius,
            long usedMb,
            long freeMb) {
        static Health of(Reading r) {
            return new Health(
                    r.eventId,
                    r.deviceId,
                    r.firmware,
                    r.status.equals("healthy"),
                    r.cpuPct,
                    r.temperatureC,
                    r.memoryUsedMb,
                    r.memoryTotalMb - r.memoryUsedMb);
        }
    }

    private OutputRatios() {}

    /** Returns whether the ratios are good enough. */
    static boolean measure() throws Exception {
        StoredEvents events = StoredEvents.of(JudgeRatios.STREAMS.subList(0, 1), JudgeRatios.EVENTS / 2);
        int size = events.size();
        System.out.printf(Locale.ROOT, "%nJudge: %,d outputs made of the telemetry stream%n", size);
        Decoder<Reading> decoder = Decoder.json(Reading.class);
        JsonMapper mapper = JsonMapper.builder().build();
        ObjectReader plain = mapper.readerFor(Health.class);
        List<byte[]> made = new ArrayList<>(size);
        for (long n = 0; n < size; n++) {
            made.add(mapper.writeValueAsBytes(
                    Health.of(decoder.decode(events.streams.get(0).event(n)))));
        }
        return new Turns(JudgeRatios.ROUNDS)
                .side("generate", () -> JudgeRatios.timed(size, () -> JudgeRatios.generate(events.streams, size)))
                .side(
                        "judge what is handed on",
                        () -> JudgeRatios.timed(size, () -> {
                            Arrivals<byte[]> arrivals = new InMemory<>(events.values(), bytes -> bytes);
                            judge(events, verification(events, event -> event, arrivals));
                        }))
                .side(
                        "decode with Jackson",
                        () -> JudgeRatios.timed(size, () -> {
                            for (byte[] each : made) {
                                used += plain.<Health>readValue(each).usedMb;
                            }
                        }))
                .side(
                        "judge with expecting",
                        () -> JudgeRatios.timed(size, () -> {
                            Arrivals<Health> arrivals = new InMemory<>(made, Decoder.ofBytes(Health.class));
                            judge(
                                    events,
                                    verification(events, decoder::decode, arrivals)
                                            .tracedBy(Health::id)
                                            .expecting(reading -> Stream.of(Health.of(reading))));
                        }))
                .take()
                .cost("judge what is handed on", "generate", JudgeRatios.MOST_EXACT)
                .cost("judge with expecting", "decode with Jackson", MOST_EXPECTING)
                .good();
    }

    private static <T, R> Verification<T, R> verification(
            StoredEvents sent, Function<Event, T> decode, Arrivals<R> arrivals) {
        return Verification.of(sent.streams.get(0), () -> sent.ledger, decode, arrivals)
                .settle(Duration.ZERO)
                .deadline(LONGEST);
    }

    private static void judge(StoredEvents sent, Verification<?, ?> verification) {
        Verdict verdict = verification.await();
        if (!verdict.clean()) {
            throw new IllegalStateException(verdict.toString());
        }
        Feed.check(verdict.records(), sent.size());
    }

    /** A log of one source, as a target stores it. */
    private record InMemory<R>(List<byte[]> values, Function<byte[], R> decode) implements Arrivals<R> {
        @Override
        public boolean isLog() {
            return true;
        }

        @Override
        public long read(Visitor<? super R> visitor) {
            for (int i = 0; i < values.size(); i++) {
                visitor.stored("log", i, new Stored(false, null, values.get(i), null), decode);
            }
            return values.size();
        }
    }
}
