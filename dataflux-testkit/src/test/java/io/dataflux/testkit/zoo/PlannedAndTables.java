package io.dataflux.testkit.zoo;

import static io.dataflux.verify.Finding.CORRUPTED;
import static io.dataflux.verify.Finding.DUPLICATE;
import static io.dataflux.verify.Finding.FOREIGN;
import static io.dataflux.verify.Finding.LOST;
import static io.dataflux.verify.Finding.MISROUTED;
import static io.dataflux.verify.Finding.PHANTOM;
import static io.dataflux.verify.Finding.REORDERED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.testkit.zoo.Orders.Row;
import io.dataflux.verify.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Systems that get along badly with planned faults, whose tables are wrong, or that should have kept silent. */
final class PlannedAndTables {

    private PlannedAndTables() {}

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(repeatsAndLateOnes());
        kinds.addAll(brokenOnes());
        kinds.addAll(tables());
        kinds.addAll(silence());
        return kinds;
    }

    /** Sets aside what cannot be read, drops repeats, and does one thing wrong with the others. */
    private static Kind faulty(String name, String wrong, Set<Finding> findings, Readable step) {
        return Kind.of(name, Shape.FAULTY, wrong, findings, work -> {
            Set<Message> seen = new HashSet<>();
            Losses.each(work, (w, i, m) -> {
                if (!m.readable()) {
                    w.deadLetter(m);
                } else {
                    step.of(w, i, m, !seen.add(m));
                }
            });
        });
    }

    /** What a system does with a message that it can read. */
    private interface Readable {
        void of(Work work, int index, Message message, boolean repeated);
    }

    private static void passOnce(Work work, Message message, boolean repeated) {
        if (!repeated) {
            work.pass(message);
        }
    }

    private static List<Kind> repeatsAndLateOnes() {
        return List.of(
                faulty(
                        "repeats passed on",
                        "does not drop what is sent twice",
                        Set.of(DUPLICATE),
                        (w, i, m, repeated) -> {
                            if (w.wrong(repeated)) {
                                w.again(m);
                            } else {
                                passOnce(w, m, repeated);
                            }
                        }),
                faulty(
                        "too short a memory",
                        "remembers the last 20 messages only",
                        Set.of(DUPLICATE),
                        (w, i, m, repeated) -> {
                            if (w.wrong(repeated
                                    && !w.in.subList(Math.max(0, i - 20), i).contains(m))) {
                                w.again(m);
                            } else {
                                passOnce(w, m, repeated);
                            }
                        }),
                Kind.of(
                        "too broad a memory",
                        Shape.FAULTY,
                        "takes an order like the customer's previous one for a repeat",
                        Set.of(LOST),
                        work -> {
                            Set<Message> seen = new HashSet<>();
                            Map<String, List<Object>> previous = new HashMap<>();
                            Losses.each(work, (w, i, m) -> {
                                if (!m.readable()) {
                                    w.deadLetter(m);
                                } else if (seen.add(m)) {
                                    List<Object> like = List.of(
                                            m.order().status(),
                                            m.order().country(),
                                            m.order().gift());
                                    boolean same = like.equals(previous.put(m.key, like));
                                    if (w.wrong(same)) {
                                        w.lose(m);
                                    } else {
                                        w.pass(m);
                                    }
                                }
                            });
                        }),
                Kind.of(
                        "late ones dropped",
                        Shape.FAULTY,
                        "drops what is more than five seconds older than the newest",
                        Set.of(LOST),
                        work -> {
                            Set<Message> seen = new HashSet<>();
                            Instant[] newest = {Instant.MIN};
                            Losses.each(work, (w, i, m) -> {
                                if (!m.readable()) {
                                    w.deadLetter(m);
                                } else if (seen.add(m)) {
                                    Instant time = m.order().placedAt();
                                    newest[0] = time.isAfter(newest[0]) ? time : newest[0];
                                    if (w.wrong(time.plusSeconds(5).isBefore(newest[0]))) {
                                        w.lose(m);
                                    } else {
                                        w.pass(m);
                                    }
                                }
                            });
                        }),
                Kind.of(
                        "sorted by event time",
                        Shape.FAULTY,
                        "sorts 300 messages at a time by when they happened",
                        Set.of(REORDERED),
                        work -> {
                            Set<Message> seen = new HashSet<>();
                            List<Message> batch = new ArrayList<>();
                            Losses.each(work, (w, i, m) -> {
                                if (!m.readable()) {
                                    w.deadLetter(m);
                                } else if (seen.add(m)) {
                                    batch.add(m);
                                }
                                if (batch.size() == 300 || i == w.in.size() - 1) {
                                    if (w.wrong(true)) {
                                        batch.sort(Comparator.comparing(
                                                one -> one.order().placedAt()));
                                    }
                                    batch.forEach(w::pass);
                                    batch.clear();
                                }
                            });
                            if (work.wrong(true)) {
                                work.noteOrder();
                            }
                        }),
                Kind.of("dropped ones made up", Shape.FAULTY, "fills gaps from a database", Set.of(PHANTOM), work -> {
                    faulty("", "", Set.of(), PlannedAndTables::step).system().accept(work);
                    if (work.wrong(true)) {
                        for (Message dropped : work.foreigners.dropped()) {
                            work.emit(dropped, Orders.fields(dropped.order()));
                            work.note(PHANTOM, dropped);
                        }
                    }
                }));
    }

    private static void step(Work work, int index, Message message, boolean repeated) {
        passOnce(work, message, repeated);
    }

    /** Does something wrong with what cannot be read. */
    private static Kind brokenOnes(String name, String wrong, Set<Finding> findings, Losses.Step step) {
        return Kind.of(name, Shape.FAULTY, wrong, findings, work -> {
            Set<Message> seen = new HashSet<>();
            Losses.each(work, (w, i, m) -> {
                if (m.readable()) {
                    passOnce(w, m, !seen.add(m));
                } else if (w.wrong(true)) {
                    step.of(w, i, m);
                } else {
                    w.deadLetter(m);
                }
            });
        });
    }

    private static List<Kind> brokenOnes() {
        return List.of(
                brokenOnes(
                        "broken ones swallowed",
                        "ignores what it cannot read",
                        Set.of(LOST),
                        (w, i, m) -> w.note(LOST, m)),
                brokenOnes(
                        "a dead letter queue that is full",
                        "keeps the first ten dead letters",
                        Set.of(LOST),
                        (w, i, m) -> {
                            if (w.deadLetters.size() < 10) {
                                w.deadLetter(m);
                            } else {
                                w.note(LOST, m);
                            }
                        }),
                brokenOnes(
                        "dead letters twice", "sets aside again when it tries again", Set.of(DUPLICATE), (w, i, m) -> {
                            w.deadLetter(m);
                            if (i % 2 == 0) {
                                w.deadLetter(m);
                                w.noteRepeated(m);
                            }
                        }),
                brokenOnes("dead letters altered", "adds a line end to dead letters", Set.of(CORRUPTED), (w, i, m) -> {
                    byte[] longer = java.util.Arrays.copyOf(m.bytes, m.bytes.length + 1);
                    longer[m.bytes.length] = '\n';
                    w.deadLetters.add(new Work.Out(m, longer));
                    w.note(CORRUPTED, m);
                }),
                brokenOnes(
                        "broken ones passed on",
                        "makes an invoice of what it could read of a broken message",
                        Set.of(PHANTOM, LOST),
                        (w, i, m) -> {
                            w.emit(m, Map.of("orderId", idOf(m), "total", 0));
                            w.note(PHANTOM, m);
                            w.note(LOST, m);
                        }),
                brokenOnes(
                        "broken ones passed on and set aside",
                        "makes an invoice of a broken message, and a dead letter",
                        Set.of(PHANTOM),
                        (w, i, m) -> {
                            w.emit(m, Map.of("orderId", idOf(m), "total", 0));
                            w.note(PHANTOM, m);
                            w.deadLetter(m);
                        }),
                brokenOnes(
                        "broken ones repaired",
                        "repairs broken messages from a database",
                        Set.of(PHANTOM, LOST),
                        (w, i, m) -> {
                            w.emit(m, Orders.fields(w.foreigners.whole(m).order()));
                            w.note(PHANTOM, m);
                            w.note(LOST, m);
                        }),
                faulty(
                        "good ones set aside",
                        "makes a dead letter of a good message when its database is away",
                        Set.of(MISROUTED, LOST),
                        (w, i, m, repeated) -> {
                            if (w.wrong(!repeated && w.turn(i, 101))) {
                                w.deadLetter(m);
                                w.note(MISROUTED, m);
                                w.lose(m);
                            } else {
                                passOnce(w, m, repeated);
                            }
                        }),
                faulty(
                        "good ones set aside, too",
                        "makes a dead letter of a good message and processes it, too",
                        Set.of(MISROUTED),
                        (w, i, m, repeated) -> {
                            passOnce(w, m, repeated);
                            if (w.wrong(!repeated && w.turn(i, 101))) {
                                w.deadLetter(m);
                                w.note(MISROUTED, m);
                            }
                        }));
    }

    /** The id, which stands first in a message and is never broken. */
    private static String idOf(Message message) {
        String text = new String(message.bytes, UTF_8);
        int from = text.indexOf("ord_");
        return text.substring(from, text.indexOf('"', from));
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
                if (work.wrong(chosen != last)) {
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
