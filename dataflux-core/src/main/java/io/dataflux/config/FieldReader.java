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
 * Reads the fields of a stream. A field is a map with exactly one kind word of {@link FieldKind}, the settings of that kind, and the
 * modifiers {@code nullable}, {@code absent} and {@code as}.
 */
final class FieldReader {

    private static final List<String> MODIFIERS = List.of("nullable", "absent", "as");

    final Reading reading;
    final ValueKinds values;
    final SlowKindReader slow;

    FieldReader(Reading reading) {
        this.reading = reading.quiet();
        this.values = new ValueKinds(this.reading);
        this.slow = new SlowKindReader(this.reading);
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
            if (name.chars().anyMatch(c -> c == '[' || c == ']')) {
                reading.problem(
                        entry.value(),
                        "a field's name cannot contain '[' or ']'; for a list write {list: {length: 3}, of: {...}}");
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
        String field = tree instanceof Scalar ? Meant.field(tree) : null;
        Mapping map = reading.map(
                tree,
                field == null
                        ? "write a field, such as {constant: EUR} or {int: [1, 5]}"
                        : "write the field as " + field);
        String word = map == null ? null : kindWord(beside == null ? map : map.without(beside));
        if (map == null || word == null) {
            return null;
        }
        SettingsReader settings = new SettingsReader(map, reading);
        Tree value = settings.find(word);
        Kind kind = value == null ? null : FieldKind.of(word).reader().read(this, value, settings);
        int nullable = share(settings, "nullable");
        int absent = share(settings, "absent");
        Tree as = settings.find("as");
        boolean isText = as != null && reading.oneOf(as, List.of("text")) != null;
        if (beside != null) {
            settings.find(beside);
        }
        settings.finish();
        return kind == null ? null : new Field(kind, nullable, absent, isText);
    }

    private @Nullable String kindWord(Mapping map) {
        List<String> words =
                FieldKind.WORDS.stream().filter(map.entries()::containsKey).toList();
        if (words.size() == 1) {
            return words.get(0);
        }
        String all = "one of " + String.join(", ", FieldKind.WORDS);
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
        String meant = Meant.field(map);
        if (meant != null) { // as a JSON schema has it
            problemOfType(map, meant);
            return null;
        }
        for (Entry entry : unknown) {
            String hint = Suggestions.hint(entry.key().text(), FieldKind.WORDS, "; write exactly " + all);
            reading.problem(entry.value(), "'" + entry.key().text() + "' is not a field kind" + hint);
        }
        return null;
    }

    private void problemOfType(Mapping map, String meant) {
        Tree type = map.get("type");
        reading.problem(type == null ? map : type, "'type' is not a field kind; write the field as " + meant);
    }

    @Nullable
    Kind object(Tree tree) {
        Mapping map = reading.map(tree, "write the fields of the object, such as {zip: {text: \"[0-9]{5}\"}}");
        return map == null ? null : new Kind.ObjectOf(fields(map));
    }

    @Nullable
    Kind list(Tree tree, SettingsReader settings) {
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

    /** A length of {@code [least, most]}: a number, minimum and maximum, or a geometric distribution. */
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
                && Meant.field(tree) == null
                && map.all().stream().noneMatch(FieldReader::isKind)
                && map.all().stream().anyMatch(entry -> entry.value() instanceof Mapping);
        return fields ? new Field(new Kind.ObjectOf(fields((Mapping) tree))) : field(tree);
    }

    /** Whether this is a kind word with its value, not a field with such a name. */
    private static boolean isKind(Entry entry) {
        String word = entry.key().text();
        if (!FieldKind.WORDS.contains(word)) {
            return false;
        }
        if (word.equals("pick") && entry.value() instanceof Mapping choices) {
            return choices.all().stream().allMatch(choice -> choice.value() instanceof Scalar);
        }
        return entry.value() instanceof Mapping == FieldKind.of(word).holdsFields();
    }

    @Nullable
    Kind when(Tree tree) {
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

    @Nullable
    Kind perKey(Tree tree) {
        Field field = field(tree);
        return field == null ? null : new Kind.PerKey(field);
    }

    @Nullable
    Kind perSession(Tree tree, SettingsReader settings) {
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
