package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.Plan;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Somebody who can write a run's folder has put a link where the run puts a file of its own: it does not lead anywhere. */
@DisabledOnOs(OS.WINDOWS)
class PlantedLinksTest {

    @TempDir
    Path temp;

    private Path victim;
    private Plan plan;

    @BeforeEach
    void plan() throws Exception {
        victim = Files.writeString(temp.resolve("victim"), "precious");
        Path config = Files.writeString(temp.resolve("config.yaml"), """
                tag: "00000007"
                speed: max
                limits: {events: 500}
                streams: {clicks: {from: clickstream}}
                sinks: {lake: {type: file}}
                output: {dir: "%s"}
                """.formatted(temp.resolve("out")));
        plan = DataFlux.plan(config, Map.of(), Map.of());
    }

    private Path plant(String name) throws Exception {
        Path link = temp.resolve("out/00000007").resolve(name);
        Files.createDirectories(link.getParent());
        return Files.createSymbolicLink(link, victim);
    }

    @ParameterizedTest
    @ValueSource(strings = {"checkpoint.json.tmp", "report.json.tmp", "ledger.tmp", "lake/clicks-0of1.jsonl.part"})
    void aTemporaryFileReplacesTheLink(String name) throws Exception {
        Path link = plant(name);

        assertThat(plan.start().await().delivered()).isTrue();

        assertThat(Files.readString(victim)).isEqualTo("precious");
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isFalse();
    }

    @Test
    void aLockIsNotTakenSomewhereElse() throws Exception {
        Path missing = temp.resolve("missing");
        Path link = temp.resolve("out/00000007/checkpoint.json.lock");
        Files.createDirectories(link.getParent());
        Files.createSymbolicLink(link, missing);

        assertThatThrownBy(plan::start)
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("checkpoint cannot be written");
        assertThat(missing).doesNotExist();
    }
}
