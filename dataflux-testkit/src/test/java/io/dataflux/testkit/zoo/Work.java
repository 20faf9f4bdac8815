package io.dataflux.testkit.zoo;

import io.dataflux.verify.Finding;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A system at work: what it received, what it puts out, and its own book of what it did wrong. The book is written where the wrong is done;
 * the verdict is compared with it.
 */
final class Work {

    /** A record that was put out; {@code of} is null if it belongs to no event. */
    record Out(Message of, Object record) {}

    final Shape shape;
    final List<Message> in;
    /** The latest order per customer, which only the table of these needs. */
    final Map<String, String> latest;

    final Foreigners foreigners;
    final List<Out> out = new ArrayList<>();
    final List<Out> deadLetters = new ArrayList<>();
    private final long seed;
    private final boolean broken;
    private final Map<Finding, List<Long>> book = new EnumMap<>(Finding.class);
    private final Set<Message> repeated = new HashSet<>();
    private final Map<Long, Set<String>> altered = new HashMap<>();
    private int strangers;

    /** What a system cannot know from its messages. */
    interface Foreigners {
        /** An event's id in another run of the same stream. */
        String ofAnotherRun(Message message);

        /** An event's id in another stream. */
        String ofAnotherStream(Message message);

        /** An event that the run did not send, after its end or before its beginning. */
        Message neverSent(int by);

        /** A message as it was before it was broken. */
        Message whole(Message broken);

        /** What was planned never to be sent. */
        List<Message> dropped();
    }

    Work(Shape shape, List<Message> in, Map<String, String> latest, Foreigners foreigners, long seed, boolean broken) {
        this.shape = shape;
        this.in = in;
        this.latest = latest;
        this.foreigners = foreigners;
        this.seed = seed;
        this.broken = broken;
    }

    /** Whether the system does wrong here; its correct twin never does. */
    boolean wrong(boolean here) {
        return broken && here;
    }

    /** A position among the messages that differs from seed to seed: a share of the way, and up to 100 more. */
    int at(double share) {
        return (int) (share * in.size()) + (int) Long.remainderUnsigned(seed * 0x9E3779B97F4A7C15L >>> 7, 100);
    }

    /** Whether it is the turn of a message, which is that of one in {@code every}. */
    boolean turn(int index, int every) {
        return (index + seed) % every == every / 2;
    }

    List<Object> records(Message message) {
        return shape.records(message, latest);
    }

    private boolean hasRecords(Message message) {
        return !records(message).isEmpty();
    }

    /** Does what should be done with a message. */
    void pass(Message message) {
        records(message).forEach(record -> emit(message, record));
    }

    void emit(Message of, Object record) {
        out.add(new Out(of, record));
    }

    void deadLetter(Message message) {
        deadLetters.add(new Out(message, message.bytes));
    }

    /** Does nothing with a message of which something should have been made. */
    void lose(Message message) {
        if (hasRecords(message)) {
            note(Finding.LOST, message);
        }
    }

    /** Puts out once more what was put out. */
    void again(Message message) {
        pass(message);
        if (hasRecords(message)) {
            noteRepeated(message);
        }
    }

    void noteRepeated(Message message) {
        if (repeated.add(message)) {
            note(Finding.DUPLICATE, message);
        }
    }

    /** Puts out a record that is not as it should be. */
    void emitAltered(Message of, Object record) {
        emit(of, record);
        note(Finding.CORRUPTED, of);
    }

    /** Changes fields of a message's record, and notes it if that made a difference to the system itself. */
    void alter(Message message, Consumer<Map<String, Object>> change) {
        for (Object record : records(message)) {
            @SuppressWarnings("unchecked")
            Map<String, Object> before = (Map<String, Object>) record;
            Map<String, Object> after = new LinkedHashMap<>(before);
            change.accept(after);
            if (after.equals(before)) {
                emit(message, before);
            } else {
                emitAltered(message, after);
                Set<String> fields = altered.computeIfAbsent(message.sequence, sequence -> new HashSet<>());
                Stream.concat(before.keySet().stream(), after.keySet().stream())
                        .filter(field -> !Objects.equals(before.get(field), after.get(field)))
                        .forEach(fields::add);
            }
        }
    }

    /** Whether a field that is said to differ, such as {@code items[1].quantity}, is one that was altered, as far as that is known. */
    boolean altered(long sequence, @Nullable String field) {
        Set<String> fields = altered.get(sequence);
        return fields == null || field != null && fields.contains(field.split("[.\\[]", 2)[0]);
    }

    /** Puts out a record that belongs to no event of the run. */
    void emitStranger(Object record) {
        emit(null, record);
        strangers++;
    }

    void note(Finding finding, Message message) {
        book.computeIfAbsent(finding, f -> new ArrayList<>()).add(message.sequence);
    }

    /**
     * Notes what came after a later message of its key; to be called when all is put out. Of a message that was sent twice nobody can
     * tell from outside which one was processed, so it may come in either's place.
     */
    void noteOrder() {
        Map<Message, Integer> first = new HashMap<>();
        Map<Message, Integer> last = new HashMap<>();
        for (int i = 0; i < in.size(); i++) {
            first.putIfAbsent(in.get(i), i);
            last.put(in.get(i), i);
        }
        Map<String, Integer> furthest = new HashMap<>();
        Set<Message> seen = new HashSet<>();
        for (Out each : out) {
            if (each.of != null && seen.add(each.of)) {
                if (furthest.getOrDefault(each.of.key, -1) > last.get(each.of)) {
                    note(Finding.REORDERED, each.of);
                }
                furthest.merge(each.of.key, first.get(each.of), Math::max);
            }
        }
    }

    /** What the system knows that it did wrong, as event numbers; for strangers, which have none, how many. */
    Map<Finding, List<Long>> book() {
        Map<Finding, List<Long>> all = new EnumMap<>(Finding.class);
        book.forEach((finding, events) -> {
            if (!events.isEmpty()) {
                all.put(finding, events.stream().sorted().toList());
            }
        });
        if (strangers > 0) {
            all.put(Finding.FOREIGN, strangersAt());
        }
        return all;
    }

    /** Where in the output the strangers are. */
    private List<Long> strangersAt() {
        List<Long> at = new ArrayList<>();
        for (int i = 0; i < out.size(); i++) {
            if (out.get(i).of == null) {
                at.add((long) i);
            }
        }
        return at;
    }
}
