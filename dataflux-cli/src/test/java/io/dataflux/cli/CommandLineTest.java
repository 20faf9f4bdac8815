package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How command lines are read, whatever the command. */
class CommandLineTest {

    @TempDir
    Path folder;

    private static Called refused(String... line) {
        Called called = Called.with(line);
        assertThat(called.code()).as(called.words()).isEqualTo(2);
        assertThat(called.data()).isEmpty();
        return called;
    }

    @Test
    void allMistakesAreReportedAtOnce() {
        assertThat(refused("run", "--event", "100", "--sped", "max").words()).isEqualTo("""
                        dataflux: there is no option --event; did you mean --events?
                        dataflux: there is no option --sped; did you mean --speed?
                        usage: ./dataflux run [OPTIONS] [FILE]
                        see:   ./dataflux run --help
                        """);
        assertThat(refused("sample", "--from", "-1", "--count", "many", "--seeds=3", "--tag", "x", "a", "b", "--seed")
                        .words())
                .isEqualTo("""
                        dataflux: --from -1 is not a whole number from 0 to 9223372036854775807
                        dataflux: --count many is not a whole number from 0 to 9223372036854775807
                        dataflux: --tag 'x' is not a tag; write up to eight hexadecimal digits, such as 5f3a90c1
                        dataflux: --seed needs a value: --seed S
                        dataflux: there is no option --seeds; did you mean --seed?
                        dataflux: 'b' is one argument too many
                        usage: ./dataflux sample [OPTIONS] STREAM
                        see:   ./dataflux sample --help
                        """);
        assertThat(refused("plot", "--count", "0", "--count", "7").words())
                .contains("--count 0 is not a whole number from 1 to 5000000")
                .contains("STREAM is missing")
                .contains("--out FILE is missing");
        assertThat(refused("fingerprint", "clickstream", "--workers", "1", "--workers", "2")
                        .words())
                .contains("--workers is given twice");
        assertThat(refused("verify", "x.yaml", "--explain=no").words()).contains("--explain takes no value");
        assertThat(refused("demo", "--faults", "late 200%", "--break", "drop:x").words())
                .contains("--faults: ", "'x' is not an event number");
    }

    @Test
    void aValueMayBeginWithAMinus() {
        String seed = Called.with("sample", "clickstream", "--seed", "-5").data();
        assertThat(seed)
                .isNotEmpty()
                .isEqualTo(Called.with("sample", "clickstream", "--seed=-5").data());
    }

    @Test
    void shortFormsMeanTheLongOnes() throws IOException {
        assertThat(Called.with("sample", "clickstream", "-n", "3"))
                .isEqualTo(Called.with("sample", "clickstream", "--count", "3"));
        Path config = Files.writeString(
                folder.resolve("c.yaml"), "streams: {c: {from: clickstream}}\nsinks: {all: {type: mock}}\n");
        List<String> validate = List.of("validate", config.toString());
        assertThat(Called.with(with(validate, "-n", "7", "-o", "there")))
                .isEqualTo(Called.with(with(validate, "--events", "7", "--output", "there")));
        assertThat(Called.with(
                                "plot",
                                "clickstream",
                                "-n5",
                                "-o",
                                folder.resolve("p.html").toString())
                        .code())
                .isZero();
        assertThat(folder.resolve("p.html")).isNotEmptyFile();
    }

    private static List<String> with(List<String> words, String... more) {
        return java.util.stream.Stream.concat(words.stream(), java.util.stream.Stream.of(more))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"help run", "run --help", "run -h", "run x.yaml --speed 3 -h"})
    void helpIsAskedForInManyWays(String line) {
        assertThat(Called.with(line.split(" ", -1))).isEqualTo(Called.with("run", "--help"));
    }

    @Test
    void helpOfAllCommandsIsAListOfThem() {
        Called help = Called.with("--help");
        assertThat(help.code()).isZero();
        assertThat(help.words())
                .containsPattern("(?m)^usage: ./dataflux COMMAND ...$")
                .containsPattern("(?m)^  sample +prints events of a stream as JSON lines$");
        assertThat(Called.with("-h")).isEqualTo(help);
        assertThat(Called.with("help")).isEqualTo(help);
        assertThat(Called.with()).isEqualTo(new Called(2, "", help.words()));
    }

    @ParameterizedTest
    @CsvSource({"sampel", "sampel --help", "help sampel", "sampel clickstream --seed 3", "--version sampel"})
    void aCommandThatDoesNotExist(String line) {
        assertThat(refused(line.split(" ", -1)).words())
                .isEqualTo("dataflux: there is no command 'sampel'; did you mean sample?\nsee:   ./dataflux --help\n");
    }

    @Test
    void optionsWithoutACommand() {
        assertThat(refused("--sead", "3").words()).startsWith("dataflux: there is no option --sead\n");
        assertThat(refused("-q").words()).startsWith("dataflux: there is no option -q\n");
    }

    @Test
    void theVersionSaysWhatIsThere() {
        Called version = Called.with("--version");
        assertThat(version.code()).isZero();
        assertThat(version.data())
                .containsPattern("^dataflux [0-9]+\\.[0-9]+\\.[0-9]+")
                .contains("java        " + System.getProperty("java.runtime.version"))
                .containsPattern("(?m)^sinks +console, file, http, kafka, mock, null, s3$")
                .containsPattern("(?m)^routers +field, sticky$");
        assertThat(Called.with("-V")).isEqualTo(version);
    }

    @Test
    void messagesNameTheProgramAsItWasCalled() {
        String before = System.getProperty("dataflux.program");
        System.setProperty("dataflux.program", "/opt/my tools/dataflux");
        try {
            assertThat(refused("sample").words())
                    .contains("usage: '/opt/my tools/dataflux' sample [OPTIONS] STREAM")
                    .contains("see:   '/opt/my tools/dataflux' sample --help");
            assertThat(Called.with("sample", "-h").words())
                    .contains("'/opt/my tools/dataflux' sample clickstream --from");
            assertThat(Called.with("streams", "clickstream").data())
                    .contains("\n'/opt/my tools/dataflux' sample clickstream --seed");
        } finally {
            System.setProperty("dataflux.program", before);
        }
    }

    @Test
    void aRunOfOtherStreamsOrSinksIsRefusedBeforeAnythingIsRead() throws IOException {
        String output = folder.resolve("out").toString();
        Path config = Files.writeString(folder.resolve("run.yaml"), """
                limits: {events: 100}
                speed: max
                streams: {clicks: {from: clickstream}}
                sinks: {lake: {type: file}, gone: {type: mock}}
                """);
        assertThat(Called.with("run", config.toString(), "-o", output, "--tag", "7")
                        .code())
                .isZero();
        List<String> verify = List.of("verify", config.toString(), "-o", output, "--tag", "7");
        assertThat(refused(with(verify, "--seed", "9").toArray(String[]::new)).words())
                .contains("the report is of a run with other streams")
                .doesNotContain("reading");
        assertThat(refused(with(verify, "--sink", "gone").toArray(String[]::new))
                        .words())
                .contains("--sink: 'gone' cannot be read back")
                .doesNotContain("reading");
        Files.writeString(config, Files.readString(config).replace("gone: {type: mock}", "pond: {type: file}"));
        assertThat(refused(verify.toArray(String[]::new)).words())
                .contains("sinks.pond", "the run had no such sink, but [lake, gone]; use the configuration of that run")
                .doesNotContain("reading");
    }
}
