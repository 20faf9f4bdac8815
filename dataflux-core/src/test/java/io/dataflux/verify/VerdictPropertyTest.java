package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.header;
import static io.dataflux.verify.SentEvents.ledger;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random sabotage of many kinds at once, against a count by maps that knows what was done: 25 logs, or 2,000 thorough ones. */
class VerdictPropertyTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long ISSUED = 2000;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final CompiledStream OTHER_RUN = ORDERS.withTag(7);

    /** A record and what the test did to it. */
    private record Spoiled(Stored stored, long sequence, boolean altered, boolean foreign) {}

    private static final Set<Finding> MET = new HashSet<>();

    @AfterAll
    static void everyFindingWasMet() {
        Set<Finding> all = EnumSet.allOf(Finding.class);
        all.remove(Finding.PENDING); // what is stored does not arrive any more
        assertThat(MET).isEqualTo(all);
    }

    static LongStream seeds() {
        return LongStream.range(0, THOROUGH ? 2000 : 25);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyKindOfSabotageIsCountedExactly(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        boolean headers = random.nextBoolean();
        boolean keyInOneSource = random.nextBoolean();
        int sources = 1 + random.nextInt(5);
        int disorder = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(400);
        long failed = random.nextInt((int) ISSUED);
        long unknown = random.nextInt((int) ISSUED);
        Routing routing = random.nextBoolean() ? Routing.EVERYTHING : (stream, n) -> n % 5 != 3;
        Ledger ledger = ledger(
                0,
                ISSUED,
                n -> routing.goesTo(0, n),
                n -> n >= failed && n < failed + 20,
                n -> n >= unknown && n < unknown + 20 && !(n >= failed && n < failed + 20),
                ORDERS);

        List<Spoiled> log = new ArrayList<>();
        for (long n = 0; n < ISSUED + 50; n++) {
            boolean wanted = n < ISSUED && routing.goesTo(0, n) && random.nextInt(100) != 0;
            boolean stray = random.nextInt(300) == 0; // phantoms, misrouted events, repeats
            for (int copies = (wanted ? 1 : 0) + (stray ? 1 + random.nextInt(2) : 0); copies > 0; copies--) {
                log.add(record(n, random, sources, keyInOneSource, headers));
            }
        }
        if (disorder > 0) {
            for (int i = 0; i + disorder < log.size(); i += 1 + random.nextInt(disorder)) {
                Collections.swap(log, i, i + random.nextInt(disorder));
            }
        }

        List<Stored> read = log.stream().map(Spoiled::stored).toList();
        SinkVerification verification = SinkVerification.of(ledger, "broker", List.of(ORDERS), routing);
        read.forEach(r -> verification.record(r.source(), r.offset(), r.key(), r.value(), r.header()));
        Verdict verdict = verification.verdict();

        assertThat(SentEvents.findings(verdict)).isEqualTo(counted(log, ledger, routing));
        MET.addAll(counted(log, ledger, routing).keySet());
        assertThat(verdict.records()).isEqualTo(log.size());
        assertThat(verdict.clean()).isEqualTo(counted(log, ledger, routing).isEmpty());
        assertThat(verification.verdict()).hasToString(verdict.toString());
    }

    private static Spoiled record(
            long n, SplittableRandom random, int sources, boolean keyInOneSource, boolean headers) {
        boolean foreign = random.nextInt(200) == 0;
        boolean altered = random.nextInt(100) == 0 && !foreign;
        CompiledStream from = foreign ? OTHER_RUN : ORDERS;
        long entity = from.event(n).entity();
        byte[] value = from.event(n).bytes();
        if (altered) {
            FaultyReader.alter(value, List.of("order_id"));
        }
        Stored stored = new Stored(
                "s" + (keyInOneSource ? entity % sources : random.nextInt(sources)),
                random.nextInt(1000),
                from.key(entity),
                value,
                headers ? header(from, foreign ? 7 : SentEvents.TAG, 0, n) : null);
        return new Spoiled(stored, n, altered, foreign);
    }

    /** The same by the plainest means: maps of everything. */
    private static Map<Finding, Long> counted(List<Spoiled> log, Ledger ledger, Routing routing) {
        Map<Finding, Long> counts = new EnumMap<>(Finding.class);
        Map<Long, Integer> times = new HashMap<>();
        Map<String, Map<Long, Long>> lastOfKey = new HashMap<>();
        Ledger.StreamLedger in = ledger.sink("broker").streams().get(0);
        for (Spoiled record : log) {
            long n = record.sequence;
            if (record.foreign) {
                counts.merge(Finding.FOREIGN, 1L, Long::sum);
            } else if (n >= ISSUED) {
                counts.merge(Finding.PHANTOM, 1L, Long::sum);
            } else if (!routing.goesTo(0, n)) {
                counts.merge(Finding.MISROUTED, 1L, Long::sum);
            } else {
                int time = times.merge(n, 1, Integer::sum);
                if (time == 1) {
                    Map<Long, Long> highest = lastOfKey.computeIfAbsent(record.stored.source(), s -> new HashMap<>());
                    long entity = ORDERS.event(n).entity();
                    if (highest.getOrDefault(entity, -1L) > n) {
                        counts.merge(Finding.REORDERED, 1L, Long::sum);
                    }
                    highest.merge(entity, n, Math::max);
                    if (shard(in, n).failed().contains(ORDERS.schedule().localOf(n))) {
                        counts.merge(Finding.RESURRECTED, 1L, Long::sum);
                    }
                } else if (time == 2) {
                    counts.merge(Finding.DUPLICATE, 1L, Long::sum);
                }
                if (record.altered) {
                    counts.merge(Finding.CORRUPTED, 1L, Long::sum);
                }
            }
        }
        Set<Long> missing = new HashSet<>();
        for (long n = 0; n < ISSUED; n++) {
            if (routing.goesTo(0, n)
                    && shard(in, n).acknowledged().contains(ORDERS.schedule().localOf(n))
                    && !times.containsKey(n)) {
                missing.add(n);
            }
        }
        if (!missing.isEmpty()) {
            counts.put(Finding.LOST, (long) missing.size());
        }
        return counts;
    }

    private static Ledger.ShardLedger shard(Ledger.StreamLedger in, long sequence) {
        return in.shards().get(ORDERS.schedule().shardOf(sequence));
    }
}
