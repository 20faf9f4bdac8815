package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Length;
import io.dataflux.problem.Suggestions;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of a stream. A field is a map with exactly one kind word, the settings of that kind, and the modifiers {@code nullable}
 * and {@code absent}:
 *
 * <pre>
 * {constant: EUR}                     text, a number, true or false
 * {id: uuid}  {id: "evt_{}"}          the identity as a UUID, alone or in place of {}
 * {id: long, number: true}            the identity as a number, written as text unless 'number' is true
 * {sequence: 0}  {occurrence: 1}      the event's number; its number among the events of its key; starting there
 * {time: event, format: iso_millis}   or iso_seconds, epoch_millis
 * {int: [1, 5]}  {int: [0, capacity]} both included; a bound may be the path of another field
 * {decimal: ["0.99", "199.99"]}       with 'scale: 2' to set the digits after the point
 *                                     both with 'spread: normal', see {@link SpreadReader}
 * {smooth: ["18.0", "26.9"], over: 20m, daily: 40%, peak: "15:00"}  wanders, per key; a share follows the time of day
 * {counter: 50/s, reset: 1d}          only grows, per key, until it begins again
 * {linear: {of: temp, times: -1.2, plus: 95, noise: 4, within: [10, 100]}, scale: 1}
 * {bool: 25%}                         how often it is true
 * {pick: {web: 6, app: 3}}            values and weights, or a list of equally frequent values
 * {words: [a, b], skew: 1.1}          or the name of a file next to the configuration, one word per line
 * {key: text}  {key: number}          the event's key; the number of its entity;
 * {key: "user_{}"}                    that number in place of {}
 * {text: "C[A-Z]{4}"}                 text by a pattern
 * {faker: "#{name.fullName}", pool: 5000}
 * {object: {street: {...}}}
 * {list: {length: [1, 8]}, of: {...}} a field, or the fields of an object; length may be 3 or {geometric: 0.5, min: 1, max: 8}
 * {copy: address.zip}  {copy: key}    the value of another field, the event's key
 * {template: "{city}-{zip}"}
 * {when: {field: type, is: {buffer: {...}}, else: {...}}}
 * {per_key: {pick: {sensor: 3, gateway: 1}}}  a field that is the same in all events of one key
 * {session: id}                       of the event's session; or "ses_{}", with the id in place of {}; number, step,
 *                                     state, pause (milliseconds since the event before)
 * {change: after}                     of the row that the event changes: operation (INSERT, UPDATE, DELETE), code (c, u, d),
 *                                     before, after, row (after, or before a delete), version, snapshot
 * {visits: cart}                      how many events of the session so far were in that state
 * {total: quantity}                   the sum of a field over the events of the session so far
 * {per_session: {pick: [a, b]}, renewed_by: [search]}  a field that all events of a session share, until a state renews it
 * </pre>
 */
final class FieldReader {

    static final List<String> KINDS = List.of(
            "constant",
            "id",
            "sequence",
            "occurrence",
            "time",
            "int",
            "decimal",
            "smooth",
            "counter",
            "linear",
            "bool",
            "pick",
            "words",
            "key",
            "text",
            "faker",
            "object",
            "list",
            "copy",
            "template",
            "when",
            "per_key",
            "session",
            "visits",
            "total",
            "per_session",
            "change");
    private static final List<String> MODIFIERS = List.of("nullable", "absent");

    private final Reading reading;
    private final ValueKinds values;

    FieldReader(Reading reading) {
        this.reading = reading.quiet();
        this.values = new ValueKinds(this.reading);
    }

    /** The fields of an event or object; those with problems are left out. */
    Map<String, Field> fields(Mapping map) {
        return fields(map, null);
    }

    /** @param beside an additional key that fields may have here, read by the caller */
    Map<String, Field> fields(Mapping map, @Nullable String beside) {
        Map<String, Field> fields = new LinkedHashMap<>();
        if (map.entries().isEmpty()) {
            reading.problem(map, "has no fields; write at least one, such as {total: {int: [1, 5]}}");
        }
        for (Entry entry : map.all()) {
            String name = entry.key().text();
            if (name.chars().anyMatch(c -> c == '.' || c == '[' || c == ']')) {
                reading.problem(
                        entry.value(),
                        "a field's name cannot contain '.', '[' or ']'; for an object write {object: {...}}");
            }
            Field field = field(entry.value(), beside);
            if (field != null) {
                fields.put(name, field);
            }
        }
        return fields;
    }

    /** A field, or null after a problem. */
    @Nullable
    Field field(Tree tree) {
        return field(tree, null);
    }

    private @Nullable Field field(Tree tree, @Nullable String beside) {
        Mapping map = reading.map(tree, "write a field, such as {constant: EUR} or {int: [1, 5]}");
        String word = map == null ? null : kindWord(beside == null ? map : map.without(beside));
        if (map == null || word == null) {
            return null;
        }
        SettingsReader settings = new SettingsReader(map, reading);
        Tree value = settings.find(word);
        Kind kind = value == null ? null : kind(word, value, settings);
        int nullable = share(settings, "nullable");
        int absent = share(settings, "absent");
        if (beside != null) {
            settings.find(beside);
        }
        settings.finish();
        return kind == null ? null : new Field(kind, nullable, absent);
    }

    private @Nullable String kindWord(Mapping map) {
        List<String> words = KINDS.stream().filter(map.entries()::containsKey).toList();
        if (words.size() == 1) {
            return words.get(0);
        }
        String all = "one of " + String.join(", ", KINDS);
        if (words.size() > 1) {
            reading.problem(
                    map,
                    "has " + words.size() + " kinds, " + String.join(" and ", words) + "; a field has exactly " + all);
            return null;
        }
        List<Entry> unknown = map.all().stream()
                .filter(entry -> !MODIFIERS.contains(entry.key().text()))
                .toList();
        if (unknown.isEmpty()) {
            reading.problem(map, "has no kind; write exactly " + all);
        }
        for (Entry entry : unknown) {
            String hint = Suggestions.hint(entry.key().text(), KINDS, "; write exactly " + all);
            reading.problem(entry.value(), "'" + entry.key().text() + "' is not a field kind" + hint);
        }
        return null;
    }

    private @Nullable Kind kind(String word, Tree value, SettingsReader settings) {
        return switch (word) {
            case "object" -> object(value);
            case "list" -> list(value, settings);
            case "when" -> when(value);
            case "per_key" -> perKey(value);
            case "per_session" -> perSession(value, settings);
            default -> values.kind(word, value, settings);
        };
    }

    private @Nullable Kind object(Tree tree) {
        Mapping map = reading.map(tree, "write the fields of the object, such as {zip: {text: \"[0-9]{5}\"}}");
        return map == null ? null : new Kind.ObjectOf(fields(map));
    }

    private @Nullable Kind list(Tree tree, SettingsReader settings) {
        Tree of = settings.required("of", "the field that the list repeats");
        Field element = of == null ? null : element(of);
        Mapping map = reading.map(tree, "write {length: ...}, such as {length: [1, 8]}");
        if (map == null) {
            return null;
        }
        SettingsReader about = new SettingsReader(map, reading);
        Tree at = about.required("length", "a number, [min, max], or {geometric: 0.5, min: 1, max: 8}");
        Length length = at == null ? null : length(at, 0, Kind.ListOf.MOST_ELEMENTS);
        about.finish();
        return length == null || element == null ? null : new Kind.ListOf(length, element);
    }

    /** A length: a number, minimum and maximum, or a geometric distribution. */
    @Nullable
    Length length(Tree tree, int least, int most) {
        if (tree instanceof Mapping map) {
            SettingsReader settings = new SettingsReader(map, reading);
            Tree mean = settings.required("geometric", "1 divided by the mean length, such as 0.5");
            BigDecimal geometric = mean == null ? null : reading.decimal(mean, NumberRange.GEOMETRIC);
            long min = settings.integer("min", Math.max(least, 1), least, most);
            long max = settings.integer("max", Math.max(min, 100), min, most);
            settings.finish();
            return geometric == null ? null : new Length((int) min, (int) max, geometric);
        }
        List<Tree> ends = tree instanceof Sequence list ? list.items() : List.of(tree, tree);
        if (ends.size() != 2) {
            reading.problem(
                    tree,
                    "has " + ends.size() + (ends.size() == 1 ? " length;" : " lengths;")
                            + " write the minimum and the maximum, such as [1, 8]");
            return null;
        }
        Long min = reading.integer(ends.get(0), least, most);
        Long max = min == null ? null : reading.integer(ends.get(1), min, most);
        return min == null || max == null ? null : new Length(min.intValue(), max.intValue(), null);
    }

    /** One field, or the fields of an object without the word {@code object}. */
    private @Nullable Field element(Tree tree) {
        boolean fields = tree instanceof Mapping map
                && !map.entries().isEmpty()
                && map.all().stream().noneMatch(FieldReader::isKind)
                && map.all().stream().anyMatch(entry -> entry.value() instanceof Mapping);
        return fields ? new Field(new Kind.ObjectOf(fields((Mapping) tree))) : field(tree);
    }

    /** Whether this is a kind word with its value, not a field with such a name. */
    private static boolean isKind(Entry entry) {
        return switch (entry.key().text()) {
            case "object", "list", "when", "per_key", "per_session" -> entry.value() instanceof Mapping;
            case "pick" ->
                !(entry.value() instanceof Mapping choices)
                        || choices.all().stream().allMatch(choice -> choice.value() instanceof Scalar);
            default -> KINDS.contains(entry.key().text()) && !(entry.value() instanceof Mapping);
        };
    }

    private @Nullable Kind when(Tree tree) {
        Mapping map = reading.map(tree, "write {field: ..., is: {value: {...}}, else: {...}}");
        if (map == null) {
            return null;
        }
        SettingsReader settings = new SettingsReader(map, reading);
        String path = settings.text("field");
        Tree cases = settings.required("is", "a map of values to fields");
        Mapping is = cases == null ? null : reading.map(cases, "write a map of values to fields");
        Map<String, Field> fields = new LinkedHashMap<>();
        if (is != null) {
            for (Entry entry : is.all()) {
                Field field = field(entry.value());
                if (field != null) {
                    fields.put(entry.key().text(), field);
                }
            }
        }
        Tree otherwise = settings.find("else");
        Field last = otherwise == null ? null : field(otherwise);
        settings.finish();
        return new Kind.When(path, fields, last);
    }

    private @Nullable Kind perKey(Tree tree) {
        Field field = field(tree);
        return field == null ? null : new Kind.PerKey(field);
    }

    private @Nullable Kind perSession(Tree tree, SettingsReader settings) {
        Field field = field(tree);
        List<String> renewedBy = settings.texts("renewed_by");
        return field == null ? null : new Kind.PerSession(field, renewedBy);
    }

    private int share(SettingsReader settings, String name) {
        Tree tree = settings.find(name);
        Integer share = tree == null ? null : values.share(tree);
        return share == null ? 0 : share;
    }
}
