package io.dataflux.config;

import static io.dataflux.config.Configurations.complaint;
import static io.dataflux.config.Configurations.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.plan.RunConfig;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a configuration and its flags say of tag, parts, start and lateness. */
class PartFlagsTest {

    private static final String SINK = "sinks: {keep: {type: mock}}\n";

    @Test
    void aPartOfARunIsSaidByFlags() {
        Overrides flags = new Overrides(Map.of("part", "3/8", "start-at", "2026-11-20T12:00:00Z"));

        RunConfig config = read("tag: 12345678\nlag_budget: 250ms\n" + SINK, flags, Map.of());

        assertThat(config.part()).isEqualTo(new RunConfig.Part(3, 8));
        assertThat(config.startAt()).isEqualTo(Instant.parse("2026-11-20T12:00:00Z"));
        assertThat(config.tag()).isEqualTo(0x12345678);
        assertThat(config.lagBudget()).isEqualTo(Duration.ofMillis(250));
        assertThat(config.origins()).contains("tag = 12345678 (line 1)", "lag_budget = 250ms (line 2)");
        RunConfig whole = read(SINK, Overrides.NONE, Map.of());
        assertThat(whole.part()).isEqualTo(RunConfig.Part.WHOLE);
        assertThat(whole.startAt()).isNull();
        assertThat(whole.lagBudget()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void aPartWithoutTagOrWithAStartOfItsOwn() {
        Overrides flags = new Overrides(Map.of("part", "2/4", "start-at", "noon"));

        assertThatThrownBy(() -> read("start: now\n" + SINK, flags, Map.of())).hasMessage("""
                        config.yaml: 3 problems
                          --part: 2/4 needs the tag of the run, the same for all parts; add --tag 5f3a90c1
                          --part: 2/4 needs a fixed start, the same for all parts; write 'start: 2025-01-01T00:00:00Z'
                          --start-at: 'noon' is not a time; write it like 2026-11-20T12:00:00Z""");
        for (String part : List.of("0/4", "5/4", "3", "a/b", "1/99999")) {
            Overrides wrong = new Overrides(Map.of("part", part));
            assertThatThrownBy(() -> read("tag: ab\n" + SINK, wrong, Map.of()))
                    .hasMessageContaining("--part: '" + part + "' is not a part; write 3/8 for the third of eight");
        }
    }

    @Test
    void aBackfillIsSaidByTheFileOrAFlag() {
        Overrides flag = new Overrides(Map.of("backfill", "true"));

        assertThat(read(SINK, Overrides.NONE, Map.of()).backfill()).isFalse();
        assertThat(read(SINK, flag, Map.of()).backfill()).isTrue();
        RunConfig config = read("backfill: true\n" + SINK, Overrides.NONE, Map.of());
        assertThat(config.backfill()).isTrue();
        assertThat(config.origins()).contains("backfill = true (line 1)");
        assertThat(read("backfill: false\n" + SINK, flag, Map.of()).backfill()).isTrue();
        assertThat(complaint("backfill: 3\n" + SINK))
                .contains("backfill (line 1): 3 is neither true nor false; write true or false");
    }

    @Test
    void aTagThatIsNone() {
        assertThat(complaint("tag: today\n" + SINK)).isEqualTo("""
                config.yaml: 1 problem
                  tag (line 1): 'today' is not a tag; write up to eight hexadecimal digits, such as 5f3a90c1""");
    }
}
