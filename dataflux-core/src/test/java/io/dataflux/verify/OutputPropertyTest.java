package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import java.math.BigDecimal;
import java.time.Duration;
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
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A system that makes none, one or three outputs of an event, and breaks in every way at once: what is found is what was broken, by a
 * count with maps that knows it. 30 systems, or 3,000 thorough ones.
 */
class OutputPropertyTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long ISSUED = 1500;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final CompiledStream OTHER_RUN = ORDERS.withTag(7);
    private static final Set<Finding> MET = EnumSet.noneOf(Finding.class);

    /** An output, which knows what the test did to it. Only the first three are compared. */
    record Out(String order, int part, BigDecimal amount, long sequence, boolean altered, boolean foreign) {}

    /** What is expected of an output. */
    record Part(String order, int part, BigDecimal amount) {}

    @AfterAll
    static void everyFindingWasMet() {
        Set<Finding> all = EnumSet.allOf(Finding.class);
        all.remove(Finding.PENDING); // these logs are read once
        all.remove(Finding.MISROUTED); // there is one sink
        assertThat(MET).isEqualTo(all);
    }

    static LongStream seeds() {
        return LongStream.range(0, THOROUGH ? 3000 : 30);
    }

    private static int parts(Event order) {
        String channel = String.valueOf(order.field("channel"));
        return channel.equals("shop") ? 0 : channel.equals("app") ? 3 : 1;
    }

    private static Stream<Part> parts(CompiledStream of, Event order) {
        return IntStream.range(0, parts(order)).mapToObj(i -> part(of, order.sequence(), i));
    }

    private static Part part(CompiledStream of, long sequence, int number) {
        Event order = of.event(sequence);
        BigDecimal total = (BigDecimal) order.field("total");
        return new Part((String) order.field("order_id"), number, total.add(BigDecimal.valueOf(number)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyFaultIsFoundAndNothingElse(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        boolean log = random.nextInt(4) != 0;
        int calm =
                random.nextInt(3) == 0 ? Integer.MAX_VALUE : 20 + random.nextInt(200); // one fault in so many outputs
        long failed = random.nextInt((int) ISSUED);
        long unknown = random.nextInt((int) ISSUED);
        Ledger ledger = SentEvents.ledger(
                0,
                ISSUED,
                n -> true,
                n -> n >= failed && n < failed + 20,
                n -> n >= unknown && n < unknown + 20 && !(n >= failed && n < failed + 20),
                ORDERS);
        List<Out> made = made(random, calm);
        List<Out> arrived = new ArrayList<>();
        Arrivals<Out> arrivals = log ? Arrivals.log(arrived) : Arrivals.snapshot(() -> arrived);
        arrived.addAll(made);

        Verdict verdict = Verification.of(ORDERS, () -> ledger, event -> event, arrivals)
                .tracedBy(Out::order)
                .expecting(event -> parts(ORDERS, event))
                .clock(new OwnClock())
                .settle(Duration.ofMillis(20))
                .deadline(Duration.ofMillis(30))
                .await();

        Map<Finding, Long> counted = counted(made, ledger, log);
        MET.addAll(counted.keySet());
        assertThat(SentEvents.findings(verdict)).isEqualTo(counted);
        assertThat(verdict.clean()).isEqualTo(counted.isEmpty());
        assertThat(verdict.records()).isEqualTo(made.size());
    }

    private static List<Out> made(SplittableRandom random, int calm) {
        List<Out> made = new ArrayList<>();
        for (long n = 0; n < ISSUED; n++) {
            int parts = parts(ORDERS.event(n));
            if (parts == 0 && random.nextInt(calm) == 0) {
                made.add(out(ORDERS, n, 0, random, false));
            }
            for (int i = 0; i < parts; i++) {
                int copies = random.nextInt(calm) == 0 ? random.nextInt(4) : 1;
                for (int copy = 0; copy < copies; copy++) {
                    made.add(out(ORDERS, n, i, random, random.nextInt(calm) == 0));
                }
            }
            if (random.nextInt(calm) == 0) {
                boolean foreign = random.nextBoolean();
                made.add(out(foreign ? OTHER_RUN : ORDERS, foreign ? n : ISSUED + n, 0, random, false));
            }
        }
        for (int i = 0; calm < Integer.MAX_VALUE && i < made.size() - calm; i += 1 + random.nextInt(calm)) {
            Collections.swap(made, i, i + random.nextInt(calm));
        }
        return made;
    }

    private static Out out(CompiledStream of, long sequence, int number, SplittableRandom random, boolean altered) {
        Part part = part(of, sequence, number);
        BigDecimal amount = altered ? part.amount.negate() : part.amount.setScale(2 + random.nextInt(3));
        return new Out(part.order, number, amount, sequence, altered, of != ORDERS);
    }

    /** The same by the plainest means. */
    private static Map<Finding, Long> counted(List<Out> made, Ledger ledger, boolean log) {
        Map<Finding, Long> counts = new EnumMap<>(Finding.class);
        Map<Long, Set<Integer>> exact = new HashMap<>();
        Map<Long, Integer> filled = new HashMap<>();
        Set<Long> repeated = new HashSet<>();
        Map<Long, Long> lastOfKey = new HashMap<>();
        List<Ledger.ShardLedger> shards = ledger.sink("broker").streams().get(0).shards();
        for (Out out : made) {
            long n = out.sequence;
            int parts = parts(ORDERS.event(n));
            if (out.foreign) {
                counts.merge(Finding.FOREIGN, 1L, Long::sum);
                continue;
            }
            if (n >= ISSUED || parts == 0) {
                counts.merge(Finding.PHANTOM, 1L, Long::sum);
                continue;
            }
            if (!filled.containsKey(n)) {
                long entity = ORDERS.event(n).entity();
                if (log && lastOfKey.getOrDefault(entity, -1L) > n) {
                    counts.merge(Finding.REORDERED, 1L, Long::sum);
                }
                lastOfKey.merge(entity, n, Math::max);
                boolean failed = shards.get(ORDERS.schedule().shardOf(n))
                        .failed()
                        .contains(ORDERS.schedule().localOf(n));
                if (failed) {
                    counts.merge(Finding.RESURRECTED, 1L, Long::sum);
                }
            }
            boolean fits = filled.getOrDefault(n, 0) < parts
                    && (out.altered
                            || exact.computeIfAbsent(n, s -> new HashSet<>()).add(out.part));
            filled.merge(n, fits ? 1 : 0, Integer::sum);
            if (!fits && repeated.add(n)) {
                counts.merge(Finding.DUPLICATE, 1L, Long::sum);
            }
            if (out.altered) {
                counts.merge(Finding.CORRUPTED, 1L, Long::sum);
            }
        }
        for (long n = 0; n < ISSUED; n++) {
            boolean acknowledged = shards.get(ORDERS.schedule().shardOf(n))
                    .acknowledged()
                    .contains(ORDERS.schedule().localOf(n));
            if (acknowledged && filled.getOrDefault(n, 0) < parts(ORDERS.event(n))) {
                counts.merge(Finding.LOST, 1L, Long::sum);
            }
        }
        return counts;
    }
}
