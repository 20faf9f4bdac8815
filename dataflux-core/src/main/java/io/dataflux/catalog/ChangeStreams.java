package io.dataflux.catalog;

import static io.dataflux.model.Fields.change;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;

import io.dataflux.model.Field;
import io.dataflux.model.Kind.ChangePart;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.Table;

/** Changes of a table of customers, in two shapes. Keyed by customer; a customer that was deleted may come back as a new one. */
final class ChangeStreams {

    private static final Table CUSTOMERS = Table.of()
            .column("customer_id", key())
            .column("email", text("[a-z]{3,8}\\.[a-z]{4,10}@example\\.com"))
            .column("country", pick("NO", 30, "SE", 25, "DK", 20, "DE", 15, "FI", 10))
            .column("city", pick("Oslo", 4, "Stockholm", 4, "Bergen", 2, "Aarhus", 2, "Berlin", 2, "Turku", 1), 6)
            .column("tier", pick("basic", 70, "plus", 22, "gold", 8), 4)
            .column("balance", decimal("-250.00", "9999.99"), 1)
            .column("version", change(ChangePart.VERSION), 1)
            .column("created_at", time())
            .column("updated_at", time(), 1);

    private ChangeStreams() {}

    static StreamDefinition cdc() {
        return StreamDefinition.named("cdc")
                .key("customer_{}", 100_000, "0.5")
                .table(CUSTOMERS)
                .identity("id")
                .field("id", id("change_{}"))
                .field("action", change(ChangePart.OPERATION))
                .field("timestamp", time(TimeFormat.ISO_SECONDS))
                .field("currentEvent", change(ChangePart.ROW))
                .build();
    }

    static StreamDefinition debezium() {
        return StreamDefinition.named("cdc_debezium")
                .key("customer_{}", 100_000, "0.5")
                .table(CUSTOMERS)
                .identity("transaction.id")
                .field("before", change(ChangePart.BEFORE))
                .field("after", change(ChangePart.AFTER))
                .field("source", source())
                .field("op", change(ChangePart.CODE))
                .field("ts_ms", time(TimeFormat.EPOCH_MILLIS))
                .field(
                        "transaction",
                        object("id", uuid(), "total_order", constant(1), "data_collection_order", constant(1)))
                .build();
    }

    private static Field source() {
        return object(
                "version",
                constant("2.7.0.Final"),
                "connector",
                constant("postgresql"),
                "name",
                constant("shop"),
                "ts_ms",
                time(TimeFormat.EPOCH_MILLIS),
                "snapshot",
                change(ChangePart.SNAPSHOT),
                "db",
                constant("shop"),
                "schema",
                constant("public"),
                "table",
                constant("customers"),
                "lsn",
                sequence(24_023_128));
    }
}
