package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.DataFlux;
import io.dataflux.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code diff} puts two runs side by side, and with {@code --read} what their sinks hold. */
class DiffTest {

    private static final String ONE = "0000000a";
    private static final String TWO = "0000000b";

    @TempDir
    Path folder;

    private Path config;
    private Path out;

    @BeforeEach
    void configure() throws IOException {
        out = folder.resolve("out");
        config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                limits: {events: 300}
                streams:
                  clicks:
                    key: {entity: "user_{}", count: 10}
                    identity: id
                    fields: {id: {id: "click_{}"}, at: {time: event}, page: {words: [home, cart, help]}}
                sinks: {lake: {type: file}, keep: {type: mock}}
                output: {dir: "%s"}
                """.formatted(out));
    }

    private void run(String tag, String... more) {
        List<String> line = new ArrayList<>(List.of("run", config.toString(), "--tag", tag, "--speed", "max"));
        line.addAll(List.of(more));
        Called called = Called.with(line);
        assertThat(called.code()).as(called.words()).isZero();
    }

    private Called diff(String a, String b, String... more) {
        List<String> line = new ArrayList<>(List.of("diff", a, b, "-o", out.toString()));
        line.addAll(List.of(more));
        return Called.with(line);
    }

    private Called read(String... more) {
        List<String> line = new ArrayList<>(List.of("--read", config.toString()));
        line.addAll(List.of(more));
        return diff(ONE, TWO, line.toArray(String[]::new));
    }

    /** The cells of a line of the table. */
    private static List<String> row(Called called, String name) {
        return called.data()
                .lines()
                .filter(line -> line.startsWith(name + "  "))
                .map(line -> List.of(line.substring(name.length()).strip().split(" {2,}")))
                .findFirst()
                .orElse(List.of());
    }

    @Test
    void twoRunsOfOnePlanAreSideBySideAndHoldTheSame() {
        run(ONE);
        run(TWO);

        Called figures = diff("a", out.resolve(TWO).toString());
        assertThat(figures.code()).as(figures.words()).isZero();
        assertThat(row(figures, "run")).containsExactly(ONE, TWO);
        assertThat(row(figures, "lake clicks: acknowledged")).containsExactly("300", "300", "+0", "1.00");
        assertThat(row(figures, "lake clicks: failed")).containsExactly("0", "0", "+0");
        assertThat(row(figures, "lake: achieved/s")).hasSize(4);
        assertThat(row(figures, "lake: offered/s")).containsExactly("-", "-");
        assertThat(figures.data()).doesNotContain("differs");
        assertThat(figures.words()).isEmpty();

        Called read = read();
        assertThat(read.code()).as(read.words()).isZero();
        assertThat(read.words())
                .contains("Sink 'lake' holds the same events of run " + TWO + " (B) as of run " + ONE + " (A)")
                .contains("compared  : 300 events that are in both");
        Called itself = diff(ONE, ONE, "--read", config.toString());
        assertThat(itself.code()).as(itself.words()).isZero();
    }

    /** Through a reader of B that spoils one event. */
    @ParameterizedTest
    @CsvSource({
        "drop:17, 'only in A : 1    clicks 17: at clicks-0of1 offset 17; B acknowledged it'",
        "alter:17, 'values    : 1    clicks 17: at expected '",
        "repeat:17, 'copies    : 1    clicks 17: once in A, twice in B'",
        "swap:17, 'order     : 1    clicks 17: in B it came after '"
    })
    void whatIsWrongWithOneEventIsFound(String fault, String words) {
        run(ONE);
        run(TWO);
        Called spoilt = read("--break", fault);
        assertThat(spoilt.code()).as(spoilt.words()).isEqualTo(1);
        assertThat(spoilt.words())
                .contains(words)
                .contains("sample clicks --seed 3 --from 17 --count 1 --config " + config);
    }

    @Test
    void aRecordThatIsGoneFromAFileIsFoundAndTheDocumentHasIt() throws Exception {
        run(ONE);
        run(TWO);
        try (Stream<Path> files = Files.walk(out.resolve(ONE).resolve("lake"))) {
            Path file = files.filter(f -> f.toString().endsWith(".jsonl"))
                    .findFirst()
                    .orElseThrow();
            List<String> lines = Files.readAllLines(file);
            Files.write(file, lines.subList(1, lines.size()));
        }
        assertThat(Called.with("verify", config.toString(), "--tag", ONE).code())
                .isEqualTo(1);

        Called called = read("--json");
        assertThat(called.code()).as(called.words()).isEqualTo(1);
        JsonNode document = new ObjectMapper().readTree(called.data());
        assertThat(document.path("exit_code").asInt()).isEqualTo(1);
        assertThat(document.at("/events/0/differences/only in B").asInt()).isEqualTo(1);
        assertThat(document.at("/events/0/same").asBoolean(true)).isFalse();
        assertThat(document.at("/events/0/examples/0/sequence").asInt(-1)).isZero();
        assertThat(document.path("figures")).anySatisfy(row -> {
            assertThat(row.path("name").asText()).isEqualTo("lake clicks: acknowledged");
            assertThat(row.path("ratio").asDouble()).isEqualTo(1);
        });
        assertThat(row(diff(ONE, TWO), "verdict on lake")).containsExactly("findings", "-");
        assertThat(row(diff(ONE, TWO), "verdict on lake: lost")).containsExactly("1", "-");
    }

    @Test
    void otherLimitsAreShownAndOnlyWhatBothSentIsCompared() {
        run(ONE);
        run(TWO, "--events", "200");
        Called read = read();
        assertThat(read.code()).as(read.words()).isZero();
        assertThat(row(read, "clicks: limit")).containsExactly("300", "200", "differs");
        assertThat(row(read, "lake clicks: issued")).containsExactly("300", "200", "-100", "0.67");
        assertThat(read.words()).contains("200 events that are in both", "not compared: 100 events that only A sent");
    }

    @Test
    void runsOfAnotherSeedAreOnlyComparedByTheirFigures() {
        run(ONE);
        run(TWO, "--seed", "4");
        assertThat(diff(ONE, TWO).code()).isZero();
        Called read = read();
        assertThat(read.code()).isEqualTo(2);
        assertThat(row(read, "clicks: seed")).containsExactly("3", "4", "differs");
        assertThat(read.words())
                .contains("stream 'clicks' has seed 3 in A and 4 in B, so the events are not compared one by one")
                .doesNotContain("reading lake");
    }

    @Test
    void aResumedRunHoldsWhatOneWithoutABreakHolds() throws Exception {
        run(ONE);
        try (Run begun = DataFlux.plan(config, Map.of("tag", TWO, "speed", "0.05"), Map.of())
                .start()) {
            CountDownLatch reached = new CountDownLatch(1);
            begun.after(100, reached::countDown);
            reached.await();
            assertThat(begun.stop().complete()).isFalse();
        }
        Called stopped = read();
        assertThat(stopped.code()).as(stopped.words()).isZero();
        assertThat(row(stopped, "outcome")).containsExactly("complete", "stopped");
        assertThat(row(stopped, "speed")).containsExactly("max", "0.05", "differs");
        assertThat(stopped.words()).contains("events that only A sent");

        run(TWO);
        Called resumed = read();
        assertThat(resumed.code()).as(resumed.words()).isZero();
        assertThat(row(resumed, "attempts")).containsExactly("1", "2");
        assertThat(resumed.words()).contains("300 events that are in both");
    }

    @Test
    void aRunThatIsRunningOrHasNoReportCannotBeCompared() throws Exception {
        run(ONE);
        try (Run running = DataFlux.plan(config, Map.of("tag", TWO, "speed", "0.001"), Map.of())
                .start()) {
            Called called = diff(ONE, TWO);
            assertThat(called.code()).isEqualTo(2);
            assertThat(called.words()).contains("run " + TWO + " is running; compare it when it has ended");
            running.stop();
        }
        Files.delete(out.resolve(TWO).resolve("report.json"));
        Called killed = diff(TWO, ONE);
        assertThat(killed.code()).isEqualTo(2);
        assertThat(killed.words()).contains("run " + TWO + " has no report, because it was killed");
    }

    @Test
    void whatIsNoRunIsRefused() throws Exception {
        run(ONE);
        assertThat(diff(ONE, folder.toString()).words()).contains(folder + " is not the folder of a run");
        assertThat(diff(ONE, "0000000c").words()).contains("there is no run '0000000c' in " + out);
        assertThat(diff(ONE, config.toString()).words()).contains("give two runs or two configurations");
        assertThat(diff(ONE, ONE, "--sink", "lake").words()).contains("--sink is for --read, which is missing");
        Called noReader = diff(ONE, ONE, "--read", config.toString(), "--sink", "keep");
        assertThat(noReader.code()).isEqualTo(2);
        assertThat(noReader.words()).contains("'keep' is no sink that is in both runs and can be read back");
        Called broken = diff(ONE, ONE, "--read", config.toString(), "--break", "drop:300");
        assertThat(broken.code()).isEqualTo(2);
        assertThat(broken.words()).contains("--break drop:300 broke nothing");
    }

    @Test
    void aReportOfAnotherVersionIsRefused() throws Exception {
        run(ONE);
        run(TWO);
        Path report = out.resolve(TWO).resolve("report.json");
        String text = Files.readString(report, StandardCharsets.UTF_8);
        Files.writeString(report, text.replaceFirst("\"format\" : 1", "\"format\" : 2"));
        assertThat(Files.readString(report)).isNotEqualTo(text);
        Called called = diff(ONE, report.toString());
        assertThat(called.code()).isEqualTo(2);
        assertThat(called.words()).contains("2: this version of DataFlux reads format 1");

        Files.writeString(report, text.substring(0, text.length() / 2));
        Called damaged = diff(ONE, TWO);
        assertThat(damaged.code()).isEqualTo(2);
        assertThat(damaged.words()).contains("report.json", "the file is damaged");
    }

    @Test
    void theFiguresOfPartsAreAdded() {
        run(ONE);
        run(TWO, "--part", "1/2");
        run(TWO, "--part", "2/2");
        Called read = read();
        assertThat(read.code()).as(read.words()).isZero();
        assertThat(row(read, "parts")).containsExactly("1", "2");
        assertThat(row(read, "lake clicks: issued")).containsExactly("300", "300", "+0", "1.00");
        assertThat(read.words()).contains("300 events that are in both");
    }

    @Test
    void twoFilesAreComparedAsValidateDoes() throws Exception {
        Path other = Files.writeString(
                folder.resolve("other.yaml"), Files.readString(config).replace("seed: 3", "seed: 4"));
        Called diff = Called.with("diff", config.toString(), other.toString());
        Called validate = Called.with("validate", "--diff", config.toString(), other.toString());
        assertThat(diff).isEqualTo(validate);
        assertThat(diff.code()).isEqualTo(1);
        assertThat(diff.data()).contains("clicks: changed", "seed: 4, was 3");
        assertThat(Called.with("diff", config.toString(), config.toString()).code())
                .isZero();
    }
}
