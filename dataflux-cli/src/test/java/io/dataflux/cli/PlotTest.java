package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlotTest {

    @TempDir
    Path folder;

    static List<String> streams() {
        return DataFlux.streamNames();
    }

    /** 2,000 events each. */
    @ParameterizedTest
    @MethodSource("streams")
    void everyStreamHasAPageWithAllItsFieldsThatLoadsNothing(String stream) throws Exception {
        Path file = folder.resolve(stream + ".html");

        assertThat(Main.run(
                        List.of("plot", stream, "--count", "2000", "-o", file.toString()),
                        new Stdout(OutputStream.nullOutputStream())))
                .isZero();

        String page = Files.readString(file, StandardCharsets.UTF_8);
        Set<String> seen = new TreeSet<>();
        for (Event event : DataFlux.stream(stream, 42).events(0, 2000)) {
            DataFlux.definition(stream).fields().keySet().stream()
                    .filter(field -> event.field(field) != null)
                    .forEach(seen::add);
        }
        assertThat(seen).isNotEmpty();
        for (String field : seen) {
            assertThat(page.contains(field)).as("field " + field).isTrue();
        }
        for (String there : List.of("<svg", "Rate over", "Size")) {
            assertThat(page.contains(there)).as(there).isTrue();
        }
        for (String not : List.of("NaN", "Infinity", "src=", "href=", "url(", "<script")) {
            assertThat(page.contains(not)).as(not).isFalse();
        }
    }

    @Test
    void aPageOfOneEventIsDrawnToo() throws Exception {
        Path file = folder.resolve("one.html");

        assertThat(Main.run(
                        List.of("plot", "clickstream", "--count", "1", "-o", file.toString()),
                        new Stdout(OutputStream.nullOutputStream())))
                .isZero();
        assertThat(Files.readString(file)).contains("no key has two events").doesNotContain("NaN");
    }

    @Test
    void aPageThatCannotBeWrittenIsAMistake() {
        assertThat(Main.run(
                        List.of("plot", "clickstream", "--count", "10", "-o", folder.toString()),
                        new Stdout(OutputStream.nullOutputStream())))
                .isEqualTo(2);
        assertThat(Main.run(List.of("plot", "clickstream"), new Stdout(OutputStream.nullOutputStream())))
                .isEqualTo(2);
    }

    @Test
    void sessionsAreFollowedToTheirEnds() throws Exception {
        SessionLook sessions = SessionLook.at(DataFlux.stream("clickstream", 42), 1_000_000, 500);

        assertThat(sessions).isNotNull();
        long begun = sessions.sessions();
        assertThat(begun).isBetween(50L, 499L);
        assertThat(sessions.lengths().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(begun);
        assertThat(sessions.pauseSeconds()).hasSize((int) begun);
        assertThat(sessions.thinkSeconds().size() + begun)
                .isEqualTo(sessions.lengths().entrySet().stream()
                        .mapToLong(length -> length.getKey() * length.getValue())
                        .sum());
        assertThat(sessions.transitions().get("")).containsOnlyKeys("landing");
        assertThat(sessions.transitions().get("purchase")).containsOnlyKeys("leave");
        assertThat(sessions.transitions().values().stream()
                        .mapToLong(next -> next.getOrDefault("leave", 0L))
                        .sum())
                .isEqualTo(begun);
        assertThat(page("clickstream"))
                .contains("Think time", "Pauses", "State transitions", ">purchase</th>")
                .doesNotContain("Planned faults");
        assertThat(page("device_telemetry")).doesNotContain("Think time", "State transitions", "Lateness");
    }

    @Test
    void sessionsUnderWayAtTheStartAreNoneThatBegin() throws Exception {
        Path config = folder.resolve("visits.yaml");
        Files.writeString(config, """
                events_per_second: 100
                streams:
                  visits:
                    key: {entity: "user_{}", count: 5000}
                    sessions: {think: 5s, states: {landing: {page: 6, leave: 4}, page: {page: 5, leave: 5}}}
                    fields: {id: {id: uuid}}
                sinks: {keep: {type: mock}}
                """);

        SessionLook sessions = SessionLook.at(
                DataFlux.streams(config, java.util.Map.of(), java.util.Map.of()).get(0), 0, 1000);

        assertThat(sessions).isNotNull();
        assertThat(sessions.sessions()).isBetween(200L, 700L);
        assertThat(sessions.transitions().get("")).containsOnlyKeys("landing");
    }

    @Test
    void plannedFaultsAreCountedExactly() throws Exception {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, """
                streams: {clicks: {from: iot, faults: "late 10% by 8s..30s, drop 1%"}}
                sinks: {keep: {type: mock}}
                """);

        String page = page("clicks", "--config", config.toString());

        long dropped = DataFlux.streams(config, java.util.Map.of(), java.util.Map.of()).get(0).faults(0, 2000).stream()
                .filter(fault -> fault.copies() == 0)
                .count();
        assertThat(page)
                .contains("Planned faults", "Lateness")
                .containsPattern(" late by [0-9.]+ s")
                .contains(String.format(java.util.Locale.ROOT, "%.1f%%</td>", dropped / 20.0));
    }

    private String page(String stream, String... more) throws Exception {
        Path file = folder.resolve("page.html");
        List<String> words =
                new java.util.ArrayList<>(List.of("plot", stream, "--count", "2000", "-o", file.toString()));
        words.addAll(List.of(more));
        assertThat(Main.run(words, new Stdout(OutputStream.nullOutputStream()))).isZero();
        return Files.readString(file, StandardCharsets.UTF_8);
    }
}
