package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.engine.Checkpoint.LaneMark;
import io.dataflux.engine.Checkpoint.Stage;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.model.Faults;
import io.dataflux.model.StreamDefinition;
import io.dataflux.plan.Extent;
import io.dataflux.plan.History;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.RunConfig;
import io.dataflux.spi.DeliveryUnit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What earlier attempts left, compared step by step with sets of places that are kept by the plainest means. */
class EarlierAttemptsTest {

    private static final long[] FROM = {0, 50};
    private static final long[] LIMIT = {700, 400};
    private static final int SHARDS = 8;

    /** One shard by the plainest means: only the places that a delivery of the run has. */
    private record Model(Set<Long> done, Set<Long> failed, Set<Long> unknown, Set<Long> resent, Set<Long> all) {}

    private RunConfig config;
    private Extent extent;
    private EarlierAttempts past;
    private List<List<LaneShare>> lanes;
    private final List<List<Model>> models = new ArrayList<>();
    private final long[] events = new long[2];
    private boolean routed;

    private void set(String shape) {
        set(shape, FROM, LIMIT);
    }

    private void set(String shape, long[] from, long[] limit) {
        routed = shape.contains("routed");
        StreamDefinition orders = Sketch.definition("orders", 100, 1);
        Sketch sketch = new Sketch(Path.of(""))
                .stream(
                                shape.contains("faults")
                                        ? orders.toBuilder()
                                                .faults(Faults.of(
                                                        "drop 10%, duplicate 10% within 8, reorder 20% within 8"))
                                                .build()
                                        : orders)
                        .stream("clicks", 60)
                        .events(1000)
                        .sink("all", 2, new Collecting());
        if (routed) {
            sketch.regions(event -> (int) Math.floorMod(event.sequence() / 3, 2L), "eu", "us")
                    .regionSinks("us")
                    .regionSinks("eu", "all");
        }
        if (shape.contains("part")) {
            sketch.part(2, 3);
        }
        config = sketch.config();
        extent = new Extent(config.streams(), from, limit);
        past = new EarlierAttempts(config, History.of(extent), "all");
        lanes = LaneShare.deal(History.of(extent), past.done(), 2, config.part());
        models.clear();
        Arrays.fill(events, 0);
        for (int stream = 0; stream < 2; stream++) {
            List<Model> its = new ArrayList<>();
            for (int shard = 0; shard < SHARDS; shard++) {
                its.add(new Model(new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>(), new TreeSet<>()));
                PlannedFaults faults = stream(stream).plannedFaults();
                for (long place = 0; place < 3 * limit[stream] && limit[stream] < 10_000; place++) {
                    long local = faults.local(shard, place);
                    if (local >= 0 && isOf(stream, shard, local, from, limit)) {
                        its.get(shard).all.add(place);
                    }
                }
            }
            models.add(its);
        }
    }

    private boolean isOf(int stream, int shard, long local, long[] from, long[] limit) {
        long sequence = stream(stream).schedule().sequenceOf(shard, local);
        return sequence >= from[stream] && sequence < limit[stream];
    }

    private CompiledStream stream(int stream) {
        return extent.streams().get(stream);
    }

    private boolean meant(int stream, int shard, long place) {
        long sequence = stream(stream)
                .schedule()
                .sequenceOf(shard, stream(stream).plannedFaults().local(shard, place));
        return !routed || sequence / 3 % 2 == 0;
    }

    /** When a place is sent, as a sequence. */
    private long sentAt(int stream, int shard, long place) {
        CompiledStream of = stream(stream);
        long last = of.schedule().localCount(shard, extent.limit(stream)) - 1;
        return of.schedule().sequenceOf(shard, Math.min(last, of.plannedFaults().position(shard, place)));
    }

    private long meant(int stream, int shard, Set<Long> places) {
        return places.stream().filter(place -> meant(stream, shard, place)).count();
    }

    private Set<Long> places(int stream, int shard, Ranges ranges) {
        Set<Long> places = new TreeSet<>(models.get(stream).get(shard).all);
        places.removeIf(place -> !ranges.contains(place));
        return places;
    }

    private void compare() {
        for (int stream = 0; stream < 2; stream++) {
            long unknowns = 0;
            assertThat(past.events(stream)).isEqualTo(events[stream]);
            for (int shard = 0; shard < SHARDS; shard++) {
                Model model = models.get(stream).get(shard);
                assertThat(places(stream, shard, past.done().get(stream).get(shard)))
                        .isEqualTo(model.done);
                assertThat(places(stream, shard, past.unknown(stream).get(shard)))
                        .isEqualTo(model.unknown);
                unknowns += meant(stream, shard, model.unknown);
                for (long place : model.all) {
                    assertThat(past.isDone(stream, shard, place)).isEqualTo(model.done.contains(place));
                }
            }
            assertThat(past.unknownEvents(stream)).isEqualTo(unknowns);
        }
        for (List<LaneShare> lane : lanes) {
            for (LaneShare share : lane) {
                boolean anyDone = false;
                boolean anyUnknown = false;
                for (int shard = 0; shard < SHARDS; shard++) {
                    Model model = models.get(share.stream()).get(shard);
                    anyDone |= share.owned()[shard] && meant(share.stream(), shard, model.done) > 0;
                    anyUnknown |= share.owned()[shard] && meant(share.stream(), shard, model.unknown) > 0;
                }
                assertThat(past.anyDone(share)).isEqualTo(anyDone);
                assertThat(past.anyUnknown(share)).isEqualTo(anyUnknown);
            }
        }
    }

    /** Takes over a checkpoint with outcomes in runs of places; the first lane ran until a time, the others were stopped. */
    private void take(SplittableRandom random) {
        List<StreamLedger> ledgers = new ArrayList<>();
        for (int stream = 0; stream < 2; stream++) {
            List<ShardLedger> shards = new ArrayList<>();
            for (int shard = 0; shard < SHARDS; shard++) {
                ShardLedger ledger =
                        new ShardLedger(new Ranges(), new Ranges(), new Ranges(), new Ranges(), new Ranges());
                int kind = 0;
                for (long place : models.get(stream).get(shard).all) {
                    kind = random.nextInt(6) == 0 ? Math.max(0, random.nextInt(7) - 3) : kind;
                    if (kind < 3) {
                        List.of(ledger.acknowledged(), ledger.failed(), ledger.unknown())
                                .get(kind)
                                .add(place, place + 1);
                        if (random.nextInt(9) == 0) {
                            ledger.resent().add(place, place + 1);
                        }
                    }
                }
                shards.add(ledger);
            }
            events[stream] = 1000L + random.nextInt(100);
            ledgers.add(new StreamLedger("any", events[stream], 0, 0, shards));
        }
        past.takeCounts(ledgers);
        for (int lane = 0; lane < lanes.size(); lane++) {
            Stage stage = lane == 0 ? Stage.RUNNING : random.nextBoolean() ? Stage.STOPPED : Stage.COMPLETE;
            long horizon = Checkpoint.micros(stream(0).timeOf(100 + random.nextInt(500)));
            past.take(ledgers, lanes.get(lane), new LaneMark(0, horizon, stage, List.of()));
            for (LaneShare share : lanes.get(lane)) {
                for (int shard = 0; shard < SHARDS; shard++) {
                    if (share.owned()[shard]) {
                        int stream = share.stream();
                        ShardLedger ledger = ledgers.get(stream).shards().get(shard);
                        Model model = models.get(stream).get(shard);
                        model.done.addAll(places(stream, shard, ledger.acknowledged()));
                        model.failed.addAll(places(stream, shard, ledger.failed()));
                        model.resent.addAll(places(stream, shard, ledger.resent()));
                        model.unknown.addAll(places(stream, shard, ledger.unknown()));
                        for (long place : model.all) {
                            long time = Checkpoint.micros(stream(stream).timeOf(sentAt(stream, shard, place)));
                            if (stage == Stage.RUNNING
                                    && time < horizon
                                    && !model.done.contains(place)
                                    && !model.failed.contains(place)) {
                                model.unknown.add(place);
                            }
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "faults", "routed", "routed faults", "part", "part routed faults"})
    void whatIsDoneAndWhatMayBeThereIsKnownPlaceByPlace(String shape) {
        for (int seed = 0; seed < 3; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            set(shape);
            compare();
            take(random);
            compare();
            for (int i = 0; i < 6; i++) {
                deliver(random);
            }
            compare();
            for (List<LaneShare> lane : lanes) {
                for (LaneShare share : lane) {
                    roundDown(share, random);
                }
            }
            compare();
            past.seal();
            models.forEach(its -> its.forEach(model -> model.resent.addAll(model.unknown)));
            combine(random);
        }
    }

    /** The target says that it has some places. */
    private void deliver(SplittableRandom random) {
        int stream = random.nextInt(2);
        int shard = random.nextInt(SHARDS);
        Model model = models.get(stream).get(shard);
        LaneShare any = lanes.stream()
                .flatMap(List::stream)
                .filter(share -> share.stream() == stream)
                .findFirst()
                .orElseThrow();
        long from = any.places().first(shard) + random.nextInt(80);
        long to = Math.min(any.places().end(shard), from + random.nextInt(40) - 3);
        past.deliver(stream, shard, from, to);
        for (long place : model.all) {
            if (place >= from && place < to) {
                events[stream] += model.done.add(place) && meant(stream, shard, place) ? 1 : 0;
                model.failed.remove(place);
                model.unknown.remove(place);
            }
        }
    }

    private void roundDown(LaneShare share, SplittableRandom random) {
        int stream = share.stream();
        List<Long> cuts = List.of(60L + random.nextInt(60), 200L + random.nextInt(30));
        boolean windows = random.nextBoolean();
        DeliveryUnit unit = windows ? new DeliveryUnit(64, Duration.ofSeconds(1)) : new DeliveryUnit(32, Duration.ZERO);
        past.roundDown(share, unit, cuts);
        for (long start = extent.from(stream); start < extent.limit(stream); ) {
            long end = start + 1;
            while (end < extent.limit(stream)
                    && end % unit.sequences() != 0
                    && !cuts.contains(end)
                    && (!windows || second(stream, end) == second(stream, end - 1))) {
                end++;
            }
            long first = start;
            long next = end;
            LongPredicate in = sequence -> sequence >= first && sequence < next;
            boolean whole = true;
            for (int shard = 0; shard < SHARDS; shard++) {
                for (long place : models.get(stream).get(shard).all) {
                    whole &= !share.owned()[shard]
                            || !in.test(sentAt(stream, shard, place))
                            || !meant(stream, shard, place)
                            || models.get(stream).get(shard).done.contains(place);
                }
            }
            for (int shard = 0; shard < SHARDS && !whole; shard++) {
                Model model = models.get(stream).get(shard);
                for (long place : model.all) {
                    if (share.owned()[shard] && in.test(sentAt(stream, shard, place)) && model.done.remove(place)) {
                        model.unknown.add(place);
                        events[stream] -= meant(stream, shard, place) ? 1 : 0;
                    }
                }
            }
            start = end;
        }
    }

    private long second(int stream, long sequence) {
        return stream(stream).timeOf(sequence).getEpochSecond();
    }

    /** Combines what is left with what the next attempt did. */
    private void combine(SplittableRandom random) {
        for (int stream = 0; stream < 2; stream++) {
            List<Book> books = new ArrayList<>();
            List<Model> now = new ArrayList<>();
            long[] sums = {events[stream], 0, 0, 0};
            for (int shard = 0; shard < SHARDS; shard++) {
                Model model = models.get(stream).get(shard);
                Ranges[] did = {new Ranges(), new Ranges(), new Ranges()};
                long[] counts = new long[3];
                boolean none = random.nextInt(4) == 0;
                Model after = new Model(
                        new TreeSet<>(model.done),
                        new TreeSet<>(model.failed),
                        new TreeSet<>(model.unknown),
                        model.resent,
                        new TreeSet<>(model.all));
                for (long place : model.all) {
                    int kind = random.nextInt(8);
                    if (!none && kind < 3 && !model.done.contains(place)) {
                        did[kind].add(place, place + 1);
                        counts[kind] += meant(stream, shard, place) ? 1 : 0;
                        after.failed.remove(place);
                        after.unknown.remove(place);
                        List.of(after.done, after.failed, after.unknown)
                                .get(kind)
                                .add(place);
                    }
                }
                after.all.removeAll(after.done);
                after.all.removeAll(after.failed);
                after.all.removeAll(after.unknown);
                if (shard % config.part().of() != config.part().number() - 1) {
                    after.all.clear();
                }
                books.add(none ? null : new Book(shard, did, counts));
                now.add(after);
                sums[0] += counts[0];
                sums[1] += meant(stream, shard, after.failed);
                sums[2] += meant(stream, shard, after.unknown);
                sums[3] += meant(stream, shard, after.all);
            }
            StreamLedger exact = past.with(stream, books, true);
            StreamLedger rough = past.with(stream, books, false);
            assertThat(exact.name()).isEqualTo(stream(stream).name());
            assertThat(List.of(exact.acknowledged(), exact.failed(), exact.unknown(), exact.missing()))
                    .containsExactly(sums[0], sums[1], sums[2], sums[3]);
            assertThat(rough.acknowledged()).isEqualTo(sums[0]);
            assertThat(rough.failed()).isGreaterThanOrEqualTo(sums[1]);
            assertThat(rough.unknown()).isGreaterThanOrEqualTo(sums[2]);
            assertThat(rough.missing()).isGreaterThanOrEqualTo(sums[3]);
            for (int shard = 0; shard < SHARDS; shard++) {
                ShardLedger of = exact.shards().get(shard);
                Model after = now.get(shard);
                assertThat(places(stream, shard, of.acknowledged())).isEqualTo(after.done);
                assertThat(places(stream, shard, of.failed())).isEqualTo(after.failed);
                assertThat(places(stream, shard, of.unknown())).isEqualTo(after.unknown);
                assertThat(places(stream, shard, of.resent())).isEqualTo(after.resent);
                assertThat(places(stream, shard, of.missing())).isEqualTo(after.all);
            }
        }
        compare();
    }

    @Test
    void aRunWithoutALimitMissesNothing() {
        Sketch endless = new Sketch(Path.of("")).stream("orders", 100).sink("all", 1, new Collecting());
        EarlierAttempts first = new EarlierAttempts(
                endless.config(), History.of(new Extent(endless.streams(), new long[1], new long[] {1000})), "all");

        assertThat(first.with(0, Arrays.asList(new Book[SHARDS]), true).missing())
                .isZero();
    }

    /** Where a router decides about very many events, some of them stand for all. */
    @Test
    void howManyOfVeryManyEventsAreMissingIsEstimated() {
        long[] many = {20_000_000, 1000};
        set("routed", new long[2], many);
        Book none = null;

        long missing = past.with(0, Arrays.asList(none, none), true).missing();

        double half = (stream(0).schedule().localCount(0, many[0])
                        + stream(0).schedule().localCount(1, many[0]))
                / 2.0;
        assertThat((double) missing).isBetween(half * 0.99, half * 1.01);
    }
}
