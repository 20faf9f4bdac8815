package io.dataflux.encode;

import static io.dataflux.encode.RefusedDefinitionsTest.refused;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.keyNumber;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.longId;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each mistake in a stream's key, start, rate and identity, with the words that the user reads; and where streams end. */
class RefusedStreamsTest {

    private static StreamDefinition.Builder stream() {
        return StreamDefinition.named("s").field("a", constant(1));
    }

    private static StreamDefinition.Builder keyed(String pattern, long count, String skew, int shards, int spread) {
        return stream().key(new Key(pattern, count, new BigDecimal(skew), shards, spread));
    }

    @Test
    void keys() {
        assertThat(refused(keyed("user", 1, "0", 1, 1)))
                .isEqualTo("s.key.entity: the pattern 'user' needs {} once, for the number of the entity, such as"
                        + " \"user_{}\"");
        assertThat(refused(keyed("\uDC00{}", 1, "0", 1, 1)))
                .isEqualTo("s.key.entity: character 0 is half of a surrogate pair (U+DC00), which UTF-8 cannot encode");
        assertThat(refused(keyed("{}", 0, "0", 1, 1))).isEqualTo("s.key.count: 0 is not between 1 and 2^48");
        assertThat(refused(keyed("{}", (1L << 48) + 1, "0", 1, 1)))
                .isEqualTo("s.key.count: 281474976710657 is not between 1 and 2^48");
        assertThat(refused(keyed("{}", 1, "-0.1", 1, 1)))
                .isEqualTo("s.key.skew: -0.1 is not between 0 (all equally often) and 10");
        assertThat(refused(keyed("{}", 1, "1e1000", 1, 1))).startsWith("s.key.skew: 1000");
        assertThat(refused(keyed("{}", 1, "0", 0, 1))).isEqualTo("s.key.shards: 0 is not between 1 and 255");
        assertThat(refused(keyed("{}", 1, "0", 256, 1))).isEqualTo("s.key.shards: 256 is not between 1 and 255");
        assertThat(refused(keyed("{}", 1, "0", 1, 0))).isEqualTo("s.key.spread: 0 is not between 1 and 16");
        assertThat(refused(keyed("{}", 1, "0", 1, 17))).isEqualTo("s.key.spread: 17 is not between 1 and 16");
        assertThat(refused(keyed("x", 0, "-1", 0, 0)).lines()).hasSize(5);
    }

    @Test
    void startAndRate() {
        assertThat(refused(stream().start(Instant.parse("0000-12-31T23:59:59.999999999Z"))))
                .isEqualTo("s.start: 0000-12-31T23:59:59.999999999Z is not between the years 1 and 9999");
        assertThat(refused(stream().start(Instant.parse("+10000-01-01T00:00:00Z"))))
                .isEqualTo("s.start: +10000-01-01T00:00:00Z is not between the years 1 and 9999");
        assertThat(refused(stream().rate(1_000_000_001, 1)))
                .isEqualTo("s.rate: 1000000001/s is not at most 10^9 events a second and at least one in 10^9 seconds");
        assertThat(refused(stream().rate(1, 1_000_000_001)))
                .isEqualTo(
                        "s.rate: 1/1000000001s is not at most 10^9 events a second and at least one in 10^9 seconds");
    }

    @Test
    void identitiesThatLeadNowhere() {
        assertThat(refused(stream().identity("b"))).isEqualTo("s.identity: there is no field 'b'; the fields are a");
        assertThat(refused(stream().identity("b.c").field("b", object("d", uuid()))))
                .isEqualTo("s.identity: there is no field 'b.c'; the fields are a, b");
        assertThat(refused(stream().identity("b.c").field("b", list(1, 1, uuid()))))
                .isEqualTo("s.identity: there is no field 'b.c'; the fields are a, b");
    }

    @Test
    void identitiesThatAreNotAlwaysThere() {
        String sometimes =
                "s.identity: 'b' can be null or absent; a field that identifies an event must always have a value";
        assertThat(refused(stream().identity("b").field("b", uuid().nullable("1%"))))
                .isEqualTo(sometimes);
        assertThat(refused(stream().identity("b").field("b", uuid().absent("1%"))))
                .isEqualTo(sometimes);
        assertThat(refused(
                        stream().identity("o.b").field("o", object("b", uuid()).absent("1%"))))
                .isEqualTo(
                        "s.identity: 'o.b' can be null or absent; a field that identifies an event must always have a value");
    }

    @Test
    void identitiesThatDoNotIdentify() {
        String cannot =
                " cannot lead back to the event: name one id field ({id: \"ord_{}\"}), or a key field together with a"
                        + " time, occurrence or sequence field";
        for (Field field : List.of(
                constant(1),
                key(),
                copy("key"),
                keyNumber(),
                time(),
                occurrence(0),
                when("c", "true", uuid(), "false", uuid()))) {
            assertThat(refused(stream()
                            .key("{}", 10)
                            .identity("b")
                            .field("b", field)
                            .field("c", bool("50%"))))
                    .isEqualTo("s.identity: [b]" + cannot);
        }
        assertThat(refused(stream()
                        .key("{}", 10)
                        .identity("b", "c")
                        .field("b", time())
                        .field("c", occurrence(0))))
                .isEqualTo("s.identity: [b, c]" + cannot);
    }

    @Test
    void eventsBeyondTheEnd() {
        CompiledStream stream = Checked.compiled(stream().field("b", longId()).build(), 1);
        assertThatThrownBy(() -> stream.event(-1)).hasMessage("sequence -1 is not in [0, 1099511627776) of stream 's'");
        assertThatThrownBy(() -> stream.event(1L << 40))
                .hasMessage("sequence 1099511627776 is not in [0, 1099511627776) of stream 's'");
        assertThatThrownBy(() -> stream.events(5, 4))
                .hasMessage("[5, 4) is not within [0, 1099511627776) of stream 's'");
    }

    @Test
    void longIdsEndAStreamWhereverTheyStand() {
        for (Field field : List.of(
                longId(),
                object("x", longId()),
                list(1, 1, longId()),
                when("c", "true", longId()),
                when("c", "true", object("x", list(0, 1, longId()))))) {
            CompiledStream stream = Checked.compiled(
                    stream().field("b", field).field("c", bool("50%")).build(), 1);
            assertThat(stream.end()).isEqualTo(1L << 40);
            assertThat(stream.event((1L << 40) - 1).bytes()).isNotEmpty();
        }
    }

    @Test
    void aStreamEndsBeforeItsTimesNeedFiveDigitsForTheYear() {
        Instant end = Instant.parse("+10000-01-01T00:00:00Z");
        for (long rate : new long[] {1, 3, 7, 5000}) {
            for (int nano : new int[] {0, 1, 999_999_999}) {
                CompiledStream stream = Checked.compiled(
                        stream()
                                .field("t", time())
                                .rate(rate, 7)
                                .start(Instant.parse("9999-12-31T12:00:00Z").plusNanos(nano))
                                .build(),
                        1);
                assertThat(stream.timeOf(stream.end() - 1)).isBefore(end);
                assertThat(stream.timeOf(stream.end())).isAfterOrEqualTo(end);
                assertThat(stream.event(stream.end() - 1).field("t").toString()).startsWith("9999-12-31T23:59:5");
            }
        }
        CompiledStream longest = Checked.compiled(
                stream()
                        .rate(1_000_000_000, 1)
                        .start(Instant.parse("0001-01-01T00:00:00Z"))
                        .build(),
                1);
        assertThat(longest.end()).isEqualTo(1L << 62);
    }
}
