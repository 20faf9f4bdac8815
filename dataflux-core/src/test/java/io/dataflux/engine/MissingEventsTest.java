package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.model.Faults;
import io.dataflux.model.StreamDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the report of a run that was stopped before its limit says of the events that it did not reach: events, not places. */
class MissingEventsTest {

    private static final long EVENTS = 60_000;

    @TempDir
    Path output;

    private Sketch sketch(String shape, List<Collecting> sinks) {
        StreamDefinition orders = Sketch.definition("orders", 5000, 1);
        Sketch sketch = new Sketch(output)
                .stream(
                                shape.contains("faults")
                                        ? orders.toBuilder()
                                                .faults(Faults.of(
                                                        "drop 3%, duplicate 5%, reorder 2% within 20, corrupt 1%"))
                                                .build()
                                        : orders)
                        .stream("clicks", 9000)
                        .events(EVENTS);
        if (shape.contains("routed")) {
            return sketch.regions(event -> (int) Math.floorMod(event.sequence() / 3, 3L) == 0 ? 0 : 1, "eu", "us")
                    .regionSinks("eu", "eu")
                    .regionSinks("us", "us")
                    .sink("eu", 2, sinks.get(0))
                    .sink("us", 1, sinks.get(1));
        }
        return sketch.sink("all", 2, sinks.get(0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "faults", "routed", "routed faults"})
    void whatWasIssuedAndWhatIsMissingAreTogetherWhatAWholeRunSends(String shape) throws Exception {
        List<Collecting> whole = List.of(new Collecting(), new Collecting());
        RunReport all = sketch(shape, whole).plan().start().await();
        List<Collecting> some = List.of(new Collecting(), new Collecting());
        CountDownLatch reached = new CountDownLatch(1);
        Run run = sketch(shape, some).speed(5).plan().start().after(9_000, reached::countDown);
        reached.await();

        RunReport stopped = run.stop();

        assertThat(all.complete()).isTrue();
        assertThat(all.missing()).isZero();
        assertThat(stopped.complete()).isFalse();
        assertThat(stopped.delivered()).isTrue();
        assertThat(stopped.missing()).isPositive();
        assertThat(stopped.planned()).isEqualTo(all.issued());
        for (int sink = 0; sink < all.ledger().sinks().size(); sink++) {
            List<StreamLedger> its = stopped.ledger().sinks().get(sink).streams();
            for (int stream = 0; stream < its.size(); stream++) {
                int index = stream;
                assertThat(its.get(stream).issued() + its.get(stream).missing())
                        .isEqualTo(whole.get(sink).got().stream()
                                .filter(event -> event.stream() == index)
                                .count());
            }
        }
        List<Long> read = new ArrayList<>();
        Ledger ledger = ReportFile.readLedger(output.resolve(stopped.tag()));
        ledger.sinks().forEach(sink -> sink.streams().forEach(stream -> read.add(stream.missing())));
        assertThat(read.stream().mapToLong(Long::longValue).sum())
                .as("the file says the same")
                .isEqualTo(stopped.missing());
    }
}
