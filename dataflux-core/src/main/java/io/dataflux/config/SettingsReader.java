package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Suggestions;
import io.dataflux.spi.Settings;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One map of a configuration, read by name. It remembers what it was asked for, so that {@link #finish} can report unknown keys and missing
 * values. Used by one thread.
 */
public final class SettingsReader implements Settings {

    private final Mapping map;
    private final Reading reading;
    private final Set<String> asked = new LinkedHashSet<>();
    private final Map<String, String> missing = new LinkedHashMap<>();
    private final Map<String, SettingsReader> blocks = new LinkedHashMap<>();

    SettingsReader(Mapping map, Reading reading) {
        this.map = map;
        this.reading = reading;
    }

    /**
     * Settings that were given in code: values are {@code String, Long, BigDecimal, Boolean}, lists and maps of these.
     *
     * @param path how messages name the settings
     */
    public static SettingsReader of(String path, Map<String, ?> values, Problems problems) {
        Reading reading = new Reading(problems, Map.of(), java.nio.file.Path.of(""), null); // order never seen
        return new SettingsReader(Tree.given(path, values), reading);
    }

    /** Notes the keys that nobody asked for and the values that are missing. Call it when everything has been asked for. */
    public void finish() {
        finish(true);
    }

    /** Notes only the values that are missing, if it is not known which other keys are allowed. */
    void finishMissing() {
        finish(false);
    }

    private void finish(boolean allKnown) {
        Set<String> meant = new TreeSet<>();
        for (Entry entry : map.all()) {
            String key = entry.key().text();
            if (asked.contains(key) || key.isEmpty() || entry.key().flaw() != null) {
                continue;
            }
            Optional<String> near = Suggestions.translated(key, allKnown ? asked : missing.keySet())
                    .or(() -> Suggestions.nearest(key, allKnown ? absent() : missing.keySet()));
            near.map(Suggestions::key).ifPresent(meant::add);
            if (allKnown || near.isPresent()) {
                problem(key, "unknown key" + near.map(Suggestions::didYouMean).orElse(known()));
            }
        }
        missing.forEach((name, what) -> {
            if (!meant.contains(name)) {
                problem(name, what);
            }
        });
        blocks.values().forEach(block -> block.finish(allKnown));
    }

    private List<String> absent() {
        return asked.stream().filter(name -> map.get(name) == null).toList();
    }

    private String known() {
        return asked.isEmpty() ? "; no keys are known here" : "; known here: " + String.join(", ", asked);
    }

    @Override
    public String path() {
        return map.path();
    }

    @Override
    public String text(String name) {
        Tree tree = required(name, "text");
        if (tree == null) {
            return "";
        }
        String text = reading.text(tree);
        if (text != null && text.isBlank()) {
            problem(name, "is empty; write text");
        }
        noteOrigin(name, tree, null);
        return text == null ? "" : text;
    }

    @Override
    public String text(String name, String otherwise) {
        return read(name, otherwise, otherwise, reading::text);
    }

    @Override
    public Optional<String> optionalText(String name) {
        return optional(name, reading::text);
    }

    @Override
    public String oneOf(String name, String otherwise, String... allowed) {
        return read(name, otherwise, otherwise, tree -> reading.oneOf(tree, List.of(allowed)));
    }

    @Override
    public long integer(String name, long otherwise, long min, long max) {
        return read(name, otherwise, otherwise, tree -> reading.integer(tree, min, max));
    }

    @Override
    public OptionalLong optionalInteger(String name, long min, long max) {
        Optional<Long> number = optional(name, tree -> reading.integer(tree, min, max));
        return number.isPresent() ? OptionalLong.of(number.get()) : OptionalLong.empty();
    }

    @Override
    public Optional<BigDecimal> optionalDecimal(String name) {
        return optional(name, tree -> reading.decimal(tree, "write a number"));
    }

    /** A number of a range. */
    BigDecimal decimal(String name, BigDecimal otherwise, NumberRange range) {
        return read(name, otherwise, otherwise.toPlainString(), tree -> reading.decimal(tree, range));
    }

    @Override
    public boolean bool(String name, boolean otherwise) {
        return read(name, otherwise, otherwise, reading::bool);
    }

    @Override
    public Duration duration(String name, Duration otherwise, Duration min, Duration max) {
        String wanted = Quantities.wanted(min, max);
        return read(name, otherwise, Problems.text(otherwise), tree -> duration(tree, min, max, wanted));
    }

    /** A time span in a list. */
    @Nullable
    Duration span(Tree tree, Duration min, Duration max) {
        return duration(tree, min, max, Quantities.wanted(min, max));
    }

    private @Nullable Duration duration(Tree tree, Duration min, Duration max, String wanted) {
        Scalar value = reading.scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        Duration span = Quantities.duration(value.text());
        if (span == null) {
            boolean bare = PlainText.type(value.text()) == PlainText.Type.INTEGER;
            String meant = Meant.hint(value, Meant.span(value.text(), min, max));
            reading.problem(
                    value, reading.show(value) + (bare ? " has no unit; " : " is not a time; ") + wanted + meant);
        } else if (span.compareTo(min) < 0 || span.compareTo(max) > 0) {
            reading.problem(value, reading.show(value) + " is out of range; " + wanted);
            return null;
        }
        return span;
    }

    @Override
    public long bytes(String name, long otherwise, long min, long max) {
        String wanted = Quantities.wanted(min, max);
        return read(name, otherwise, Quantities.text(otherwise), tree -> bytes(tree, min, max, wanted));
    }

    private @Nullable Long bytes(Tree tree, long min, long max, String wanted) {
        Scalar value = reading.scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        Long size = Quantities.bytes(value.text());
        if (size == null || size < min || size > max) {
            String what = size == null ? " is not a size; " : " is out of range; ";
            String meant = size == null ? Meant.hint(value, Meant.size(value.text(), min, max)) : "";
            reading.problem(value, reading.show(value) + what + wanted + meant);
            return null;
        }
        return size;
    }

    @Override
    public Optional<Secret> secret(String name) {
        Tree tree = find(name);
        if (tree == null) {
            return Optional.empty();
        }
        Tree hidden = hidden(tree);
        String text = reading.text(hidden);
        noteOrigin(name, hidden, null);
        if (text != null) {
            reading.problems().hide(text);
        }
        return Optional.ofNullable(text).map(Secret::new);
    }

    @Override
    public List<Secret> fromEnvironment(String name) {
        return find(name) instanceof Scalar value
                ? reading.fromEnvironment(value).stream().map(Secret::new).toList()
                : List.of();
    }

    private static Tree hidden(Tree tree) {
        if (!(tree instanceof Scalar value)) {
            return tree;
        }
        Origin origin = value.origin();
        Origin hidden = new Origin(origin.name(), origin.typed(), true);
        return new Scalar(value.path(), value.line(), value.text(), value.quoted(), hidden, value.flaw());
    }

    @Override
    public List<String> texts(String name) {
        Tree tree = find(name);
        List<String> texts = new ArrayList<>();
        if (tree instanceof Sequence list) {
            for (Tree item : list.items()) {
                String text = reading.text(item);
                if (text != null) {
                    texts.add(text);
                }
            }
        } else if (tree != null) {
            String text = reading.text(tree);
            if (text != null) {
                texts.add(text);
            }
        }
        noteOrigin(name, tree, "[" + texts.size() + (texts.size() == 1 ? " value]" : " values]"));
        return List.copyOf(texts);
    }

    @Override
    public Map<String, String> textMap(String name) {
        Tree tree = find(name);
        Map<String, String> texts = new LinkedHashMap<>();
        Mapping entries = tree == null ? null : reading.map(tree, "write a map of names to text");
        if (entries != null) {
            for (Entry entry : entries.all()) {
                // the value of a free-form name may be a secret
                String text = reading.text(hidden(entry.value()));
                if (text != null) {
                    texts.put(entry.key().text(), text);
                }
            }
        }

        noteOrigin(name, tree, "{" + String.join(", ", texts.keySet()) + "}");
        return texts;
    }

    @Override
    public Optional<Settings> block(String name) {
        SettingsReader block = blocks.get(name);
        if (block == null) {
            block = section(name, "write a map of settings");
            if (block != null) {
                blocks.put(name, block);
            }
        }
        return Optional.ofNullable(block);
    }

    @Override
    public boolean holdsBlock(String name) {
        return find(name) instanceof Mapping;
    }

    @Override
    public List<String> names() {
        return map.all().stream().map(entry -> entry.key().text()).toList();
    }

    @Override
    public boolean has(String name) {
        return find(name) != null;
    }

    @Override
    public void problem(String name, String what) {
        reading.problems().add(name.isEmpty() ? map.path() : map.pathOf(name), what);
    }

    /** The value as it is written, or null if there is none. */
    @Nullable
    Tree find(String name) {
        asked.add(name);
        return map.get(name);
    }

    /** The map under a name, or null if there is none; anything else is noted as a problem. The caller finishes it. */
    @Nullable
    SettingsReader section(String name, String wanted) {
        Tree tree = find(name);
        Mapping section = tree == null ? null : reading.map(tree, wanted);
        return section == null ? null : new SettingsReader(section, reading);
    }

    /**
     * The value as it is written, or null after it was noted as missing.
     *
     * @param wanted such as {@code "text"}
     */
    @Nullable
    Tree required(String name, String wanted) {
        Tree tree = find(name);
        if (tree == null) {
            missing(name, wanted);
        }
        return tree;
    }

    /**
     * Notes that a value is missing, unless it turns out that its key is misspelt.
     *
     * @param wanted such as {@code "text"}
     */
    void missing(String name, String wanted) {
        asked.add(name);
        missing.put(name, "is missing; write '" + name + ": ...' with " + wanted);
    }

    /** The keys in the order of the file. */
    Collection<Entry> entries() {
        return map.all();
    }

    Reading reading() {
        return reading;
    }

    /** The value by {@code how}; the default if there is none, or none that can be used. */
    private <T> T read(String name, T otherwise, Object shownDefault, Function<Tree, @Nullable T> how) {
        Tree tree = find(name);
        T value = tree == null ? null : how.apply(tree);
        if (tree == null) {
            noteOrigin(name, null, shownDefault.toString());
        } else {
            noteOrigin(name, tree, null);
        }
        return value == null ? otherwise : value;
    }

    private <T> Optional<T> optional(String name, Function<Tree, @Nullable T> how) {
        Tree tree = find(name);
        if (tree == null) {
            return Optional.empty();
        }
        noteOrigin(name, tree, null);
        return Optional.ofNullable(how.apply(tree));
    }

    /** Adds a line such as {@code sinks.broker.lanes = 2 (line 9)}. */
    void noteOrigin(String name, @Nullable Tree tree, @Nullable String shown) {
        if (reading.origins() != null) {
            boolean elsewhere = tree instanceof Scalar value && !value.origin().typed();
            String path = elsewhere ? Tree.child(map.path(), name) : map.pathOf(name);
            reading.origins().add(path + " = " + reading.origin(tree, shown));
        }
    }
}
