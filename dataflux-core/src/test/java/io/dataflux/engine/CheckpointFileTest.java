package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.engine.Checkpoint.LaneMark;
import io.dataflux.engine.Checkpoint.SinkMark;
import io.dataflux.engine.Checkpoint.Stage;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.ledger.Ranges;
import io.dataflux.spi.DeliveryUnit;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CheckpointFileTest {

    private static final Checkpoint CHECKPOINT = new Checkpoint(
            new Ledger(
                    0x05f3a90c,
                    3,
                    8,
                    List.of(new Ledger.Stream("orders", 42, -2, 3, 100, 1L << 61)),
                    List.of(new SinkLedger(
                            "store",
                            "s3",
                            "",
                            List.of(new StreamLedger(
                                    "orders",
                                    12,
                                    3,
                                    0,
                                    List.of(
                                            new ShardLedger(new Ranges(), new Ranges(), new Ranges()),
                                            new ShardLedger(new Ranges(), new Ranges(), new Ranges()),
                                            new ShardLedger(
                                                    Ranges.of(33, 45),
                                                    Ranges.of(50, 53),
                                                    new Ranges(),
                                                    Ranges.of(40, 45),
                                                    Ranges.of(45, 50, 53, 99))))))),
                    List.of(
                            new Touch(
                                    1,
                                    3,
                                    Instant.parse("2026-11-20T12:00:01.5Z"),
                                    Instant.parse("2025-01-01T00:00:02Z"),
                                    Touch.Action.PAUSED,
                                    Double.POSITIVE_INFINITY),
                            new Touch(
                                    1,
                                    3,
                                    Instant.parse("2026-11-20T12:01:01.000000001Z"),
                                    Instant.parse("2025-01-01T00:01:02Z"),
                                    Touch.Action.SPEED,
                                    0.25))),
            2,
            Instant.parse("2026-11-20T12:00:00.123Z"),
            List.of(new SinkMark(
                    new DeliveryUnit(5000, Duration.ofMillis(1500)),
                    "topic orders",
                    "123abc",
                    new TreeMap<>(Map.of("partitions of topic 'orders'", "2")),
                    List.of(
                            new LaneMark(
                                    1_700_000_000_000_001L, 1_700_000_003_000_002L, Stage.RUNNING, List.of(List.of())),
                            new LaneMark(5, 300_000_000_000_000_000L, Stage.STOPPED, List.of(List.of(17L, 4711L))),
                            new LaneMark(-1, 0, Stage.COMPLETE, List.of(List.of()))))));

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = folder.resolve("checkpoint-3of8.json");
        CheckpointFile.write(CHECKPOINT, file);
    }

    @Test
    void aCheckpointComesBack() throws Exception {
        assertThat(CheckpointFile.read(file)).isEqualTo(CHECKPOINT);
        CheckpointFile.write(CHECKPOINT, file);
        assertThat(CheckpointFile.read(file)).isEqualTo(CHECKPOINT);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void timesAreWrittenForPeople() throws Exception {
        assertThat(Files.readString(file)).contains("\"horizon\":\"2023-11-14T22:13:23.000002Z\"");
    }

    @Test
    void everyShorterFileIsRefused() throws Exception {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length - 2; length += 13) {
            Files.write(file, java.util.Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> CheckpointFile.read(file)).isInstanceOf(ConfigurationException.class);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"stage\":\"stopped\" | \"stage\":\"stoped\" | sinks[0].lanes[1].stage: running, stopped or complete is needed",
                "[17,4711] | [17,-1] | sinks[0].lanes[1].cuts[0]: a list of sequences is needed",
                "PT1.5S | 1.5 | sinks[0].unit.window: a duration such as PT1H is needed",
                "\"attempt\":2 | \"attempt\":-2 | run.attempt: a whole number from 0 to 32767 is needed",
                "2026-11-20T12:00:00.123Z | yesterday | run.start: a time such as 2025-01-01T00:00:00Z is needed",
                "\"lanes\" | \"lames\" | sinks[0].lanes: a list is needed",
                "\"part\":3,\"parts\" | \"part\":9,\"parts\" | run.part: a whole number from 1 to 8 is needed",
                "\"paused\" | \"posed\" | run.touches[0].action: paused, resumed, speed, stopped or changed is needed",
                "\"speed\":\"max\" | \"speed\":\"fast\" | run.touches[0].speed: a number from 0, or max, is needed",
                "2025-01-01T00:01:02Z | soon | run.touches[1].scheduled: a time such as 2025-01-01T00:00:00Z is needed",
                "[45,50] | [44,50] | sinks[0].streams[0].shards[0]: a position has more than one outcome",
            })
    void anEditedFileIsRefusedWithThePlace(String text, String other, String message) throws Exception {
        String whole = Files.readString(file);
        assertThat(whole).contains(text);
        Files.writeString(file, whole.replace(text, other));
        assertThatThrownBy(() -> CheckpointFile.read(file))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }
}
