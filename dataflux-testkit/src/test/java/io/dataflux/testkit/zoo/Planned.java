package io.dataflux.testkit.zoo;

import static io.dataflux.verify.Finding.CORRUPTED;
import static io.dataflux.verify.Finding.DUPLICATE;
import static io.dataflux.verify.Finding.LOST;
import static io.dataflux.verify.Finding.MISROUTED;
import static io.dataflux.verify.Finding.PHANTOM;
import static io.dataflux.verify.Finding.REORDERED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.verify.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Systems that get along badly with planned faults. */
final class Planned {

    private Planned() {}

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(repeatsAndLateOnes());
        kinds.addAll(brokenOnes());
        return kinds;
    }

    /** Sets aside what cannot be read, drops repeats, and does one thing wrong with the others. */
    private static Kind faulty(String name, String wrong, Set<Finding> findings, Handling step) {
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
    private interface Handling {
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
                    faulty("", "", Set.of(), Planned::step).system().accept(work);
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
}
