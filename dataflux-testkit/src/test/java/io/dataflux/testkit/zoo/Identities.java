package io.dataflux.testkit.zoo;

import static io.dataflux.verify.Finding.CORRUPTED;
import static io.dataflux.verify.Finding.DUPLICATE;
import static io.dataflux.verify.Finding.FOREIGN;
import static io.dataflux.verify.Finding.LOST;
import static io.dataflux.verify.Finding.PHANTOM;

import io.dataflux.verify.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Systems that take one event for another, make up events, or deliver the wrong number of outputs for an event. */
final class Identities {

    private Identities() {}

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(identities());
        kinds.addAll(fanOut());
        kinds.addAll(filters());
        return kinds;
    }

    /** Writes records under an identity that is not the run's. */
    private static Kind renames(String name, String wrong, BiFunction<Work, Message, String> identity) {
        return Kind.of(
                name,
                Shape.INVOICES,
                wrong,
                Set.of(FOREIGN, LOST),
                work -> Losses.each(work, (w, i, m) -> {
                    if (w.wrong(w.turn(i, 71))) {
                        Map<String, Object> fields = Orders.fields(m.order());
                        fields.put("orderId", identity.apply(w, m));
                        w.emitStranger(fields);
                        w.lose(m);
                    } else {
                        w.pass(m);
                    }
                }));
    }

    private static List<Kind> identities() {
        return List.of(
                renames(
                        "an id of its own",
                        "numbers messages itself",
                        (w, m) -> "inv_" + m.order().units()),
                renames("no id", "loses the id", (w, m) -> null),
                renames(
                        "a prefix",
                        "puts its version before the id",
                        (w, m) -> "v2_" + m.order().orderId()),
                renames(
                        "no prefix",
                        "takes the id for a UUID",
                        (w, m) -> m.order().orderId().substring(4)),
                renames(
                        "upper case",
                        "stores ids in upper case",
                        (w, m) -> m.order().orderId().toUpperCase(Locale.ROOT)),
                renames("another run's", "answers from a cache of yesterday", (w, m) -> w.foreigners.ofAnotherRun(m)),
                renames(
                        "another stream's",
                        "writes the id of the payment instead of that of the order",
                        (w, m) -> w.foreigners.ofAnotherStream(m)),
                Kind.of(
                        "left-overs",
                        Shape.INVOICES,
                        "still has messages of an earlier run in its buffer",
                        Set.of(FOREIGN),
                        work -> {
                            if (work.wrong(true)) {
                                for (Message message : work.in.subList(0, 17)) {
                                    Map<String, Object> fields = Orders.fields(message.order());
                                    fields.put("orderId", work.foreigners.ofAnotherRun(message));
                                    work.emitStranger(fields);
                                }
                            }
                            work.in.forEach(work::pass);
                        }),
                Kind.of(
                        "beyond the end",
                        Shape.INVOICES,
                        "makes up events that were not sent yet",
                        Set.of(PHANTOM),
                        work -> {
                            work.in.forEach(work::pass);
                            for (int by = 0; work.wrong(by < 9); by++) {
                                Message made = work.foreigners.neverSent(by * by);
                                work.emit(made, Orders.fields(made.order()));
                                work.note(PHANTOM, made);
                            }
                        }),
                Kind.of(
                        "the previous one's id",
                        Shape.INVOICES,
                        "writes the id of the previous message, from a variable that it shares",
                        Set.of(LOST, DUPLICATE, CORRUPTED),
                        work -> Losses.each(work, (w, i, m) -> {
                            if (w.wrong(i > 0 && w.turn(i, 67))) {
                                Message previous = w.in.get(i - 1);
                                Map<String, Object> fields = Orders.fields(m.order());
                                fields.put("orderId", previous.order().orderId());
                                w.emitAltered(previous, fields);
                                w.noteRepeated(previous);
                                w.lose(m);
                            } else {
                                w.pass(m);
                            }
                        })),
                Kind.of(
                        "two ids exchanged",
                        Shape.INVOICES,
                        "writes two invoices each under the other's id",
                        Set.of(CORRUPTED),
                        work -> Losses.each(work, (w, i, m) -> {
                            boolean first = w.turn(i, 83) && i + 1 < w.in.size();
                            boolean second = i > 0 && w.turn(i - 1, 83);
                            if (w.wrong(first || second)) {
                                Message other = w.in.get(first ? i + 1 : i - 1);
                                Map<String, Object> fields = new LinkedHashMap<>(Orders.fields(other.order()));
                                fields.put("orderId", m.order().orderId());
                                w.emitAltered(m, fields);
                            } else {
                                w.pass(m);
                            }
                        })));
    }

    private static List<Kind> fanOut() {
        return List.of(
                Kind.of(
                        "one of several missing",
                        Shape.PARCELS,
                        "forgets the last parcel of an order",
                        Set.of(LOST),
                        work -> Losses.each(work, (w, i, m) -> {
                            List<Object> records = w.records(m);
                            boolean wrong = w.wrong(w.turn(i, 29) && !records.isEmpty());
                            records.subList(0, records.size() - (wrong ? 1 : 0)).forEach(record -> w.emit(m, record));
                            if (wrong) {
                                w.note(LOST, m);
                            }
                        })),
                Kind.of(
                        "one too many",
                        Shape.PARCELS,
                        "ships the first parcel of an order twice",
                        Set.of(DUPLICATE),
                        work -> Losses.each(work, (w, i, m) -> {
                            w.pass(m);
                            if (w.wrong(w.turn(i, 29) && !w.records(m).isEmpty())) {
                                w.emit(m, w.records(m).get(0));
                                w.noteRepeated(m);
                            }
                        })),
                Kind.of(
                        "a parcel for nothing",
                        Shape.PARCELS,
                        "ships an empty parcel for an order without items",
                        Set.of(PHANTOM),
                        work -> Losses.each(work, (w, i, m) -> {
                            w.pass(m);
                            if (w.wrong(w.turn(i, 7) && m.order().items().isEmpty())) {
                                Map<String, Object> empty = new LinkedHashMap<>();
                                empty.put("orderId", m.order().orderId());
                                empty.put("number", 0);
                                w.emit(m, empty);
                                w.note(PHANTOM, m);
                            }
                        })),
                Kind.of(
                        "counted from 0",
                        Shape.PARCELS,
                        "counts the parcels of an order from 0",
                        Set.of(CORRUPTED),
                        work -> Losses.each(work, (w, i, m) -> {
                            if (w.wrong(w.turn(i, 31) && w.records(m).size() == 1)) {
                                w.alter(m, fields -> fields.put("number", 0));
                            } else {
                                w.pass(m);
                            }
                        })),
                Kind.of(
                        "one of several altered",
                        Shape.PARCELS,
                        "packs one piece too few into the last of three parcels",
                        Set.of(CORRUPTED),
                        work -> Losses.each(work, (w, i, m) -> {
                            List<Object> records = w.records(m);
                            if (w.wrong(w.turn(i, 5) && records.size() == 3)) {
                                w.emit(m, records.get(0));
                                w.emit(m, records.get(1));
                                @SuppressWarnings("unchecked")
                                Map<String, Object> last = new LinkedHashMap<>((Map<String, Object>) records.get(2));
                                last.merge("quantity", -1, (a, b) -> (Integer) a + (Integer) b);
                                w.emitAltered(m, last);
                            } else {
                                w.pass(m);
                            }
                        })),
                Kind.of(
                        "cut at the batch",
                        Shape.PARCELS,
                        "loses what of an order comes after the end of a batch of outputs",
                        Set.of(LOST),
                        work -> {
                            int[] written = new int[1];
                            Losses.each(work, (w, i, m) -> {
                                boolean lost = false;
                                for (Object record : w.records(m)) {
                                    boolean full = written[0] % 50 == 0 && lost(w, m, record);
                                    if (w.wrong(full)) {
                                        lost = true;
                                    } else {
                                        w.emit(m, record);
                                    }
                                    written[0]++;
                                }
                                if (lost) {
                                    w.note(LOST, m);
                                }
                            });
                        }));
    }

    /** Whether a record is not the first of its message. */
    private static boolean lost(Work work, Message message, Object record) {
        return !work.records(message).get(0).equals(record);
    }

    private static Kind filters(
            String name, String wrong, Set<Finding> findings, BiFunction<Work, Message, Boolean> kept) {
        return Kind.of(
                name,
                Shape.PAID,
                wrong,
                findings,
                work -> Losses.each(work, (w, i, m) -> {
                    boolean right = m.order().status().equals("PAID");
                    boolean keep = w.wrong(true) ? kept.apply(w, m) : right;
                    if (keep) {
                        w.emit(m, Orders.fields(m.order()));
                    }
                    if (keep && !right) {
                        w.note(PHANTOM, m);
                    } else if (!keep && right) {
                        w.note(LOST, m);
                    }
                }));
    }

    private static List<Kind> filters() {
        return List.of(
                filters(
                        "a filter too wide",
                        "also invoices what is void",
                        Set.of(PHANTOM),
                        (w, m) -> Set.of("PAID", "VOID").contains(m.order().status())),
                filters(
                        "a filter too narrow",
                        "leaves out what costs more than 900",
                        Set.of(LOST),
                        (w, m) -> m.order().status().equals("PAID")
                                && m.order().total().intValue() <= 900),
                filters(
                        "a filter inverted",
                        "does the opposite for one country and one customer in ten",
                        Set.of(PHANTOM, LOST),
                        (w, m) -> m.order().status().equals("PAID")
                                != (m.order().country().equals("IS") && m.key.endsWith("7"))),
                filters(
                        "a null that is not equal",
                        "compares with a note that can be null",
                        Set.of(LOST),
                        (w, m) -> m.order().status().equals("PAID")
                                && (m.order().note() != null || m.order().gift())));
    }
}
