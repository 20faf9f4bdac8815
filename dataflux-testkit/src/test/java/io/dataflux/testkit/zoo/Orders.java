package io.dataflux.testkit.zoo;

import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the systems of the zoo receive, and what a correct one makes of it. */
final class Orders {

    record Order(
            String orderId,
            String customer,
            Instant placedAt,
            String status,
            BigDecimal total,
            Long units,
            Boolean gift,
            String city,
            String country,
            String note,
            List<Item> items) {}

    record Item(String sku, int quantity) {}

    /** One per order. */
    record Invoice(
            String orderId,
            String customer,
            Instant placedAt,
            String status,
            BigDecimal total,
            Long units,
            Boolean gift,
            String city,
            String country,
            String note,
            List<Item> items) {}

    /** One per item of an order. */
    record Parcel(String orderId, int number, String sku, int quantity) {}

    /** The latest order of a customer, with its status. */
    record Row(String customer, String orderId, String status) {}

    private Orders() {}

    static StreamDefinition definition() {
        return StreamDefinition.named("orders")
                .key("cust_{}", 150)
                .identity("order_id")
                .field("order_id", Fields.id("ord_{}"))
                .field("customer", Fields.key())
                .field("placed_at", Fields.time())
                .field("status", Fields.pick("PAID", 6, "OPEN", 2, "FRAUD", 1, "VOID", 1))
                .field("total", Fields.decimal("1.01", "999.99"))
                .field("units", Fields.integer(9_007_199_254_740_993L, 9_107_199_254_740_993L))
                .field("gift", Fields.bool("30%"))
                .field("city", Fields.anyOf("Zürich", "Łódź", "São Paulo", "Reykjavík"))
                .field("country", Fields.anyOf("CH", "PL", "BR", "IS"))
                .field("note", Fields.text("[A-Z][a-z]{3,9} & [a-z]{4,12}").nullable("20%"))
                .field(
                        "items",
                        Fields.list(
                                0,
                                3,
                                Fields.object(
                                        "sku", Fields.text("[A-Z]{3}-[0-9]{3}"), "quantity", Fields.integer(1, 9))))
                .build();
    }

    static Invoice invoice(Order order) {
        return new Invoice(
                order.orderId,
                order.customer,
                order.placedAt,
                order.status,
                order.total,
                order.units,
                order.gift,
                order.city,
                order.country,
                order.note,
                order.items);
    }

    static Stream<Parcel> parcels(Order order) {
        return IntStream.range(0, order.items.size())
                .mapToObj(i -> new Parcel(order.orderId, i + 1, order.items.get(i).sku, order.items.get(i).quantity));
    }

    /** An invoice as a program without types has it, which is what the broken systems change. */
    static Map<String, Object> fields(Order order) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("orderId", order.orderId);
        fields.put("customer", order.customer);
        fields.put("placedAt", order.placedAt);
        fields.put("status", order.status);
        fields.put("total", order.total);
        fields.put("units", order.units);
        fields.put("gift", order.gift);
        fields.put("city", order.city);
        fields.put("country", order.country);
        fields.put("note", order.note);
        fields.put("items", order.items);
        return fields;
    }

    static Map<String, Object> fields(Parcel parcel) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("orderId", parcel.orderId);
        fields.put("number", parcel.number);
        fields.put("sku", parcel.sku);
        fields.put("quantity", parcel.quantity);
        return fields;
    }

    static Map<String, Object> fields(Row row) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("orderId", row.orderId);
        fields.put("customer", row.customer);
        fields.put("status", row.status);
        return fields;
    }
}
