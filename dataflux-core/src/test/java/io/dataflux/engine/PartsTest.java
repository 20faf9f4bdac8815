package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.RunReport;
import io.dataflux.engine.Collecting.Got;
import io.dataflux.ledger.Ledger;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several plans with one tag, each of which sends its part of the shards, as several processes would. */
class PartsTest {

    private static final long EVENTS = 40_000;

    @TempDir
    Path output;

    private Sketch sketch(Collecting sink, int part, int parts) {
        return new Sketch(output)
                .stream("orders", 5000).stream("clicks", 3000)
                        .events(EVENTS)
                        .tag(7)
                        .part(part, parts)
                        .sink("all", 2, sink);
    }

    private Path report(int part, int parts) {
        return output.resolve("00000007/report-" + part + "of" + parts + ".json");
    }

    private RunPlan whole() {
        return sketch(new Collecting(), 1, 1).plan();
    }

    @Test
    void thePartsOfARunSendEveryEventOnceFromLanesOfTheirOwn() throws Exception {
        Set<String> texts = new HashSet<>();
        List<Path> reports = new ArrayList<>();
        for (int part = 1; part <= 3; part++) {
            List<LaneContext> lanes = Collections.synchronizedList(new ArrayList<>());
            Collecting sink = new Collecting() {
                @Override
                public Sink open(LaneContext lane) throws Exception {
                    lanes.add(lane);
                    return super.open(lane);
                }
            };
            int shard = part - 1;

            RunReport report = sketch(sink, part, 3).plan().start().await();

            assertThat(report.delivered()).isTrue();
            assertThat(sink.got()).extracting(Got::shard).allMatch(its -> its % 3 == shard);
            sink.got().forEach(event -> assertThat(texts.add(event.text())).isTrue());
            assertThat(lanes).extracting(LaneContext::lane).containsExactly(2 * shard, 2 * shard + 1);
            assertThat(lanes).allMatch(lane -> lane.lanes() == 6 && lane.parts() == 3 && lane.firstLane() == 2 * shard);
            reports.add(report(part, 3));
        }
        assertThat(texts).hasSize((int) EVENTS);
        Collections.reverse(reports);

        Ledger merged = whole().ledger(reports);

        assertThat(merged.parts()).isEqualTo(1);
        assertThat(merged.sink("all").streams().stream()
                        .mapToLong(Ledger.StreamLedger::acknowledged)
                        .sum())
                .isEqualTo(EVENTS);
        Collecting alone = new Collecting();
        Ledger one = sketch(alone, 1, 1).plan().startingAnew().start().await().ledger();
        assertThat(merged).as("the ledger of a run in one process").isEqualTo(one);
        try (var files = Files.list(output.resolve("00000007"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .contains("checkpoint-2of3.json", "report-2of3.json", "ledger-2of3");
        }
    }

    private static class NotRead implements ReadBack {
        @Override
        public SinkReader reader(LaneContext run, String position) {
            throw new IllegalStateException("nothing is read here");
        }
    }

    private static Collecting readBack(ReadBack target) {
        return new Collecting() {
            @Override
            public Optional<ReadBack> readBack() {
                return Optional.of(target);
            }
        };
    }

    @Test
    void thePositionOfTheWholeIsTheEarliest() throws Exception {
        List<Path> reports = new ArrayList<>();
        for (int part = 1; part <= 2; part++) {
            String position = "at " + (5 - part);
            ReadBack target = new NotRead() {
                @Override
                public String position(LaneContext run) {
                    return position;
                }
            };
            sketch(readBack(target), part, 2).plan().start().await();
            reports.add(report(part, 2));
        }
        ReadBack comparing = new NotRead() {
            @Override
            public String earliest(List<String> positions) {
                return Collections.min(positions);
            }
        };

        assertThat(sketch(readBack(comparing), 1, 1)
                        .plan()
                        .ledger(reports)
                        .sink("all")
                        .position())
                .isEqualTo("at 3");
        assertThat(whole().ledger(reports).sink("all").position())
                .as("what does not compare positions is read from the beginning")
                .isEmpty();
    }

    @Test
    void reportsThatDoNotMakeAWholeAreRefusedByName() throws Exception {
        for (int part = 1; part <= 3; part++) {
            sketch(new Collecting(), part, 3).plan().start().await();
        }
        RunPlan whole = whole();
        assertThatThrownBy(() -> whole.ledger(List.of(report(1, 3), report(3, 3))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the reports: 1 problem")
                .hasMessageContaining("the run has 3 parts; give the report of each, including report-2of3.json");
        assertThatThrownBy(() -> whole.ledger(List.of(report(1, 3), report(2, 3), report(3, 3), report(2, 3))))
                .hasMessageContaining("it is part 2, and so is " + report(2, 3));
        Path other = edited(report(2, 3), "\"tag\" : \"00000007\"", "\"tag\" : \"00000008\"");
        assertThatThrownBy(() -> whole.ledger(List.of(report(1, 3), other, report(3, 3))))
                .hasMessageContaining(other + ": it belongs to run 00000008, but " + report(1, 3) + " to run 00000007");
        Path fewer = edited(report(2, 3), "\"parts\" : 3", "\"parts\" : 2");
        assertThatThrownBy(() -> whole.ledger(List.of(report(1, 3), fewer, report(3, 3))))
                .hasMessageContaining("it belongs to a run in 2 parts, but " + report(1, 3) + " to one in 3 parts");
        Path limits = edited(report(2, 3), "\"limit\" : 25000", "\"limit\" : 25001");
        assertThatThrownBy(() -> whole.ledger(List.of(report(1, 3), limits, report(3, 3))))
                .hasMessageContaining(limits + ": its stream 'orders' has the events [0, 25001), but in ")
                .hasMessageContaining("the parts need the same limits");
        Path seeded = edited(report(2, 3), "\"fingerprint\" : \"", "\"fingerprint\" : \"0");
        Files.writeString(
                seeded, Files.readString(seeded).replaceFirst("(\"fingerprint\" : \"[0-9a-f]{16})[0-9a-f]", "$1"));
        assertThatThrownBy(() -> whole.ledger(List.of(report(1, 3), seeded, report(3, 3))))
                .hasMessageContaining("the definition, seed or start of its stream 'orders' differs from that in");
        Path overlapping = edited(report(2, 3), "\"part\" : 2", "\"part\" : 3");
        assertThatThrownBy(() -> whole.ledger(List.of(report(1, 3), report(2, 3), overlapping)))
                .hasMessageContaining(
                        "it belongs to part 3, but sink 'all' got events of stream 'orders' shard 1, which belongs to another part");
    }

    private Path edited(Path report, String text, String other) throws Exception {
        String whole = Files.readString(report);
        assertThat(whole).contains(text);
        Path file = Files.createTempFile(output, "edited", ".json");
        return Files.writeString(file, whole.replaceFirst(java.util.regex.Pattern.quote(text), other));
    }

    @Test
    void aPartThatWouldSendNothingIsAMistake() {
        assertThatThrownBy(() -> sketch(new Collecting(), 9, 9).plan())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("--part: 9/9: the streams have no more than 8 shards");
    }

    @Test
    void thePlanSaysWhichPartItIs() {
        assertThat(sketch(new Collecting(), 3, 8).plan().describe())
                .contains("  part 3/8: shards 2, 10, 18, ... of each stream");
    }

    @Test
    void scheduledTimeBeginsWhenItIsToldTo() throws Exception {
        Instant at = Instant.now().plusMillis(300);
        List<Instant> handedOver = Collections.synchronizedList(new ArrayList<>());
        Collecting sink = new Collecting() {
            @Override
            void settle(LaneContext lane, io.dataflux.spi.EventBatch batch, io.dataflux.spi.Outcome outcome) {
                handedOver.add(Instant.now());
                outcome.acknowledged(0, batch.size());
            }
        };

        new Sketch(output)
                .stream("orders", 1000)
                        .events(100)
                        .startAt(at)
                        .sink("all", 1, sink)
                        .plan()
                        .start()
                        .await();

        assertThat(handedOver).isNotEmpty().allSatisfy(time -> assertThat(time).isAfterOrEqualTo(at));
    }

    @Test
    void aStartThatHasPassedIsLateAndOneLongPastIsRefused() throws Exception {
        RunReport report = new Sketch(output)
                .stream("orders", 1000)
                        .time(Duration.ofMillis(500))
                        .speed(1)
                        .startAt(Instant.now().minusSeconds(5))
                        .sink("all", 1, new Collecting())
                        .plan()
                        .start()
                        .await();
        assertThat(report.acknowledged()).isEqualTo(500);
        assertThat(report.ownLag().maxNanos())
                .isGreaterThan(Duration.ofSeconds(4).toNanos());

        assertThatThrownBy(() -> new Sketch(output)
                        .stream("orders", 1000)
                                .startAt(Instant.now().minus(Duration.ofMinutes(61)))
                                .sink("all", 1, new Collecting())
                                .plan()
                                .start())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("is more than an hour ago; give a future time");
    }
}
