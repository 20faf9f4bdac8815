package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run does to the system around it on its way. */
class DrillsTest {

    @TempDir
    Path folder;

    private Plan plan(String actions) throws IOException {
        return DataFlux.plan(Files.writeString(folder.resolve("run.yaml"), """
                seed: 7
                tag: 5f3a90c1
                events_per_second: 2000
                limits: {events: 4000}
                streams:
                  orders:
                    key: {entity: "cust_{}", count: 50}
                    identity: id
                    fields: {id: {id: "ord_{}"}}
                sinks: {lake: {type: file, dir: "%s", roll_bytes: 1KiB}}
                output: {dir: "%s"}
                actions:
                %s
                """.formatted(
                        folder.resolve("lake"), folder.resolve("out"), actions.indent(2))));
    }

    private String log(String name) throws IOException {
        return Files.readString(folder.resolve("out/5f3a90c1/action-" + name + ".log"));
    }

    @Test
    void actionsBeginWhenTheyShouldOnceAndAreInTheReport() throws Exception {
        String actions = """
                - {name: kill, after: 1000 events, exec: [sh, -c, "echo $DATAFLUX_TAG in $DATAFLUX_FOLDER; cat"]}
                - {name: later, at: 1s, exec: [sh, -c, "sleep 0.2; echo two >&2"]}
                """;
        RunReport report = plan(actions).start().await();

        assertThat(report.delivered()).as(report.toString()).isTrue();
        List<Ledger.Drill> drills = report.ledger().drills();
        assertThat(drills).extracting(Ledger.Drill::name).containsExactlyInAnyOrder("kill", "later");
        assertThat(drills).extracting(Ledger.Drill::code).containsExactly(0, 0);
        assertThat(log("kill"))
                .isEqualTo("5f3a90c1 in " + folder.resolve("out/5f3a90c1").toAbsolutePath() + "\n");
        assertThat(log("later")).isEqualTo("two\n");
        for (Ledger.Drill drill : drills) {
            Duration since = Duration.between(report.start(), drill.scheduled());
            assertThat(since).as(drill.name()).isBetween(Duration.ofMillis(450), Duration.ofMillis(2100));
        }
        Plan again = plan(actions);
        assertThat(again.ledger(again.reports()).drills()).isEqualTo(drills);
        assertThat(again.start().await().ledger().drills()).as("not again").isEqualTo(drills);
        assertThat(report.toString()).contains("action 'kill' at 2025-01-01T00:00:0");
    }

    /** A killed attempt leaves a checkpoint that names what it had begun: the action itself reads it. */
    @Test
    void anActionIsOnDiskBeforeItBegins() throws Exception {
        RunReport report =
                plan("- {name: kill, after: 1000 events, exec: [sh, -c, \"cat $DATAFLUX_FOLDER/checkpoint.json\"]}")
                        .start()
                        .await();

        assertThat(report.delivered()).as(report.toString()).isTrue();
        assertThat(log("kill"))
                .contains("\"actions\":[{\"attempt\":0,\"name\":\"kill\"")
                .contains("\"code\":-1}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{name: x, after: 1000 events, exec: [sh, -c, 'exit 3']} | action 'x' ended with 3; what it printed is in",
                "{name: x, after: 1000, exec: [./no-such-program]} | action 'x' could not be started: ",
                "{name: x, at: 10ms, exec: [sleep, '60'], timeout: 200ms} | action 'x' did not end within 200 ms, and was ended",
                "{name: x, after: 9000 events, exec: ['true']} | action 'x' was not begun: the run ended before",
                "{name: x, at: 1h, exec: ['true']} | action 'x' was not begun: the run ended before"
            })
    void anActionThatFailsOrNeverBeginsIsAProblemOfTheRun(String action, String said) throws Exception {
        RunReport report = plan("- " + action).start().await();

        assertThat(report.delivered()).isFalse();
        assertThat(report.complete()).isTrue();
        assertThat(report.problems()).singleElement().asString().startsWith(said);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{name: x, exec: [a]} | actions[0].after (line 13): is missing: write when the action begins",
                "{name: x, at: 1s, after: 3 events, exec: [a]} | actions[0].at (line 13): there is an 'after' as well",
                "{name: x, after: soon, exec: [a]} | 'soon' is not a number of events; write a number of acknowledged events",
                "{name: x, after: 3} | actions[0].exec (line 13): is missing",
                "{name: 'a/b', after: 3, exec: [a]} | 'a/b' is not a valid name",
                "{after: 3, exec: [a]} | actions[0].name (line 13): is missing",
                "{name: x, after: 3, exec: [a], tiemout: 3s} | did you mean 'timeout'?"
            })
    void mistakesAreSaid(String action, String said) {
        assertThatThrownBy(() -> plan("- " + action))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(said);
    }

    @Test
    void twoActionsOfOneNameAreRefused() {
        assertThatThrownBy(() -> plan("- {name: x, after: 1, exec: [a]}\n- {name: x, after: 2, exec: [b]}"))
                .hasMessageContaining("there are two actions 'x'; rename one");
    }

    /** The action takes records away, and the verdict says which action it was; the control is a loss elsewhere. */
    @Test
    void whatWasLostAroundAnActionIsSaidToBe() throws Exception {
        plan("- {name: kill, after: 1500 events, exec: ['true']}").start().await();
        Plan plan = plan("- {name: kill, after: 1500 events, exec: ['true']}");
        Ledger ledger = plan.ledger(plan.reports());
        long at = plan.streams().get(0).sequenceAt(ledger.drills().get(0).scheduled());

        drop(plan, at, at + 20);
        Verdict verdict = plan.verify("lake", ledger, reader -> reader);
        assertThat(verdict.count(Finding.LOST)).isEqualTo(20);
        assertThat(verdict.toString()).contains(", all due from 0.0 s after to 0.0 s after 'kill'");

        drop(plan, 5, 6);
        assertThat(plan.verify("lake", ledger, reader -> reader).toString()).doesNotContain("all due from");
    }

    private void drop(Plan plan, long from, long to) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("lake"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                StringBuilder kept = new StringBuilder();
                for (String line : Files.readAllLines(file)) {
                    String id = line.replaceAll(".*:\"|\".*", "");
                    long n = plan.streams()
                            .get(0)
                            .withTag(0x5f3a90c1)
                            .sequenceOf(id)
                            .orElseThrow();
                    kept.append(n >= from && n < to ? "" : line + "\n");
                }
                Files.writeString(file, kept);
            }
        }
    }
}
