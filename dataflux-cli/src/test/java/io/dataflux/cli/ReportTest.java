package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {

    @TempDir
    Path folder;

    private static int run(String... words) {
        return Main.run(List.of(words), new Stdout(OutputStream.nullOutputStream()));
    }

    /** Two sinks, a stream with steps and faults, a name that would be markup; verified through a reader that alters an event. */
    @Test
    void aRunIsOnePageWithItsVerdictsThatLoadsNothing() throws Exception {
        Path file = Files.writeString(
                folder.resolve("run.yaml"), """
                seed: 42
                streams:
                  orders:
                    rate: steps 2000/s, 4000/s each 1s
                    faults: {duplicate: 1%%}
                    key: {entity: "c_{}", count: 20}
                    identity: id
                    fields: {id: {id: "o_{}"}, what: {constant: "<script>alert(1)</script>"}}
                speed: 2
                limits: {time: 2s}
                sinks: {lake: {type: file, dir: "%s"}, pond: {type: mock}}
                output: {dir: "%s"}
                """.formatted(folder.resolve("lake"), folder.resolve("out")));
        String output = folder.resolve("out").toString();
        assertThat(run("run", file.toString(), "--tag", "12ab")).isZero();
        assertThat(run("report", "--output", output)).isZero();
        Path page = folder.resolve("out").resolve("000012ab").resolve("report.html");
        assertThat(Files.readString(page)).contains("not verified", "delivered", "Planned faults", "duplicate");

        assertThat(run("verify", file.toString(), "--tag", "12ab", "--break", "alter:117"))
                .isEqualTo(1);
        assertThat(run("report", "--output", output, "--tag", "000012ab")).isZero();
        String html = Files.readString(page, StandardCharsets.UTF_8);
        assertThat(html)
                .contains("verified: findings", "corrupted", "Sink lake", "Rates and latencies at lake", "<svg")
                .contains("<td>corrupted</td><td>orders</td><td class=\"n\">117</td>")
                .contains("Rates and latencies at pond", "4,000", "8,000")
                .doesNotContain("<script", "src=", "href=", "url(", "NaN", "Infinity");
        assertThat(count(html, "<table")).isEqualTo(count(html, "</table>"));
        assertThat(count(html, "<div")).isEqualTo(count(html, "</div>"));
        assertThat(count(html, "<section")).isEqualTo(count(html, "</section>"));
    }

    private static int count(String text, String part) {
        return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
    }

    @Test
    void withoutARunThereIsNoPage() throws Exception {
        assertThat(run("report", "--output", folder.toString())).isEqualTo(2);
        assertThat(run("report", "--output", folder.toString(), "--tag", "1")).isEqualTo(2);
        String file = Files.writeString(folder.resolve("file"), "").toString();
        for (String command : List.of("report", "runs", "clean")) {
            assertThat(run(command, "--output", file)).as(command).isEqualTo(2);
        }
    }
}
