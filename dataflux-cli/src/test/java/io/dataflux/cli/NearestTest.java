package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Words of other programs lead to ours. */
class NearestTest {

    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();

    @BeforeEach
    void capture() {
        System.setErr(new PrintStream(words, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void release() {
        System.setErr(stderr);
    }

    private String refused(String... line) {
        assertThat(Main.run(List.of(line), new Stdout(OutputStream.nullOutputStream())))
                .isEqualTo(2);
        return words.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({
        "start, run",
        "start-run, run",
        "generate, run",
        "produce, run",
        "send, run",
        "check, validate",
        "lint, validate",
        "list, streams",
        "ls, streams",
        "show, streams",
        "print, sample",
        "head, sample",
        "hash, fingerprint",
        "digest, fingerprint",
        "chart, plot",
        "graph, plot",
        "valdate, validate",
    })
    void aCommand(String word, String ours) {
        assertThat(refused(word)).contains("; did you mean " + ours + "?");
    }

    @ParameterizedTest
    @CsvSource({
        "run, duration, for",
        "run, time, for",
        "run, runtime, for",
        "run, limit, events",
        "run, count, events",
        "run, max-events, events",
        "run, messages, events",
        "run, records, events",
        "run, rate, speed",
        "run, directory, output",
        "sample, limit, count",
        "sample, number, count",
        "sample, n, count",
        "sample, events, count",
        "sample, records, count",
        "sample, file, config",
        "sample, start, from",
        "sample, offset, from",
        "run, start, start-at",
        "run, sed, seed",
    })
    void anOption(String command, String word, String ours) {
        assertThat(refused(command, "x", "--" + word, "1")).contains("; did you mean --" + ours + "?");
    }

    /** What is set in the configuration has no option, and none is made up. */
    @ParameterizedTest
    @CsvSource({"run, brokers", "run, bootstrap-servers", "run, topic"})
    void anOptionThatNothingIsLike(String command, String word) {
        assertThat(refused(command, "x", "--" + word, "1"))
                .contains("there is no option --" + word)
                .doesNotContain("did you mean");
    }
}
