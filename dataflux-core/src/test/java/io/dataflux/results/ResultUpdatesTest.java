package io.dataflux.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.results.PageCounter.Result;
import io.dataflux.results.ResultVerdict.Kind;
import io.dataflux.results.SentSales.Sale;
import io.dataflux.verify.Arrivals;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ways in which a system may come to its results, and mistakes in saying what is expected. */
class ResultUpdatesTest {

    private static final int ORDERS = 300;

    /** A row of a change log. */
    private record Change(Result result, boolean retracts) {}

    @TempDir
    static Path folder;

    private static SentSales sent;
    private static List<Result> right;

    @BeforeAll
    static void send() {
        sent = SentSales.of(11, 400, SentSales.FAULTS, folder);
        right = new PageCounter().results(sent);
    }

    private static Results<Sale> expectation() {
        return sent.results()
                .where(sale -> sale.cents() == null || sale.cents() > 0)
                .keyedBy(Sale::page)
                .tumbling(PageCounter.SIZE)
                .count();
    }

    private static <R> ResultVerification<Sale, R> quick(ResultVerification<Sale, R> verification) {
        return verification.settle(Duration.ZERO).deadline(Duration.ofMillis(20));
    }

    private static <R> Arrivals<R> log(List<R> records) {
        List<R> log = new ArrayList<>();
        Arrivals<R> arrivals = Arrivals.log(log);
        log.addAll(records);
        return arrivals;
    }

    /** Interleaves the histories of all results; within one nothing changes its place. */
    private static <R> List<R> interleaved(List<List<R>> histories, Random random) {
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < histories.size(); i++) {
            turns.addAll(Collections.nCopies(histories.get(i).size(), i));
        }
        Collections.shuffle(turns, random);
        int[] next = new int[histories.size()];
        List<R> all = new ArrayList<>();
        turns.forEach(turn -> all.add(histories.get(turn).get(next[turn]++)));
        return all;
    }

    @Test
    void noLegalOrderOfUpdatesOrRetractionsIsAccused() {
        Random random = new Random(3);
        for (int i = 0; i < ORDERS; i++) {
            List<List<Result>> updates = new ArrayList<>();
            List<List<Change>> changes = new ArrayList<>();
            for (Result result : right) {
                List<Result> history = new ArrayList<>();
                List<Change> retracted = new ArrayList<>();
                for (int step = random.nextInt(4); step > 0; step--) {
                    Result earlier = result.plus(-random.nextInt((int) result.count() + 1));
                    history.add(earlier);
                    retracted.add(new Change(earlier, false));
                    retracted.add(new Change(earlier, true));
                }
                history.add(result);
                retracted.add(new Change(result, false));
                updates.add(history);
                changes.add(retracted);
            }
            ResultVerdict updated = quick(expectation()
                            .verify(log(interleaved(updates, random)))
                            .key(Result::page)
                            .window(Result::start)
                            .value(Result::count))
                    .updates()
                    .await();
            ResultVerdict retracted = quick(expectation()
                            .verify(log(interleaved(changes, random)))
                            .key(change -> change.result.page())
                            .window(change -> change.result.start())
                            .value(change -> change.result.count()))
                    .retractions(Change::retracts)
                    .await();
            List<Result> shuffled = new ArrayList<>(right);
            Collections.shuffle(shuffled, random);
            ResultVerdict table = quick(expectation()
                            .verify(Arrivals.snapshot(() -> shuffled))
                            .key(Result::page)
                            .window(Result::start)
                            .value(Result::count))
                    .await();

            assertThat(List.of(updated, retracted, table))
                    .allSatisfy(verdict ->
                            assertThat(verdict.agrees()).as("%s", verdict).isTrue());
        }
    }

    @Test
    void anUpdateThatIsTheLastAndWrongIsFound() {
        List<Result> updates = new ArrayList<>(right);
        updates.add(right.get(5).plus(-1));
        ResultVerdict verdict = quick(expectation()
                        .verify(log(updates))
                        .key(Result::page)
                        .window(Result::start)
                        .value(Result::count))
                .updates()
                .await();

        assertThat(verdict.count(Kind.WRONG)).isEqualTo(1);
    }

    @Test
    void aRetractionThatIsIgnoredOrTakesBackNothingIsFound() {
        List<Change> ignored = new ArrayList<>();
        right.forEach(result -> ignored.add(new Change(result, false)));
        ignored.add(3, new Change(right.get(3).plus(-1), false));
        List<Change> stray = new ArrayList<>();
        right.forEach(result -> stray.add(new Change(result, false)));
        stray.add(new Change(right.get(3).plus(7), true));

        ResultVerdict twice = retractions(ignored);
        ResultVerdict none = retractions(stray);

        assertThat(twice.count(Kind.TWICE)).isEqualTo(1);
        assertThat(twice.count(Kind.WRONG)).isEqualTo(1);
        assertThat(none.count(Kind.RETRACTED)).isEqualTo(1);
        assertThat(none.agrees()).isFalse();
    }

    private static ResultVerdict retractions(List<Change> changes) {
        return quick(expectation()
                        .verify(log(changes))
                        .key(change -> change.result.page())
                        .window(change -> change.result.start())
                        .value(change -> change.result.count()))
                .retractions(Change::retracts)
                .await();
    }

    @Test
    void updatesThatComeWhileItWaitsAreWaitedFor() throws InterruptedException {
        List<Result> log = new java.util.concurrent.CopyOnWriteArrayList<>();
        Arrivals<Result> arrivals = Arrivals.log(log);
        right.forEach(result -> log.add(result.plus(-1)));
        Thread late = new Thread(() -> log.addAll(right));
        ResultVerification<Sale, Result> verification = expectation()
                .verify(arrivals)
                .key(Result::page)
                .window(Result::start)
                .value(result -> {
                    if (late.getState() == Thread.State.NEW) {
                        late.start(); // only once the first reading has begun
                    }
                    return result.count();
                })
                .updates()
                .settle(Duration.ofMillis(20));

        assertThat(verification.await().agrees()).isTrue();
        assertThat(verification.await()).isSameAs(verification.await());
        late.join();
    }

    @Test
    void nothingArrivedIsNoAgreementAndNothingExpectedNeither() {
        ResultVerdict nothing = quick(expectation()
                        .verify(log(List.<Result>of()))
                        .key(Result::page)
                        .window(Result::start)
                        .value(Result::count))
                .await();
        ResultVerdict none = quick(expectation()
                        .where(sale -> false)
                        .verify(log(List.<Result>of()))
                        .key(Result::page)
                        .window(Result::start)
                        .value(Result::count))
                .await();

        assertThat(nothing.count(Kind.MISSING)).isEqualTo(right.size());
        assertThat(nothing.toString()).contains("arrived   : nothing");
        assertThat(none.agrees()).isFalse();
        assertThat(none.headline())
                .startsWith("Nothing to judge: no event that the run acknowledged belongs to any result of");
    }

    @Test
    void aRecordThatCannotBeReadIsCounted() {
        List<Result> records = new ArrayList<>(right);
        records.add(null);

        ResultVerdict verdict = quick(expectation()
                        .verify(log(records))
                        .key(Result::page)
                        .window(Result::start)
                        .value(Result::count))
                .await();

        assertThat(verdict.count(Kind.UNREADABLE)).isEqualTo(1);
        assertThat(verdict.agrees()).isFalse();
        assertThat(verdict.toString()).contains("unreadable: 1    log at " + right.size() + " is null");
    }

    @Test
    void aMistakeInTheExpectationIsSaidInWords() {
        Arrivals<Result> none = log(List.of());
        assertThatThrownBy(() -> sent.results().count().verify(none))
                .hasMessageStartingWith("results have no windows yet");
        assertThatThrownBy(() -> sent.results().wholeRun().verify(none))
                .hasMessageStartingWith("results have no value yet");
        assertThatThrownBy(() ->
                        expectation().allowedLateness(Duration.ofSeconds(1)).verify(none))
                .hasMessageContaining("need outOfOrderness(...)");
        assertThatThrownBy(() -> expectation().count()).hasMessageStartingWith("there are two values named 'count'");
        assertThatThrownBy(() -> expectation().verify(none).await())
                .hasMessageContaining("say where the key of a result is, by key(...)");
        assertThatThrownBy(() -> expectation().verify(none).key(Result::page).await())
                .hasMessageContaining("by window(...)");
        assertThatThrownBy(() -> expectation()
                        .verify(none)
                        .key(Result::page)
                        .window(Result::start)
                        .await())
                .hasMessage("say which value of a result to compare, by value(\"count\", ...)");
        assertThatThrownBy(() -> expectation().verify(none).value("views", Result::count))
                .hasMessage("no value 'views' is expected; there are [count]");
        assertThatThrownBy(() -> sent.results().tumbling(Duration.ZERO)).hasMessageContaining("at least one");
        assertThatThrownBy(() -> sent.results().tumbling(Duration.ofHours(5), java.time.ZoneId.of("Asia/Kolkata")))
                .hasMessageContaining("whole days or divide a day");
        assertThatThrownBy(() -> quick(expectation()
                                .atMost(10)
                                .verify(none)
                                .key(Result::page)
                                .window(Result::start)
                                .value(Result::count))
                        .await())
                .hasMessageStartingWith("the expected results hold more than 10 values in memory");
        assertThatThrownBy(() -> quick(sent.results()
                                .wholeRun()
                                .sum("total", sale -> sale.total().doubleValue())
                                .verify(none)
                                .value(Result::count))
                        .await())
                .hasMessageContaining("only whole numbers and BigDecimal are added exactly");
        assertThatThrownBy(() -> quick(sent.results()
                                .keyedBy(Sale::page)
                                .byCount(5)
                                .count()
                                .verify(none)
                                .key(Result::page)
                                .window(Result::count)
                                .value(Result::count))
                        .await())
                .hasMessageContaining("these come from several shards of the stream");
        assertThatThrownBy(() -> quick(expectation()
                                .verify(log(right))
                                .key(Result::page)
                                .window(result -> Instant.MIN.toString())
                                .value(Result::count))
                        .await())
                .hasMessageContaining("return an Instant or milliseconds since 1970");
    }
}
