package io.dataflux.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.MemorySink;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** A run of sales that was sent into memory, and what was delivered of it. */
record SentSales(EventStream stream, RunReport report, List<MemorySink.Entry> entries) {

    static final String FAULTS = "late 4% by 3s..40s, duplicate 3% within 40, drop 2%, reorder 3% within 20,"
            + " corrupt 2% as truncated or invalid_utf8";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One sale; {@code cents} may be null. */
    record Sale(String id, Instant at, String customer, String page, Long cents, BigDecimal total) {

        static Sale of(Event event) {
            return new Sale(
                    (String) event.field("id"),
                    Instant.parse((String) event.field("at")),
                    (String) event.field("customer"),
                    (String) event.field("page"),
                    (Long) event.field("cents"),
                    (BigDecimal) event.field("total"));
        }

        /** As a system reads it, by other means than ours; empty if it was sent broken. */
        static Optional<Sale> read(byte[] json) {
            try {
                JsonNode node = JSON.readTree(json);
                return Optional.of(new Sale(
                        node.get("id").textValue(),
                        Instant.parse(node.get("at").textValue()),
                        node.get("customer").textValue(),
                        node.get("page").textValue(),
                        node.get("cents").isNull() ? null : node.get("cents").longValue(),
                        node.get("total").decimalValue()));
            } catch (IOException e) {
                return Optional.empty();
            }
        }
    }

    static SentSales of(long seed, int events, String faults, Path folder) {
        StreamDefinition.Builder sales = StreamDefinition.named("sales")
                .key("cust_{}", 15)
                .identity("id")
                .rate(25, 1)
                .field("id", Fields.id("sale_{}"))
                .field("at", Fields.time())
                .field("customer", Fields.key())
                .field("page", Fields.pick("home", 6, "cart", 3, "help", 1))
                .field("cents", Fields.integer(-500, 2_000).nullable(0.1))
                .field("total", Fields.decimal("1.00", "199.99"));
        EventStream stream = DataFlux.stream((faults.isEmpty() ? sales : sales.faults(faults)).build(), seed);
        MemorySink sink = MemorySink.keeping();
        try {
            RunReport report = DataFlux.plan(stream)
                    .events(0, events)
                    .sink("memory", sink)
                    .speed(Double.POSITIVE_INFINITY)
                    .tag(0x5f3a90c1)
                    .output(folder)
                    .build()
                    .start()
                    .await();
            return new SentSales(stream, report, sink.entries());
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The sales in the order in which they came, repeats included and broken ones left out. */
    List<Sale> read() {
        return entries.stream()
                .map(entry -> Sale.read(Objects.requireNonNull(entry.value())))
                .flatMap(Optional::stream)
                .toList();
    }

    /** As if the run had been sent at its rate, which in memory changes nothing else. */
    SentSales paced() {
        return new SentSales(
                stream,
                new RunReport(
                        report.tag(),
                        Validity.VALID,
                        report.ledger(),
                        report.steps(),
                        report.ownLag(),
                        report.sinkLag(),
                        report.bytes(),
                        report.elapsed(),
                        report.start(),
                        1,
                        report.backfill(),
                        report.faults(),
                        report.problems()),
                entries);
    }

    Results<Sale> results() {
        return Results.of(stream, () -> report, Sale::of);
    }

    /** What is expected, as the verdict has it. */
    Expected<Sale> expected(Results<Sale> results) {
        return new Computation<>(results.asked(), report).expected();
    }
}
