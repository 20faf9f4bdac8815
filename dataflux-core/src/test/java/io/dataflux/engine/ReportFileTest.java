package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.ConfigurationException;
import io.dataflux.RunReport;
import io.dataflux.RunReport.Lag;
import io.dataflux.RunReport.Step;
import io.dataflux.Validity;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReportFileTest {

    private static final Ledger LEDGER = new Ledger(
            0x05f3a90c,
            List.of(new Ledger.Stream("orders", Long.MIN_VALUE, -2, 3, 100, 1L << 61)),
            List.of(new SinkLedger(
                    "broker",
                    "kafka",
                    "events-0:17,\"events-1\":4",
                    List.of(new StreamLedger(
                            "orders",
                            12,
                            3,
                            5,
                            List.of(
                                    shard(Ranges.of(33, 40, 50, 55), Ranges.of(40, 43), Ranges.of(45, 50)),
                                    shard(new Ranges(), new Ranges(), new Ranges()),
                                    shard(Ranges.of(1L << 60, (1L << 60) + 1), new Ranges(), new Ranges())))))));

    private static final RunReport REPORT = new RunReport(
            "05f3a90c",
            Validity.SATURATED,
            LEDGER,
            List.of(new Step(
                    "broker",
                    Instant.parse("2025-01-01T00:00:00Z"),
                    null,
                    null,
                    1234.5,
                    12,
                    3,
                    5,
                    new Lag(10, 20, 30),
                    new Lag(1, 2, 3))),
            new Lag(4, 5, 6),
            new Lag(7, 8, 9),
            987654321,
            Duration.ofMillis(12_345),
            Instant.parse("2025-01-01T00:00:00Z"),
            Double.POSITIVE_INFINITY,
            null,
            List.of(),
            List.of("sink 'broker': 3 events failed: \"quoted\""));

    @TempDir
    Path folder;

    private Path file;

    private static ShardLedger shard(Ranges acknowledged, Ranges failed, Ranges unknown) {
        return new ShardLedger(acknowledged, failed, unknown);
    }

    @BeforeEach
    void write() throws IOException {
        ReportFile.write(REPORT, folder.resolve("05f3a90c"));
        file = folder.resolve("05f3a90c/report.json");
    }

    @Test
    void theLedgerComesBackFromReportLedgerAndFolder() {
        assertThat(ReportFile.readLedger(file)).isEqualTo(LEDGER);
        assertThat(ReportFile.readLedger(folder.resolve("05f3a90c/ledger"))).isEqualTo(LEDGER);
        assertThat(ReportFile.readLedger(folder.resolve("05f3a90c"))).isEqualTo(LEDGER);
    }

    @Test
    void theReportHasTheAgreedShape() throws IOException {
        JsonNode root = new ObjectMapper().readTree(file.toFile());

        assertThat(root.at("/run/tag").textValue()).isEqualTo("05f3a90c");
        assertThat(root.at("/run/streams/0/name").textValue()).isEqualTo("orders");
        assertThat(root.at("/run/streams/0/fingerprint").textValue()).isEqualTo("fffffffffffffffe");
        assertThat(root.at("/run/streams/0/seed").longValue()).isEqualTo(Long.MIN_VALUE);
        assertThat(root.at("/validity").textValue()).isEqualTo("SATURATED");
        JsonNode stream = root.at("/sinks/0/streams/0");
        assertThat(stream.path("issued").longValue()).isEqualTo(20);
        assertThat(stream.path("acknowledged").longValue()).isEqualTo(12);
        assertThat(stream.at("/shards/0/shard").intValue()).isZero();
        assertThat(stream.at("/shards/0/from").longValue()).isEqualTo(33);
        assertThat(stream.at("/shards/0/to").longValue()).isEqualTo(55);
        assertThat(stream.at("/shards/1/shard").intValue()).isEqualTo(2);
        assertThat(root.at("/steps/0/offeredPerSecond").isNull()).isTrue();
        assertThat(root.at("/ownLag/p99Nanos").longValue()).isEqualTo(5);
        assertThat(root.at("/bytes").longValue()).isEqualTo(987654321);
        assertThat(root.at("/elapsed").textValue()).isEqualTo("PT12.345S");
        assertThat(root.at("/speed").textValue()).isEqualTo("max");
        assertThat(root.at("/problems/0").textValue()).contains("\"quoted\"");
    }

    @Test
    void anOlderReportIsReplacedAndNothingElseIsLeft() throws IOException {
        ReportFile.write(REPORT, folder.resolve("05f3a90c"));
        try (var files = Files.list(folder.resolve("05f3a90c"))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("report.json", "ledger");
        }
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> ReportFile.readLedger(folder.resolve("nothing.json")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("nothing.json")
                .hasMessageContaining("there is no such file");
    }

    @Test
    void everyShorterFileIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length - 2; length += 37) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ReportFile.readLedger(file))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageNotContaining("jackson");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"issued\" : 20 | \"issued\" : 21 | sinks[0].streams[0].issued: 21 is not acknowledged + failed + unknown = 12 + 3 + 5",
                "\"tag\" : \"05f3a90c\" | \"tag\" : \"xyz\" | run.tag: 8 hexadecimal digits are needed",
                "\"tag\" : \"05f3a90c\" | \"tag\" : 5 | this is not a report or ledger of a DataFlux run",
                "\"shards\" : 3 | \"shards\" : 1 | sinks[0].streams[0].shards[1].shard: a whole number from 0 to 0",
                "\"limit\" : 2305843009213693952 | \"limit\" : 7 | run.streams[0].limit: a whole number from 100",
                "[ 40, 43 ] | [ 43, 40 ] | sinks[0].streams[0].shards[0].failed[0]: a range is [from, to]",
                "[ 40, 43 ] | [ 39, 43 ] | sinks[0].streams[0].shards[0]: a position has more than one outcome",
                "\"position\" | \"Position\" | sinks[0].position: text is needed",
                "\"sinks\" | \"sink\" | this is not a report or ledger of a DataFlux run",
                "\"bytes\" | \"run\" | the file is damaged: it is not valid JSON at line",
            })
    void anEditedFileIsRefusedWithThePlace(String text, String other, String message) throws IOException {
        String whole = Files.readString(file);
        assertThat(whole).contains(text);
        Files.writeString(file, whole.replaceFirst(java.util.regex.Pattern.quote(text), other));
        assertThatThrownBy(() -> ReportFile.readLedger(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void anotherJsonFileIsRefused() throws IOException {
        Files.writeString(file, "[1, 2, 3]");
        assertThatThrownBy(() -> ReportFile.readLedger(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("this is not a report or ledger of a DataFlux run");
    }
}
