package io.dataflux.testkit.zoo;

import static io.dataflux.verify.Finding.CORRUPTED;
import static io.dataflux.verify.Finding.DUPLICATE;
import static io.dataflux.verify.Finding.FOREIGN;
import static io.dataflux.verify.Finding.LOST;
import static io.dataflux.verify.Finding.PHANTOM;

import io.dataflux.testkit.zoo.Orders.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Systems whose tables are wrong, or that should have kept silent. */
final class Tables {

    private Tables() {}

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(tables());
        kinds.addAll(silence());
        return kinds;
    }

    private static List<Kind> tables() {
        return List.of(
                Kind.of(
                        "half a commit",
                        Shape.INVOICE_TABLE,
                        "commits some rows of a batch and loses the others",
                        Set.of(LOST),
                        work -> Losses.each(work, (w, i, m) -> {
                            if (w.wrong(i >= w.at(0.6) && i < w.at(0.6) + 40)) {
                                w.lose(m);
                            } else {
                                w.pass(m);
                            }
                        })),
                Kind.of(
                        "rows inserted twice",
                        Shape.INVOICE_TABLE,
                        "has no unique key, and inserts again after a timeout",
                        Set.of(DUPLICATE),
                        work -> Losses.each(work, (w, i, m) -> {
                            w.pass(m);
                            if (w.wrong(w.turn(i, 300))) {
                                w.again(m);
                            }
                        })),
                Kind.of(
                        "rows of yesterday",
                        Shape.INVOICE_TABLE,
                        "does not empty the table before it fills it",
                        Set.of(FOREIGN),
                        work -> {
                            work.in.forEach(work::pass);
                            for (int i = 0; work.wrong(i < 25); i++) {
                                Message message = work.in.get(i * 3);
                                Map<String, Object> fields = Orders.fields(message.order());
                                fields.put("orderId", work.foreigners.ofAnotherRun(message));
                                work.emitStranger(fields);
                            }
                        }),
                Kind.of(
                        "a column not updated",
                        Shape.INVOICE_TABLE,
                        "updates all columns but one when a row is there",
                        Set.of(CORRUPTED),
                        work -> Losses.each(work, (w, i, m) -> {
                            if (w.wrong(w.turn(i, 43))) {
                                w.alter(m, fields -> fields.put("status", "NEW"));
                            } else {
                                w.pass(m);
                            }
                        })),
                table(
                        "an update lost",
                        "loses the last update of one customer in five",
                        (w, orders, i) -> i % 5 == 0 ? orders.size() - 2 : orders.size() - 1),
                table("the first wins", "ignores an update if there is a row", (w, orders, i) -> 0),
                Kind.of(
                        "rows that should be gone",
                        Shape.LATEST,
                        "keeps earlier rows of one customer in four",
                        Set.of(PHANTOM),
                        work -> {
                            int[] customer = new int[1];
                            byCustomer(work).forEach((key, orders) -> {
                                work.pass(orders.get(orders.size() - 1));
                                if (work.wrong(customer[0]++ % 4 == 0 && orders.size() > 1)) {
                                    Message earlier = orders.get(orders.size() - 2);
                                    work.emit(earlier, row(earlier));
                                    work.note(PHANTOM, earlier);
                                }
                            });
                        }),
                Kind.of(
                        "a row of two",
                        Shape.LATEST,
                        "takes the status of a row from the customer's previous order",
                        Set.of(CORRUPTED),
                        work -> byCustomer(work).forEach((key, orders) -> {
                            Message last = orders.get(orders.size() - 1);
                            if (work.wrong(orders.size() > 1)) {
                                Message previous = orders.get(orders.size() - 2);
                                work.alter(
                                        last,
                                        fields -> fields.put(
                                                "status", previous.order().status()));
                            } else {
                                work.pass(last);
                            }
                        })));
    }

    private interface RowChoice {
        int of(Work work, List<Message> orders, int customer);
    }

    /** A table of the latest orders that shows an earlier one of some customers. */
    private static Kind table(String name, String wrong, RowChoice choice) {
        return Kind.of(name, Shape.LATEST, wrong, Set.of(LOST, PHANTOM), work -> {
            int[] customer = new int[1];
            byCustomer(work).forEach((key, orders) -> {
                int shown = Math.max(0, choice.of(work, orders, customer[0]++));
                Message last = orders.get(orders.size() - 1);
                Message chosen = orders.get(shown);
                if (work.wrong(!chosen.equals(last))) {
                    work.emit(chosen, row(chosen));
                    work.note(PHANTOM, chosen);
                    work.lose(last);
                } else {
                    work.pass(last);
                }
            });
        });
    }

    private static Map<String, Object> row(Message message) {
        return Orders.fields(
                new Row(message.key, message.order().orderId(), message.order().status()));
    }

    private static Map<String, List<Message>> byCustomer(Work work) {
        Map<String, List<Message>> customers = new LinkedHashMap<>();
        work.in.forEach(message ->
                customers.computeIfAbsent(message.key, key -> new ArrayList<>()).add(message));
        return customers;
    }

    private static List<Kind> silence() {
        return List.of(
                Kind.of(
                        "not silent",
                        Shape.SILENT,
                        "puts something out although it should keep silent",
                        Set.of(PHANTOM),
                        work -> Losses.each(work, (w, i, m) -> {
                            if (w.wrong(w.turn(i, 500))) {
                                w.emit(m, Orders.fields(m.order()));
                                w.note(PHANTOM, m);
                            }
                        })),
                Kind.of(
                        "talks of other things",
                        Shape.SILENT,
                        "puts out what nobody sent although it should keep silent",
                        Set.of(FOREIGN),
                        work -> {
                            if (work.wrong(true)) {
                                work.emitStranger(Map.of("orderId", "hello"));
                            }
                        }));
    }
}
