package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.plan.StreamsDraft;
import io.dataflux.problem.Suggestions;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads where events go: {@code regions}, {@code routing}, {@code sinks} and {@code region_sinks}. Without {@code regions}, the regions are
 * those that {@code region_sinks} names, or {@code default} alone; without {@code region_sinks} every sink gets every region.
 */
final class TargetsReader {

    static final String DEFAULT_REGION = "default";

    private final SettingsReader top;
    private final Reading reading;
    private final Types types;
    private final StreamsDraft streams;
    private final boolean complete;

    /** @param complete whether all streams of the file were read without problems */
    TargetsReader(SettingsReader top, Types types, StreamsDraft streams, boolean complete) {
        this.top = top;
        this.reading = top.reading();
        this.types = types;
        this.streams = streams;
        this.complete = complete;
    }

    /** What was read; of no use if problems were noted. */
    record Targets(
            List<Region> regions, RegionRouter router, List<SinkConfig> sinks, Map<String, List<String>> regionSinks) {}

    Targets read() {
        List<SinkConfig> sinks = new ArrayList<>();
        Set<String> names = new LinkedHashSet<>();
        Tree tree = top.required("sinks", "at least one sink, such as {keep: {type: mock}}");
        Mapping map = tree == null ? null : reading.map(tree, "write a map of sinks, such as {keep: {type: mock}}");
        if (map != null) {
            if (map.entries().isEmpty()) {
                reading.problem(map, "has no sinks; write at least one, such as {keep: {type: mock}}");
            }
            for (Entry entry : map.all()) {
                names.add(entry.key().text());
                StreamsReader.checkName(entry, "sink", reading);
                SinkConfig sink = sink(entry);
                if (sink != null) {
                    sinks.add(sink);
                }
            }
        }
        Tree regionSinks = top.find("region_sinks");
        List<Region> regions = regions(regionSinks);
        RegionRouter router = router(regions);
        return new Targets(
                regions, router == null ? event -> 0 : router, sinks, regionSinks(regionSinks, regions, names));
    }

    private @Nullable SinkConfig sink(Entry entry) {
        Mapping map = reading.map(entry.value(), "write the sink's type and settings, such as {type: mock}");
        if (map == null) {
            return null;
        }
        SettingsReader settings = new SettingsReader(map, reading);
        SinkProvider provider = types.sink(settings);
        if (provider != null) {
            settings = new SettingsReader(reading.overridden(unfolded(map, provider), provider.environment()), reading);
            settings.find("type"); // which is known already
        }
        int lanes = (int) settings.integer("lanes", 1, 1, complete ? streams.shards() : Key.MOST_SHARDS);
        String[] actions = Stream.of(OnFailure.values())
                .map(action -> action.name().toLowerCase(Locale.ROOT))
                .toArray(String[]::new);
        String action = settings.oneOf("on_failure", actions[0], actions);
        if (provider == null) {
            settings.finishMissing();
            return null;
        }
        SinkConnector connector = provider.configure(settings);
        settings.finish();
        OnFailure onFailure = OnFailure.valueOf(action.toUpperCase(Locale.ROOT));
        return new SinkConfig(entry.key().text(), provider.type(), connector, lanes, onFailure);
    }

    /** The settings without the nested map that the provider allows: its entries count as if they stood outside. */
    private Mapping unfolded(Mapping sink, SinkProvider provider) {
        String name = provider.block().orElse("");
        if (!(sink.get(name) instanceof Mapping block)) {
            return sink;
        }
        Mapping flat = sink.without(name);
        for (Entry entry : block.all()) {
            if (flat.get(entry.key().text()) != null) {
                reading.problem(entry.value(), "is also set outside '" + name + "'; keep one of the two");
            }
            flat = flat.with(entry.key().text(), entry.value());
        }
        return flat;
    }

    private List<Region> regions(@Nullable Tree regionSinks) {
        Tree tree = top.find("regions");
        List<Region> regions = new ArrayList<>();
        if (tree == null) {
            if (regionSinks instanceof Mapping map) {
                for (Entry entry : map.all()) {
                    StreamsReader.checkName(entry, "region", reading);
                    regions.add(new Region(entry.key().text(), 1));
                }
            }
            if (regions.isEmpty()) {
                regions.add(new Region(DEFAULT_REGION, 1));
            }
            top.noteOrigin("regions", null, String.join(", ", names(regions)));
            return regions;
        }
        Mapping map = reading.map(tree, "write a map of regions, such as {eu: {weight: 2}, us: {weight: 1}}");
        if (map != null && map.entries().isEmpty()) {
            reading.problem(
                    map, "has no regions; write at least one, such as {eu: {weight: 1}}, or leave 'regions' out");
        }
        for (Entry entry : map == null ? List.<Entry>of() : map.all()) {
            StreamsReader.checkName(entry, "region", reading);
            Mapping body = reading.map(entry.value(), "write {weight: ...}, such as {weight: 1}");
            BigDecimal weight = BigDecimal.ONE;
            if (body != null) {
                SettingsReader settings = new SettingsReader(body, reading);
                weight = settings.decimal("weight", BigDecimal.ONE, NumberRange.WEIGHT);
                settings.finish();
            }
            regions.add(new Region(entry.key().text(), weight.doubleValue()));
        }
        return regions;
    }

    private @Nullable RegionRouter router(List<Region> regions) {
        Tree tree = top.find("routing");
        Mapping map = tree == null
                ? new Mapping("routing", 0, Map.of()) // order never seen
                : reading.map(tree, "write {type: sticky}, or {field: country}");
        if (map == null || regions.isEmpty()) {
            return null;
        }
        if (map.get("type") == null) {
            String implied = map.get("field") == null ? "sticky" : "field";
            map = map.with(
                    "type", new Scalar("routing.type", 0, implied, false, new Origin("default", true, false), null));
        }
        SettingsReader settings = new SettingsReader(map, reading);
        RegionRouter.Provider provider = types.router(settings);
        if (provider == null) {
            settings.finishMissing();
            return null;
        }
        if (provider.type().equals("field")) {
            checkField(settings);
        }
        RegionRouter router = provider.configure(settings, List.copyOf(regions));
        settings.finish();
        return router;
    }

    /** Refuses a field that no stream has, because it would send everything to one region. */
    private void checkField(SettingsReader settings) {
        List<StreamDefinition> definitions = streams.definitions();
        boolean allKnown = complete && definitions.stream().allMatch(stream -> stream.code() == null);
        Tree tree = settings.find("field");
        if (!(tree instanceof Scalar field)
                || !allKnown
                || field.text().isBlank()
                || field.type() != PlainText.Type.TEXT) { // which is reported on reading

            return;
        }
        Set<String> paths = new LinkedHashSet<>();
        definitions.forEach(stream -> FieldPaths.add("", stream.fields(), paths));
        if (!paths.contains(field.text())) {
            settings.problem(
                    "field",
                    "no stream has a field '" + field.text() + "'"
                            + Suggestions.hint(field.text(), paths, "; name one of " + String.join(", ", paths)));
        }
    }

    private Map<String, List<String>> regionSinks(@Nullable Tree tree, List<Region> regions, Set<String> sinks) {
        int before = reading.problems().count();
        Map<String, List<String>> named = new LinkedHashMap<>();
        if (tree == null) {
            named.put(DEFAULT_REGION, List.copyOf(sinks));
            top.noteOrigin("region_sinks", null, "every sink gets every region");
        }
        Mapping map = tree == null
                ? null
                : reading.map(tree, "write a map of regions to lists of sinks, such as {default: [keep]}");
        if (map != null) {
            if (map.entries().isEmpty()) {
                reading.problem(
                        map, "has no regions; write at least one, such as {default: [keep]}, or remove the key");
            }
            SettingsReader settings = new SettingsReader(map, reading);
            for (Entry entry : map.all()) {
                String region = entry.key().text();
                checkRegion(entry, regions);
                named.put(region, sinksOf(entry.value(), sinks));
                settings.noteOrigin(region, entry.value(), named.get(region).toString());
            }
        }
        boolean unread = regions.isEmpty(); // which has been reported
        return unread || reading.problems().count() > before
                ? Map.of() // order never seen
                : reached(regions, named, sinks, map);
    }

    /** The sinks of each region; every region must have a sink, and every sink a region. */
    private Map<String, List<String>> reached(
            List<Region> regions, Map<String, List<String>> named, Set<String> sinks, @Nullable Mapping map) {
        Map<String, List<String>> all = new LinkedHashMap<>();
        Set<String> unused = new LinkedHashSet<>(sinks);
        for (Region region : regions) {
            List<String> list = named.getOrDefault(region.name(), named.get(DEFAULT_REGION));
            if (list == null) {
                top.problem(
                        "region_sinks",
                        "the region '" + region.name() + "' has no sinks; add '" + region.name()
                                + ": [...]', or 'default: [...]' for all regions that are not named");
            } else {
                all.put(region.name(), list);
                unused.removeAll(list);
            }
        }
        if (map != null) {
            unused.forEach(sink -> reading.problems()
                    .add(
                            Tree.child("sinks", sink),
                            "no region sends to this sink; name it in region_sinks, or remove it"));
        }
        return all;
    }

    private void checkRegion(Entry entry, List<Region> regions) {
        String region = entry.key().text();
        List<String> names = names(regions);
        boolean unread = names.isEmpty() && top.has("regions"); // which has been reported
        if (!unread && !region.equals(DEFAULT_REGION) && !names.contains(region)) {
            reading.problem(
                    entry.value(),
                    "there is no region '" + region + "'"
                            + Suggestions.hint(region, names, "; the regions are " + String.join(", ", names)));
        }
    }

    private List<String> sinksOf(Tree tree, Set<String> sinks) {
        Set<String> list = new LinkedHashSet<>();
        String wanted = "write the names of sinks, such as [" + String.join(", ", sinks) + "]";
        List<Tree> items = tree instanceof Sequence sequence ? sequence.items() : List.of(tree);
        if (items.isEmpty()) {
            reading.problem(tree, "is empty; " + wanted);
        }
        for (Tree item : items) {
            Scalar value = reading.scalar(item, wanted);
            if (value == null) {
                continue;
            }
            if (sinks.isEmpty()) { // which has been reported
                continue;
            }
            if (!sinks.contains(value.text())) {
                reading.problem(
                        value,
                        "there is no sink " + reading.show(value)
                                + Suggestions.hint(value.text(), sinks, "; " + wanted));
            } else if (!list.add(value.text())) {
                reading.problem(value, "the sink " + reading.show(value) + " is named twice; name it once");
            }
        }
        return List.copyOf(list);
    }

    private static List<String> names(List<Region> regions) {
        return regions.stream().map(Region::name).toList();
    }
}
