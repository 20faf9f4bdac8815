package io.dataflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.model.Fields;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams and plans as people write them in code. */
class PlansInCodeTest {

    @TempDir
    Path folder;

    private static StreamDefinition.Builder orders() {
        return StreamDefinition.named("orders").identity("id").field("id", Fields.uuid());
    }

    private static EventStream stream() {
        return DataFlux.stream(orders().key("c{}", 100).build(), 1);
    }

    @Test
    void sharesAndSkewsAreNumbersOrText() {
        StreamDefinition numbers = orders().key("cust_{}", 200_000, 0.7)
                .field("a", Fields.integer(1, 5).nullable(0.1).absent(0.9))
                .field("b", Fields.bool(0.25))
                .field("c", Fields.words("w", List.of("x", "y"), 1.1))
                .field("d", Fields.bool(0.000001).nullable(0).absent(1))
                .build();
        StreamDefinition text = orders().key("cust_{}", 200_000, "0.7")
                .field("a", Fields.integer(1, 5).nullable("10%").absent("90%"))
                .field("b", Fields.bool("25%"))
                .field("c", Fields.words("w", List.of("x", "y"), "1.1"))
                .field("d", Fields.bool("0.0001%").nullable("0%").absent("100%"))
                .build();
        assertThat(numbers.fields()).isEqualTo(text.fields());
        assertThat(DataFlux.stream(numbers, 1).fingerprint())
                .isEqualTo(DataFlux.stream(text, 1).fingerprint());
        for (double share : new double[] {90, -0.1, Double.NaN}) {
            assertThatThrownBy(() -> Fields.uuid().absent(share))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(
                            " is not a share: write a number from 0 to 1, such as 0.25, or a percentage, such as \"25%\"");
        }
    }

    @Test
    void boundsAreNumbersOrText() {
        Spread normal = new Spread.Normal(null, null);
        StreamDefinition numbers = orders().key("c{}", 100)
                .field("a", Fields.decimal(0.1, 0.3))
                .field("b", Fields.decimal(-1, 199.99))
                .field("c", Fields.decimal(1, 5, normal))
                .field("d", Fields.smooth(18.5, 41.9, Duration.ofMinutes(20)))
                .field("e", Fields.smooth(0, 1000000, Duration.ofMinutes(20), 0.4, 900))
                .field("f", Fields.linear("d", -1.2, 95, 0.1, 10, 100.5))
                .build();
        StreamDefinition text = orders().key("c{}", 100)
                .field("a", Fields.decimal("0.1", "0.3"))
                .field("b", Fields.decimal("-1", "199.99"))
                .field("c", Fields.decimal("1", "5", normal))
                .field("d", Fields.smooth("18.5", "41.9", Duration.ofMinutes(20)))
                .field("e", Fields.smooth("0", "1000000", Duration.ofMinutes(20), "40%", 900))
                .field("f", Fields.linear("d", "-1.2", "95", "0.1", "10", "100.5"))
                .build();
        assertThat(numbers.fields()).isEqualTo(text.fields());
        EventStream one = DataFlux.stream(numbers, 1);
        EventStream other = DataFlux.stream(text, 1);
        for (long n = 0; n < 100; n++) {
            assertThat(one.event(n).bytes()).isEqualTo(other.event(n).bytes());
        }
        for (double bound : new double[] {Double.NaN, Double.POSITIVE_INFINITY, 0.1 + 0.2, 1.0 / 3}) {
            assertThatThrownBy(() -> Fields.decimal(0, bound))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageEndingWith(" is not a number of at most 15 digits; write it as text");
        }
    }

    @Test
    void aTagIsTheSameAsNumberAndAsText() throws InterruptedException {
        EventStream stream = stream();
        assertThat(stream.withTag("5f3a90c1").event(7).identity())
                .isEqualTo(stream.withTag(0x5f3a90c1).event(7).identity());
        Plan plan = DataFlux.plan(stream)
                .events(0, 100)
                .tag("ff3a90c1")
                .output(folder)
                .sink("none", Sinks.discard())
                .build();
        try (Run run = plan.start()) {
            assertThat(run.tag()).isEqualTo("ff3a90c1");
            assertThat(run.await().tag()).isEqualTo("ff3a90c1");
        }
    }

    @Test
    void sinksOfFilesAreThereInCodeAndAReportIsShort() throws IOException, InterruptedException {
        RunReport report = DataFlux.plan(stream())
                .events(0, 1000)
                .speed(Double.POSITIVE_INFINITY)
                .output(folder.resolve("runs"))
                .tag("ab12")
                .sink("lines", Sinks.file(folder.resolve("lines")), 3)
                .sink("some", Sinks.mock(folder.resolve("mock")))
                .sink("none", Sinks.discard(), 2)
                .build()
                .start()
                .await();

        assertThat(report.delivered()).isTrue();
        assertThat(lines(folder.resolve("lines"))).isEqualTo(1000);
        assertThat(lines(folder.resolve("mock"))).isEqualTo(100);
        assertThat(report.toString().lines()).hasSize(4);
        assertThat(report.toString().lines().findFirst().orElseThrow())
                .matches(
                        "run 0000ab12: [A-Z]+, complete, 3,000 events, counted at each of 3 sinks, and [\\d,]+ bytes in [\\d.]+ s");
        assertThat(report.toString().lines().skip(1))
                .containsExactly(
                        "  lines: 1,000 acknowledged, 0 failed, 0 unknown",
                        "  some: 1,000 acknowledged, 0 failed, 0 unknown",
                        "  none: 1,000 acknowledged, 0 failed, 0 unknown");
        assertThatThrownBy(() -> DataFlux.plan(stream()).sink("a", Sinks.console(), 0))
                .hasMessage("sink 'a': 0 lanes are not between 1 and 255");
    }

    private static long lines(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".jsonl"))
                    .mapToLong(PlansInCodeTest::linesOf)
                    .sum();
        }
    }

    private static long linesOf(Path file) {
        try (Stream<String> lines = Files.lines(file)) {
            return lines.count();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aTagThatIsNoneIsRefusedInWords() {
        EventStream stream = DataFlux.stream("clickstream", 1);
        for (String tag : List.of("", "xyz", "123456789", "-1", "0x1f", "12 ")) {
            assertThatThrownBy(() -> stream.withTag(tag))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("'" + tag + "' is not a tag: write up to eight hexadecimal digits, such as 5f3a90c1");
            assertThatThrownBy(() -> DataFlux.plan(stream).tag(tag))
                    .hasMessageStartingWith("'" + tag + "' is not a tag: ");
        }
        assertThatThrownBy(() -> DataFlux.plan(stream).tag("00"))
                .hasMessageStartingWith("'00' is the tag of events that are never sent: ");
        assertThat(stream.withTag("0").event(7).toString())
                .isEqualTo(stream.event(7).toString());
    }

    @Test
    void aDefaultSeedIsForFilesWithoutOne(@TempDir Path folder) throws IOException {
        Path without = Files.writeString(folder.resolve("a.yaml"), "streams: {clicks: {from: clickstream}}\n");
        Path with = Files.writeString(folder.resolve("b.yaml"), "seed: 7\nstreams: {clicks: {from: clickstream}}\n");

        assertThat(seed(without, Map.of())).isEqualTo(42);
        assertThat(seed(without, Map.of("default-seed", "9"))).isEqualTo(9);
        assertThat(seed(without, Map.of("default-seed", "9", "seed", "8"))).isEqualTo(8);
        assertThat(seed(with, Map.of("default-seed", "9"))).isEqualTo(7);
    }

    private static long seed(Path file, Map<String, String> flags) {
        return DataFlux.streams(file, flags, Map.of()).get(0).seed();
    }

    @Test
    void severalStreamsGoToTheSinksOfTheirRegions() throws Exception {
        MemorySink all = MemorySink.keeping();
        MemorySink europe = MemorySink.keeping();
        List<EventStream> streams = List.of(DataFlux.stream("clickstream", 1), DataFlux.stream("cdc", 2));
        Plan plan = DataFlux.plan(streams)
                .limit(6000)
                .speed(Double.POSITIVE_INFINITY)
                .region("eu", 2)
                .region("us", 1)
                .regionSinks("us", "all")
                .regionSinks("eu", "all", "europe")
                .sink("all", all)
                .sink("europe", europe, 2)
                .output(folder)
                .build();

        RunReport report = plan.start().await();

        assertThat(all.entries()).hasSize(6000);
        assertThat(all.entries()).extracting(MemorySink.Entry::stream).contains("clickstream", "cdc");
        assertThat(all.entries()).extracting(MemorySink.Entry::region).containsOnly("eu", "us");
        long inEurope = all.entries().stream()
                .filter(entry -> entry.region().equals("eu"))
                .count();
        assertThat(inEurope).isBetween(3400L, 4600L);
        assertThat(europe.entries())
                .hasSize((int) inEurope)
                .allMatch(entry -> entry.region().equals("eu"));
        for (String sink : plan.sinks()) {
            assertThat(plan.verify(sink, report.ledger(), reader -> reader).clean())
                    .as(sink)
                    .isTrue();
        }
    }

    @Test
    void anOwnRouterDecides() throws Exception {
        MemorySink memory = MemorySink.keeping();
        DataFlux.plan(List.of(DataFlux.stream("clickstream", 1), stream()))
                .limit(100)
                .speed(Double.POSITIVE_INFINITY)
                .region("clicks", 1)
                .region("others", 1)
                .routing(event -> event.stream().equals("clickstream") ? 0 : 1)
                .sink("memory", memory)
                .output(folder)
                .build()
                .start()
                .await();

        assertThat(memory.entries())
                .hasSize(100)
                .allMatch(entry -> entry.region().equals(entry.stream().equals("clickstream") ? "clicks" : "others"));
    }

    @Test
    void whatDoesNotFitTogetherIsRefused() {
        EventStream one = stream();
        EventStream other = DataFlux.stream("cdc", 1);
        assertThatThrownBy(() -> DataFlux.plan(List.of())).hasMessageContaining("needs at least one");
        assertThatThrownBy(() -> DataFlux.plan(List.of(one, one)))
                .hasMessageContaining("there are two streams 'orders'");
        assertThatThrownBy(() -> DataFlux.plan(one).region("eu", 0)).hasMessageContaining("weight 0.0 is not above 0");
        assertThatThrownBy(() -> DataFlux.plan(one).region("eu", 1).region("eu", 1))
                .hasMessageContaining("defined twice");
        assertThatThrownBy(() -> DataFlux.plan(List.of(one, other))
                        .events(0, 5)
                        .limit(0)
                        .routing(event -> 0)
                        .regionSinks("asia", "none")
                        .sink("null", Sinks.discard())
                        .build())
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("""
                        streams 'orders', 'cdc': 4 problems
                          events: a range of events is for one stream; end a run of several with limit(events)
                          limit: 0: at least one event is needed
                          routing: there are no regions to route to; add some with region(name, weight)
                          region_sinks.asia: there is no region 'asia'; the regions are []""");
        assertThatThrownBy(() -> DataFlux.plan(one)
                        .events(0, 5)
                        .limit(3)
                        .sink("null", Sinks.discard())
                        .build())
                .hasMessageContaining("keep one of the two");
        assertThatThrownBy(() -> DataFlux.plan(one)
                        .region("eu", 1)
                        .regionSinks("eu", "lake")
                        .sink("null", Sinks.discard())
                        .build())
                .hasMessageContaining("there is no sink 'lake'");
    }
}
