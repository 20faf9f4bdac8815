package io.dataflux.spi;

/**
 * Makes sinks of one type. Found by {@link java.util.ServiceLoader}: list the class in
 * {@code META-INF/services/io.dataflux.spi.SinkProvider}, and on the module path in {@code provides} as well.
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
}
