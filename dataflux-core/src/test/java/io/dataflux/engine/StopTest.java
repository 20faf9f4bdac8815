package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.engine.Collecting.Got;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.plan.Regions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StopTest {

    @TempDir
    Path output;

    private Sketch sketch(Collecting eu, Collecting us) {
        return new Sketch(output)
                .stream("orders", 5000).stream("clicks", 9000)
                        .events(400_000)
                        .regions(event -> (int) Math.floorMod(event.sequence() / 3, 2L), "eu", "us")
                        .regionSinks("eu", "eu")
                        .regionSinks("us", "us")
                        .sink("eu", 2, eu)
                        .sink("us", 1, us);
    }

    private RunReport stopAfter(long events, RunPlan plan) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        Run run = plan.start().after(events, reached::countDown);
        reached.await();
        return run.stop();
    }

    @Test
    void theRangesOfAStoppedRunSayExactlyWhatWasSent() throws Exception {
        Collecting eu = new Collecting();
        Collecting us = new Collecting();
        Sketch sketch = sketch(eu, us);

        RunReport report = stopAfter(50_000, sketch.speed(10).plan());

        assertThat(report.problems()).isEmpty();
        assertThat(report.delivered()).isTrue();
        assertThat(report.acknowledged()).isEqualTo(eu.got().size() + us.got().size());
        for (String sink : List.of("eu", "us")) {
            Collecting collected = sink.equals("eu") ? eu : us;
            for (int stream = 0; stream < 2; stream++) {
                StreamLedger ledger = report.ledger().sink(sink).streams().get(stream);
                for (int shard = 0; shard < ledger.shards().size(); shard++) {
                    List<Got> sent = collected.of(stream, shard);
                    Ranges acknowledged = ledger.shards().get(shard).acknowledged();
                    // one range from the first place to the last event that was sent: the rest belongs to the other
                    // sink
                    long last = sent.isEmpty() ? 0 : sent.get(sent.size() - 1).place() + 1;
                    assertThat(acknowledged).isIn(Ranges.of(0, last), fullShard(sketch, report, stream, shard));
                    assertThat(sent.stream().map(Got::sequence).toList())
                            .isEqualTo(expected(sketch, sink, stream, shard, acknowledged));
                }
            }
        }
    }

    private static Ranges fullShard(Sketch sketch, RunReport report, int stream, int shard) {
        return Ranges.of(
                0,
                sketch.streams()
                        .get(stream)
                        .schedule()
                        .localCount(shard, report.ledger().streams().get(stream).limit()));
    }

    private static List<Long> expected(Sketch sketch, String sink, int stream, int shard, Ranges places) {
        var toSink = new Regions(sketch.config()).routingTo(sink);
        List<Long> sequences = new ArrayList<>();
        for (int range = 0; range < places.size(); range++) {
            for (long place = places.from(range); place < places.to(range); place++) {
                long sequence = sketch.streams().get(stream).schedule().sequenceOf(shard, place);
                if (toSink.goesTo(stream, sequence)) {
                    sequences.add(sequence);
                }
            }
        }
        return sequences;
    }

    @Test
    void aRunThatWaitsForItsNextEventStopsAtOnceAndDoesNotSendIt() throws Exception {
        Collecting sink = new Collecting();
        CountDownLatch first = new CountDownLatch(1);
        Run run = new Sketch(output)
                .stream(Sketch.definition("rare", 1, 86_400))
                        .speed(1)
                        .sink("all", 1, sink)
                        .plan()
                        .start()
                        .after(1, first::countDown);
        first.await();

        RunReport report = run.stop();

        assertThat(sink.got()).hasSize(1);
        assertThat(report.issued()).isEqualTo(1);
        assertThat(report.delivered()).isTrue();
    }
}
