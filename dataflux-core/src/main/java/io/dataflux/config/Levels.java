package io.dataflux.config;

import io.dataflux.catalog.Catalog;
import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds keys that are indented wrongly: those of a stream at the level of its name or of the run, those of a sink beside the sinks' names,
 * those of the run within streams, names of streams and sinks at the level of the run, and fields beside {@code fields}. Each group of such
 * keys is one problem, which says where they belong; and as they are then read from there, a wrong level is no cause of further problems,
 * and hides none.
 */
final class Levels {

    private static final List<String> OF_STREAM = List.of(
            "from",
            "weight",
            "rate",
            "arrivals",
            "lateness",
            "faults",
            "key",
            "identity",
            "sessions",
            "table",
            "fields",
            "generator",
            "max_event_bytes");
    private static final List<String> OF_SINK = List.of("type", "lanes", "on_failure");
    private static final List<String> OF_LIMITS = List.of("events", "time", "bytes");

    private final Reading reading;
    private final List<String> ofRun;
    private final Set<String> sinkTypes;
    private Mapping root;

    private Levels(Mapping root, Reading reading, List<String> ofRun, Set<String> sinkTypes) {
        this.root = root;
        this.reading = reading;
        this.ofRun = ofRun;
        this.sinkTypes = sinkTypes;
    }

    /**
     * The content of a file with every key where it belongs, as far as that can be told.
     *
     * @param ofRun the keys of a run, {@code streams} and {@code sinks} among them
     * @param sinkTypes the types that sinks can have
     */
    static Mapping mended(Mapping root, Reading reading, List<String> ofRun, Set<String> sinkTypes) {
        Levels levels = new Levels(root, reading, ofRun, sinkTypes);
        levels.namesAtTop("streams", "stream");
        levels.namesAtTop("sinks", "sink");
        levels.streamKeysAtTop();
        levels.sinkSettingsAtTop();
        levels.limitsAtTop();
        levels.withinStreams();
        levels.withinSinks();
        return levels.root;
    }

    /** Streams or sinks beside an empty or missing {@code streams} or {@code sinks}. */
    private void namesAtTop(String section, String what) {
        Tree known = root.get(section);
        if (known != null && !isEmpty(known)) {
            return;
        }
        List<Entry> found = root.all().stream()
                .filter(entry -> !ofRun.contains(entry.key().text())
                        && (section.equals("streams")
                                ? isStream(entry.value())
                                        && !OF_STREAM.contains(entry.key().text())
                                : isSink(entry.value())))
                .toList();
        if (!found.isEmpty()) {
            say(found, "a " + what, what + "s", "stand", "at the level of '" + section + ":'", "indent # below it");
            move(found, section);
        }
    }

    /** Keys of a stream beside {@code streams}: those of its last stream, if they follow it. */
    private void streamKeysAtTop() {
        List<Entry> found = entries(root, OF_STREAM);
        if (found.isEmpty() || found.size() == 1 && name(found.get(0)).equals("rate")) { // the run's, by another name
            return;
        }
        say(
                found,
                "a key of a stream",
                "keys of a stream",
                "stand",
                "at the level of 'streams:'",
                "indent # below the name of the stream, as in streams: {orders: {" + name(found.get(0)) + ": ...}}");
        found.forEach(entry -> root = root.without(name(entry)));
    }

    /** The settings of a sink, among them its type, beside {@code sinks}. */
    private void sinkSettingsAtTop() {
        if (!(root.get("type") instanceof Scalar type) || !sinkTypes.contains(type.text())) {
            return;
        }
        List<Entry> found = root.all().stream()
                .filter(entry -> !ofRun.contains(name(entry)) && !OF_LIMITS.contains(name(entry)))
                .toList();
        say(
                found,
                "a setting of a sink",
                "settings of a sink",
                "stand",
                "at the level of 'sinks:'",
                "write # below the name of the sink, as in sinks: {broker: {type: ...}}");
        Mapping body = empty(null, found);
        for (Entry entry : found) {
            root = root.without(name(entry));
            body = body.with(name(entry), entry.value());
        }
        Tree known = root.get("sinks");
        if (known == null || isEmpty(known)) {
            root = root.with("sinks", empty(known, found).with("broker", body));
        }
    }

    private void limitsAtTop() {
        List<Entry> found = scalars(root, OF_LIMITS);
        if (!found.isEmpty()) {
            sayLimits(found);
            found.forEach(entry -> root = root.without(name(entry)));
        }
    }

    private void sayLimits(List<Entry> found) {
        say(
                found,
                "a limit of the run",
                "limits of the run",
                "stand",
                "outside 'limits'",
                "write limits: {" + name(found.get(0)) + ": ...} at the level of 'streams:'");
    }

    private void withinStreams() {
        if (!(root.get("streams") instanceof Mapping streams)) {
            return;
        }
        List<Entry> run = new ArrayList<>();
        List<Entry> limits = new ArrayList<>();
        List<Entry> group = new ArrayList<>();
        Map<String, Entry> kept = new LinkedHashMap<>();
        @Nullable Entry named = null;
        for (Entry entry : streams.all()) {
            String name = name(entry);
            boolean stream = isStream(entry.value()) || Catalog.names().contains(name);
            if (!stream && ofRun.contains(name)) {
                run.add(entry);
            } else if (!stream && OF_LIMITS.contains(name) && entry.value() instanceof Scalar) {
                limits.add(entry);
            } else if (!stream && OF_STREAM.contains(name)) {
                group.add(entry);
            } else {
                take(group, named, kept);
                named = entry;
                kept.put(name, entry);
            }
        }
        take(group, named, kept);
        if (!limits.isEmpty()) {
            sayLimits(limits);
        }
        moveOut(run, "streams");
        Map<String, Entry> mended = new LinkedHashMap<>();
        kept.forEach((name, entry) -> mended.put(
                name,
                entry.value() instanceof Mapping body ? new Entry(entry.key(), withinStream(name, body)) : entry));
        boolean nothingLeft = mended.isEmpty() && !streams.entries().isEmpty();
        root = nothingLeft
                ? root.without("streams")
                : root.with("streams", new Mapping(streams.path(), streams.line(), mended));
    }

    /** Takes keys of a stream for those of the stream named before them. */
    private void take(List<Entry> group, @Nullable Entry named, Map<String, Entry> kept) {
        if (group.isEmpty()) {
            return;
        }
        say(
                group,
                "a key of a stream",
                "keys of a stream",
                "stand",
                "where its name should be",
                named == null
                        ? "write a name such as 'orders:' before #, and indent # below that"
                        : "indent # below '" + name(named) + ":'");
        if (named != null) {
            String name = name(named);
            Mapping body = named.value() instanceof Mapping map
                    ? map
                    : new Mapping(named.value().path(), named.value().line(), Map.of()); // order never seen
            boolean own = body.get("fields") instanceof Mapping || body.get("generator") instanceof Mapping;
            boolean open = isEmpty(named.value());
            if (own || open) {
                for (Entry entry : group) {
                    body = body.get(name(entry)) == null ? body.with(name(entry), entry.value()) : body;
                }
            }
            if (open && !isStream(body) && !Catalog.names().contains(name)) {
                kept.remove(name); // it lacks its fields, which the next reading will tell
            } else if (own || open) {
                kept.put(name, new Entry(named.key(), body));
            }
        }
        group.clear();
    }

    /** Keys of the run, and fields, among the keys of a stream. */
    private Mapping withinStream(String stream, Mapping body) {
        List<Entry> run = body.all().stream()
                .filter(entry -> ofRun.contains(name(entry)) && !name(entry).equals("events_per_second"))
                .toList();
        moveOut(run, "stream '" + stream + "'");
        Mapping left = body;
        for (Entry entry : run) {
            left = left.without(name(entry));
        }
        List<Entry> limits = scalars(left, OF_LIMITS);
        if (!limits.isEmpty()) {
            sayLimits(limits);
            for (Entry entry : limits) {
                left = left.without(name(entry));
            }
        }
        if (left.get("from") != null || left.get("generator") != null) {
            return left;
        }
        List<Entry> fields = left.all().stream()
                .filter(entry -> !OF_STREAM.contains(name(entry)) && isField(entry.value()))
                .toList();
        Tree known = left.get("fields");
        if (fields.isEmpty() || known != null && !isEmpty(known) && !(known instanceof Mapping)) {
            return left;
        }
        say(fields, "a field", "fields", "stand", "beside 'fields'", "indent # below 'fields:'");
        Mapping into = known instanceof Mapping map ? map : empty(known, fields);
        for (Entry entry : fields) {
            left = left.without(name(entry));
            into = into.with(name(entry), entry.value());
        }
        return left.with("fields", into);
    }

    private void withinSinks() {
        if (!(root.get("sinks") instanceof Mapping sinks)) {
            return;
        }
        List<Entry> run = new ArrayList<>();
        List<Entry> group = new ArrayList<>();
        Map<String, Entry> kept = new LinkedHashMap<>();
        @Nullable Entry named = null;
        for (Entry entry : sinks.all()) {
            String name = name(entry);
            if (ofRun.contains(name) && !isSink(entry.value())) {
                run.add(entry);
            } else if (isSetting(entry, named != null, !group.isEmpty())) {
                group.add(entry);
            } else {
                takeSettings(group, named, kept);
                named = entry;
                kept.put(name, entry);
            }
        }
        takeSettings(group, named, kept);
        moveOut(run, "sinks");
        Map<String, Entry> mended = new LinkedHashMap<>();
        kept.forEach((name, entry) -> mended.put(
                name, entry.value() instanceof Mapping body ? new Entry(entry.key(), withinSink(name, body)) : entry));
        root = root.with("sinks", new Mapping(sinks.path(), sinks.line(), mended));
    }

    private boolean isSetting(Entry entry, boolean named, boolean grouped) {
        if (entry.value() instanceof Mapping) {
            return grouped && !isSink(entry.value());
        }
        boolean type = entry.value() instanceof Scalar value && sinkTypes.contains(value.text());
        return OF_SINK.contains(name(entry)) || (named || grouped) && !isEmpty(entry.value()) && !type;
    }

    private void takeSettings(List<Entry> group, @Nullable Entry named, Map<String, Entry> kept) {
        if (group.isEmpty()) {
            return;
        }
        say(
                group,
                "a setting of a sink",
                "settings of a sink",
                "stand",
                "where its name should be",
                named == null
                        ? "write a name such as 'broker:' before #, and indent # below that"
                        : "indent # below '" + name(named) + ":'");
        Entry into = named == null ? new Entry(group.get(0).key(), empty(null, group)) : named;
        Mapping body = into.value() instanceof Mapping map ? map : empty(into.value(), group);
        for (Entry entry : group) {
            body = body.get(name(entry)) == null ? body.with(name(entry), entry.value()) : body;
        }
        kept.put(name(into), new Entry(into.key(), body));
        group.clear();
    }

    /** Keys of the run among the settings of a sink. */
    private Mapping withinSink(String sink, Mapping body) {
        List<Entry> run = entries(body, ofRun).stream()
                .filter(entry -> List.of("streams", "limits", "regions", "region_sinks", "routing", "events_per_second")
                        .contains(name(entry)))
                .toList();
        moveOut(run, "sink '" + sink + "'");
        Mapping left = body;
        for (Entry entry : run) {
            left = left.without(name(entry));
        }
        return left;
    }

    private void moveOut(List<Entry> found, String from) {
        if (!found.isEmpty()) {
            boolean stream = from.equals("streams");
            say(
                    found,
                    "a key of the run",
                    "keys of the run",
                    "stand",
                    "within " + (stream || from.equals("sinks") ? "'" + from + "'" : from),
                    "move # to the left, to the level of "
                            + (from.startsWith("stream") || stream ? "'streams:'" : "'sinks:'"));
            found.forEach(entry -> {
                if (root.get(name(entry)) == null) {
                    root = root.with(name(entry), entry.value());
                }
            });
        }
    }

    private void move(List<Entry> found, String section) {
        Mapping into = empty(root.get(section), found);
        for (Entry entry : found) {
            into = into.with(name(entry), entry.value());
            root = root.without(name(entry));
        }
        root = root.with(section, into);
    }

    /** An empty map in the place of a value, or of the first of some entries. */
    private static Mapping empty(@Nullable Tree at, List<Entry> entries) {
        Tree where = at == null ? entries.get(0).value() : at;
        return new Mapping(where.path(), where.line(), Map.of()); // order never seen
    }

    /** Notes a problem at the first of some entries; # in the fix stands for it or them. */
    private void say(List<Entry> found, String one, String several, String stand, String where, String fix) {
        List<String> names =
                found.stream().map(entry -> "'" + name(entry) + "'").toList();
        boolean single = names.size() == 1;
        String all = single
                ? names.get(0)
                : String.join(", ", names.subList(0, names.size() - 1)) + " and " + names.get(names.size() - 1);
        reading.problem(
                found.get(0).value(),
                all + (single ? " is " + one : " are " + several) + ", but " + stand + (single ? "s " : " ") + where
                        + "; " + fix.replace("#", single ? "it" : "them"));
    }

    private static List<Entry> entries(Mapping map, List<String> names) {
        return map.all().stream().filter(entry -> names.contains(name(entry))).toList();
    }

    private static List<Entry> scalars(Mapping map, List<String> names) {
        return entries(map, names).stream()
                .filter(entry -> entry.value() instanceof Scalar)
                .toList();
    }

    private static String name(Entry entry) {
        return entry.key().text();
    }

    private static boolean isEmpty(Tree tree) {
        return tree instanceof Scalar value && value.type() == PlainText.Type.NULL;
    }

    private static boolean isStream(Tree tree) {
        return tree instanceof Mapping body
                && (body.get("from") instanceof Scalar
                        || body.get("fields") instanceof Mapping
                        || body.get("generator") instanceof Mapping);
    }

    private static boolean isSink(Tree tree) {
        return tree instanceof Mapping body && body.get("type") instanceof Scalar;
    }

    private static boolean isField(Tree tree) {
        return tree instanceof Mapping body && FieldKind.WORDS.stream().anyMatch(word -> body.get(word) != null);
    }
}
