package io.dataflux.examples;

import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.text;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.TableRow;
import io.dataflux.model.StreamDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** The code on the pages of {@code docs/}, compiled. */
final class DocumentedCode {

    private DocumentedCode() {}

    static Event aDefinition() {
        StreamDefinition orders = StreamDefinition.named("orders")
                .key("cust_{}", 200_000, "1.0")
                .identity("order_id")
                .field("order_id", id("ord_{}"))
                .field("channel", pick("web", 6, "app", 3, "shop", 1))
                .field("coupon", text("C[A-Z]{4}").absent("90%"))
                .build();
        Event event = DataFlux.stream(orders, 42).event(123_456_789_012L);
        return event;
    }

    static long identities(Event event) {
        EventStream readings =
                DataFlux.streams(Path.of("readings.yaml"), Map.of(), Map.of()).get(0);
        long found =
                readings.sequenceOf("evt_c815abca-1ed2-852b-9ecd-571e3a84aaf5").getAsLong(); // 1000000
        long next = readings.sequenceOfOccurrence(event.entity(), event.occurrence() + 1);
        return found + next;
    }

    static Optional<TableRow> changes(Map<String, Object> expected) {
        EventStream changes = DataFlux.stream("cdc", 42);
        for (TableRow row : changes.table(1_000_000)) { // after the changes [0, 1,000,000)
            expected.put(row.key(), row.column("tier"));
        }
        Optional<TableRow> one = changes.row(4711, changes.sequenceAt(Instant.parse("2025-01-02T00:00:00Z")));
        return one;
    }
}
