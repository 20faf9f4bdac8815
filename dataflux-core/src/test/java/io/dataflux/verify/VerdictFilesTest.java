package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.reader;
import static io.dataflux.verify.SentEvents.stored;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Routing;
import io.dataflux.verify.SentEvents.Stored;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerdictFilesTest {

    private final CompiledStream orders = orders();
    private final List<Stored> log = new ArrayList<>(stored(orders, 0, 0, 500, 1));

    @TempDir
    Path folder;

    @Test
    void everyFindingIsWrittenWithWhatWasExpectedAndWhatArrived() throws Exception {
        byte[] altered = log.get(300).value().clone();
        FaultyReader.alter(altered, List.of("order_id"));
        log.set(300, log.get(300).withValue(altered));
        log.subList(117, 119).clear();

        Verdict verdict = verdict();

        assertThat(verdict.report()).contains(folder.resolve("deep/verdict.json"));
        JsonNode json =
                new ObjectMapper().readTree(verdict.report().orElseThrow().toFile());
        assertThat(json.path("clean").asBoolean(true)).isFalse();
        assertThat(json.path("run").asText()).isEqualTo("5f3a90c1");
        assertThat(json.path("findings").path("lost").path("count").asLong()).isEqualTo(2);
        assertThat(json.path("findings").path("lost").path("sequences").toString())
                .isEqualTo("{\"orders\":[[117,119]]}");
        assertThat(json.path("findings").size()).isEqualTo(2);
        List<String> lines = Files.readAllLines(folder.resolve("deep/events.jsonl"));
        assertThat(lines).hasSize(3);
        JsonNode lost = new ObjectMapper().readTree(lines.get(0));
        assertThat(lost.path("finding").asText()).isEqualTo("lost");
        assertThat(lost.path("sequence").asLong()).isEqualTo(117);
        assertThat(lost.path("expected").asText())
                .isEqualTo(orders.withTag(SentEvents.TAG).event(117).toString());
        assertThat(lost.path("actual").isNull()).isTrue();
        JsonNode corrupted = new ObjectMapper().readTree(lines.get(2));
        assertThat(corrupted.path("finding").asText()).isEqualTo("corrupted");
        assertThat(corrupted.path("actual").asText())
                .isNotEqualTo(corrupted.path("expected").asText());
    }

    @Test
    void aCleanVerdictReplacesAnEarlierOne() throws Exception {
        List<Stored> half = log.subList(0, 250);
        SinkVerification.of(ledger(0, 500, orders), "broker", List.of(orders), Routing.EVERYTHING)
                .reportTo(folder.resolve("deep"))
                .verify(reader(half));

        Verdict verdict = verdict();

        JsonNode json =
                new ObjectMapper().readTree(verdict.report().orElseThrow().toFile());
        assertThat(json.path("clean").asBoolean(false)).isTrue();
        assertThat(json.path("findings").size()).isZero();
        assertThat(Files.readString(folder.resolve("deep/events.jsonl"))).isEmpty();
    }

    private Verdict verdict() throws Exception {
        return SinkVerification.of(ledger(0, 500, orders), "broker", List.of(orders), Routing.EVERYTHING)
                .reportTo(folder.resolve("deep"))
                .verify(reader(log));
    }
}
