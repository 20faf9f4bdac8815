package io.dataflux.spi;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;

/**
 * Makes sinks of one type. Found by {@link java.util.ServiceLoader}: list the class in
 * {@code META-INF/services/io.dataflux.spi.SinkProvider}, and on the module path in {@code provides} as well.
 *
 * <p>A jar can also describe the settings of its sink, so that editors complete them: its resource
 * {@code META-INF/dataflux/TYPE.sink.json} is a JSON Schema with {@code description}, {@code properties} and {@code required}, each if
 * there is any. It may refer to the definitions of {@code dataflux.schema.json}, as in <code>{"$ref": "#/$defs/duration"}</code>, and
 * leaves out {@code type}, {@code lanes} and {@code on_failure}, which every sink has. Without it an editor accepts any settings.
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
     * The environment variables that override settings, by the name of the setting. If such a variable is set and not empty, it replaces
     * the setting of every sink of this type. Its value is never shown.
     */
    default Map<String, String> environment() {
        return Collections.emptyMap();
    }

    /**
     * The name of a nested map in which users may also write the settings, as in {@code {type: kafka, kafka: {topic: orders}}}; its
     * entries count as if they stood outside. By default there is none.
     */
    default Optional<String> block() {
        return Optional.empty();
    }
}
