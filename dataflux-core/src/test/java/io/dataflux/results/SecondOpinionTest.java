package io.dataflux.results;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.results.Allowed.OneOf;
import io.dataflux.results.Allowed.Range;
import io.dataflux.results.Allowed.Ranking;
import io.dataflux.results.Results.Duplicates;
import io.dataflux.results.Results.Late;
import io.dataflux.results.SentSales.Sale;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Expected results are those of DuckDB's SQL over the delivered records, to the last digit: random windows, keys, filters, faults and
 * bounds. DuckDB gets the bytes that were sent, parsed by Jackson, in the order of arrival, and shares no code with what is tested. 24
 * expectations of 4,000 events.
 */
class SecondOpinionTest {

    private static final int EVENTS = 4_000;
    private static final int EXPECTATIONS = 24;

    private static Connection duck;

    @TempDir
    static Path folder;

    private SentSales sent;

    @BeforeAll
    static void open() throws SQLException {
        duck = DriverManager.getConnection("jdbc:duckdb:");
        run("set threads = 1");
        run("set memory_limit = '300MB'");
    }

    @AfterAll
    static void close() throws SQLException {
        duck.close();
    }

    private static void run(String sql) throws SQLException {
        try (Statement statement = duck.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void load(SentSales sent) throws SQLException {
        run(
                "create or replace table sale (idx int, id text, t bigint, customer text, page text, cents bigint, total decimal(18, 2))");
        try (PreparedStatement insert = duck.prepareStatement("insert into sale values (?, ?, ?, ?, ?, ?, ?)")) {
            int idx = 0;
            for (Sale sale : sent.read()) {
                insert.setInt(1, idx++);
                insert.setString(2, sale.id());
                insert.setLong(3, sale.at().toEpochMilli());
                insert.setString(4, sale.customer());
                insert.setString(5, sale.page());
                insert.setObject(6, sale.cents());
                insert.setBigDecimal(7, sale.total());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** A random expectation and the same in SQL, as a relation {@code w (k, s, e, ...)} of the rows in each window. */
    private record Asked(Results<Sale> results, String sql, String words) {}

    private static Asked random(Random random, SentSales sent, boolean late) {
        Results<Sale> results = sent.results();
        boolean copies = random.nextInt(3) == 0;
        results.duplicates(copies ? Duplicates.COUNTED : Duplicates.ONCE);
        String rows =
                "select *, max(t) over (order by idx rows between unbounded preceding and 1 preceding) wm from sale";
        rows = copies
                ? rows
                : "select * from (" + rows + ") qualify row_number() over (partition by id order by idx) = 1";
        if (random.nextBoolean()) {
            results.where(sale -> sale.cents() == null || sale.cents() > 100);
            rows = "select * from (" + rows + ") where cents is null or cents > 100";
        }
        int kind = late ? random.nextInt(4) : random.nextInt(6);
        boolean byPage = kind != 5 && random.nextBoolean();
        String key = byPage ? "page" : "customer";
        results.keyedBy(byPage ? Sale::page : Sale::customer);
        rows = "select *, " + key + " k from (" + rows + ")";
        String sql;
        switch (kind) {
            case 0 -> {
                long size = 1_000L * (1 + random.nextInt(30));
                long offset = random.nextInt(5) * 250L;
                results.tumbling(Duration.ofMillis(size), Duration.ofMillis(offset));
                sql = "select *, s + " + size + " e from (select *, (t - " + offset + ") // " + size + " * " + size
                        + " + " + offset + " s from (" + rows + "))";
            }
            case 1 -> {
                long slide = 500L * (1 + random.nextInt(10));
                long size = 500L * (1 + random.nextInt(30));
                results.hopping(Duration.ofMillis(size), Duration.ofMillis(slide));
                sql = "select *, s + " + size + " e from (select r.*, (t // " + slide + " - i) * " + slide + " s from ("
                        + rows + ") r, range(0, " + (size / slide + 1) + ") n(i)) where s > t - " + size;
            }
            case 2 -> {
                results.tumbling(Duration.ofHours(1), ZoneId.of("Asia/Kolkata"));
                sql = "select *, s + 3600000 e from (select *, (t + 19800000) // 3600000 * 3600000 - 19800000 s from ("
                        + rows + "))";
            }
            case 3 -> {
                results.tumbling(Duration.ofDays(1), ZoneId.of("America/New_York"));
                sql =
                        "select *, s + 86400000 e from (select *, (t - 18000000) // 86400000 * 86400000 + 18000000 s from ("
                                + rows + "))";
            }
            case 4 -> {
                long gap = byPage ? 40 + random.nextInt(3) * 40 : 500 + random.nextInt(4_000);
                results.session(Duration.ofMillis(gap));
                sql = "select *, min(t) over (partition by k, n) s, max(t) over (partition by k, n) + " + gap
                        + " e from (select *, sum(new) over (partition by k order by t, idx) n from (select *, case when t - lag(t)"
                        + " over (partition by k order by t, idx) <= " + gap + " then 0 else 1 end as new from (" + rows
                        + ")))";
            }
            default -> {
                int each = 1 + random.nextInt(40);
                results.byCount(each);
                sql = "select *, 0 e from (select *, (row_number() over (partition by k order by idx) - 1) // " + each
                        + " s from (" + rows + ")) qualify count(*) over (partition by k, s) = " + each;
            }
        }
        return new Asked(
                results.count()
                        .sum("cents", Sale::cents)
                        .sum("total", Sale::total)
                        .min("least", Sale::cents)
                        .max("most", Sale::total)
                        .average("average", Sale::cents, 3, RoundingMode.HALF_EVEN)
                        .distinct("customers", Sale::customer)
                        .first("first", Sale::page)
                        .last("last", Sale::cents)
                        .top("top", 2, Sale::page),
                sql,
                "window kind " + kind + " by " + key + (copies ? ", repeats counted" : ""));
    }

    private static final String VALUES =
            "count(*), sum(cents), sum(total), min(cents), max(total), count(cents), count(distinct customer),"
                    + " list(page order by t, idx), list(t order by t, idx), list(cents order by t, idx), first(e)";

    /** What SQL says of one key and window. */
    private static final class Row {
        final String key;
        final long start;
        final long end;
        final long count;
        final Long cents;
        final BigDecimal total;
        final Long least;
        final BigDecimal most;
        final long values;
        final long customers;
        final List<Object> pages;
        final List<Object> times;
        final List<Object> each;

        Row(ResultSet row) throws SQLException {
            key = row.getString(1);
            start = row.getLong(2);
            count = row.getLong(3);
            cents = row.getObject(4) == null ? null : row.getBigDecimal(4).longValueExact();
            total = row.getBigDecimal(5);
            least = (Long) row.getObject(6);
            most = row.getBigDecimal(7);
            values = row.getLong(8);
            customers = row.getLong(9);
            pages = list(row.getArray(10));
            times = list(row.getArray(11));
            each = list(row.getArray(12));
            end = row.getLong(13);
        }

        private static List<Object> list(Array array) throws SQLException {
            return Arrays.asList((Object[]) array.getArray());
        }

        BigDecimal average() {
            return cents == null
                    ? null
                    : BigDecimal.valueOf(cents).divide(BigDecimal.valueOf(values), 3, RoundingMode.HALF_EVEN);
        }

        long frequency(Object page) {
            return pages.stream().filter(page::equals).count();
        }
    }

    private static List<Row> rows(String sql) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Statement statement = duck.createStatement();
                ResultSet result =
                        statement.executeQuery("select k, s, " + VALUES + " from (" + sql + ") group by k, s")) {
            while (result.next()) {
                rows.add(new Row(result));
            }
        }
        return rows;
    }

    @Test
    void everyAggregateOfEveryWindowIsThatOfSql() throws SQLException {
        Random random = new Random(14);
        long compared = 0;
        for (int i = 0; i < EXPECTATIONS; i++) {
            if (i % 6 == 0) {
                sent = SentSales.of(random.nextLong(), EVENTS, SentSales.FAULTS, folder.resolve("run" + i));
                load(sent);
            }
            Asked asked = random(random, sent, false);
            Expected<Sale> expected = sent.expected(asked.results);
            List<Row> rows = rows(asked.sql);

            assertThat(rows).as(asked.words).hasSameSizeAs(expected.cells()).isNotEmpty();
            for (Row row : rows) {
                Cell cell = expected.cell(new Cell.Id(row.key, row.start));
                assertThat(cell)
                        .as("%s: %s at %s", asked.words, row.key, row.start)
                        .isNotNull();
                assertThat(cell.exact()).isTrue();
                assertThat(cell.required()).isTrue();
                assertSame(row, cell, asked.words);
                compared++;
            }
        }
        assertThat(compared).isGreaterThan(2_000);
    }

    private static void assertSame(Row row, Cell cell, String words) {
        List<Range> ranges = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ranges.add((Range) cell.allowed(i));
        }
        List<Object> values = Arrays.asList(
                row.count,
                row.cents == null ? 0L : row.cents,
                row.total,
                row.least,
                row.most,
                row.average(),
                row.customers);
        for (int i = 0; i < 7; i++) {
            Object value = Normal.of(values.get(i));
            assertThat(ranges.get(i).low())
                    .as("%s: value %s of %s at %s", words, i, row.key, row.start)
                    .isEqualTo(value);
            assertThat(ranges.get(i).high()).isEqualTo(value);
            assertThat(ranges.get(i).allows(value)).isTrue();
        }
        if (row.end != 0) {
            assertThat(cell.end)
                    .as("%s: end of %s at %s", words, row.key, row.start)
                    .isEqualTo(row.end);
        }
        int n = row.times.size();
        assertThat(((OneOf) cell.allowed(7)).values())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, n)
                        .filter(i -> row.times.get(i).equals(row.times.get(0)))
                        .mapToObj(row.pages::get)
                        .distinct()
                        .toList());
        assertThat(((OneOf) cell.allowed(8)).values())
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, n)
                        .filter(i -> row.times.get(i).equals(row.times.get(n - 1)))
                        .mapToObj(row.each::get)
                        .distinct()
                        .toList());
        Ranking ranking = (Ranking) cell.allowed(9);
        assertThat(ranking.counts().keySet())
                .containsExactlyInAnyOrderElementsOf(
                        row.pages.stream().distinct().toList());
        ranking.counts().forEach((page, count) -> assertThat(count).containsOnly(row.frequency(page)));
    }

    /** A system that drops late events, told by SQL event by event, is within the bounds, and is the exact result where that is claimed. */
    @Test
    void whatASystemMakesOfLateEventsIsWithinTheBounds() throws SQLException {
        Random random = new Random(15);
        long exact = 0;
        long dropped = 0;
        long bounded = 0;
        for (int i = 0; i < EXPECTATIONS; i++) {
            if (i % 4 == 0) {
                String late =
                        i % 8 == 0 ? "late 5% by 1s..30s" : "late 5% by 40s..60s, duplicate 2% within 20, drop 1%";
                sent = SentSales.of(random.nextLong(), EVENTS, late, folder.resolve("late" + i));
                load(sent);
            }
            boolean paced = random.nextBoolean();
            SentSales run = paced ? sent.paced() : sent;
            Asked asked = random(random, run, true);
            long bound = random.nextInt(6) * 1_000L;
            long allowed = random.nextInt(3) * 1_500L;
            asked.results.outOfOrderness(Duration.ofMillis(bound)).allowedLateness(Duration.ofMillis(allowed));
            asked.results.late(paced ? Late.DROPPED : Late.EITHER);
            if (paced) {
                asked.results.slack(Duration.ofMillis(500)); // events come every 40 ms, fewer where some are filtered
            }
            Expected<Sale> expected = run.expected(asked.results);
            List<Row> rows =
                    rows("select * from (" + asked.sql + ") where wm is null or wm < e + " + (bound + allowed));

            for (Row row : rows) {
                Cell cell = expected.cell(new Cell.Id(row.key, row.start));
                assertThat(cell)
                        .as("%s: %s at %s", asked.words, row.key, row.start)
                        .isNotNull();
                if (cell.exact()) {
                    assertSame(row, cell, asked.words);
                    exact++;
                } else {
                    assertWithin(row, cell, asked.words);
                    bounded++;
                }
            }
            Set<Cell.Id> there =
                    rows.stream().map(row -> new Cell.Id(row.key, row.start)).collect(Collectors.toSet());
            assertThat(expected.cells())
                    .allSatisfy(cell -> assertThat(!cell.required() || there.contains(cell.id))
                            .isTrue());
            dropped += expected.dropped();
        }
        assertThat(List.of(exact, bounded, dropped)).allMatch(count -> count > 100);
    }

    private static void assertWithin(Row row, Cell cell, String words) {
        List<Object> values = Arrays.asList(
                row.count,
                row.cents,
                row.total,
                row.least,
                row.most,
                row.average(),
                row.customers,
                row.pages.get(0),
                row.each.get(row.each.size() - 1),
                row.pages.stream()
                        .distinct()
                        .sorted((a, b) -> Long.compare(row.frequency(b), row.frequency(a)))
                        .limit(2)
                        .toList());
        for (int i = 0; i < values.size(); i++) {
            assertThat(cell.allowed(i).allows(Normal.of(values.get(i))))
                    .as(
                            "%s: value %s of %s at %s, %s within %s",
                            words, i, row.key, row.start, values.get(i), cell.allowed(i))
                    .isTrue();
        }
    }
}
