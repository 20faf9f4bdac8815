package io.dataflux.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.RunReport;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.results.ResultVerdict.Kind;
import io.dataflux.results.SentSales.Sale;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.Arrivals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not known is said, and neither accused nor taken for right beyond its bounds; windows have the ends that they should. */
class UncertainResultsTest {

    private static final long SIZE = 10_000;

    private record Count(String customer, Instant start, Instant end, long sales) {
        Count plus(long more) {
            return new Count(customer, start, end, sales + more);
        }
    }

    @TempDir
    static Path folder;

    private static SentSales sent;

    @BeforeAll
    static void send() {
        sent = SentSales.of(5, 1_000, "", folder);
    }

    private static List<Count> counts(List<Sale> sales) {
        Map<String, Count> counts = new TreeMap<>();
        for (Sale sale : sales) {
            Instant start = Instant.ofEpochMilli(sale.at().toEpochMilli() / SIZE * SIZE);
            counts.merge(
                    sale.customer() + start,
                    new Count(sale.customer(), start, start.plusMillis(SIZE), 1),
                    (one, other) -> one.plus(1));
        }
        return new ArrayList<>(counts.values());
    }

    private static ResultVerdict judge(Results<Sale> results, List<Count> counts) {
        List<Count> log = new ArrayList<>();
        Arrivals<Count> arrivals = Arrivals.log(log);
        log.addAll(counts);
        return results.keyedBy(Sale::customer)
                .tumbling(Duration.ofMillis(SIZE))
                .count()
                .verify(arrivals)
                .key(Count::customer)
                .window(Count::start)
                .windowEnd(Count::end)
                .value(Count::sales)
                .settle(Duration.ZERO)
                .deadline(Duration.ofMillis(20))
                .await();
    }

    /** The run as if of every shard the second half had never been answered, or had failed. */
    private static SentSales half(boolean failed) {
        Ledger ledger = sent.report().ledger();
        SinkLedger sink = ledger.sinks().get(0);
        StreamLedger stream = sink.streams().get(0);
        List<ShardLedger> shards = new ArrayList<>();
        long moved = 0;
        for (ShardLedger shard : stream.shards()) {
            long end = shard.acknowledged().count();
            Ranges kept = new Ranges();
            kept.add(0, end / 2);
            Ranges rest = new Ranges();
            rest.add(end / 2, end);
            moved += rest.count();
            shards.add(new ShardLedger(kept, failed ? rest : new Ranges(), failed ? new Ranges() : rest));
        }
        StreamLedger changed = new StreamLedger(
                stream.name(), stream.acknowledged() - moved, failed ? moved : 0, failed ? 0 : moved, 0, shards);
        RunReport like = sent.report();
        RunReport report = new RunReport(
                like.tag(),
                like.validity(),
                new Ledger(
                        ledger.tag(),
                        ledger.streams(),
                        List.of(new SinkLedger(sink.name(), sink.type(), sink.position(), List.of(changed)))),
                like.steps(),
                like.ownLag(),
                like.sinkLag(),
                like.bytes(),
                like.elapsed(),
                like.start(),
                like.speed(),
                like.backfill(),
                like.faults(),
                like.problems());
        return new SentSales(sent.stream(), report, sent.entries());
    }

    private static List<Sale> acknowledged(SentSales run) {
        List<ShardLedger> shards =
                run.report().ledger().sinks().get(0).streams().get(0).shards();
        Schedule schedule = ((CompiledStream) run.stream()).schedule();
        return run.entries().stream()
                .filter(entry -> shards.get(schedule.shardOf(entry.sequence()))
                        .acknowledged()
                        .contains(schedule.localOf(entry.sequence())))
                .map(entry -> Sale.read(Objects.requireNonNull(entry.value())).orElseThrow())
                .toList();
    }

    @Test
    void anEventWithoutAnAnswerMayCount() {
        SentSales run = half(false);

        ResultVerdict all = judge(run.results(), counts(run.read()));
        ResultVerdict some = judge(run.results(), counts(acknowledged(run)));
        List<Count> more = counts(run.read());
        more.set(5, more.get(5).plus(1));

        assertThat(all.agrees()).as("%s", all).isTrue();
        assertThat(some.agrees()).as("%s", some).isTrue();
        assertThat(some.whyNotExact()).contains("whether some arrived is not known");
        assertThat(judge(run.results(), more).count(Kind.WRONG)).isEqualTo(1);
    }

    @Test
    void anEventThatFailedDoesNotCount() {
        SentSales run = half(true);

        assertThat(judge(run.results(), counts(acknowledged(run))).agrees()).isTrue();
        assertThat(judge(run.results(), counts(run.read())).agrees()).isFalse();
    }

    @Test
    void theEndOfAWindowIsComparedAsWell() {
        List<Count> counts = counts(sent.read());
        Count one = counts.get(3);
        counts.set(3, new Count(one.customer, one.start, one.end.plusMillis(1), one.sales));

        ResultVerdict verdict = judge(sent.results(), counts);

        assertThat(verdict.count(Kind.WRONG)).isEqualTo(1);
        assertThat(verdict.toString()).contains("end expected " + one.end + " but was " + one.end.plusMillis(1));
    }

    @Test
    void windowsThatNothingClosesMayBeMissingIfThatIsAllowed() {
        List<Count> counts = counts(sent.read());
        Instant last = counts.stream().map(Count::start).max(Instant::compareTo).orElseThrow();
        counts.removeIf(count -> count.start.equals(last));

        ResultVerdict open = judge(closedLater(), counts);
        ResultVerdict insisted = judge(sent.results(), counts);
        counts.remove(0);
        ResultVerdict lost = judge(closedLater(), counts);

        assertThat(open.agrees()).as("%s", open).isTrue();
        assertThat(open.exact()).isFalse();
        assertThat(insisted.explanation()).startsWith("the last windows were not closed");
        assertThat(lost.count(Kind.MISSING)).isEqualTo(1);
    }

    private static Results<Sale> closedLater() {
        return sent.results()
                .outOfOrderness(Duration.ZERO)
                .slack(Duration.ofSeconds(3))
                .lastMayBeMissing();
    }

    @Test
    void aHypothesisThatTheTestsOwnFunctionsCannotTakeIsLeftOut() {
        List<Count> counts =
                counts(sent.read().stream().filter(sale -> sale.cents() != null).toList());
        counts.set(0, counts.get(0).plus(1));

        ResultVerdict verdict = judge(
                sent.results()
                        .where(sale -> sale.cents() != null)
                        .timedBy(
                                sale -> sale.cents() > Integer.MAX_VALUE ? Instant.EPOCH : sale.at()), // fails for null
                counts);

        assertThat(verdict.count(Kind.WRONG)).isEqualTo(1);
        assertThat(verdict.explanation()).isEmpty();
    }

    @Test
    void daysOfAZoneHaveAsManyHoursAsTheyHave() {
        ZoneId berlin = ZoneId.of("Europe/Berlin");
        Windows.Slices days = new Windows.Slices(Windows.DAY, Windows.DAY, 0, berlin, Windows.Edge.START);
        Windows.Slices halves = new Windows.Slices(Windows.DAY / 2, Windows.DAY / 2, 0, berlin, Windows.Edge.START);
        long spring = Instant.parse("2025-03-29T23:00:00Z").toEpochMilli();

        assertThat(starts(days, spring)).containsExactly(spring);
        assertThat(days.end(spring) - spring).isEqualTo(23 * 3_600_000L);
        assertThat(starts(days, spring - 1)).containsExactly(spring - Windows.DAY);
        assertThat(starts(halves, spring + 13 * 3_600_000L)).containsExactly(spring + Windows.DAY / 2);
        assertThat(halves.end(spring + Windows.DAY / 2)).isEqualTo(days.end(spring));
    }

    @Test
    void hoppingWindowsOverlapOrLeaveGaps() {
        Windows.Slices overlap = new Windows.Slices(10, 4, 0, null, Windows.Edge.START);
        Windows.Slices gaps = new Windows.Slices(2, 5, 1, null, Windows.Edge.START);

        assertThat(starts(overlap, 9)).containsExactly(8L, 4L, 0L);
        assertThat(starts(overlap, -1)).containsExactly(-4L, -8L);
        assertThat(starts(gaps, 4)).isEmpty();
        assertThat(starts(gaps, 7)).containsExactly(6L);
    }

    private static List<Long> starts(Windows.Slices windows, long time) {
        List<Long> starts = new ArrayList<>();
        windows.each(time, starts::add);
        return starts;
    }
}
