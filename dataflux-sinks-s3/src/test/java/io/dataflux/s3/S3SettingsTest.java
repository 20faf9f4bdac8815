package io.dataflux.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException.Problem;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.testkit.TestSettings;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3SettingsTest {

    private static List<Problem> problems(Object... settings) {
        Map<String, Object> all = new HashMap<>(Map.of("bucket", "orders"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put((String) settings[i], settings[i + 1]);
        }
        return TestSettings.problems(new S3SinkProvider(), all);
    }

    @Test
    void aBucketIsAllThatIsNeeded() {
        assertThat(problems()).isEmpty();
        assertThat(TestSettings.problems(new S3SinkProvider(), Map.of()))
                .singleElement()
                .satisfies(problem -> assertThat(problem.path()).isEqualTo("sinks.test.bucket"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bucket | My_Bucket | 3 to 63 lower-case letters",
                "endpoint | localhost:9000 | write http://host:port",
                "endpoint | http://me:pass@localhost | write http://host:port",
                "endpoint | http://localhost/path | write http://host:port",
                "access_key | AKIAPLANTED | sinks.test.secret_key",
                "key | raw/{tag}-{first}-{last} | lacks {shard}",
                "key | raw/{tag}-{shard}-{first}-{last}-{x} | contains the unknown placeholder {x}",
                "compression | zstd | gzip",
                "compression | none | remove .gz from the key",
                "object_bytes | 2GB | object_bytes",
                "part_bytes | 1MiB | part_bytes",
                "batch_interval | 0s | batch_interval",
                "checksum | md5 | crc32",
                "retries | -1 | retries",
                "region | eu-west-1 | region",
            })
    void aMistakeIsSaidWithItsFix(String name, String value, String words) {
        assertThat(problems(name, value))
                .singleElement()
                .satisfies(problem -> assertThat(problem.path() + " " + problem.what())
                        .contains(words)
                        .doesNotContain("AKIAPLANTED", "me:pass"));
    }

    @Test
    void everyIsAnotherWordForBatchInterval() {
        Map<String, Object> settings = Map.of("bucket", "orders", "every", "90s");
        assertThat(TestSettings.configure(new S3SinkProvider(), settings)
                        .resume()
                        .unit())
                .isEqualTo(new DeliveryUnit(Long.MAX_VALUE, Duration.ofSeconds(90)));
        assertThat(problems("every", "90s", "batch_interval", "60s"))
                .singleElement()
                .satisfies(problem -> assertThat(problem.what()).contains("leave one of them out"));
    }

    @Test
    void aShortDeliveryTimeoutShortensRequests() {
        S3Settings defaults = S3Settings.of(null, "orders");
        assertThat(defaults.requestTimeout()).isEqualTo(Duration.ofMinutes(1));
        assertThat(problems("delivery_timeout", "500ms")).isEmpty();
    }

    @Test
    void keysAreNotShown() {
        S3Settings settings = S3Settings.of(URI.create("http://localhost:9000"), "orders");
        assertThat(settings.target()).isEqualTo("localhost:9000/orders");
        String text = TestSettings.configure(
                        new S3SinkProvider(),
                        Map.of("bucket", "orders", "access_key", "AKIAPLANTED", "secret_key", "s3cr3t"))
                .toString();
        assertThat(text).doesNotContain("AKIAPLANTED", "s3cr3t");
    }

    @Test
    void inCodeMistakesAreExceptions() {
        URI endpoint = URI.create("http://localhost:9000");
        assertThatThrownBy(() -> S3Sink.bucket(URI.create("localhost"), "orders"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> S3Sink.bucket(endpoint, "orders").key("{tag}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("key '{tag}' lacks {shard}, {first}, {last}");
        assertThatThrownBy(() -> S3Sink.bucket(endpoint, "orders").objectBytes(0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> S3Sink.bucket(endpoint, "orders").batchInterval(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
