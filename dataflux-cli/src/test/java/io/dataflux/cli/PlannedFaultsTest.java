package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.PlannedFault;
import io.dataflux.model.FaultKind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run with planned faults has a clean verdict, and a reader that undoes one of the faults is found out. */
class PlannedFaultsTest {

    private static final long EVENTS = 6_000;

    @TempDir
    Path folder;

    private final PrintStream stderr = System.err;
    private final ByteArrayOutputStream words = new ByteArrayOutputStream();
    private Path config;

    @BeforeEach
    void capture() throws IOException {
        System.setErr(new PrintStream(words, true, StandardCharsets.UTF_8));
        config = Files.writeString(folder.resolve("run.yaml"), """
                seed: 5
                speed: max
                limits: {events: %d}
                streams:
                  clicks:
                    from: clickstream
                    faults:
                      late: {share: 2%%, by: [8s, 30s]}
                      duplicate: {share: 2%%, within: 50}
                      drop: 1%%
                      reorder: {share: 5%%, within: 30}
                      corrupt: {share: 2%%, kinds: [truncated, wrong_type]}
                sinks: {lake: {type: file, lanes: 2}}
                output: {dir: '%s'}
                """.formatted(EVENTS, folder.resolve("out")));
        assertThat(Main.run(
                        List.of("run", config.toString(), "--tag", "5f3a90c1"),
                        new Stdout(OutputStream.nullOutputStream())))
                .isZero();
    }

    @AfterEach
    void release() {
        System.setErr(stderr);
    }

    private int verify(String... more) {
        words.reset();
        List<String> line = new ArrayList<>(List.of("verify", config.toString(), "--tag", "5f3a90c1"));
        line.addAll(List.of(more));
        return Main.run(line, new Stdout(OutputStream.nullOutputStream()));
    }

    private long first(FaultKind kind) {
        return DataFlux.plan(config).streams().get(0).faults(0, EVENTS).stream()
                .filter(fault -> fault.kind() == kind)
                .mapToLong(PlannedFault::sequence)
                .findFirst()
                .orElseThrow();
    }

    private String words() {
        return words.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatWasPlannedIsClean() {
        assertThat(verify()).as(words()).isZero();
        assertThat(words())
                .contains("lake: Sink 'lake' holds stream 'clicks' exactly (seed 5, run 5f3a90c1)\n")
                .contains("  planned   : late 2% by 8s..30s, duplicate 2% within 50, drop 1%, reorder 5% within 30,"
                        + " corrupt 2% as truncated or wrong_type\n")
                .contains(" records in 2 sources, as planned, in order per key\n");
    }

    @Test
    void whatUndoesAPlannedFaultIsNamed() {
        long twice = first(FaultKind.DUPLICATE);
        assertThat(verify("--break", "drop:" + twice)).isEqualTo(1);
        assertThat(words())
                .contains("drop:" + twice + " fired: event " + twice)
                .contains("  lost      : 1    " + twice + " (key ")
                .containsPattern(" came only once; planned: twice, the copy [0-9]+ later\n");

        long dropped = first(FaultKind.DROP);
        assertThat(verify("--break", "deliver:" + dropped)).isEqualTo(1);
        assertThat(words())
                .contains("  phantom   : 1    " + dropped + " was not expected (clicks-")
                .contains("planned: dropped");

        long broken = first(FaultKind.CORRUPT);
        assertThat(verify("--break", "mend:" + broken)).isEqualTo(1);
        assertThat(words())
                .contains("  corrupted : 1    " + broken + ": was sent broken, but is intact; planned: corrupt (");

        assertThat(verify("--break", "mend:" + dropped)).isEqualTo(2);
        assertThat(words()).contains("--break mend:" + dropped + " broke nothing");
        assertThat(verify("--break", "bend:1")).isEqualTo(2);
        assertThat(words()).contains("'bend:1' is not known");
    }
}
