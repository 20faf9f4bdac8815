package io.dataflux.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.spi.LaneContext;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyTemplateTest {

    private static final int NAMES = Boolean.getBoolean("dataflux.thorough") ? 100_000 : 2_000;
    private static final LaneContext RUN = new LaneContext(
            "lake",
            0,
            1,
            0x00CAFE01,
            0,
            List.of(
                    new LaneContext.Stream("clicks", 1, 400),
                    new LaneContext.Stream("clicks-1", 2, 400),
                    new LaneContext.Stream("1", 3, 400),
                    new LaneContext.Stream("a.b-2-3", 4, 400)),
            Path.of(""));

    private final KeyTemplate usual = KeyTemplate.parse(KeyTemplate.DEFAULT);

    @Test
    void aNameSaysTagStreamShardPlacesAndHour() {
        long hour = usual.partition(1_735_736_400_000L); // 2025-01-01T13:00:00Z
        String key = usual.key(RUN, new ObjectName(0, 7, hour, 1200, 2399));

        assertThat(key)
                .isEqualTo("raw-data/clicks/dt=2025-01-01/hour=13/00cafe01-7-000000001200-000000002399.jsonl.gz");
    }

    @Test
    void namesSortAsPlacesDo() {
        assertThat(ObjectName.place(99)).isLessThan(ObjectName.place(100));
        assertThat(ObjectName.place(1L << 62)).isEqualTo("4611686018427387904");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                KeyTemplate.DEFAULT,
                "{stream}/{tag}-{shard}-{first}-{last}.jsonl",
                "{shard}-{stream}-{first}-{last}-{tag}",
                "{first}-{last}/{tag}/{sink}/{stream}-{shard}",
                "x/{date}/{tag}.{stream}.{shard}.{first}.{last}.{date}",
                ".x/..y/z../{tag}.{stream}.{shard}.{first}.{last}",
                "{stream}-{shard}-{first}-{last}-{tag}-{date}-{hour}.jsonl",
            })
    void aNameIsReadBack(String text) {
        KeyTemplate template = KeyTemplate.parse(text);
        for (int i = 0; i < NAMES; i++) {
            SplittableRandom random = new SplittableRandom(i);
            long millis = random.nextLong(-4_000_000_000_000L, 200_000_000_000_000L);
            long first = random.nextLong(1L << random.nextInt(1, 62));
            ObjectName name = new ObjectName(
                    random.nextInt(4),
                    random.nextInt(400),
                    template.partition(millis),
                    first,
                    first + random.nextInt(1000));
            String key = template.key(RUN, name);

            for (int stream = 0; stream < 4; stream++) {
                assertThat(template.parser(RUN, stream).parse(key))
                        .as("seed %s: %s read as one of stream %s", i, key, stream)
                        .isEqualTo(stream == name.stream() ? java.util.Optional.of(name) : java.util.Optional.empty());
            }
            assertThat(key).startsWith(template.prefix(RUN, name.stream()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "raw-data/clicks/dt=2025-01-01/hour=13/00cafe02-7-000000001200-000000002399.jsonl.gz", // another tag
                "raw-data/clicks/dt=2025-01-01/hour=13/00cafe01-7-000000001200-000000002399.jsonl",
                "raw-data/clicks/dt=2025-13-01/hour=13/00cafe01-7-000000001200-000000002399.jsonl.gz",
                "raw-data/clicks/dt=2025-01-01/hour=24/00cafe01-7-000000001200-000000002399.jsonl.gz",
                "raw-data/clicks/dt=2025-01-01/hour=13/00cafe01-07-000000001200-000000002399.jsonl.gz",
                "raw-data/clicks/dt=2025-01-01/hour=13/00cafe01-400-000000001200-000000002399.jsonl.gz",
                "raw-data/clicks/dt=2025-01-01/hour=13/00cafe01-7-000000002400-000000002399.jsonl.gz",
                "raw-data/clicks/dt=2025-01-01/hour=13/00cafe01-7-0000000001200-000000002399.jsonl.gz",
                "raw-data/clicks/dt=2025-01-01/hour=13/00cafe01-7-9999999999999999999-9999999999999999999.jsonl.gz",
                "raw-data/clicks/_SUCCESS",
                ""
            })
    void whatIsNoNameOfTheRunIsNotReadAsOne(String key) {
        assertThat(usual.parser(RUN, 0).parse(key)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{shard}-{first}-{last} | lacks {tag}, without which",
                "{tag}-{first}-{last} | lacks {shard}, without which",
                "{tag}-{shard}-{last} | lacks {first}, without which",
                "raw.jsonl | lacks {tag}, {shard}, {first}, {last}, without which",
                "{tag}-{shard}-{first}-{last}-{minute} | contains the unknown placeholder {minute}; use {stream},"
                        + " {sink}, {date}, {hour},"
                        + " {tag}, {shard}, {first}, {last}",
                "{Tag}-{shard}-{first}-{last} | contains the unknown placeholder {Tag}",
                "{hour}/{tag}-{shard}-{first}-{last} | has {hour} but no {date}",
                "{tag}-{shard}{first}-{last} | needs a separator such as - or / between {shard} and {first}",
                "{tag}-{shard}-{first}0{last} | needs a separator such as - or / between {first} and {last}",
                "{tag-{shard}-{first}-{last} | brace",
                "/{tag}-{shard}-{first}-{last} | must not begin or end with a slash",
                "a//{tag}-{shard}-{first}-{last} | two in a row",
                "../{tag}-{shard}-{first}-{last} | has a segment '..' between slashes",
                "raw/../{tag}-{shard}-{first}-{last} | has a segment '..' between slashes",
                "./{tag}-{shard}-{first}-{last} | has a segment '.' between slashes",
                "raw/{stream}/./{tag}-{shard}-{first}-{last} | has a segment '.' between slashes",
                "{tag}-{shard}-{first}-{last}/.. | has a segment '..' between slashes",
                "ä/{tag}-{shard}-{first}-{last} | not every store accepts",
            })
    void aTemplateThatCouldMixUpObjectsIsRefused(String text, String reason) {
        assertThatThrownBy(() -> KeyTemplate.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void objectsAreDividedByWhatNamesTell() {
        long one = 1_735_689_600_000L;
        assertThat(usual.partition(one)).isEqualTo(usual.partition(one + 3_599_999));
        assertThat(usual.partition(one + 3_600_000)).isEqualTo(usual.partition(one) + 1);
        KeyTemplate daily = KeyTemplate.parse("{date}/{tag}-{shard}-{first}-{last}");
        assertThat(daily.partition(one + 86_399_999)).isEqualTo(daily.partition(one));
        assertThat(daily.partition(one - 1)).isEqualTo(daily.partition(one) - 1);
        assertThat(KeyTemplate.parse("{tag}-{shard}-{first}-{last}").partition(one))
                .isZero();
    }
}
