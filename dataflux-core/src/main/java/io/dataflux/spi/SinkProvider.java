package io.dataflux.spi;

import java.util.Map;
import java.util.Optional;

/**
 * Makes sinks of one type. Found by {@link java.util.ServiceLoader}: list the class in
 * {@code META-INF/services/io.dataflux.spi.SinkProvider}, and on the module path in {@code provides} as well.
 *
 * <p>For editors, a provider can describe its settings: the resource {@code META-INF/dataflux/TYPE.sink.json} next to it is a JSON
 * Schema that has {@code description}, {@code properties} and {@code required} as far as there are any. It may refer to the
 * definitions of {@code dataflux.schema.json}, such as <code>{"$ref": "#/$defs/duration"}</code>, and does not contain {@code type},
 * {@code lanes} and {@code on_failure}, which every sink has. Without it an editor takes any settings.
 */
public interface SinkProvider {

    /** The word after {@code type:} in a configuration. */
    String type();

    /**
     * Reads and checks the settings of one configured sink. Called once while the plan is made, before anything is opened: no
     * input or output here. Report mistakes with {@link Settings#problem}; all of them are shown to the user together. Settings
     * that were never asked for are refused as unknown.
     */
    SinkConnector configure(Settings settings);

    /**
     * The environment variables that override settings, by the name of the setting. A variable that is set and not empty takes the
     * place of what the file says, for every sink of this type; its value is never shown.
     */
    default Map<String, String> environment() {
        return Map.of();
    }

    /**
     * The name of a map in which settings may stand as well, as in {@code {type: kafka, kafka: {topic: orders}}}. What is in
     * it counts as if it stood beside it. Empty if there is only one way to write the settings.
     */
    default Optional<String> block() {
        return Optional.empty();
    }
}
