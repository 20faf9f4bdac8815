package io.dataflux.testkit.zoo;

import static io.dataflux.verify.Finding.DUPLICATE;
import static io.dataflux.verify.Finding.LOST;
import static io.dataflux.verify.Finding.REORDERED;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** Systems that deliver too little, too much, or in the wrong order. */
final class Losses {

    private static final int BATCH = 100;

    private Losses() {}

    static List<Kind> kinds() {
        List<Kind> kinds = new ArrayList<>(losses());
        kinds.addAll(repeats());
        kinds.addAll(orders());
        return kinds;
    }

    private static Kind loses(String name, Shape shape, String wrong, Choice choice) {
        return Kind.of(name, shape, wrong, Set.of(LOST), work -> {
            for (int i = 0; i < work.in.size(); i++) {
                Message message = work.in.get(i);
                if (work.wrong(choice.of(work, i, message))) {
                    work.lose(message);
                } else {
                    work.pass(message);
                }
            }
        });
    }

    /** Which messages something happens to. */
    private interface Choice {
        boolean of(Work work, int index, Message message);
    }

    private static List<Kind> losses() {
        return List.of(
                loses("one lost", Shape.COPY, "loses one message", (w, i, m) -> i == w.at(0.4)),
                loses(
                        "a range lost",
                        Shape.INVOICES,
                        "is down for a while and does not read what was sent then",
                        (w, i, m) -> i >= w.at(0.3) && i < w.at(0.3) + 250),
                loses("every k-th lost", Shape.INVOICES, "skips every 97th message", (w, i, m) -> w.turn(i, 97)),
                loses("the first lost", Shape.INVOICES, "begins to listen too late", (w, i, m) -> i < 20 + w.at(0)),
                loses(
                        "the last batch lost",
                        Shape.INVOICES,
                        "writes full batches and never the rest",
                        (w, i, m) -> i >= w.in.size() - 61),
                loses(
                        "one partition lost",
                        Shape.INVOICES,
                        "reads seven of eight partitions",
                        (w, i, m) ->
                                Math.floorMod(m.key.hashCode(), 8) == Long.remainderUnsigned(w.in.get(0).sequence, 8)),
                loses(
                        "one key lost",
                        Shape.INVOICES,
                        "blocks one customer for ever",
                        (w, i, m) -> m.key.equals(w.in.get(w.at(0.2)).key)),
                loses(
                        "the first of each key lost",
                        Shape.INVOICES,
                        "uses the first message of a customer to make its state and forgets to process it",
                        new FirstOfKey()),
                loses(
                        "lost in a crash",
                        Shape.INVOICES,
                        "commits a batch before it is processed and crashes in its middle",
                        (w, i, m) -> i / BATCH == w.at(0.5) / BATCH && i % BATCH >= 37),
                loses(
                        "an exception swallowed",
                        Shape.INVOICES,
                        "goes on after an exception that only a missing note throws",
                        (w, i, m) -> m.order().note() == null && w.turn(i, 3)),
                loses(
                        "a duplicate key swallowed",
                        Shape.PARCELS,
                        "inserts with a key that is not unique and ignores the conflict",
                        new SameSkuAgain()),
                loses(
                        "a length limit",
                        Shape.INVOICES,
                        "drops what does not fit into a column",
                        (w, i, m) ->
                                m.order().note() != null && m.order().note().length() > 22),
                loses(
                        "a queue that overflows",
                        Shape.PAID,
                        "keeps 80 of each burst of 100 and drops the rest",
                        (w, i, m) -> i % 500 >= 80 && i % 500 < 100));
    }

    /** Of each key the first message. */
    private static final class FirstOfKey implements Choice {
        @Override
        public boolean of(Work work, int index, Message message) {
            return work.in.subList(0, index).stream().noneMatch(earlier -> earlier.key.equals(message.key));
        }
    }

    /** An order that begins with an item that the previous order with items began with, by its first letter. */
    private static final class SameSkuAgain implements Choice {
        @Override
        public boolean of(Work work, int index, Message message) {
            int previous = index - 1;
            while (previous >= 0 && work.in.get(previous).order().items().isEmpty()) {
                previous--;
            }
            return previous >= 0
                    && !message.order().items().isEmpty()
                    && message.order().items().get(0).sku().charAt(0)
                            == work.in
                                    .get(previous)
                                    .order()
                                    .items()
                                    .get(0)
                                    .sku()
                                    .charAt(0);
        }
    }

    private static Kind repeats(String name, Shape shape, String wrong, Choice choice) {
        return Kind.of(name, shape, wrong, Set.of(DUPLICATE), work -> {
            for (int i = 0; i < work.in.size(); i++) {
                work.pass(work.in.get(i));
                if (work.wrong(choice.of(work, i, work.in.get(i)))) {
                    work.again(work.in.get(i));
                }
            }
        });
    }

    private static List<Kind> repeats() {
        return List.of(
                repeats("one repeated", Shape.COPY, "writes one message twice", (w, i, m) -> i == w.at(0.6)),
                repeats(
                        "a retry after success",
                        Shape.INVOICES,
                        "sends again when an answer is late, although the first attempt worked",
                        (w, i, m) -> w.turn(i, 41)),
                Kind.of(
                        "three times",
                        Shape.INVOICES,
                        "retries twice although each attempt worked",
                        Set.of(DUPLICATE),
                        work -> each(work, (w, i, m) -> {
                            w.pass(m);
                            if (w.wrong(w.turn(i, 211))) {
                                w.again(m);
                                w.again(m);
                            }
                        })),
                Kind.of(
                        "a block replayed",
                        Shape.INVOICES,
                        "goes back to an earlier offset after a crash",
                        Set.of(DUPLICATE),
                        work -> each(work, (w, i, m) -> {
                            w.pass(m);
                            if (w.wrong(i == w.at(0.5))) {
                                w.in.subList(i - 180, i + 1).forEach(w::again);
                            }
                        })),
                Kind.of(
                        "run twice",
                        Shape.PAID,
                        "is started again from the beginning and processes everything twice",
                        Set.of(DUPLICATE),
                        work -> {
                            work.in.forEach(work::pass);
                            if (work.wrong(true)) {
                                work.in.forEach(work::again);
                            }
                        }),
                Kind.of(
                        "a key handed over",
                        Shape.INVOICES,
                        "lets the old and the new owner of a customer process the same messages",
                        Set.of(DUPLICATE),
                        work -> {
                            String key = work.in.get(work.at(0.3)).key;
                            each(work, (w, i, m) -> {
                                w.pass(m);
                                if (w.wrong(m.key.equals(key) && i > w.at(0.3) && i < w.at(0.7))) {
                                    w.again(m);
                                }
                            });
                        }),
                repeats(
                        "items joined twice",
                        Shape.PARCELS,
                        "joins with a table in which an item stands twice",
                        (w, i, m) -> m.order().items().size() == 3 && w.turn(i, 5)),
                Kind.of(
                        "the last written again at shutdown",
                        Shape.INVOICES,
                        "flushes its buffer once more when it is closed",
                        Set.of(DUPLICATE),
                        work -> {
                            work.in.forEach(work::pass);
                            if (work.wrong(true)) {
                                work.in
                                        .subList(work.in.size() - 33, work.in.size())
                                        .forEach(work::again);
                            }
                        }),
                Kind.of(
                        "lost and repeated",
                        Shape.INVOICES,
                        "writes a slot of its buffer twice where the next one should have been",
                        Set.of(LOST, DUPLICATE),
                        work -> each(work, (w, i, m) -> {
                            if (w.wrong(w.turn(i, 89))) {
                                w.again(w.in.get(i - 1));
                                w.lose(m);
                            } else {
                                w.pass(m);
                            }
                        })));
    }

    private static Kind reorders(String name, String wrong, Mixing mixing) {
        return Kind.of(name, Shape.INVOICES, wrong, Set.of(REORDERED), work -> {
            if (work.wrong(true)) {
                mixing.of(work).forEach(work::pass);
                work.noteOrder();
            } else {
                work.in.forEach(work::pass);
            }
        });
    }

    /** Another order of the messages. */
    private interface Mixing {
        List<Message> of(Work work);
    }

    private static List<Kind> orders() {
        return List.of(
                reorders(
                        "neighbours swapped",
                        "processes two messages of a customer at the same time and writes the second one first",
                        work -> heldUntilTheNextOfTheKey(work, i -> i == firstWithASuccessor(work, work.at(0.25)))),
                reorders(
                        "overtaken now and then",
                        "retries a failed message after the next one of the same customer",
                        work -> heldUntilTheNextOfTheKey(work, i -> work.turn(i, 103))),
                reorders(
                        "two threads",
                        "gives messages to two threads by turns, of which one is slower",
                        work -> twoThreads(work, 0, work.in.size())),
                reorders(
                        "two threads for a while",
                        "lets two threads overlap while partitions are handed over",
                        work -> twoThreads(work, work.at(0.5), work.at(0.5) + 300)),
                reorders(
                        "a priority queue",
                        "lets large orders pass the others of a batch",
                        work -> inBatches(
                                work, message -> message.order().total().intValue() > 950)),
                reorders("a late key", "processes what one customer sent backwards, from a stack", work -> {
                    String key = work.in.get(work.at(0.1)).key;
                    Deque<Message> stack = new ArrayDeque<>();
                    List<Message> mixed = new ArrayList<>();
                    for (Message message : work.in) {
                        if (message.key.equals(key)) {
                            stack.push(message);
                        } else {
                            mixed.add(message);
                        }
                    }
                    mixed.addAll(stack);
                    return mixed;
                }),
                reorders(
                        "the retry topic",
                        "puts messages into a retry topic that is read when all others are processed",
                        work -> {
                            List<Message> mixed = new ArrayList<>();
                            List<Message> retries = new ArrayList<>();
                            for (int i = 0; i < work.in.size(); i++) {
                                (work.turn(i, 149) ? retries : mixed).add(work.in.get(i));
                            }
                            mixed.addAll(retries);
                            return mixed;
                        }));
    }

    /** The first message from a position on that another one of its key follows. */
    private static int firstWithASuccessor(Work work, int from) {
        int found = from;
        while (!follows(work, found)) {
            found++;
        }
        return found;
    }

    private static boolean follows(Work work, int index) {
        return work.in.subList(index + 1, work.in.size()).stream()
                .anyMatch(later -> later.key.equals(work.in.get(index).key));
    }

    /** Holds some messages back until after the next one of their key. */
    private static List<Message> heldUntilTheNextOfTheKey(Work work, Predicate<Integer> held) {
        Map<String, Message> waiting = new HashMap<>();
        List<Message> mixed = new ArrayList<>();
        for (int i = 0; i < work.in.size(); i++) {
            Message message = work.in.get(i);
            Message earlier = waiting.remove(message.key);
            if (earlier == null && held.test(i)) {
                waiting.put(message.key, message);
                continue;
            }
            mixed.add(message);
            if (earlier != null) {
                mixed.add(earlier);
            }
        }
        work.in.stream().filter(waiting::containsValue).forEach(mixed::add);
        return mixed;
    }

    /** One of the two threads is 40 messages behind the other. */
    private static List<Message> twoThreads(Work work, int from, int to) {
        List<Message> mixed = new ArrayList<>(work.in.subList(0, from));
        Deque<Message> slow = new ArrayDeque<>();
        for (int i = from; i < to; i++) {
            if (i % 2 == 0) {
                slow.add(work.in.get(i));
            } else {
                mixed.add(work.in.get(i));
            }
            if (slow.size() > 20) {
                mixed.add(slow.remove());
            }
        }
        mixed.addAll(slow);
        mixed.addAll(work.in.subList(to, work.in.size()));
        return mixed;
    }

    private static List<Message> inBatches(Work work, Predicate<Message> first) {
        List<Message> mixed = new ArrayList<>();
        for (int from = 0; from < work.in.size(); from += BATCH) {
            List<Message> batch = work.in.subList(from, Math.min(work.in.size(), from + BATCH));
            batch.stream().filter(first).forEach(mixed::add);
            batch.stream().filter(first.negate()).forEach(mixed::add);
        }
        return mixed;
    }

    /** What a system does with a message. */
    interface Step {
        void of(Work work, int index, Message message);
    }

    static void each(Work work, Step step) {
        for (int i = 0; i < work.in.size(); i++) {
            step.of(work, i, work.in.get(i));
        }
    }
}
