package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.config.SettingsReader;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.engine.Collecting.Got;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.model.FaultKind;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.reference.ReferenceFaults;
import io.dataflux.schedule.Deliveries;
import io.dataflux.schedule.Mix;
import io.dataflux.sinks.FileSink;
import io.dataflux.spi.Chunk;
import io.dataflux.spi.Chunks;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Resume;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of streams with faults: what is sent is what is planned, wherever it is cut. */
class FaultRunsTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    /** Reduced 60,000, thorough 400,000. */
    private static final long EVENTS = THOROUGH ? 400_000 : 60_000;
    /** Reduced 4, thorough 20. */
    private static final int STOPS = THOROUGH ? 20 : 4;

    private static final int TAG = 0x5f3a90c1;
    static final String ALL = "late 2% by 8s..30s, duplicate 3% within 60, drop 2%, reorder 5% within 40,"
            + " corrupt 2% as truncated or invalid_utf8 or wrong_type or missing_field or null_key";

    @TempDir
    Path output;

    private static StreamDefinition faulty(String name, String faults) {
        return Sketch.definition(name, 5000, 1).toBuilder().faults(faults).build();
    }

    private Sketch orders(int lanes, SinkConnector sink) {
        return new Sketch(output)
                .stream(faulty("orders", ALL)).stream("clicks", 3000)
                        .events(EVENTS)
                        .tag(TAG)
                        .sink("all", lanes, sink);
    }

    /** Per shard what a range is to be, by the second implementation, as local index and copy. */
    private static List<String> expected(CompiledStream stream, int shard, long from, long to) {
        ReferenceFaults faults = new ReferenceFaults(stream.definition(), stream.seed());
        int block = stream.definition().faults().blockSize();
        long first = stream.schedule().localCount(shard, from);
        long end = stream.schedule().localCount(shard, to);
        List<String> expected = new ArrayList<>();
        for (long k = first / block; k * block < end; k++) {
            List<ReferenceFaults.Delivery> list = faults.deliveries(shard, k);
            for (int q = 0; q < list.size(); q++) {
                long local = list.get(q).local();
                if (local >= first && local < end) {
                    expected.add(stream.schedule().sequenceOf(shard, local) + " at " + (2 * k * block + q));
                }
            }
        }
        return expected;
    }

    private static List<String> words(List<Got> got) {
        return got.stream()
                .map(event -> event.sequence() + " at " + event.place())
                .toList();
    }

    private void assertPlanned(RunPlan plan, List<Got> got) {
        CompiledStream stream = plan.extent().streams().get(0);
        for (int shard = 0; shard < stream.shards(); shard++) {
            int its = shard;
            assertThat(words(got.stream()
                            .filter(event -> event.stream() == 0 && event.shard() == its)
                            .toList()))
                    .as("shard %d", shard)
                    .isEqualTo(expected(
                            stream, shard, plan.extent().from(0), plan.extent().limit(0)));
        }
        assertTexts(stream.withTag(TAG), got);
    }

    /** Each event has the bytes that are planned for it. */
    private static void assertTexts(CompiledStream stream, List<Got> got) {
        PlannedFaults faults = stream.plannedFaults();
        EventState state = new EventState();
        byte[] bytes = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        for (Got event : got) {
            if (event.stream() == 0) {
                stream.locate(event.sequence(), state);
                int end = faults.encode(state, faults.corruption(event.shard(), state.slot.local), bytes, 0);
                assertThat(event.text()).isEqualTo(new String(bytes, 0, end, StandardCharsets.UTF_8));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void anyNumberOfLanesSendsThePlannedDeliveriesInTheirOrder(int lanes) throws Exception {
        Collecting sink = new Collecting();
        RunPlan plan = orders(lanes, sink).plan();

        RunReport report = plan.start().await();

        assertThat(report.delivered()).isTrue();
        assertThat(report.missing()).isZero();
        assertThat(report.acknowledged()).isEqualTo(sink.got().size());
        assertPlanned(plan, sink.got());
    }

    @Test
    void aRangeSendsItsOwnEventsAndNothingElse() throws Exception {
        Random random = new Random(7);
        for (int i = 0; i < STOPS; i++) {
            Collecting sink = new Collecting();
            RunPlan plan = RunPlan.of(
                    new Sketch(output.resolve("" + i))
                            .stream(faulty("orders", ALL))
                                    .events(1 + random.nextInt(20_000))
                                    .tag(TAG)
                                    .sink("all", 1 + random.nextInt(4), sink)
                                    .config(),
                    random.nextInt(1_000_000));

            RunReport report = plan.start().await();

            assertThat(report.missing()).isZero();
            assertPlanned(plan, sink.got());
        }
    }

    @Test
    void nothingIsMissingOfARunThatWentOnBehindWholeBlocks() throws Exception {
        orders(2, new Collecting() {
                    @Override
                    void settle(LaneContext lane, EventBatch batch, Outcome outcome) {
                        outcome.failed(0, batch.size(), new IllegalStateException("no"));
                    }
                })
                .plan()
                .start()
                .await();
        Collecting behind = new Collecting() {
            @Override
            public void recover(LaneContext lane, Delivered delivered) {
                Deliveries block =
                        orders(2, this).streams().get(0).plannedFaults().deliveries();
                for (int shard = 0; shard < lane.streams().get(0).shards(); shard++) {
                    block.load(shard, 0);
                    delivered.places(0, shard, 0, block.size());
                }
            }
        };

        RunReport report = orders(2, behind).plan().start().await();

        assertThat(behind.of(0, 0).get(0).place())
                .as("the first of the second block")
                .isEqualTo(2 * 256);
        assertThat(report.failed()).isZero();
        assertThat(report.missing()).isZero();
    }

    @Test
    void aStoppedRunIsResumedWithExactlyTheRest() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < STOPS; i++) {
            Path folder = output.resolve("" + i);
            List<Got> all = new ArrayList<>();
            RunPlan plan = null;
            RunReport report = null;
            for (int attempt = 0; attempt < 4; attempt++) {
                Collecting sink = new Collecting();
                plan = new Sketch(folder)
                        .stream(faulty("orders", ALL)).stream("clicks", 3000)
                                .events(EVENTS)
                                .tag(TAG)
                                .sink("all", 3, sink)
                                .plan()
                                .tuned(Tuning.DEFAULT.batchEvents(1 + random.nextInt(200)));
                Run run = plan.start();
                if (attempt < 3) {
                    CountDownLatch reached = new CountDownLatch(1);
                    run.after((attempt + 1) * EVENTS / 5 + random.nextInt(2000), reached::countDown);
                    reached.await();
                    report = run.stop();
                } else {
                    report = run.await();
                }
                all.addAll(sink.got());
            }

            assertThat(report.missing()).isZero();
            assertThat(report.acknowledged()).isEqualTo(all.size());
            for (ShardLedger shard :
                    report.ledger().sink("all").streams().get(0).shards()) {
                assertThat(shard.resent().isEmpty()).isTrue();
            }
            assertPlanned(plan, all);
        }
    }

    /** Objects whose names are made of places. */
    private final class Store implements SinkConnector, Resume {

        private final Map<String, List<String>> objects = new TreeMap<>();
        private final Map<String, String> texts = new TreeMap<>();
        private final List<String> conflicts = new ArrayList<>();
        private byte[] atFlush = {};

        @Override
        public Resume resume() {
            return this;
        }

        @Override
        public DeliveryUnit unit() {
            return new DeliveryUnit(500, Duration.ofSeconds(2));
        }

        @Override
        public Sink open(LaneContext lane) {
            Chunks chunks = new Chunks(lane, true, 30, 1 << 20, this::store);
            return new Sink() {
                @Override
                public void write(EventBatch batch, Outcome outcome) throws Exception {
                    chunks.add(batch, outcome);
                }

                @Override
                public void flush() throws Exception {
                    atFlush = atFlush.length > 0 ? atFlush : Files.readAllBytes(checkpoint());
                    chunks.flush();
                }

                @Override
                public void close() {}
            };
        }

        private synchronized void store(Chunk chunk) {
            String name = chunk.streamName() + "-" + chunk.firstShard() + "-" + chunk.first() + "-" + chunk.last();
            String text = new String(chunk.bytes(), 0, chunk.length(), StandardCharsets.ISO_8859_1);
            String there = texts.putIfAbsent(name, text);
            if (there != null && !there.equals(text)) {
                conflicts.add(name);
            }
            objects.put(name, List.of(text.split("\n")));
            chunk.acknowledged();
        }

        private long lines() {
            return objects.values().stream().mapToLong(List::size).sum();
        }
    }

    private Path checkpoint() {
        return output.resolve("5f3a90c1/checkpoint.json");
    }

    @Test
    void unitsOfDeliveryHoldTheSameInEveryAttempt() throws Exception {
        Store store = new Store();
        RunPlan plan = null;
        RunReport report = null;
        for (int attempt = 0; attempt < 6; attempt++) {
            plan = orders(1, store).plan().tuned(Tuning.DEFAULT.batchEvents(attempt % 2 == 0 ? 1 : 7));
            Run run = plan.start();
            if (attempt < 5) {
                CountDownLatch reached = new CountDownLatch(1);
                run.after((attempt + 1) * EVENTS / 8, reached::countDown);
                reached.await();
                run.stop();
            } else {
                report = run.await();
            }
            if (attempt == 2) { // killed while it was being stopped
                Files.write(checkpoint(), store.atFlush);
            }
            store.atFlush = new byte[0];
        }

        assertThat(store.conflicts).isEmpty();
        assertThat(report.missing()).isZero();
        assertThat(report.acknowledged()).isEqualTo(store.lines());
        Collecting once = new Collecting();
        RunReport whole = new Sketch(output.resolve("once"))
                .stream(faulty("orders", ALL)).stream("clicks", 3000)
                        .events(EVENTS)
                        .tag(TAG)
                        .sink("all", 1, once)
                        .plan()
                        .start()
                        .await();
        assertThat(report.acknowledged()).isEqualTo(whole.acknowledged());
    }

    /** Half of the keys are in each region, and each region has a sink of its own. */
    private Sketch routed(Collecting eu, Collecting us) {
        return new Sketch(output)
                .stream(faulty(
                                "orders",
                                "drop 1%, drop 20% in eu, duplicate 10% within 60, duplicate 0% in us,"
                                        + " late 0% by 3s..4s, late 50% in us, reorder 5%"))
                        .events(EVENTS)
                        .tag(TAG)
                        .regions(event -> (int) (event.keyHash() & 1), "eu", "us")
                        .regionSinks("eu", "eu")
                        .regionSinks("us", "us")
                        .sink("eu", 2, eu)
                        .sink("us", 3, us);
    }

    @Test
    void eachRegionHasItsShares() throws Exception {
        Collecting eu = new Collecting();
        Collecting us = new Collecting();
        RunPlan plan = routed(eu, us).plan();
        Run run = plan.start();
        CountDownLatch reached = new CountDownLatch(1);
        run.after(EVENTS / 3, reached::countDown);
        reached.await();
        run.stop();
        Run second = routed(eu, us).plan().start();
        RunReport report = second.await();

        EventStream stream = plan.streams().get(0);
        Map<Long, Integer> copies = new TreeMap<>();
        for (Collecting sink : List.of(eu, us)) {
            sink.got().forEach(event -> {
                assertThat(event.region()).isEqualTo(sink == eu ? "eu" : "us");
                copies.merge(event.sequence(), 1, Integer::sum);
            });
        }
        List<Map<FaultKind, Long>> seen = List.of(new EnumMap<>(FaultKind.class), new EnumMap<>(FaultKind.class));
        seen.forEach(region -> Stream.of(FaultKind.values()).forEach(kind -> region.put(kind, 0L)));
        for (PlannedFault fault : stream.faults(0, EVENTS)) {
            long hash = Mix.hash(stream.event(fault.sequence()).key());
            seen.get((int) (hash & 1)).merge(fault.kind(), 1L, Long::sum);
            if (fault.copies() != 1) {
                assertThat(copies.getOrDefault(fault.sequence(), 0)).isEqualTo(fault.copies());
            }
        }
        assertThat(seen.get(0).get(FaultKind.LATE)).isZero();
        assertThat(seen.get(1).get(FaultKind.DUPLICATE)).isZero();
        assertThat(seen.get(0).get(FaultKind.DROP))
                .isGreaterThan(5 * seen.get(1).get(FaultKind.DROP));
        assertThat(seen.get(1).get(FaultKind.LATE)).isPositive();
        assertThat(copies.values().stream().mapToLong(Integer::longValue).sum())
                .isEqualTo(EVENTS
                        - seen.get(0).get(FaultKind.DROP)
                        - seen.get(1).get(FaultKind.DROP)
                        + seen.get(0).get(FaultKind.DUPLICATE));
        assertThat(report.acknowledged()).isEqualTo(eu.got().size() + us.got().size());
        for (RunReport.FaultCounts counts : report.faults()) {
            int region = counts.sink().equals("eu") ? 0 : 1;
            counts.events()
                    .forEach((kind, events) -> assertThat(events)
                            .as("%s in %s", kind, counts.sink())
                            .isEqualTo(seen.get(region).get(kind)));
        }
    }

    @Test
    void filesOfAKilledAndResumedRunHoldEachDeliveryOnce() throws Exception {
        byte[] killed = {};
        RunReport report = null;
        Path folder = output.resolve("files");
        Sketch[] sketch = new Sketch[1];
        for (int attempt = 0; attempt < 4; attempt++) {
            Settings settings = SettingsReader.of(
                    "sinks.all", Map.of("dir", folder.toString(), "roll_bytes", "64KiB"), new Problems());
            sketch[0] = orders(3, new FileSink.Provider().configure(settings));
            Run run = sketch[0].plan().start();
            if (attempt < 3) {
                CountDownLatch reached = new CountDownLatch(1);
                run.after((attempt + 1) * EVENTS / 6, reached::countDown);
                reached.await();
                killed = attempt == 1 ? killed : Files.readAllBytes(checkpoint());
                run.stop();
                Files.write(checkpoint(), killed);
            } else {
                report = run.await();
            }
        }

        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                lines.addAll(List.of(
                        Files.readString(file, StandardCharsets.ISO_8859_1).split("\n")));
            }
        }
        Collecting once = new Collecting();
        new Sketch(output.resolve("once"))
                .stream(faulty("orders", ALL)).stream("clicks", 3000)
                        .events(EVENTS)
                        .tag(TAG)
                        .sink("all", 1, once)
                        .plan()
                        .start()
                        .await();
        assertThat(report.acknowledged()).isEqualTo(lines.size());
        assertThat(lines.stream().map(line -> line.replaceAll("[^ -~]", "?")).sorted())
                .containsExactlyElementsOf(once.got().stream()
                        .map(event -> new String(
                                        event.text().getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1)
                                .replace("\u00ef\u00bf\u00bd", "?")
                                .replaceAll("[^ -~]", "?"))
                        .sorted()
                        .toList());
    }
}
