package io.dataflux.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a change of a stream moves. Decided by computing events of both streams at the same sequences and comparing them path by path,
 * not by rules about what depends on what.
 */
final class StreamComparison {

    private static final int FIRST = 1000;
    private static final int AT_EACH_POWER = 16;
    private static final int SPREAD = 1000;
    /** Faults are few, and listing them costs time with their number only. */
    private static final int FIRST_WITH_FAULTS = 20_000;
    /** Of any run: what it moves holds the identity. */
    private static final int TAG = 1;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What becomes of one thing that events have. */
    enum Effect {
        SAME,
        DIFFERS,
        NEW,
        GONE
    }

    /**
     * What becomes of one thing that events have.
     *
     * @param name the path of a field, with {@code []} for all elements of a list; or a word such as {@code key}
     * @param differing in how many of the events it differs {@code of} those compared ones that have it, before or after
     * @param id whether it holds the event's id
     * @param redefined whether the field, or the one around it, has another definition
     */
    record Finding(String name, Effect effect, int differing, int of, boolean id, boolean redefined) {}

    private static final class Tally {
        private int of;
        private int before;
        private int after;
        private int differing;
        private boolean id;

        void add(@Nullable Object was, @Nullable Object is) {
            of++;
            before += was == null ? 0 : 1;
            after += is == null ? 0 : 1;
            differing += Objects.equals(was, is) ? 0 : 1;
        }

        Finding finding(String name, boolean redefined) {
            Effect effect =
                    differing == 0 ? Effect.SAME : before == 0 ? Effect.NEW : after == 0 ? Effect.GONE : Effect.DIFFERS;
            return new Finding(name, effect, differing, of, id, redefined);
        }
    }

    private final StreamDefinition was;
    private final StreamDefinition is;
    private final List<String> reasons = new ArrayList<>();
    private final Map<String, Tally> heads = new LinkedHashMap<>();
    private final Map<String, Tally> fields = new LinkedHashMap<>();
    private final int compared;

    /** Compares two streams without a tag. */
    StreamComparison(EventStream before, EventStream after) {
        was = definition(before);
        is = definition(after);
        why("seed", before.seed(), after.seed());
        definitions();
        EventStream inRun = after.withTag(TAG);
        Set<Long> sequences = sequences(Math.min(before.end(), after.end()));
        for (long n : sequences) {
            Event old = before.event(n);
            Event now = after.event(n);
            head("entity").add(old.entity(), now.entity());
            if (old.key() != null || now.key() != null) {
                head("key").add(old.key(), now.key());
            }
            head("time").add(List.of(old.time(), before.timeOf(n)), List.of(now.time(), after.timeOf(n)));
            fields(old, now, inRun.event(n));
        }
        compared = sequences.size();
        if (before.end() != after.end()) {
            head("number of events").add(before.end(), after.end());
        }
        if (was.faults() != null || is.faults() != null) {
            faults(before, after, Math.min(FIRST_WITH_FAULTS, Math.min(before.end(), after.end())));
        }
    }

    static StreamDefinition definition(EventStream stream) {
        AtomicReference<StreamDefinition> definition = new AtomicReference<>();
        stream.with(builder -> {
            definition.set(builder.build());
            return builder;
        });
        return Objects.requireNonNull(definition.get());
    }

    /** In which parts the streams are defined differently. */
    List<String> reasons() {
        return reasons;
    }

    /** How many events of each were computed. */
    int compared() {
        return compared;
    }

    /** Whom events are about, when they happen, what identifies them, and how they are delivered. */
    List<Finding> heads() {
        return heads.entrySet().stream()
                .map(head -> head.getValue().finding(head.getKey(), false))
                .toList();
    }

    /** All paths that a compared event has, in the order of the fields, and the fields that none of them has. */
    List<Finding> fields() {
        Set<String> names = new LinkedHashSet<>(is.fields().keySet());
        names.addAll(was.fields().keySet());
        Map<String, List<Map.Entry<String, Tally>>> paths = fields.entrySet().stream()
                .collect(Collectors.groupingBy(each -> name(each.getKey()), LinkedHashMap::new, Collectors.toList()));
        names.addAll(paths.keySet());
        List<Finding> findings = new ArrayList<>();
        for (String name : names) {
            boolean redefined =
                    !Objects.equals(was.fields().get(name), is.fields().get(name));
            paths.getOrDefault(name, List.of())
                    .forEach(each -> findings.add(each.getValue().finding(each.getKey(), redefined)));
            if (!paths.containsKey(name)) {
                Effect effect = !was.fields().containsKey(name)
                        ? Effect.NEW
                        : is.fields().containsKey(name) ? Effect.SAME : Effect.GONE;
                findings.add(new Finding(name, effect, 0, 0, false, redefined));
            }
        }
        return findings;
    }

    /** The name of the field of the event that a path lies in. */
    private static String name(String path) {
        return path.split("[.\\[]", 2)[0];
    }

    /** The first ones, some at every power of two, and some spread evenly up to the last one. */
    private static Set<Long> sequences(long end) {
        Set<Long> sequences = new TreeSet<>();
        for (long n = 0; n < Math.min(FIRST, end); n++) {
            sequences.add(n);
        }
        for (long power = 1; power < end; power *= 2) {
            for (long n = power; n < Math.min(power + AT_EACH_POWER, end); n++) {
                sequences.add(n);
            }
        }
        for (int i = 0; i < SPREAD; i++) {
            sequences.add((end - 1) / SPREAD * i);
        }
        sequences.add(end - 1);
        return sequences;
    }

    private void definitions() {
        why("start", was.start(), is.start());
        why("rate", was.rate().toString(), is.rate().toString());
        keys(was.key(), is.key());
        why("identity", words(was.identity()), words(is.identity()));
        why("faults", Objects.toString(was.faults(), "none"), Objects.toString(is.faults(), "none"));
        whether("sessions", was.sessions(), is.sessions());
        whether("table", was.table(), is.table());
        whether("arrivals", was.arrivals(), is.arrivals());
        whether("lateness", was.lateness(), is.lateness());
        whether("generator", was.code(), is.code());
        Set<String> names = new LinkedHashSet<>(is.fields().keySet());
        names.addAll(was.fields().keySet());
        names.forEach(name ->
                whether("field " + name, was.fields().get(name), is.fields().get(name)));
        if (!areInOneOrder(was.fields(), is.fields())) {
            reasons.add("fields: in another order");
        }
    }

    private void keys(@Nullable Key before, @Nullable Key after) {
        whether("key", before == null ? null : "", after == null ? null : "");
        if (before != null && after != null) {
            why("key.entity", before.pattern(), after.pattern());
            why("key.count", before.count(), after.count());
            why("key.skew", plain(before.skew()), plain(after.skew()));
            why("key.shards", before.shards(), after.shards());
            why("key.spread", before.spread(), after.spread());
        }
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }

    private static String words(List<String> identity) {
        return identity.isEmpty() ? "none" : String.join(" + ", identity);
    }

    private void why(String what, Object before, Object after) {
        if (!before.equals(after)) {
            reasons.add(what + ": " + after + ", was " + before);
        }
    }

    private void whether(String what, @Nullable Object before, @Nullable Object after) {
        if (!Objects.equals(before, after)) {
            reasons.add(what + ": " + (before == null ? "added" : after == null ? "removed" : "changed"));
        }
    }

    private static boolean areInOneOrder(Map<String, ?> some, Map<String, ?> others) {
        List<String> common = new ArrayList<>(some.keySet());
        common.retainAll(others.keySet());
        List<String> same = new ArrayList<>(others.keySet());
        same.retainAll(some.keySet());
        return common.equals(same);
    }

    private Tally head(String what) {
        return heads.computeIfAbsent(what, w -> new Tally());
    }

    private void fields(Event old, Event now, Event inRun) {
        if (!was.identity().isEmpty() || !is.identity().isEmpty()) {
            Tally identity = head("identity");
            identity.add(old.identity(), now.identity());
            identity.id |= !now.identity().equals(inRun.identity());
        }
        Map<String, String> before = leaves(old);
        Map<String, String> after = leaves(now);
        Map<String, String> tagged = leaves(inRun);
        Set<String> paths = new LinkedHashSet<>(after.keySet());
        paths.addAll(before.keySet());
        for (String path : paths) {
            Tally tally = fields.computeIfAbsent(path, p -> new Tally());
            tally.add(before.get(path), after.get(path));
            tally.id |= !Objects.equals(after.get(path), tagged.get(path));
        }
        if (!areInOneOrder(before, after)) {
            head("order of fields").add(List.copyOf(before.keySet()), List.copyOf(after.keySet()));
        }
    }

    /** The values of an event by path, as they are written; those of a list's elements together, each after its position. */
    private static Map<String, String> leaves(Event event) {
        Map<String, String> leaves = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(event.bytes())) {
            parser.nextToken();
            leaves(parser, "", "", leaves);
        } catch (IOException e) {
            throw new UncheckedIOException("event " + event.sequence() + " is not JSON", e);
        }
        return leaves;
    }

    private static void leaves(JsonParser parser, String path, String position, Map<String, String> leaves)
            throws IOException {
        JsonToken token = parser.currentToken();
        String value = token == JsonToken.VALUE_STRING ? '"' + parser.getText() + '"' : parser.getText();
        if (token == JsonToken.START_OBJECT) {
            for (; parser.nextToken() != JsonToken.END_OBJECT; value = "") {
                String name = parser.currentName();
                parser.nextToken();
                leaves(parser, path.isEmpty() ? name : path + '.' + name, position, leaves);
            }
        } else if (token == JsonToken.START_ARRAY) {
            for (int i = 0; parser.nextToken() != JsonToken.END_ARRAY; i++, value = "") {
                leaves(parser, path + "[]", position + '[' + i + ']', leaves);
            }
        }
        if (!value.isEmpty()) {
            leaves.merge(path, position + value, String::concat);
        }
    }

    /** Which of the first events are dropped, repeated, moved, late or broken, and how. */
    private void faults(EventStream before, EventStream after, long end) {
        Map<Long, List<PlannedFault>> old = bySequence(before.faults(0, end));
        Map<Long, List<PlannedFault>> now = bySequence(after.faults(0, end));
        Tally tally = head("planned faults");
        Set<Long> hit = new TreeSet<>(old.keySet());
        hit.addAll(now.keySet());
        hit.forEach(n -> tally.add(old.get(n), now.get(n)));
    }

    private static Map<Long, List<PlannedFault>> bySequence(List<PlannedFault> faults) {
        return Collections.unmodifiableMap(faults.stream()
                .collect(Collectors.groupingBy(PlannedFault::sequence, TreeMap::new, Collectors.toList())));
    }
}
