package io.dataflux.catalog;

import static io.dataflux.catalog.Invariant.at;
import static io.dataflux.catalog.Invariant.follows;
import static io.dataflux.catalog.Invariant.has;
import static io.dataflux.catalog.Invariant.hasExactly;
import static io.dataflux.catalog.Invariant.number;
import static io.dataflux.catalog.Invariant.text;
import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.change;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;

import io.dataflux.model.Kind.ChangePart;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** Mutants have few customers, so that each of them changes often. */
final class ChangeInvariants {

    private static final String KEY = "currentEvent.customer_id";

    private ChangeInvariants() {}

    static List<Invariant> cdc() {
        return List.of(
                new Invariant(
                        "a change has these four fields",
                        hasExactly("id", "action", "timestamp", "currentEvent"),
                        b -> b.field("user", constant("s"))),
                new Invariant(
                        "a row is inserted first, and again only after its delete",
                        follows(
                                KEY,
                                (before, e) -> (before == null || isDelete(before))
                                        == text(e, "action").equals("INSERT")),
                        b -> b.key("customer_{}", 100).replace("action", anyOf("INSERT", "UPDATE", "DELETE"))),
                new Invariant(
                        "a delete shows the row as it was last",
                        follows(
                                KEY,
                                (before, e) -> !isDelete(e)
                                        || at(before, "currentEvent").equals(at(e, "currentEvent"))),
                        b -> b.key("customer_{}", 100).replace("currentEvent", row("balance"))),
                new Invariant(
                        "what belongs to a row for good stays until its delete",
                        follows(
                                KEY,
                                (before, e) -> before == null
                                        || isDelete(before)
                                        || same(before, e, "email", "country", "created_at")),
                        b -> b.key("customer_{}", 100).replace("currentEvent", row("email"))),
                new Invariant(
                        "the version counts the updates",
                        follows(
                                KEY,
                                (before, e) -> isDelete(e)
                                        || number(e, "currentEvent.version")
                                                == (text(e, "action").equals("INSERT")
                                                        ? 0
                                                        : number(before, "currentEvent.version") + 1)),
                        b -> b.replace("currentEvent", row("version"))),
                new Invariant(
                        "a row that was inserted or updated was so at the time of the event",
                        e -> isDelete(e)
                                || text(e, "currentEvent.updated_at")
                                        .startsWith(text(e, "timestamp").replace("Z", "")),
                        b -> b.replace("timestamp", constant("2024-01-01T00:00:00Z"))));
    }

    private static io.dataflux.model.Field row(String changing) {
        return object("customer_id", key(), changing, integer(1, 1_000_000));
    }

    private static boolean isDelete(Map<String, Object> event) {
        return text(event, "action").equals("DELETE");
    }

    private static boolean same(Map<String, Object> before, Map<String, Object> event, String... columns) {
        return List.of(columns).stream()
                .allMatch(c -> Objects.equals(at(before, "currentEvent." + c), at(event, "currentEvent." + c)));
    }

    static List<Invariant> debezium() {
        return List.of(
                new Invariant(
                        "a change has these six fields",
                        hasExactly("before", "after", "source", "op", "ts_ms", "transaction"),
                        b -> b.field("user", constant("s"))),
                new Invariant(
                        "an insert has no row before, a delete none after, an update both",
                        e -> switch (text(e, "op")) {
                            case "c" -> !has(e, "before") && has(e, "after");
                            case "u" -> has(e, "before") && has(e, "after");
                            default -> has(e, "before") && !has(e, "after");
                        },
                        b -> b.replace("op", anyOf("c", "u", "d"))),
                new Invariant(
                        "the row before a change is the row after the last change",
                        continues(),
                        b -> b.key("customer_{}", 100).replace("before", change(ChangePart.ROW))),
                new Invariant(
                        "an update changes something, and counts one version on",
                        e -> !text(e, "op").equals("u")
                                || !at(e, "before").equals(at(e, "after"))
                                        && number(e, "after.version") == number(e, "before.version") + 1,
                        b -> b.key("customer_{}", 100).replace("before", change(ChangePart.ROW))),
                new Invariant(
                        "a change comes from the table of customers at its time, and from no snapshot",
                        e -> number(e, "source.ts_ms") == number(e, "ts_ms")
                                && text(e, "source.table").equals("customers")
                                && text(e, "source.snapshot").equals("false"),
                        b -> b.replace("ts_ms", constant(0))));
    }

    private static Predicate<Map<String, Object>> continues() {
        Map<Object, Object> rows = new HashMap<>();
        return e -> {
            Object key = has(e, "after") ? at(e, "after.customer_id") : at(e, "before.customer_id");
            Object last = has(e, "after") ? rows.put(key, at(e, "after")) : rows.remove(key);
            return Objects.equals(last, at(e, "before"));
        };
    }
}
