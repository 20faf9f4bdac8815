package io.dataflux.encode;

import static io.dataflux.model.Fields.change;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.keyNumber;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.sun.management.ThreadMXBean;
import io.dataflux.TableRow;
import io.dataflux.catalog.Catalog;
import io.dataflux.model.Field;
import io.dataflux.model.Kind.ChangePart;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.Table;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Changes of a table against a replay of all of them. */
class ChangesTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Reduced 100,000 changes, thorough 1,000,000. */
    private static final int CHANGES = THOROUGH ? 1_000_000 : 100_000;

    private static final StreamDefinition ODD = StreamDefinition.named("odd")
            .key("row_{}", 60, "0.5")
            .start(Instant.parse("2025-03-01T12:00:00.999999999Z"))
            .table(Table.of()
                    .lives(2, 9)
                    .column("id", keyNumber())
                    .column("kind", pick("a", 3, "b", 1), 3)
                    .column("name", text("[a-z]{1,9}").nullable("20%"), 2)
                    .column("note", template("{kind} of {id} at {seen}").absent("30%"), 5)
                    .column(
                            "size",
                            when("kind", "a", integer(1, 9), "b", object("w", integer(1, 9), "k", copy("kind"))))
                    .column("version", change(ChangePart.VERSION), 1)
                    .column("seen", time(), 4))
            .identity("id")
            .field("id", uuid())
            .field("op", change(ChangePart.CODE))
            .field("before", change(ChangePart.BEFORE))
            .field("after", change(ChangePart.AFTER))
            .field("row", change(ChangePart.ROW))
            .build();

    static StreamDefinition[] tables() {
        return new StreamDefinition[] {
            ODD,
            Catalog.definition("cdc_debezium"),
            Catalog.definition("cdc_debezium").toBuilder()
                    .key("customer_{}", 500)
                    .build()
        };
    }

    @ParameterizedTest
    @MethodSource("tables")
    void whatWasBeforeIsWhatTheLastChangeLeft(StreamDefinition definition) {
        Map<String, Integer> seen = new TreeMap<>();
        assertThat(firstBreak(definition, seen)).isEmpty();
        assertThat(seen.keySet()).contains("c", "u");
    }

    /** The same test on rows that do not go on where they were. */
    @Test
    void aRowThatIsNotWhatTheLastChangeLeftIsFound() {
        StreamDefinition few = Catalog.definition("cdc_debezium").toBuilder()
                .key("customer_{}", 100)
                .build();
        assertThat(firstBreak(
                        few.toBuilder()
                                .replace("before", change(ChangePart.ROW))
                                .build(),
                        new TreeMap<>()))
                .isPresent();
        assertThat(firstBreak(
                        few.toBuilder()
                                .replace("after", object("balance", integer(0, 1 << 30)))
                                .build(),
                        new TreeMap<>()))
                .isPresent();
        assertThat(firstBreak(
                        few.toBuilder()
                                .replace("op", pick("c", 1, "u", 8, "d", 1))
                                .build(),
                        new TreeMap<>()))
                .isPresent();
        assertThat(firstBreak(few, new TreeMap<>())).isEmpty();
    }

    /** The first change whose row before, or whose operation, does not fit what came before it. */
    private static OptionalLong firstBreak(StreamDefinition definition, Map<String, Integer> seen) {
        CompiledStream stream = Checked.compiled(definition, 42);
        EventState state = new EventState();
        Map<Long, Object> rows = new HashMap<>();
        for (long n = 0; n < CHANGES; n++) {
            stream.locate(n, state);
            String op = (String) stream.value(state, "op");
            Object before = stream.value(state, "before");
            Object after = stream.value(state, "after");
            Object last = after == null ? rows.remove(state.slot.entity) : rows.put(state.slot.entity, after);
            String expected = last == null ? "c" : after == null ? "d" : "u";
            if (!Objects.equals(before, last) || !expected.equals(op) || last == null && after == null) {
                return OptionalLong.of(n);
            }
            seen.merge(op, 1, Integer::sum);
        }
        return OptionalLong.empty();
    }

    @Test
    void changesThatShowOneRowGoOnFromTheLastOne() {
        Map<String, Integer> seen = new TreeMap<>();
        StreamDefinition few =
                Catalog.definition("cdc").toBuilder().key("customer_{}", 5000).build();
        assertThat(firstJump(Catalog.definition("cdc"), seen)).isEmpty();
        assertThat(seen.keySet()).contains("INSERT", "UPDATE");
        assertThat(firstJump(few, seen)).isEmpty();
        assertThat(seen.keySet()).containsExactly("DELETE", "INSERT", "UPDATE");
        assertThat(firstJump(
                        few.toBuilder()
                                .replace("action", pick("INSERT", 1, "UPDATE", 8, "DELETE", 1))
                                .build(),
                        seen))
                .as("control")
                .isPresent();
        Field row = object("customer_id", key(), "version", integer(0, 9), "email", text("[a-z]{9}"));
        assertThat(firstJump(few.toBuilder().replace("currentEvent", row).build(), seen))
                .as("control")
                .isPresent();
    }

    /** The first change of {@code cdc} that does not go on from the row that the last change left. */
    private static OptionalLong firstJump(StreamDefinition definition, Map<String, Integer> seen) {
        CompiledStream stream = Checked.compiled(definition, 42);
        EventState state = new EventState();
        Map<Long, Map<?, ?>> rows = new HashMap<>();
        for (long n = 0; n < CHANGES; n++) {
            stream.locate(n, state);
            String action = String.valueOf(stream.value(state, "action"));
            Map<?, ?> row = (Map<?, ?>) Objects.requireNonNull(stream.value(state, "currentEvent"));
            Map<?, ?> last = rows.get(state.slot.entity);
            boolean fits = switch (action) {
                case "INSERT" -> last == null && row.get("version").equals(0L);
                case "DELETE" -> row.equals(last);
                default ->
                    last != null
                            && row.get("version").equals((Long) last.get("version") + 1)
                            && Objects.equals(row.get("email"), last.get("email"))
                            && Objects.equals(row.get("created_at"), last.get("created_at"));
            };
            if (!fits) {
                return OptionalLong.of(n);
            }
            if (action.equals("DELETE")) {
                rows.remove(state.slot.entity);
            } else {
                rows.put(state.slot.entity, row);
            }
            seen.merge(action, 1, Integer::sum);
        }
        return OptionalLong.empty();
    }

    @ParameterizedTest
    @MethodSource("tables")
    void theTableIsWhatAReplayOfAllChangesLeaves(StreamDefinition definition) {
        CompiledStream stream = Checked.compiled(definition, 42);
        Map<String, Object> rows = new TreeMap<>();
        EventState state = new EventState();
        int next = 0;
        for (int asOf : new int[] {0, 1, 7, 1000, CHANGES / 2, CHANGES}) {
            for (; next < asOf; next++) {
                stream.locate(next, state);
                Object after = stream.value(state, "after");
                String key = stream.event(next).key();
                if (after == null) {
                    rows.remove(key);
                } else {
                    rows.put(key, Checked.parsed(row(stream, state)));
                }
            }
            Map<String, Object> table = new TreeMap<>();
            for (TableRow row : stream.table(asOf)) {
                table.put(row.key(), Checked.parsed(row.bytes()));
                assertThat(row.sequence()).isLessThan(asOf);
                assertThat(stream.row(row.entity(), asOf)).hasValue(row);
            }
            assertThat(table.equals(rows)).as("the table as of %d", asOf).isTrue();
        }
        Map<String, Object> byTime = new TreeMap<>();
        stream.table(stream.timeOf(CHANGES)).forEach(row -> byTime.put(row.key(), Checked.parsed(row.bytes())));
        assertThat(byTime.equals(rows)).isTrue();
    }

    private static byte[] row(CompiledStream stream, EventState state) {
        byte[] b = new byte[stream.row().maxBytes() + CompiledStream.SLACK];
        return java.util.Arrays.copyOf(b, stream.row().write(state, b, 0));
    }

    @Test
    void aSnapshotReadsEachRow() {
        CompiledStream stream = Checked.compiled(Catalog.definition("cdc_debezium"), 42);
        int rows = 0;
        for (TableRow row : stream.table(2000)) {
            Map<?, ?> event = Checked.parsed(row.snapshot());
            assertThat(event.get("op")).isEqualTo("r");
            assertThat(event.get("before")).isNull();
            assertThat(event.get("after")).isEqualTo(Checked.parsed(row.bytes()));
            assertThat(((Map<?, ?>) event.get("source")).get("snapshot")).isEqualTo("true");
            assertThat(row.column("customer_id")).isEqualTo(row.key());
            rows++;
        }
        assertThat(rows).isBetween(1000, 2000);
    }

    @Test
    void rowsAreInAllStepsOfTheirLives() {
        CompiledStream stream = Checked.compiled(Catalog.definition("cdc_debezium"), 42);
        EventState state = new EventState();
        int[] operations = new int[3];
        for (long n = 50_000_000; n < 50_020_000; n++) {
            stream.locate(n, state);
            operations[state.operation]++;
        }
        assertThat(operations[ChangeNodes.INSERT] / (double) operations[ChangeNodes.DELETE])
                .isBetween(0.9, 1.1);
        assertThat(operations[ChangeNodes.UPDATE]).isGreaterThan(14_000);
        long there = 0;
        for (TableRow row : stream.table(50_000_000)) {
            there += row.entity() >= 0 ? 1 : 0;
        }
        assertThat(there).as("rows of 100,000 keys").isBetween(85_000L, 95_000L);
    }

    @Test
    void changesEqualThoseOfTheSecondImplementation() {
        CompiledStream stream = Checked.compiled(ODD, 42);
        for (long n = 0; n < 300; n++) {
            Checked.events(stream, 0, n);
        }
        Checked.events(stream, 0, 123_456, 999_999_999_999L, 1L << 50);
    }

    @Test
    void aStreamWithoutATableHasNoRows() {
        CompiledStream stream = Checked.compiled(Catalog.definition("clickstream"), 42);
        assertThatIllegalStateException()
                .isThrownBy(() -> stream.table(5))
                .withMessage("stream 'clickstream' does not change a table; only a stream with a 'table' does");
        CompiledStream table = Checked.compiled(ODD, 42);
        assertThatIllegalArgumentException().isThrownBy(() -> table.table(-1));
    }

    @Test
    void tablesThatDoNotFit() {
        Table table = Table.of().column("id", key()).column("version", change(ChangePart.VERSION), 1);
        StreamDefinition.Builder b = StreamDefinition.named("s").key("r{}", 9).field("row", change(ChangePart.ROW));
        assertThat(RefusedDefinitionsTest.refused(b.table(table.column("n", sequence(0)))))
                .startsWith("s.table.columns.n: refers to the event, but a column is about the row;");
        assertThat(RefusedDefinitionsTest.refused(b.table(table.column("n", object("a", occurrence(0))))))
                .startsWith("s.table.columns.n.a: refers to the event, but a column is about the row;");
        assertThat(RefusedDefinitionsTest.refused(b.table(table.column("n", time().nullable("5%")))))
                .isEqualTo(
                        "s.table.columns.n: a column with a time must never be null or absent; remove 'nullable' and 'absent'");
        assertThat(RefusedDefinitionsTest.refused(b.table(Table.of().column("id", key()))))
                .startsWith("s.table.columns: no column changes with every update; give one of them changes_every: 1");
        assertThat(RefusedDefinitionsTest.refused(b.table(table.lives(1, 5))))
                .startsWith("s.table.lives: a row has 2 (insert and delete) to 1000 changes");
        assertThat(RefusedDefinitionsTest.refused(b.table(table.column("n", copy("nn")))))
                .isEqualTo("s.table.columns.n: there is no field 'nn'; the fields here are id, version, n");
        assertThat(RefusedDefinitionsTest.refused(b.table(null)))
                .isEqualTo("s.fields.row: refers to changes, but the stream has no table; add table: {columns: ...}");
    }

    @Test
    void aWarmThreadAllocatesNothingPerEvent() {
        CompiledStream stream = Checked.compiled(
                ODD.toBuilder()
                        .table(Table.of()
                                .column("id", key())
                                .column("at", time(), 2)
                                .column("n", integer(1, 9), 1))
                        .build(),
                42);
        EventState state = new EventState();
        byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = encoded(stream, state, b, 20_000);
        long before = thread.getCurrentThreadAllocatedBytes();
        long again = encoded(stream, state, b, 200_000);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertThat(again).isGreaterThan(bytes);
        assertThat(allocated / 200_000.0).as("bytes per event").isLessThan(0.01);
    }

    private static long encoded(CompiledStream stream, EventState state, byte[] b, int events) {
        long bytes = 0;
        for (int n = 0; n < events; n++) {
            stream.locate(n, state);
            bytes += stream.encode(state, b, 0);
        }
        return bytes;
    }
}
