package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.TableRow;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The table of a stream as of some event or time, against a database to which all changes until then were applied. Inserts are INSERTs,
 * updates UPDATEs and deletes DELETEs, each of which must hit exactly one row; PostgreSQL reads the JSON, and compares all columns of
 * all rows.
 */
class TableInPostgresTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Changes: reduced 8,000, thorough 200,000. */
    private static final int CHANGES = THOROUGH ? 200_000 : 8_000;

    private static final int BATCH = 1000;
    private static final String CUSTOMERS = """
            customer_id text primary key, email text not null, country text not null, city text not null,
            tier text not null, balance numeric not null, version bigint not null,
            created_at timestamptz not null, updated_at timestamptz not null""";

    /** A stream of changes: where it comes from, its table in SQL, and where its events have what. */
    enum Changes {
        /** Its changes show one row: the new one, or the one that is deleted. */
        CDC("customer_id", CUSTOMERS, "action", "currentEvent", "currentEvent") {
            @Override
            EventStream stream() {
                return DataFlux.stream("cdc", 42).with(b -> b.key("customer_{}", 2000, "0.5"));
            }
        },
        CDC_DEBEZIUM("customer_id", CUSTOMERS, "op", "before", "after") {
            @Override
            EventStream stream() {
                return DataFlux.stream("cdc_debezium", 43).with(b -> b.key("customer_{}", 3000, "0.5"));
            }
        },
        MACHINES("machine", """
                machine text primary key, site text not null, owner text, note text, hours bigint not null,
                load numeric(7, 3) not null, active boolean not null, version bigint not null,
                installed_at timestamptz not null, seen_at timestamptz not null""", "op", "before", "after") {
            @Override
            EventStream stream() {
                Path file = Path.of("src/test/resources/io/dataflux/testkit/machines.yaml");
                return DataFlux.streams(file, Map.of(), Map.of()).get(0);
            }
        };

        final String key;
        final String columns;
        final String operation;
        final String before;
        final String after;

        Changes(String key, String columns, String operation, String before, String after) {
            this.key = key;
            this.columns = columns;
            this.operation = operation;
            this.before = before;
            this.after = after;
        }

        abstract EventStream stream();

        List<String> names() {
            return Arrays.stream(columns.split(",", -1))
                    .map(column -> column.strip().split(" ", -1)[0])
                    .filter(name -> name.matches("[a-z_]+"))
                    .toList();
        }
    }

    private static EmbeddedPostgres postgres;
    private static Connection db;

    @BeforeAll
    static void start() throws Exception {
        postgres = EmbeddedPostgres.start();
        db = postgres.getPostgresDatabase().getConnection();
        db.setAutoCommit(false);
    }

    @AfterAll
    static void stop() throws Exception {
        db.close();
        postgres.close();
    }

    @BeforeEach
    void none() throws SQLException {
        db.rollback();
        execute("drop table if exists replayed, computed");
        db.commit();
    }

    @ParameterizedTest
    @EnumSource
    void theTableOfASequenceIsThatOfTheReplay(Changes changes) throws SQLException {
        EventStream stream = begin(changes);
        int done = 0;
        for (int asOf : new int[] {0, 1, 777, CHANGES / 3, CHANGES - 1, CHANGES}) {
            replay(changes, stream, done, asOf, n -> true);
            done = asOf;
            assertThat(difference(changes, stream.table(asOf)))
                    .as("as of %d", asOf)
                    .isEmpty();
        }
        assertThat(count("replayed")).isGreaterThan(500);
        assertThat(count("computed")).isEqualTo(count("replayed"));
    }

    /** Times of events, between them, and before all. What is scheduled at that very time is not yet there. */
    @ParameterizedTest
    @EnumSource
    void theTableOfATimeIsThatOfTheReplayUntilThen(Changes changes) throws SQLException {
        EventStream stream = begin(changes);
        Instant first = stream.timeOf(0);
        int done = 0;
        for (Instant asOf : List.of(
                first.minusSeconds(1),
                stream.timeOf(1234),
                stream.timeOf(1234).plusNanos(1),
                first.plus(Duration.between(first, stream.timeOf(CHANGES)).dividedBy(3)),
                stream.timeOf(CHANGES - 1).plusNanos(1))) {
            int to = done;
            while (to < CHANGES && stream.timeOf(to).isBefore(asOf)) {
                to++;
            }
            replay(changes, stream, done, to, n -> true);
            done = to;
            assertThat(difference(changes, stream.table(asOf)))
                    .as("as of %s", asOf)
                    .isEmpty();
        }
        assertThat(done).isGreaterThanOrEqualTo(CHANGES);
    }

    /** What a connector does that joins late: all rows as of some change, then the changes from there on. */
    @ParameterizedTest
    @EnumSource
    void aSnapshotAndTheChangesBehindItMakeTheTable(Changes changes) throws SQLException {
        EventStream stream = begin(changes);
        load("replayed", stream.table(CHANGES / 2));
        replay(changes, stream, CHANGES / 2, CHANGES, n -> true);

        assertThat(difference(changes, stream.table(CHANGES))).isEmpty();
        assertThat(count("computed")).isGreaterThan(500);
    }

    /** The comparison sees one change that was not applied. */
    @ParameterizedTest
    @EnumSource
    void aChangeThatWasNotAppliedIsFound(Changes changes) throws SQLException {
        EventStream stream = begin(changes);
        TableRow updated = null;
        for (TableRow row : stream.table(CHANGES)) {
            boolean fresh = stream.event(row.sequence())
                    .field(changes.operation)
                    .toString()
                    .matches("u|UPDATE");
            updated = fresh ? row : updated;
        }
        long left = updated.sequence();

        replay(changes, stream, 0, CHANGES, n -> n != left);

        assertThat(difference(changes, stream.table(CHANGES))).containsExactly(updated.key());
    }

    /** The replay itself fails if changes of a row are missing, so that another row could not stand in. */
    @ParameterizedTest
    @EnumSource
    void anUpdateOfARowThatIsNotThereIsFound(Changes changes) throws SQLException {
        EventStream stream = begin(changes);

        assertThatThrownBy(() -> replay(changes, stream, CHANGES / 2, CHANGES, n -> true))
                .satisfiesAnyOf(
                        e -> assertThat(e).isInstanceOf(AssertionError.class).hasMessageContaining("one row"),
                        e -> assertThat(e).isInstanceOf(BatchUpdateException.class));
    }

    private static EventStream begin(Changes changes) throws SQLException {
        execute("create table replayed (" + changes.columns + ")");
        execute("create table computed (" + changes.columns + ")");
        return changes.stream();
    }

    private static void execute(String sql) throws SQLException {
        try (Statement statement = db.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Applies changes in their order. Those of one batch are of different rows, so that their kinds can be taken apart. */
    private static void replay(Changes changes, EventStream stream, long from, long to, LongPredicate applied)
            throws SQLException {
        String all = "jsonb_populate_record(null::replayed, ?::jsonb -> '" + changes.after + "')";
        String columns = String.join(", ", changes.names());
        try (PreparedStatement insert = db.prepareStatement("insert into replayed select * from " + all);
                PreparedStatement update = db.prepareStatement("update replayed set (" + columns + ") = (select "
                        + columns + " from " + all + ") where " + changes.key + " = ?");
                PreparedStatement delete = db.prepareStatement("delete from replayed where " + changes.key
                        + " = ?::jsonb -> '" + changes.before + "' ->> '" + changes.key + "'")) {
            Set<String> keys = new HashSet<>();
            for (long n = from; n < to; n++) {
                if (!applied.test(n)) {
                    continue;
                }
                Event event = stream.event(n);
                if (!keys.add(event.key()) || keys.size() > BATCH) {
                    apply(insert, update, delete);
                    keys.clear();
                    keys.add(event.key());
                }
                String json = new String(event.bytes(), StandardCharsets.UTF_8);
                switch (event.field(changes.operation).toString()) {
                    case "c", "INSERT" -> add(insert, json);
                    case "u", "UPDATE" -> add(update, json, event.key());
                    case "d", "DELETE" -> add(delete, json);
                    default -> throw new AssertionError(json);
                }
            }
            apply(insert, update, delete);
        }
    }

    private static void add(PreparedStatement statement, String... parameters) throws SQLException {
        for (int i = 0; i < parameters.length; i++) {
            statement.setString(i + 1, parameters[i]);
        }
        statement.addBatch();
    }

    private static void apply(PreparedStatement... statements) throws SQLException {
        for (PreparedStatement statement : statements) {
            for (int rows : statement.executeBatch()) {
                assertThat(rows).as("each change hits one row").isEqualTo(1);
            }
        }
    }

    /** The keys of rows that differ, or are in one of the tables only. */
    private static List<String> difference(Changes changes, Iterable<TableRow> table) throws SQLException {
        execute("truncate computed");
        load("computed", table);
        String sql = "select coalesce(r." + changes.key + ", c." + changes.key
                + ") from replayed r full join computed c on r." + changes.key + " = c." + changes.key
                + " where r.* is distinct from c.* order by 1";
        try (Statement statement = db.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> keys = new ArrayList<>();
            while (rows.next()) {
                keys.add(rows.getString(1));
            }
            return keys;
        }
    }

    private static void load(String name, Iterable<TableRow> table) throws SQLException {
        try (PreparedStatement insert = db.prepareStatement(
                "insert into " + name + " select * from jsonb_populate_record(null::" + name + ", ?::jsonb)")) {
            int open = 0;
            for (TableRow row : table) {
                add(insert, new String(row.bytes(), StandardCharsets.UTF_8));
                if (++open == BATCH) {
                    apply(insert);
                    open = 0;
                }
            }
            apply(insert);
        }
    }

    private static int count(String table) throws SQLException {
        try (Statement statement = db.createStatement();
                ResultSet rows = statement.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
