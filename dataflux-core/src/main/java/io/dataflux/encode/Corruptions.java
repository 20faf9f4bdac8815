package io.dataflux.encode;

import io.dataflux.json.Json;
import io.dataflux.json.JsonMembers;
import io.dataflux.model.Corruption;
import io.dataflux.model.Faults.Corrupt;
import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Mix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Breaks encoded events, each in a way that its number decides. The members that identify an event come first in it and stay unchanged.
 * Immutable; allocates nothing.
 *
 * @param identities how many members at the beginning must stay unchanged
 * @param typed fields that always have a value
 * @param required fields that every event has
 * @param enums fields with one of a few texts
 * @param oversize how large an event is made
 */
record Corruptions(
        int identities, List<Target> typed, List<Target> required, List<Target> enums, int oversize, int maxBytes) {

    /** How much the other kinds of corruption can add to an event. */
    private static final int GROWTH = 64;

    private static final int SMALLEST_OVERSIZE = 64 * 1024;
    private static final byte[] EMPTY_OBJECT = Json.utf8("{}");
    private static final byte[] NUMBER = Json.utf8("0");
    private static final byte[] PADDING = Json.utf8(",\"padding\":\"");

    /** A field by its quoted member names; {@code other} is a text that it never has. */
    record Target(byte[][] names, byte[] other) {}

    /** @return null after a problem */
    static @Nullable Corruptions of(StreamDefinition d, @Nullable CleanEvent clean, String path, Problems problems) {
        Corrupt corrupt = Objects.requireNonNull(d.faults()).corrupt();
        if (corrupt == null || clean == null) {
            return null;
        }
        int before = problems.count();
        if (corrupt.kinds().isEmpty()) {
            problems.add(path + ".kinds", "has no kinds; write one or more of " + words());
        }
        int oversize = corrupt.oversizeBytes() > 0
                ? corrupt.oversizeBytes()
                : Math.min(d.maxEventBytes(), Math.max(SMALLEST_OVERSIZE, 2 * Math.min(clean.maxBytes(), 1 << 29)));
        List<Target> typed = new ArrayList<>();
        List<Target> required = new ArrayList<>();
        List<Target> enums = new ArrayList<>();
        if (clean.plan() != null) {
            collect(d, d.fields(), clean.plan(), List.of(), typed, required, enums);
        }
        for (Corruption kind : corrupt.kinds()) {
            String problem = switch (kind) {
                case TRUNCATED, INVALID_UTF8 -> null;
                case WRONG_TYPE -> none(typed, d, "a field besides the identity that always has a value");
                case MISSING_FIELD -> none(required, d, "a field besides the identity that every event has");
                case UNKNOWN_ENUM -> none(enums, d, "a field with a 'pick' of texts that every event has");
                case OVERSIZE -> oversizeProblem(oversize, clean.maxBytes(), d.maxEventBytes());
                case NULL_KEY -> d.key() == null ? "the stream has no key to leave out; remove 'null_key'" : null;
            };
            if (problem != null && kind == Corruption.OVERSIZE) {
                problems.add(path + ".oversize", problem);
            } else if (problem != null) {
                problems.add(path + ".kinds", kind.word() + ": " + problem);
            }
        }
        boolean broken = corrupt.kinds().stream().anyMatch(kind -> kind != Corruption.NULL_KEY);
        if (broken) {
            checkIdentity(d, clean, path, problems);
        }
        boolean grows = corrupt.kinds().contains(Corruption.OVERSIZE);
        int maxBytes = Math.max(clean.maxBytes() + GROWTH, grows ? oversize : 0);
        return problems.count() > before
                ? null
                : new Corruptions(d.identity().size(), typed, required, enums, oversize, maxBytes);
    }

    private static String words() {
        return Arrays.stream(Corruption.values()).map(Corruption::word).collect(Collectors.joining(", "));
    }

    private static @Nullable String none(List<Target> targets, StreamDefinition d, String what) {
        if (!targets.isEmpty()) {
            return null;
        }
        return d.code() != null
                ? "the events come from code, whose fields are not known; remove it, or define 'fields'"
                : "needs " + what + "; add one, or remove it";
    }

    private static @Nullable String oversizeProblem(int oversize, int largest, int most) {
        return oversize > most
                ? oversize + " bytes are more than max_event_bytes, " + most + "; lower one or raise the other"
                : oversize < largest + PADDING.length + 1
                        ? oversize + " bytes are not more than the largest whole event, " + largest
                                + " bytes; use a larger 'oversize', and raise max_event_bytes if necessary"
                        : null;
    }

    /** The identity has to come first, or what breaks an event could break it. */
    private static void checkIdentity(StreamDefinition d, CleanEvent clean, String path, Problems problems) {
        int identities = d.identity().size();
        List<String> first = clean.plan() == null
                ? List.of()
                : d.fields().keySet().stream().limit(identities).toList();
        if (clean.plan() != null
                && !(first.containsAll(d.identity()) && d.identity().containsAll(first))) {
            problems.add(
                    path,
                    "the stream is identified by " + d.identity() + ", but its events begin with " + first
                            + "; an event that is broken must keep its identity, so put that first in 'fields', or use"
                            + " 'kinds: [null_key]' only");
        }
    }

    private static void collect(
            StreamDefinition d,
            Map<String, Field> fields,
            StructureNodes.Obj object,
            List<String> above,
            List<Target> typed,
            List<Target> required,
            List<Target> enums) {
        fields.forEach((name, field) -> {
            Node node = object.members().get(name);
            if (node == null
                    || Compiler.mayBeAbsent(node)
                    || (above.isEmpty() && d.identity().contains(name))) {
                return;
            }
            List<String> path = new ArrayList<>(above);
            path.add(name);
            Target target = target(path, field.kind());
            required.add(target);
            if (node.always()) {
                typed.add(target);
            }
            if (target.other.length > 0) {
                enums.add(target);
            }
            if (field.kind() instanceof Kind.ObjectOf inner && node instanceof StructureNodes.Obj innerObject) {
                collect(d, inner.fields(), innerObject, path, typed, required, enums);
            }
        });
    }

    private static Target target(List<String> path, Kind kind) {
        byte[][] names = path.stream().map(Json::quoted).toArray(byte[][]::new);
        if (!(kind instanceof Kind.Pick pick)
                || !pick.choices().stream().allMatch(choice -> choice.value() instanceof String)) {
            return new Target(names, new byte[0]);
        }
        List<Object> known =
                pick.choices().stream().map(choice -> choice.value()).toList();
        StringBuilder other = new StringBuilder("UNKNOWN");
        while (known.contains(other.toString())) {
            other.append('_');
        }
        return new Target(names, Json.quoted(other.toString()));
    }

    /** Breaks the event in {@code [at, end)} and returns its new end. */
    int apply(Corruption kind, long word, byte[] b, int at, int end) {
        if (kind == Corruption.NULL_KEY || end - at < 2) {
            return end;
        }
        int free = JsonMembers.endOf(b, at, identities);
        return switch (kind) {
            case TRUNCATED -> free + (int) Mix.bound(word, end - free);
            case INVALID_UTF8 -> spoil(word, b, free, end);
            case WRONG_TYPE -> retype(pick(typed, word), b, at, end);
            case MISSING_FIELD -> remove(pick(required, word), b, at, end);
            case UNKNOWN_ENUM -> rename(pick(enums, word), b, at, end);
            case OVERSIZE -> pad(b, at, end);
            case NULL_KEY -> end;
        };
    }

    private static Target pick(List<Target> targets, long word) {
        return targets.get((int) Mix.bound(word, targets.size()));
    }

    /** Puts a byte that is not valid in UTF-8 into a text or, if there is no text, anywhere. */
    private static int spoil(long word, byte[] b, int free, int end) {
        int wanted = free + (int) Mix.bound(word, end - free);
        int found = JsonMembers.textAt(b, free, end, wanted);
        b[found < 0 ? wanted : found] = (byte) 0xFF;
        return end;
    }

    private static int retype(Target target, byte[] b, int at, int end) {
        int from = JsonMembers.valueOf(b, at, target.names);
        boolean plain = b[from] != '{' && b[from] != '[';
        return replace(b, from, JsonMembers.skip(b, from), end, plain ? EMPTY_OBJECT : NUMBER);
    }

    private static int rename(Target target, byte[] b, int at, int end) {
        int from = JsonMembers.valueOf(b, at, target.names);
        return replace(b, from, JsonMembers.skip(b, from), end, target.other);
    }

    private static int remove(Target target, byte[] b, int at, int end) {
        int value = JsonMembers.valueOf(b, at, target.names);
        int from = value - 1 - target.names[target.names.length - 1].length;
        int to = JsonMembers.skip(b, value);
        if (b[from - 1] == ',') {
            from--;
        } else if (b[to] == ',') {
            to++;
        }
        System.arraycopy(b, to, b, from, end - to);
        return end - (to - from);
    }

    private static int replace(byte[] b, int from, int to, int end, byte[] by) {
        System.arraycopy(b, to, b, from + by.length, end - to);
        System.arraycopy(by, 0, b, from, by.length);
        return end + by.length - (to - from);
    }

    private int pad(byte[] b, int at, int end) {
        System.arraycopy(PADDING, 0, b, end - 1, PADDING.length);
        int to = at + oversize;
        Arrays.fill(b, end - 1 + PADDING.length, to - 2, (byte) 'x');
        b[to - 2] = '"';
        b[to - 1] = '}';
        return to;
    }
}
