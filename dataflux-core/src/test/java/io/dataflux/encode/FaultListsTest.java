package io.dataflux.encode;

import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.time;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.PlannedFault;
import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.model.StreamDefinition;
import io.dataflux.reference.ReferenceFaults;
import io.dataflux.schedule.Deliveries;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Which events are what, and in which order they are delivered, against the second implementation and by counting. */
class FaultListsTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    /** Reduced 60 shapes, thorough 2,000. */
    private static final int SHAPES = THOROUGH ? 2_000 : 60;

    private static final long FAR = 1L << 50;

    private static StreamDefinition.Builder orders() {
        return StreamDefinition.named("orders")
                .key("user_{}", 1000, "1.0")
                .identity("id")
                .field("id", id("o_{}"))
                .field("amount", integer(1, 100))
                .field("note", pick("\u00e4 \"b\"", 1, "plain", 2))
                .field("at", time())
                .field("inner", object("status", pick("OPEN", 1, "PAID", 1), "count", integer(0, 9)));
    }

    private static CompiledStream stream(String faults) {
        return Checked.compiled(orders().faults(faults).build(), 42);
    }

    private static String share(Random random) {
        return 1 + random.nextInt(40) + "/" + (160 + random.nextInt(1000));
    }

    private static Faults shape(Random random) {
        int within = 1 + random.nextInt(random.nextBoolean() ? 8 : 300);
        return Faults.of("drop " + share(random) + ", duplicate " + share(random) + " within " + within + ", reorder "
                + share(random) + " within " + (1 + random.nextInt(within)) + ", corrupt " + share(random)
                + " as truncated or null_key");
    }

    @Test
    void deliveriesOfAnyShapeAreThoseOfTheSecondImplementation() {
        Random random = new Random(5);
        for (int i = 0; i < SHAPES; i++) {
            CompiledStream stream =
                    Checked.compiled(orders().faults(shape(random)).build(), random.nextLong());
            ReferenceFaults reference = new ReferenceFaults(stream.definition(), stream.seed());
            Deliveries deliveries = stream.plannedFaults().deliveries();
            PlannedFaults faults = stream.plannedFaults();
            int block = faults.block();
            for (long k : new long[] {0, 1, random.nextInt(1000), FAR / block}) {
                int shard = random.nextInt(stream.shards());
                deliveries.load(shard, k);
                List<ReferenceFaults.Delivery> expected = reference.deliveries(shard, k);
                List<ReferenceFaults.Delivery> actual = new ArrayList<>();
                for (int q = 0; q < deliveries.size(); q++) {
                    long place = k * 2 * block + q;
                    long local = deliveries.local(q);
                    assertThat(faults.place(shard, local, deliveries.isCopy(q))).isEqualTo(place);
                    assertThat(faults.local(shard, place)).isEqualTo(local);
                    assertThat(faults.position(shard, place)).isEqualTo(deliveries.position(q));
                    actual.add(new ReferenceFaults.Delivery(
                            deliveries.position(q), expected.get(q).displaced(), local, deliveries.isCopy(q)));
                }
                assertThat(actual)
                        .as("%s, block %d", stream.definition().faults(), k)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void eachEventComesAsOftenAsPlannedWithinItsWindowAndInItsBlock() {
        Random random = new Random(6);
        for (int i = 0; i < SHAPES; i++) {
            Faults shape = shape(random);
            CompiledStream stream = Checked.compiled(orders().faults(shape).build(), random.nextLong());
            PlannedFaults faults = stream.plannedFaults();
            Deliveries deliveries = faults.deliveries();
            int block = faults.block();
            assertThat(block).isGreaterThanOrEqualTo(4 * shape.window());
            deliveries.load(1, 3);
            Map<Long, Integer> copies = new HashMap<>();
            Map<Long, Integer> original = new HashMap<>();
            long highest = 3L * block;
            for (int q = 0; q < deliveries.size(); q++) {
                long local = deliveries.local(q);
                assertThat(local).isBetween(3L * block, 4L * block - 1);
                copies.merge(local, 1, Integer::sum);
                if (deliveries.isCopy(q)) {
                    assertThat(original).as("an original before its copy").containsKey(local);
                    assertThat(deliveries.position(q) - deliveries.position(original.get(local)))
                            .isBetween(0L, (long) shape.duplicate().within());
                } else {
                    original.put(local, q);
                    assertThat(highest - local)
                            .as("after one that is further ahead")
                            .isLessThanOrEqualTo(shape.reorder().within());
                    highest = Math.max(highest, local);
                }
            }
            for (long local = 3L * block; local < 4L * block; local++) {
                assertThat(copies.getOrDefault(local, 0)).isEqualTo(faults.copies(1, local));
            }
        }
    }

    @Test
    void sharesAreExactInEveryBlockOfTheirFraction() {
        CompiledStream stream =
                stream("drop 1.5%, duplicate 3/70 within 30, reorder 10% within 20, late 7/90 by 1s..2s");
        PlannedFaults faults = stream.plannedFaults();
        Map<FaultKind, int[]> shares = Map.of(
                FaultKind.DROP, new int[] {3, 200},
                FaultKind.DUPLICATE, new int[] {3, 70},
                FaultKind.REORDER, new int[] {1, 10},
                FaultKind.LATE, new int[] {7, 90});
        shares.forEach((kind, share) -> {
            for (int shard = 0; shard < 3; shard++) {
                for (long block = 0; block < 50; block++) {
                    int[] hits = {0};
                    int its = shard;
                    stream.faultPlan()
                            .selection(kind)
                            .each(shard, block * share[1], (block + 1) * share[1], (s, l) -> 0, local -> {
                                hits[0]++;
                                assertThat(stream.faultPlan().selection(kind).hits(its, local, (s, l) -> 0))
                                        .isTrue();
                            });
                    assertThat(hits[0]).as("%s in shard %d", kind, shard).isEqualTo(share[0]);
                }
            }
        });
        assertThat(faults.copies(0, 0)).isBetween(0, 2);
    }

    @Test
    void theListOfARangeIsThatOfItsPartsAndWhatEachEventSaysOfItself() {
        CompiledStream stream = stream("late 3% by 8s..30s, duplicate 4% within 60, drop 2%, reorder 5% within 40,"
                + " corrupt 3% as truncated or wrong_type or null_key");
        Random random = new Random(8);
        long from = 1_000_000_007L;
        List<PlannedFault> whole = stream.faults(from, from + 6000);
        List<PlannedFault> parts = new ArrayList<>();
        for (long at = from; at < from + 6000; ) {
            long to = Math.min(from + 6000, at + 1 + random.nextInt(500));
            parts.addAll(stream.faults(at, to));
            at = to;
        }
        assertThat(parts).isEqualTo(whole).isNotEmpty();

        ReferenceFaults reference = new ReferenceFaults(stream.definition(), stream.seed());
        CompiledStream onTime = Checked.compiled(orders().build(), 42);
        List<String> expected = new ArrayList<>();
        for (long n = from; n < from + 6000; n++) {
            int shard = stream.schedule().shardOf(n);
            long local = stream.schedule().localOf(n);
            Duration late =
                    Duration.between(stream.event(n).time(), onTime.event(n).time());
            assertThat(late.isZero()).isEqualTo(!reference.hits(FaultKind.LATE, shard, local));
            if (reference.dropped(shard, local)) {
                expected.add(n + " DROP");
                continue;
            }
            boolean corrupt = reference.hits(FaultKind.CORRUPT, shard, local);
            if (!late.isZero()) {
                assertThat(late).isBetween(Duration.ofSeconds(8), Duration.ofSeconds(30));
                expected.add(n + " LATE " + late);
            }
            if (!corrupt && reference.hits(FaultKind.DUPLICATE, shard, local)) {
                expected.add(n + " DUPLICATE");
            }
            if (!corrupt && reference.hits(FaultKind.REORDER, shard, local)) {
                expected.add(n + " REORDER");
            }
            if (corrupt) {
                expected.add(n + " CORRUPT " + reference.corruption(shard, local));
            }
        }
        assertThat(whole.stream()
                        .map(fault -> fault.sequence() + " " + fault.kind()
                                + (fault.kind() == FaultKind.LATE ? " " + fault.late() : "")
                                + (fault.corruption() == null ? "" : " " + fault.corruption())))
                .containsExactlyElementsOf(expected);
    }

    @Test
    void lateEventsAreThoseOfTheSecondImplementation() {
        CompiledStream stream = stream("late 30% by 8s..30s, drop 1%");
        long[] sequences = new Random(9).longs(400, 0, stream.end()).toArray();

        Checked.events(stream, 0, sequences);

        assertThat(Arrays.stream(sequences)
                        .filter(n -> !stream.event(n).time().equals(stream.timeOf(n)))
                        .count())
                .isBetween(80L, 160L);
    }

    @Test
    void faultsLeaveTheEventsAsTheyAre() {
        CompiledStream clean = Checked.compiled(orders().build(), 42);
        CompiledStream faulty = stream("duplicate 4% within 60, drop 2%, reorder 5%, corrupt 3%");
        for (long n = 0; n < 500; n++) {
            Event event = faulty.event(n);
            String text = event.toString().replace(event.identity().get(0).toString(), "");
            Event other = clean.event(n);
            assertThat(text)
                    .isEqualTo(other.toString().replace(other.identity().get(0).toString(), ""));
            assertThat(event.time()).isEqualTo(other.time());
        }
    }

    @ParameterizedTest
    @EnumSource(Corruption.class)
    void aBrokenEventKeepsItsIdentityAndStaysInItsRoom(Corruption kind) {
        CompiledStream stream = stream("corrupt 100% as " + kind.word());
        PlannedFaults faults = stream.plannedFaults();
        EventState state = new EventState();
        TreeSet<String> forms = new TreeSet<>();
        for (long n = 0; n < (kind == Corruption.OVERSIZE ? 50 : 2000); n++) {
            stream.locate(n, state);
            byte[] b = new byte[3 + stream.maxEventBytes() + CompiledStream.SLACK + 8];
            Arrays.fill(b, (byte) 0xFE);
            Corruption corruption = faults.corruption(state.slot.shard, state.slot.local);
            int end = faults.encode(state, corruption, b, 3);
            String whole = stream.event(n).toString();
            byte[] broken = Arrays.copyOfRange(b, 3, end);
            String text = new String(broken, StandardCharsets.UTF_8);
            String identity = "{\"id\":\"" + stream.event(n).identity().get(0) + "\"";

            assertThat(corruption).isEqualTo(kind);
            assertThat(text).startsWith(identity);
            assertThat(broken.length).isLessThanOrEqualTo(stream.maxEventBytes());
            for (int i = 3 + stream.maxEventBytes() + CompiledStream.SLACK; i < b.length; i++) {
                assertThat(b[i]).isEqualTo((byte) 0xFE);
            }
            check(kind, whole, broken, text);
            forms.add(text.substring(identity.length()).replaceAll("[0-9]+", "#"));
        }
        assertThat(forms).hasSizeGreaterThan(1);
    }

    private static void check(Corruption kind, String whole, byte[] broken, String text) {
        switch (kind) {
            case TRUNCATED ->
                assertThat(whole.getBytes(StandardCharsets.UTF_8))
                        .startsWith(broken)
                        .hasSizeGreaterThan(broken.length);
            case INVALID_UTF8 -> {
                assertThat(broken).contains((byte) 0xFF).hasSize(whole.getBytes(StandardCharsets.UTF_8).length);
                assertThat(text).contains("\uFFFD");
            }
            case WRONG_TYPE -> {
                Map<?, ?> was = Checked.parsed(whole.getBytes(StandardCharsets.UTF_8));
                assertThat(types(Checked.parsed(broken)))
                        .hasSameSizeAs(types(was))
                        .isNotEqualTo(types(was));
            }
            case MISSING_FIELD ->
                assertThat(fields(Checked.parsed(broken)))
                        .isSubsetOf(fields(Checked.parsed(whole.getBytes(StandardCharsets.UTF_8))))
                        .hasSizeLessThan(fields(Checked.parsed(whole.getBytes(StandardCharsets.UTF_8)))
                                .size());
            case UNKNOWN_ENUM -> {
                assertThat(text).contains("\"UNKNOWN\"");
                assertThat(fields(Checked.parsed(broken)))
                        .isEqualTo(fields(Checked.parsed(whole.getBytes(StandardCharsets.UTF_8))));
            }
            case OVERSIZE -> {
                assertThat(broken).hasSize(64 * 1024);
                assertThat(Checked.parsed(broken).containsKey("padding")).isTrue();
                assertThat(text).startsWith(whole.substring(0, whole.length() - 1));
            }
            case NULL_KEY -> assertThat(text).isEqualTo(whole);
        }
    }

    private static Set<String> fields(Map<?, ?> map) {
        Set<String> fields = new TreeSet<>();
        map.forEach((name, value) -> {
            fields.add(name.toString());
            if (value instanceof Map<?, ?> inner) {
                fields(inner).forEach(each -> fields.add(name + "." + each));
            }
        });
        return fields;
    }

    private static List<String> types(Map<?, ?> map) {
        return map.entrySet().stream()
                .map(each -> each.getKey() + " "
                        + (each.getValue() instanceof Map<?, ?> inner && !inner.isEmpty()
                                ? types(inner)
                                : each.getValue().getClass().getSimpleName()))
                .toList();
    }
}
