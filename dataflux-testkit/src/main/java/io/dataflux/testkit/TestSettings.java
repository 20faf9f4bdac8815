package io.dataflux.testkit;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.config.SettingsReader;
import io.dataflux.problem.Problems;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.util.List;
import java.util.Map;

/**
 * Configures a sink from a map, with the strictness of a configuration file.
 *
 * <pre>{@code
 * SinkConnector connector = TestSettings.configure(provider, Map.of("topic", "orders"));
 * assertThat(TestSettings.problems(provider, Map.of())).hasSize(1);
 * }</pre>
 */
public final class TestSettings {

    private static final String PATH = "sinks.test";

    private TestSettings() {}

    /**
     * The sink that the provider makes from settings without a mistake.
     *
     * @param settings values are {@code String, Long, BigDecimal, Boolean}, lists and maps of these
     * @throws ConfigurationException with every mistake, including unknown settings
     */
    public static SinkConnector configure(SinkProvider provider, Map<String, ?> settings) {
        Problems problems = new Problems();
        SettingsReader reader = SettingsReader.of(PATH, settings, problems);
        SinkConnector connector = provider.configure(reader);
        reader.finish();
        problems.throwIfAny("test");
        return connector;
    }

    /** The mistakes found in the settings; their paths begin with {@code sinks.test}. */
    public static List<Problem> problems(SinkProvider provider, Map<String, ?> settings) {
        try {
            configure(provider, settings);
            return List.of();
        } catch (ConfigurationException e) {
            return e.problems();
        }
    }
}
