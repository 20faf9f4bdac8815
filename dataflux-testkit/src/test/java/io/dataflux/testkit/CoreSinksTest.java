package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.spi.SinkProvider;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of the sinks of core; the file sink, which can be read back, also has {@link FileSinkContractTest}. */
class CoreSinksTest {

    static SinkProvider provider(String type) {
        return ServiceLoader.load(SinkProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "console, limit, 5, unknown",
        "null, dir, x, unknown",
        "mock, directory, x, unknown",
        "file, folder, x, unknown",
        "file, roll_bytes, 1, 1",
        "file, roll_bytes, much, much"
    })
    void aMistakeIsAProblemThatNamesIt(String type, String setting, String value, String words) {
        SinkProvider provider = provider(type);

        assertThat(TestSettings.problems(provider, Map.of())).isEmpty();
        assertThat(TestSettings.problems(provider, Map.of(setting, value)))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.path()).endsWith(setting);
                    assertThat(problem.what()).contains(words);
                });
    }
}
