package io.dataflux.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.EventStream;
import io.dataflux.results.PageCounter.Pane;
import io.dataflux.results.PageCounter.Result;
import io.dataflux.results.ResultVerdict.Kind;
import io.dataflux.results.Results.Late;
import io.dataflux.results.SentSales.Sale;
import io.dataflux.verify.Arrivals;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each way of being wrong is found, and explained by the mistake that was made or by none. */
class BrokenTwinsTest {

    private static final String FAULTS =
            "late 4% by 12s..40s, duplicate 3% within 40, drop 2%, corrupt 2% as truncated";

    @TempDir
    static Path folder;

    private static SentSales sent;

    @BeforeAll
    static void send() {
        sent = SentSales.of(7, 3_000, FAULTS, folder);
    }

    /**
     * A system that is wrong in one way.
     *
     * @param explanation of all that differs, which the verdict has to give; empty for none
     */
    private record Twin(String name, Late late, Supplier<PageCounter> system, String explanation) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Twin> twins() {
        return Stream.of(
                new Twin(
                        "end inclusive",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            List<Long> windows(long time) {
                                return super.windows(time - 1);
                            }
                        },
                        "an event at the end of a window counts in it, and not in the next one"),
                new Twin(
                        "both ends inclusive",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            List<Long> windows(long time) {
                                return time % SIZE.toMillis() == 0
                                        ? List.of(time, time - SIZE.toMillis())
                                        : super.windows(time);
                            }
                        },
                        "an event at the end of a window counts in it, as well as in the next one"),
                new Twin(
                        "named in another zone",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            Result result(Pane pane) {
                                Result result = super.result(pane);
                                return result.with(result.start().plus(Duration.ofHours(2)));
                            }
                        },
                        "windows are named 2h later than they are, as in another zone"),
                new Twin(
                        "off by an offset",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            List<Long> windows(long time) {
                                return List.of(super.windows(time - 3_000).get(0) + 3_000);
                            }
                        },
                        "windows begin 3s after multiples of 10s in UTC, as in another zone"),
                new Twin(
                        "late dropped",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            boolean isInTime(long end, long greatest) {
                                return greatest < end + 2_000;
                            }
                        },
                        "late events were dropped"),
                new Twin("late counted", Late.DROPPED, PageCounter::new, "late events count"),
                new Twin(
                        "last windows never closed",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            List<Result> emitted(List<Result> results) {
                                results.removeIf(
                                        result -> result.start().plus(SIZE).toEpochMilli() + 2_000 > latest());
                                return results;
                            }
                        },
                        "the last windows were not closed; no event is late enough to close them"),
                new Twin(
                        "repeats counted",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            boolean isNew(Sale sale) {
                                return true;
                            }
                        },
                        "repeated events count twice"),
                new Twin(
                        "broken ones counted",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            void unreadable(byte[] json, EventStream stream) {
                                String id = new String(json, StandardCharsets.UTF_8)
                                        .replaceAll(".*?\"id\":\"([^\"]*)\".*", "$1");
                                consume(Sale.of(
                                        stream.event(stream.sequenceOf(id).orElseThrow())));
                            }
                        },
                        "events that were sent broken count"),
                new Twin(
                        "filter left out",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            boolean counts(Sale sale) {
                                return true;
                            }
                        },
                        "the filter is not applied"),
                new Twin(
                        "filter wrong for null",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            boolean counts(Sale sale) {
                                return sale.cents() != null && super.counts(sale);
                            }
                        },
                        ""),
                new Twin(
                        "sum in float",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            BigDecimal sum(Pane pane) {
                                float sum = 30_000_000;
                                for (long cents : pane.cents()) {
                                    sum += cents;
                                }
                                return BigDecimal.valueOf((long) sum - 30_000_000);
                            }
                        },
                        ""),
                new Twin(
                        "average of averages",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            BigDecimal average(Pane pane) {
                                int half = (pane.cents().size() + 2) / 3;
                                Function<List<Long>, Double> mean = some -> some.stream()
                                        .mapToLong(Long::longValue)
                                        .average()
                                        .orElse(0);
                                double both = (mean.apply(pane.cents().subList(0, half))
                                                + mean.apply(pane.cents()
                                                        .subList(
                                                                half,
                                                                pane.cents().size())))
                                        / 2;
                                return BigDecimal.valueOf(both).setScale(2, RoundingMode.HALF_UP);
                            }
                        },
                        ""),
                new Twin(
                        "integer division",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            BigDecimal average(Pane pane) {
                                return sum(pane)
                                        .divideToIntegralValue(
                                                BigDecimal.valueOf(pane.cents().size()));
                            }
                        },
                        ""),
                new Twin(
                        "sampled",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            private int sampled;

                            @Override
                            boolean counts(Sale sale) {
                                return super.counts(sale) && sampled++ % 10 != 0;
                            }
                        },
                        ""),
                new Twin(
                        "emitted twice",
                        Late.COUNTED,
                        () -> new PageCounter() {
                            @Override
                            List<Result> emitted(List<Result> results) {
                                results.add(results.get(3));
                                return results;
                            }
                        },
                        ""));
    }

    private static Results<Sale> expectation(Twin twin) {
        SentSales run = twin.late == Late.DROPPED ? sent.paced() : sent;
        return run.results()
                .where(sale -> sale.cents() == null || sale.cents() > 0)
                .keyedBy(Sale::page)
                .tumbling(PageCounter.SIZE)
                .outOfOrderness(Duration.ofSeconds(2))
                .slack(Duration.ofSeconds(1))
                .late(twin.late)
                .count()
                .sum("cents", sale -> sale.cents() == null ? Long.valueOf(0) : sale.cents())
                .average(
                        "average",
                        sale -> sale.cents() == null ? Long.valueOf(0) : sale.cents(),
                        2,
                        RoundingMode.HALF_UP);
    }

    private static ResultVerdict judge(Results<Sale> expectation, List<Result> results) {
        ConcurrentLinkedQueue<Result> out = new ConcurrentLinkedQueue<>();
        Arrivals<Result> arrivals = Arrivals.log(out);
        out.addAll(results);
        return expectation
                .verify(arrivals)
                .key(Result::page)
                .window(Result::start)
                .value("count", Result::count)
                .value("cents", Result::cents)
                .value("average", Result::average)
                .settle(Duration.ofMillis(1))
                .deadline(Duration.ofMillis(60))
                .await();
    }

    @Test
    void theSystemItselfAgrees() {
        Twin none = new Twin("none", Late.COUNTED, PageCounter::new, "");
        ResultVerdict verdict = judge(expectation(none), new PageCounter().results(sent));

        assertThat(verdict.agrees()).as("%s", verdict).isTrue();
        assertThat(verdict.exact()).isTrue();
        assertThat(verdict.expected()).isGreaterThan(30);
        assertThat(verdict.headline()).isEqualTo("Results agree with stream 'sales' (seed 7, run 5f3a90c1)");
    }

    @Test
    void theSystemThatDropsLateEventsAgreesWhenThatIsExpected() {
        Twin dropping = new Twin("dropping", Late.DROPPED, PageCounter::new, "");
        ResultVerdict verdict = judge(
                expectation(dropping),
                new PageCounter() {
                    @Override
                    boolean isInTime(long end, long greatest) {
                        return greatest < end + 2_000;
                    }
                }.results(sent));

        assertThat(verdict.agrees()).as("%s", verdict).isTrue();
        assertThat(verdict.toString())
                .contains("not judged: where events went that were certainly too late for a window, ");
    }

    @ParameterizedTest
    @MethodSource("twins")
    void aSystemThatIsWrongIsFoundAndExplained(Twin twin) {
        ResultVerdict verdict = judge(expectation(twin), twin.system.get().results(sent));

        assertThat(verdict.agrees()).as("%s", verdict).isFalse();
        assertThat(verdict.explanation()).as("%s", verdict).isEqualTo(twin.explanation);
        assertThat(verdict.differences()).isNotEmpty();
        assertThat(verdict.toString()).contains("replay    : ./dataflux sample sales --seed 7 --from ");
    }

    @ParameterizedTest
    @MethodSource("twins")
    void withASecondFaultNothingClaimsToExplainAll(Twin twin) {
        List<Result> results = new ArrayList<>(twin.system.get().results(sent));
        int spoilt = results.size() / 2;
        results.set(spoilt, results.get(spoilt).plus(1));

        ResultVerdict verdict = judge(expectation(twin), results);

        assertThat(verdict.agrees()).isFalse();
        assertThat(verdict.explanation()).as("%s", verdict).isEmpty();
    }

    @Test
    void whatIsMissingUnexpectedWrongOrTwiceIsNamedWithItsEvents() {
        Twin none = new Twin("none", Late.COUNTED, PageCounter::new, "");
        List<Result> results = new ArrayList<>(new PageCounter().results(sent));
        Result wrong = results.get(10);
        Result missing = results.get(20);
        results.set(10, wrong.plus(2));
        results.remove(20);
        results.add(results.get(30));
        results.add(wrong.with(Instant.EPOCH));

        ResultVerdict verdict = judge(expectation(none), results);

        assertThat(verdict.count(Kind.WRONG)).isEqualTo(1);
        assertThat(verdict.count(Kind.MISSING)).isEqualTo(1);
        assertThat(verdict.count(Kind.UNEXPECTED)).isEqualTo(1);
        assertThat(verdict.count(Kind.TWICE)).isEqualTo(1);
        assertThat(verdict.toString())
                .contains("wrong     : 1    key " + wrong.page() + " in [" + wrong.start() + ", "
                        + wrong.start().plus(PageCounter.SIZE) + "): count expected " + wrong.count() + " but was "
                        + (wrong.count() + 2) + " (+2)\n")
                .contains("missing   : 1    key " + missing.page() + " in [" + missing.start())
                .contains("unexpected: 1    key " + wrong.page()
                        + " in [1970-01-01T00:00:00Z, 1970-01-01T00:00:10Z): count was " + wrong.count())
                .contains("came 2 times")
                .contains("events    : key " + wrong.page()
                        + " in [1970-01-01T00:00:00Z, 1970-01-01T00:00:10Z) has none");
    }
}
