package io.dataflux.config;

import io.dataflux.RunMonitor;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Suggestions;
import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.SinkProvider;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The sinks, routers, generators and monitors that a configuration can name: what {@link ServiceLoader} finds, by type.
 *
 * @param sinks in the order in which they were found, like the others
 */
record Types(
        List<SinkProvider> sinks,
        List<RegionRouter.Provider> routers,
        List<EventGenerator.Provider> generators,
        List<RunMonitor.Provider> monitors) {

    static Types found(Problems problems) {
        return new Types(
                all(ServiceLoader.load(SinkProvider.class), "sinks", problems),
                all(ServiceLoader.load(RegionRouter.Provider.class), "routing", problems),
                all(ServiceLoader.load(EventGenerator.Provider.class), "streams", problems),
                all(ServiceLoader.load(RunMonitor.Provider.class), "monitor", problems));
    }

    private static <P> List<P> all(ServiceLoader<P> loader, String path, Problems problems) {
        List<P> found = new ArrayList<>();
        loader.stream().forEach(provider -> {
            try {
                found.add(provider.get());
            } catch (ServiceConfigurationError e) {
                problems.add(
                        path,
                        provider.type().getName()
                                + " is registered but cannot be instantiated; fix it, or remove its jar");
            }
        });
        return found;
    }

    /** The types that sinks can have. */
    Set<String> sinkTypes() {
        Set<String> types = new TreeSet<>();
        sinks.forEach(sink -> types.add(sink.type()));
        return types;
    }

    @Nullable
    SinkProvider sink(SettingsReader settings) {
        return find("sink", sinks, SinkProvider::type, settings);
    }

    RegionRouter.@Nullable Provider router(SettingsReader settings) {
        return find("routing", routers, RegionRouter.Provider::type, settings);
    }

    EventGenerator.@Nullable Provider generator(SettingsReader settings) {
        return find("generator", generators, EventGenerator.Provider::type, settings);
    }

    RunMonitor.@Nullable Provider monitor(SettingsReader settings) {
        return find("monitor", monitors, RunMonitor.Provider::type, settings);
    }

    /** The provider of the type that the settings name; null after a problem. */
    private static <P> @Nullable P find(
            String what, List<P> providers, Function<P, String> typeOf, SettingsReader settings) {
        Set<String> types = new TreeSet<>();
        providers.forEach(provider -> types.add(typeOf.apply(provider)));
        String available = types.isEmpty() ? "none is available" : "available: " + String.join(", ", types);
        Tree tree = settings.required("type", "the type of the " + what + " (" + available + ")");
        if (tree instanceof Scalar scalar && scalar.type() == PlainText.Type.NULL && types.contains(scalar.text())) {
            settings.problem(
                    "type", "null without quotes means no value; for the " + what + " of this name write \"null\"");
            return null;
        }
        String type = tree == null ? null : settings.reading().text(tree);
        if (type == null) {
            return null;
        }
        settings.noteOrigin("type", tree, null);
        List<P> named = providers.stream()
                .filter(provider -> typeOf.apply(provider).equals(type))
                .toList();
        if (named.size() > 1) {
            Set<String> makers = new LinkedHashSet<>();
            named.forEach(provider -> makers.add(provider.getClass().getName()));
            settings.problem(
                    "type",
                    "'" + type + "' is registered " + named.size() + " times, by " + String.join(" and ", makers)
                            + "; keep one of them on the class path");
            return null;
        }
        if (named.isEmpty()) {
            settings.problem("type", unknown(what, type, types) + " (" + available + ")");
            return null;
        }
        return named.get(0);
    }

    private static String unknown(String what, String type, Set<String> types) {
        Optional<String> near = Suggestions.nearest(type, types);
        if (what.equals("sink") && near.isEmpty()) {
            return "there is no sink of type '" + type + "' on the class path; add its dependency, which for a sink of"
                    + " DataFlux is io.dataflux:dataflux-sinks-" + type;
        }
        if (what.equals("monitor") && type.equals(MonitorReader.PAGE)) {
            return "a run is watched by io.dataflux:dataflux-monitor, which is not on the class path; add its dependency";
        }
        return "'" + type + "' is not a " + what + " type"
                + near.map(Suggestions::didYouMean).orElse("");
    }
}
