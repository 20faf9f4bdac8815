package io.dataflux;

import io.dataflux.ConfigurationException.Problem;
import io.dataflux.catalog.Catalog;
import io.dataflux.config.Overrides;
import io.dataflux.config.Problems;
import io.dataflux.config.Suggestions;
import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.RunPlan;
import io.dataflux.model.StreamDefinition;
import java.nio.file.Path;
import java.util.List;

/**
 * Where a program begins: streams by name or definition, and plans from configuration files.
 *
 * <pre>{@code
 * EventStream clicks = DataFlux.stream("clickstream", 42);
 * clicks.events(0, 3).forEach(System.out::println);
 * }</pre>
 */
public final class DataFlux {

    private DataFlux() {}

    /**
     * A built-in stream.
     *
     * @throws ConfigurationException if there is none of this name; the message lists those that there are
     */
    public static EventStream stream(String name, long seed) {
        StreamDefinition definition = Catalog.definition(name);
        if (definition == null) {
            String known = "there is no built-in stream of this name; there are " + String.join(", ", Catalog.names());
            throw new ConfigurationException(
                    "stream '" + name + "'",
                    List.of(new Problem("", known + Suggestions.hint(name, Catalog.names(), ""))));
        }
        return stream(definition, seed);
    }

    /**
     * A stream of one's own.
     *
     * @throws ConfigurationException with everything that does not fit together
     */
    public static EventStream stream(StreamDefinition definition, long seed) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(definition, seed, "", problems);
        if (stream == null) {
            problems.throwIfAny("stream '" + definition.name() + "'");
            throw new IllegalStateException("stream '" + definition.name() + "' was refused without a reason");
        }
        return stream;
    }

    /**
     * A run as a configuration file describes it, YAML or JSON; nothing is opened yet.
     *
     * @throws ConfigurationException with every mistake in the file
     */
    public static Plan plan(Path config) {
        return RunPlan.read(config, Overrides.NONE);
    }
}
