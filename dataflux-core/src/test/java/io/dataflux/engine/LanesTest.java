package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Collecting.Got;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ranges;
import io.dataflux.ledger.Routing;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LanesTest {

    private static final long EVENTS = Boolean.getBoolean("dataflux.thorough") ? 300_000 : 20_000;

    @TempDir
    Path output;

    private RunReport send(Sketch sketch) throws InterruptedException {
        return sketch.plan().start().await();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 8, 20})
    void everyEventIsSentOnceWithItsOwnBytesWhateverTheNumberOfLanes(int lanes) throws Exception {
        Collecting sink = new Collecting();
        Sketch sketch = new Sketch(output)
                .stream("orders", 5000).stream("clicks", 7000)
                        .tag(7)
                        .events(EVENTS)
                        .sink("all", lanes, sink);

        RunReport report = send(sketch);

        assertThat(report.problems()).isEmpty();
        assertThat(report.delivered()).isTrue();
        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        assertThat(report.validity()).isEqualTo(Validity.VALID);
        List<String> expected = new ArrayList<>();
        for (int stream = 0; stream < 2; stream++) {
            CompiledStream tagged = sketch.streams().get(stream).withTag(7);
            long limit = report.ledger().streams().get(stream).limit();
            tagged.events(0, limit).forEach(event -> expected.add(event.toString()));
        }
        expected.sort(Comparator.naturalOrder());
        assertThat(expected).hasSize((int) EVENTS);
        assertThat(sink.got().stream().map(Got::text).sorted().toList()).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void aShardIsInOneLaneAndItsPlacesComeInOrderWithoutGaps(int lanes) throws Exception {
        Collecting sink = new Collecting();
        Sketch sketch = new Sketch(output).stream("orders", 5000).events(EVENTS).sink("all", lanes, sink);

        send(sketch);

        CompiledStream orders = sketch.streams().get(0);
        for (int shard = 0; shard < orders.shards(); shard++) {
            List<Got> events = sink.of(0, shard);
            assertThat(events).extracting(Got::lane).containsOnly(events.get(0).lane());
            for (int i = 0; i < events.size(); i++) {
                assertThat(events.get(i).place()).isEqualTo(i);
                assertThat(events.get(i).sequence()).isEqualTo(orders.schedule().sequenceOf(shard, i));
            }
        }
    }

    @Test
    void oneLaneMergesStreamsByScheduledTimeAndTiesByStream() throws Exception {
        Collecting sink = new Collecting();
        Sketch sketch = new Sketch(output)
                .stream("slow", 1000).stream("fast", 3000).events(4000).sink("all", 1, sink);

        send(sketch);

        Comparator<Got> order = Comparator.<Got, Instant>comparing(
                        event -> sketch.streams().get(event.stream()).timeOf(event.sequence()))
                .thenComparing(Got::stream);
        assertThat(sink.got()).hasSize(4000).isSortedAccordingTo(order);
        assertThat(sink.got()).filteredOn(event -> event.stream() == 0).hasSize(1000);
    }

    @Test
    void theLedgerCoversEveryShardUpToItsLimitInOneRange() throws Exception {
        Sketch sketch = new Sketch(output)
                .stream("orders", 5000).stream("clicks", 1)
                        .events(10_001)
                        .sink("a", 2, new Collecting())
                        .sink("b", 1, new Collecting());

        RunReport report = send(sketch);

        assertThat(report.issued()).isEqualTo(2 * 10_001);
        for (Ledger.SinkLedger sink : report.ledger().sinks()) {
            for (int stream = 0; stream < 2; stream++) {
                CompiledStream compiled = sketch.streams().get(stream);
                long limit = report.ledger().streams().get(stream).limit();
                assertThat(sink.streams().get(stream).acknowledged()).isEqualTo(limit);
                for (int shard = 0; shard < compiled.shards(); shard++) {
                    Ranges all = Ranges.of(0, compiled.schedule().localCount(shard, limit));
                    assertThat(sink.streams().get(stream).shards().get(shard).acknowledged())
                            .isEqualTo(all);
                }
            }
        }
    }

    @Test
    void eachSinkGetsTheEventsOfItsRegionsAndTheLedgerStillHasOneRangePerShard() throws Exception {
        Collecting eu = new Collecting();
        Collecting us = new Collecting();
        Sketch sketch = new Sketch(output)
                .stream("orders", 5000)
                        .events(EVENTS)
                        .regions(event -> (int) Math.floorMod(event.keyHash(), 3L), "eu", "us", "elsewhere")
                        .regionSinks("eu", "eu")
                        .regionSinks("default", "us")
                        .sink("eu", 2, eu)
                        .sink("us", 1, us);

        RunReport report = send(sketch);

        assertThat(eu.got()).extracting(Got::region).containsOnly("eu");
        assertThat(us.got()).extracting(Got::region).containsOnly("us", "elsewhere");
        assertThat(eu.regions).containsExactly("eu");
        assertThat(us.regions).containsExactly("us", "elsewhere");
        assertThat(eu.got().size() + us.got().size()).isEqualTo((int) EVENTS);
        assertThat(report.issued()).isEqualTo(EVENTS);
        Routing toEu = new Regions(sketch.config()).routingTo("eu");
        assertThat(eu.got()).allMatch(event -> toEu.goesTo(0, event.sequence()));
        assertThat(us.got()).noneMatch(event -> toEu.goesTo(0, event.sequence()));
        for (int shard = 0; shard < sketch.streams().get(0).shards(); shard++) {
            Ranges all = Ranges.of(0, sketch.streams().get(0).schedule().localCount(shard, EVENTS));
            for (Ledger.SinkLedger sink : report.ledger().sinks()) {
                assertThat(sink.streams().get(0).shards().get(shard).acknowledged())
                        .isEqualTo(all);
            }
        }
    }

    @Test
    void aRouterSeesTheFieldsOfTheEventAndTheRegionIsKnownToASinkThatGetsAll() throws Exception {
        Collecting sink = new Collecting();
        Sketch sketch = new Sketch(output)
                .stream("orders", 5000)
                        .events(2000)
                        .regions(event -> (Long) event.field("amount") > 250 ? 1 : 0, "small", "large")
                        .sink("all", 1, sink);

        send(sketch);

        CompiledStream orders = sketch.streams().get(0);
        assertThat(sink.got())
                .hasSize(2000)
                .allMatch(event -> event.region()
                        .equals((Long) orders.event(event.sequence()).field("amount") > 250 ? "large" : "small"));
    }

    @Test
    void aRunMayBeginWithinItsStreams() throws Exception {
        Collecting sink = new Collecting();
        RunConfig config = new Sketch(output)
                .stream("orders", 5000).events(1000).sink("all", 2, sink).config();

        RunReport report = RunPlan.of(config, 123_456_789_012L).start().await();

        assertThat(sink.got().stream().map(Got::sequence).sorted().toList())
                .hasSize(1000)
                .startsWith(123_456_789_012L)
                .endsWith(123_456_790_011L);
        CompiledStream orders = config.streams().get(0);
        assertThat(report.start()).isEqualTo(orders.timeOf(123_456_789_012L));
        for (int shard = 0; shard < orders.shards(); shard++) {
            assertThat(report.ledger()
                            .sinks()
                            .get(0)
                            .streams()
                            .get(0)
                            .shards()
                            .get(shard)
                            .acknowledged())
                    .isEqualTo(Ranges.of(
                            orders.schedule().localCount(shard, 123_456_789_012L),
                            orders.schedule().localCount(shard, 123_456_790_012L)));
        }
    }

    @Test
    void twoRunsOfOnePlanHaveDifferentTags() throws Exception {
        RunPlan plan = new Sketch(output)
                .stream("orders", 5000)
                        .events(10)
                        .sink("all", 1, new Collecting())
                        .plan();

        String first = plan.start().await().tag();
        String second = plan.start().await().tag();

        assertThat(first).matches("[0-9a-f]{8}").isNotEqualTo(second);
    }

    @Test
    void theBytesOfAReportAreThoseOfTheEvents() throws Exception {
        Collecting sink = new Collecting();
        RunReport report =
                send(new Sketch(output).stream("orders", 5000).events(3000).sink("all", 1, sink));

        assertThat(report.bytes())
                .isEqualTo(sink.got().stream()
                        .mapToLong(event -> event.text().length())
                        .sum());
    }
}
