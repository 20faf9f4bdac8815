package io.dataflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFluxTest {

    @Test
    void aBuiltInStreamAnswersForAnyEvent() {
        EventStream clicks = DataFlux.stream("clickstream", 42);

        assertThat(clicks.name()).isEqualTo("clickstream");
        assertThat(clicks.event(123_456_789_012L).toString())
                .isEqualTo(DataFlux.stream("clickstream", 42)
                        .event(123_456_789_012L)
                        .toString())
                .isNotEqualTo(DataFlux.stream("clickstream", 43)
                        .event(123_456_789_012L)
                        .toString());
    }

    @Test
    void anUnknownNameIsAnsweredWithTheKnownOnes() {
        assertThatThrownBy(() -> DataFlux.stream("clickstreem", 42))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stream 'clickstreem'")
                .hasMessageContaining("device_telemetry, ")
                .hasMessageEndingWith("; did you mean 'clickstream'?");
    }

    @Test
    void aDefinitionThatDoesNotFitTogetherIsRefused() {
        StreamDefinition bad = StreamDefinition.named("bad")
                .field("copy", Fields.copy("nowhere"))
                .build();
        assertThatThrownBy(() -> DataFlux.stream(bad, 42))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stream 'bad'")
                .hasMessageContaining("nowhere");
    }

    @Test
    void aRunFromAFileSendsWhatItSays(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("config.yaml"), """
                seed: 42
                speed: max
                limits: {events: 500}
                streams:
                  clicks: {from: clickstream, weight: 3}
                  pages: {from: pageviews, weight: 1}
                sinks:
                  nowhere: {type: "null"}
                region_sinks: {default: [nowhere]}
                output: {dir: "%s"}
                """.replace(
                        "%s", folder.resolve("out").toString().replace('\\', '/')));

        Plan plan = DataFlux.plan(file);
        RunReport report = plan.start().await();

        assertThat(plan.streams()).extracting(EventStream::name).containsExactly("clicks", "pages");
        assertThat(report.delivered()).isTrue();
        assertThat(report.acknowledged()).isEqualTo(500);
        assertThat(report.ledger().streams())
                .extracting(stream -> stream.limit())
                .containsExactly(375L, 125L);
    }
}
