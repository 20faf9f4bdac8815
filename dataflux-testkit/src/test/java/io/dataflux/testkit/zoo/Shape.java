package io.dataflux.testkit.zoo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.testkit.zoo.Orders.Order;
import io.dataflux.testkit.zoo.Orders.Parcel;
import io.dataflux.testkit.zoo.Orders.Row;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What a correct system makes of the orders. */
enum Shape {
    COPY(true, "passes the bytes on"),
    INVOICES(true, "writes an invoice for each order"),
    PAID(true, "writes an invoice for each order that is paid"),
    PARCELS(true, "ships a parcel for each item of an order, so none for some orders and three for others"),
    FAULTY(true, "gets orders with planned faults, invoices each once, and makes a dead letter of what it cannot read"),
    INVOICE_TABLE(false, "keeps a table with the invoice of each order"),
    LATEST(false, "keeps a table with the latest order of each customer"),
    SILENT(true, "must put out nothing at all");

    final boolean log;
    final String does;

    Shape(boolean log, String does) {
        this.log = log;
        this.does = does;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** What should be made of an order. */
    Stream<?> expected(Order order, Map<String, String> latest) {
        return switch (this) {
            case COPY, INVOICES, FAULTY, INVOICE_TABLE -> Stream.of(Orders.invoice(order));
            case PAID -> order.status().equals("PAID") ? Stream.of(Orders.invoice(order)) : Stream.empty();
            case PARCELS -> Orders.parcels(order);
            case LATEST ->
                order.orderId().equals(latest.get(order.customer()))
                        ? Stream.of(new Row(order.customer(), order.orderId(), order.status()))
                        : Stream.empty();
            case SILENT -> Stream.empty();
        };
    }

    /** The records that a correct system puts out for a message. */
    List<Object> records(Message message, Map<String, String> latest) {
        if (this == COPY) {
            return List.of(message.bytes);
        }
        return expected(message.order(), latest)
                .<Object>map(made -> made instanceof Parcel parcel
                        ? Orders.fields(parcel)
                        : made instanceof Row row ? Orders.fields(row) : Orders.fields(message.order()))
                .toList();
    }

    /** A record with one small mistake in it. */
    @SuppressWarnings("unchecked")
    Object altered(Object record) {
        if (record instanceof byte[] bytes) {
            return new String(bytes, UTF_8)
                    .replaceFirst("\"customer\":\"c", "\"customer\":\"k")
                    .getBytes(UTF_8);
        }
        Map<String, Object> changed = new LinkedHashMap<>((Map<String, Object>) record);
        switch (this) {
            case PARCELS -> changed.merge("quantity", 1, (a, b) -> (Integer) a + (Integer) b);
            case LATEST -> changed.merge("status", "?", (a, b) -> a + "?");
            default ->
                changed.computeIfPresent("total", (name, total) -> ((BigDecimal) total).add(new BigDecimal("0.01")));
        }
        return changed;
    }
}
