package io.dataflux.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.spi.Sink;
import io.dataflux.testkit.EmbeddedKafka;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** Reads the topic with a client that shares no code with ours. */
@Tag("needs-kcat")
@EnabledIf(value = "kcatIsInstalled", disabledReason = "kcat is not installed")
class KcatTest {

    static boolean kcatIsInstalled() {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kcat")));
    }

    @Test
    void kcatReadsKeysValuesPartitionsTimesAndHeaders() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start()) {
            kafka.createTopic("orders", 1);
            try (Sink sink = KafkaSink.topic(kafka.bootstrapServers(), "orders").open(Feed.LANE)) {
                new Feed(sink, 2).write(3);
                sink.flush();
            }

            Process kcat = new ProcessBuilder(List.of(
                            "kcat",
                            "-b",
                            kafka.bootstrapServers(),
                            "-C",
                            "-t",
                            "orders",
                            "-o",
                            "beginning",
                            "-e",
                            "-q",
                            "-f",
                            "%p %o %k %s %T %S %h\\n"))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String read = new String(kcat.getInputStream().readAllBytes(), UTF_8);

            assertThat(kcat.waitFor(120, TimeUnit.SECONDS)).isTrue();
            assertThat(kcat.exitValue()).isZero();
            assertThat(read.lines().toList())
                    .satisfiesExactly(
                            line -> assertThat(line).startsWith("0 0 key_0 {\"n\":0} 1735689600000 7 dataflux="),
                            line -> assertThat(line).startsWith("0 1 key_1 {\"n\":1} 1735689600001 7 dataflux="),
                            line -> assertThat(line).startsWith("0 2 key_0 {\"n\":2} 1735689600002 7 dataflux="));
        }
    }
}
