package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainTest {

    private static final String CONFIG = """
            seed: 3
            speed: max
            limits: {events: 5000}
            streams: {clicks: {from: clickstream}}
            sinks: {lake: {type: file}, count: {type: "null"}}
            """;

    private final PrintStream stderr = System.err;
    private final PrintStream stdout = System.out;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(words, true, StandardCharsets.UTF_8));
        System.setOut(new PrintStream(data, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(stderr);
        System.setOut(stdout);
    }

    private int run(String... arguments) {
        return Main.run(List.of(arguments), new Stdout(data));
    }

    private String words() {
        return words.toString(StandardCharsets.UTF_8);
    }

    private String data() {
        return data.toString(StandardCharsets.UTF_8);
    }

    @Test
    void everyCommandHasHelp() {
        for (String command : List.of(
                "demo",
                "run",
                "validate",
                "verify",
                "diff",
                "streams",
                "sample",
                "plot",
                "schema",
                "fingerprint",
                "draws")) {
            words.reset();
            assertThat(run(command, "--help")).isZero();
            assertThat(words()).contains("usage: ./dataflux " + command).contains("--help");
        }
        assertThat(data()).isEmpty();
    }

    @Test
    void aMistakeOnTheLineIsExplainedAndNothingGoesToStdout() {
        assertThat(run("sampel")).isEqualTo(2);
        assertThat(run("sample")).isEqualTo(2);
        assertThat(run("sample", "clickstraem")).isEqualTo(2);
        assertThat(run("sample", "clickstream", "--form", "3")).isEqualTo(2);
        assertThat(run("sample", "clickstream", "--from", "-1")).isEqualTo(2);
        assertThat(run("sample", "clickstream", "--from", "1", "--from", "2")).isEqualTo(2);
        assertThat(run("sample", "clickstream", "extra")).isEqualTo(2);
        assertThat(run("sample", "clickstream", "--tag", "none")).isEqualTo(2);
        assertThat(run("run", "nowhere.yaml")).isEqualTo(2);
        assertThat(run("demo", "--break", "drop")).isEqualTo(2);
        assertThat(words())
                .contains("did you mean sample?")
                .contains("STREAM is missing")
                .contains("did you mean")
                .contains("did you mean --from?")
                .contains("--from -1 is not a whole number from 0")
                .contains("--from is given twice")
                .contains("--tag 'none' is not a tag")
                .contains("'extra' is one argument too many")
                .contains("there is no such file")
                .doesNotContain("\tat ");
        assertThat(data()).isEmpty();
    }

    @Test
    void theDigestIsTheSameForAnyNumberOfWorkers() {
        for (String workers : List.of("1", "2", "7", "64")) {
            assertThat(run("fingerprint", "clickstream", "--count", "20000", "--workers", workers))
                    .isZero();
        }
        assertThat(data().lines().distinct()).hasSize(1).first().asString().matches("[0-9a-f]{64}");
    }

    @Test
    void aRunIsReportedAndVerifiedAndASpoiledFileIsNot(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 3
                speed: max
                limits: {events: 5000}
                streams: {clicks: {from: clickstream}}
                sinks: {lake: {type: file}, count: {type: "null"}}
                """);
        Path report = folder.resolve("report.json");
        String output = folder.resolve("out").toString();
        assertThat(run("run", config.toString(), "--output", output, "--report", report.toString()))
                .isZero();
        assertThat(words()).contains("delivered").contains("5,000 issued = 5,000 acknowledged + 0 failed + 0 unknown");
        assertThat(words())
                .containsPattern("(?m)^run [0-9a-f]{8}: 5,000 events of clicks to lake \\(file\\), count \\(null\\)"
                        + " as fast as possible$")
                .containsPattern("(?m)^files and report: " + output + "/[0-9a-f]{8}$")
                .containsPattern("(?m)^report: " + output + "/[0-9a-f]{8}/report.json$")
                .containsPattern(
                        "(?m)^verify: ./dataflux verify " + config + " --output " + output + " --tag [0-9a-f]{8}$");
        assertThat(run("verify", config.toString(), "--report", report.toString(), "--output", output))
                .isZero();
        assertThat(words()).doesNotContain("not judged");
        assertThat(run("verify", config.toString(), "--report", report.toString(), "--output", output, "--explain"))
                .isZero();
        assertThat(words())
                .containsPattern("\n  judged      completeness +5,000 acknowledged events, each by its number\n")
                .containsPattern("\n  judged      order per key +by first arrivals")
                .containsPattern("\n  not judged  record keys +the target keeps none\n")
                .contains(
                        "\ncount: nothing is judged: it cannot be read back; kafka, s3, file, and http with 'read' can\n");
        assertThat(run("verify", config.toString(), "--tag", "1", "--report", report.toString()))
                .isEqualTo(2);
        assertThat(words()).contains("give either --tag TAG or --report REPORT to say which run");
        assertThat(run("verify", config.toString(), "--tag", "1", "--output", output))
                .isEqualTo(2);
        assertThat(words()).contains("report.json: there is no such file; a report is written when a run ends");

        Path stored;
        try (java.util.stream.Stream<Path> files = Files.walk(folder.resolve("out"))) {
            stored = files.filter(f -> f.toString().endsWith(".jsonl")
                            && f.getFileName().toString().startsWith("clicks-"))
                    .findFirst()
                    .orElseThrow();
        }
        List<String> lines = Files.readAllLines(stored);
        lines.remove(7);
        Files.write(stored, lines);
        words.reset();
        assertThat(run("verify", config.toString(), "--report", report.toString(), "--output", output))
                .isEqualTo(1);
        assertThat(words()).contains("lost      : 1 ").contains("replay");
    }

    @Test
    void validateShowsThePlanOrEveryProblem(@TempDir Path folder) throws IOException {
        Path good = Files.writeString(folder.resolve("good.yaml"), "sinks: {keep: {type: mock}}\n");
        assertThat(run("validate", good.toString())).isZero();
        assertThat(data()).contains("video_logs").contains("keep");
        Path bad = Files.writeString(folder.resolve("bad.yaml"), "sinks: {keep: {type: mok}}\nspeed: fast\n");
        assertThat(run("validate", bad.toString())).isEqualTo(2);
        assertThat(words()).contains("sinks.keep").contains("speed").contains("did you mean");
    }

    @Test
    void aRunIsResumedUnderItsTagAndIsNotSentTwice(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("run.yaml"), CONFIG);
        String output = folder.resolve("out").toString();
        assertThat(run("run", config.toString(), "--output", output, "--tag", "5f3a90c1"))
                .isZero();
        words.reset();

        assertThat(run("run", config.toString(), "--output", output, "--tag", "5f3a90c1"))
                .isZero();

        assertThat(words())
                .contains("run 5f3a90c1 is complete: every event is acknowledged, nothing was sent again")
                .contains("lake                5,000 issued = 5,000 acknowledged + 0 failed + 0 unknown");
        words.reset();
        assertThat(run("run", config.toString(), "--output", output, "--tag", "5f3a90c1", "--events", "6000"))
                .isEqualTo(2);
        assertThat(words())
                .contains("limits: stream 'clicks' has the events [0, 6000), but in the run [0, 5000)")
                .contains("use another tag for a new run");
    }

    @Test
    void thePartsOfARunAreVerifiedTogether(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("run.yaml"), CONFIG);
        String output = folder.resolve("out").toString();
        for (String part : List.of("1/2", "2/2")) {
            assertThat(run("run", config.toString(), "--output", output, "--tag", "7", "--part", part))
                    .isZero();
        }
        Path reports = folder.resolve("out/00000007");
        String first = reports.resolve("report-1of2.json").toString();
        String second = reports.resolve("report-2of2.json").toString();
        words.reset();
        List<String> verify = List.of("verify", config.toString(), "--output", output);

        assertThat(run(with(verify, "--report", first, "--report", second))).isZero();
        assertThat(words()).contains("expected  : 5,000 acknowledged");
        words.reset();
        assertThat(run(with(verify, "--tag", "7"))).isZero();
        assertThat(words()).contains("expected  : 5,000 acknowledged");
        assertThat(run(with(verify, "--report", first))).isEqualTo(2);
        assertThat(words()).contains("the run has 2 parts; give the report of each, including report-2of2.json");
        assertThat(run("run", config.toString(), "--part", "1/2")).isEqualTo(2);
        assertThat(words()).contains("--part: 1/2 needs the tag of the run");
    }

    @Test
    void theCommandThatVerifiesARunCanBePasted(@TempDir Path folder) throws Exception {
        Path config = Files.writeString(folder.resolve("my run's.yaml"), CONFIG);
        assertThat(run(
                        "run",
                        config.toString(),
                        "--output",
                        folder.resolve("my out").toString(),
                        "--seed",
                        "9"))
                .isZero();
        String line = words().lines()
                .filter(each -> each.startsWith("verify: "))
                .findFirst()
                .orElseThrow()
                .substring("verify: ./dataflux ".length());
        Process shell = new ProcessBuilder("sh", "-c", "printf '%s\\n' " + line).start();
        String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(run(words.lines().toArray(String[]::new))).as(words()).isZero();
    }

    @Test
    void theShortestConfigurationSaysThatItSendsEverythingWithoutEnd(@TempDir Path folder) throws IOException {
        Path config = Files.writeString(folder.resolve("short.yaml"), "sinks: {all: {type: mock}}\n");
        assertThat(io.dataflux.DataFlux.plan(config).summary())
                .startsWith("6 streams (video_logs, user_interactions, device_telemetry and 3 more) to all (mock) ")
                .endsWith(
                        "without end, because no limit is set: Ctrl-C ends it; 'limits', --events" + " or --for would");
    }

    private static String[] with(List<String> words, String... more) {
        return java.util.stream.Stream.concat(words.stream(), java.util.stream.Stream.of(more))
                .toArray(String[]::new);
    }

    @Test
    void theSinkThatTakesEveryEventNeedsQuotes(@TempDir Path folder) throws IOException {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, "streams: {clicks: {from: clickstream}}\nsinks: {none: {type: null}}\n");

        assertThat(run("validate", config.toString())).isEqualTo(2);

        assertThat(words())
                .contains(
                        "sinks.none.type (line 2): null without quotes means no value; for the sink of this name write \"null\"");
    }

    @Test
    void thresholdsDecideTheExitCode(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("run.yaml"), """
                seed: 42
                streams: {clickstream: {}}
                limits: {events: 3000}
                speed: max
                sinks: {lake: {type: file, dir: "%s"}}
                output: {dir: "%s"}
                thresholds: {max: 1d, duplicate: 1}
                """.formatted(folder.resolve("lake"), folder.resolve("out")));
        assertThat(run("run", file.toString(), "--tag", "12ab")).as(words()).isZero();
        assertThat(run("verify", file.toString(), "--tag", "12ab", "--break", "repeat:5"))
                .as(words())
                .isZero();
        assertThat(words()).contains("duplicate").contains("lake: within the thresholds of the configuration");
        assertThat(run("verify", file.toString(), "--tag", "12ab", "--break", "drop:5"))
                .isEqualTo(1);

        words.reset();
        assertThat(run("run", file.toString(), "--tag", "34cd", "--set", "thresholds.max=1ms"))
                .isEqualTo(1);
        assertThat(words())
                .contains("threshold missed: sink 'lake', step from 2025-01-01T00:00:00Z: max ")
                .contains(" ms, but at most 1.0 ms are allowed");
    }
}
