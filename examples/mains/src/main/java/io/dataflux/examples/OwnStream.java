package io.dataflux.examples;

import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.when;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.model.StreamDefinition;

/** Shows how to define a stream of your own in Java. Run it; it prints three orders. */
public final class OwnStream {

    private OwnStream() {}

    public static void main(String[] args) {
        StreamDefinition orders = StreamDefinition.named("orders")
                .key("cust_{}", 200_000, "1.0") // 200,000 customers, some far busier than others
                .identity("order_id")
                .field("order_id", id("ord_{}"))
                .field("customer", key())
                .field("placed_at", time())
                .field("channel", pick("web", 6, "app", 3, "shop", 1))
                .field("till", when("channel", "shop", integer(1, 12)))
                .field("total", decimal("0.99", "199.99"))
                .field("coupon", text("C[A-Z]{4}").absent("90%"))
                .build();
        EventStream stream = DataFlux.stream(orders, 42);
        stream.events(0, 3).forEach(System.out::println);
    }
}
