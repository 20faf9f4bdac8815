package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first configuration of a user: written, run, judged. */
class InitTest {

    @TempDir
    Path folder;

    @Test
    void whatItWritesRunsAsItIs() throws IOException {
        String file = folder.resolve("first.yaml").toString();
        Called init = Called.with("init", file);
        assertThat(init.code()).as(init.words()).isZero();
        assertThat(init.words())
                .isEqualTo("wrote " + file + "; next: ./dataflux run " + file
                        + ", Ctrl-C to stop it, then ./dataflux verify " + file + "\n");

        String output = folder.resolve("out").toString();
        Called run = Called.with("run", file, "-n", "500", "--speed", "max", "-o", output, "--tag", "7");
        assertThat(run.code()).as(run.words()).isZero();
        Called verify = Called.with("verify", file, "-o", output, "--tag", "7");
        assertThat(verify.code()).as(verify.words()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"file", "kafka", "http", "s3"})
    void everySinkAndStreamIsValidAlsoWhereItIsCommentedOut(String sink) throws IOException {
        for (String stream : DataFlux.streamNames()) {
            Path file = folder.resolve(sink + "-" + stream + ".yaml");
            assertThat(Called.with("init", file.toString(), "--sink", sink, "--stream", stream)
                            .code())
                    .isZero();
            Called validate = Called.with("validate", file.toString());
            assertThat(validate.code()).as(validate.words()).isZero();
            assertThat(validate.data()).contains("stream " + stream + ":").contains("sink target: " + sink);
        }
        Path file = folder.resolve(sink + "-clickstream.yaml");
        Map<String, String> environment = Map.of(
                "KAFKA_PASSWORD",
                "hidden",
                "API_TOKEN",
                "hidden",
                "AWS_ACCESS_KEY_ID",
                "a",
                "AWS_SECRET_ACCESS_KEY",
                "b");
        StringBuilder all = new StringBuilder();
        for (String line : Files.readAllLines(file)) {
            // what a user brings in by deleting the sign; a second sink and stream of one name are alternatives
            boolean alternative = line.matches("  # target:.*|#   clickstream:.*");
            boolean words = line.matches(" *# ([A-Z].*|built-in.*|one of.*|and .*|yaml-.*)");
            all.append(alternative || words ? line : line.replaceFirst("^( *)# ", "$1"))
                    .append('\n');
        }
        Files.writeString(file, all.toString());
        assertThat(DataFlux.plan(file, Map.of(), environment).describe())
                .contains("stream orders:", "limits.time = 60s", "regions eu");
    }

    @Test
    void aFileThatIsThereIsKept() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.yaml"), "mine\n");
        Called refused = Called.with("init", file.toString());
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.words()).contains(file + " is there already; --force replaces it");
        assertThat(file).hasContent("mine\n");

        assertThat(Called.with("init", file.toString(), "--force").code()).isZero();
        assertThat(Files.readString(file)).contains("clickstream: {from: clickstream}");
    }

    @Test
    void wordsThatItDoesNotKnow() {
        assertThat(Called.with("init", "--sink", "kafak", "--stream", "clickstraem")
                        .words())
                .contains("--sink 'kafak' is not one of file, kafka, http, s3; did you mean kafka?")
                .contains("there is no built-in stream of this name", "did you mean 'clickstream'?");
        assertThat(Called.with("init", folder.resolve("no/where.yaml").toString()))
                .satisfies(called -> assertThat(called.code()).isEqualTo(1))
                .satisfies(called -> assertThat(called.words()).contains("no/where.yaml cannot be written"));
    }
}
