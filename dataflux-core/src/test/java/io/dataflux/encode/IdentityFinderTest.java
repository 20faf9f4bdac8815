package io.dataflux.encode;

import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.keyNumber;
import static io.dataflux.model.Fields.longId;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.Field;
import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** From what identifies an event back to its sequence, for every kind of identity. */
class IdentityFinderTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Few events a second, so that times in seconds differ for one key. */
    private static StreamDefinition.Builder stream(String... identity) {
        return StreamDefinition.named("s")
                .key(new Key("user {}!", 1000, new BigDecimal("0.8"), 16, 2))
                .start(Instant.parse("2025-03-01T00:00:00.123456789Z"))
                .rate(1, 7)
                .identity(identity);
    }

    static List<StreamDefinition> identities() {
        Field raw = new Field(new Kind.LongId(true));
        return List.of(
                stream("a").field("a", uuid()).build(),
                stream("a").field("a", id("ord_{}_{x}")).build(),
                stream("a").field("a", longId()).build(),
                stream("a").field("a", raw).build(),
                stream("a").field("a", sequence(-17)).build(),
                stream("o.p.a").field("o", object("p", object("a", id("é{}")))).build(),
                stream("k", "n").field("k", key()).field("n", occurrence(1)).build(),
                stream("n", "k")
                        .field("k", copy("key"))
                        .field("n", occurrence(-3))
                        .build(),
                stream("k", "t").field("k", keyNumber()).field("t", time()).build(),
                stream("k", "t")
                        .field("k", key("<{}>"))
                        .field("t", time(TimeFormat.ISO_SECONDS))
                        .build(),
                stream("t", "k")
                        .field("k", key())
                        .field("t", time(TimeFormat.EPOCH_MILLIS))
                        .build(),
                stream("c", "a").field("c", constant("x")).field("a", uuid()).build());
    }

    /** Reduced 300 events of each, thorough 100,000. */
    @ParameterizedTest
    @MethodSource("identities")
    void leadsBackToTheEvent(StreamDefinition definition) {
        CompiledStream stream = Checked.compiled(definition, 42);
        Random random = new Random(1);
        for (int i = 0; i < (THOROUGH ? 100_000 : 300); i++) {
            long n = i < 100 ? i : Math.floorMod(random.nextLong(), stream.end());
            List<Object> identity = stream.event(n).identity();
            assertThat(stream.sequenceOf(identity.toArray())).as("%s", identity).hasValue(n);
            Object[] texts = identity.stream().map(Object::toString).toArray();
            assertThat(stream.sequenceOf(texts)).as("%s as text", identity).hasValue(n);
        }
    }

    @ParameterizedTest
    @MethodSource("identities")
    void findsNothingForWhatNoEventHas(StreamDefinition definition) {
        CompiledStream stream = Checked.compiled(definition, 42);
        int values = definition.identity().size();
        for (Object value : List.of(
                "",
                "x",
                "user !",
                "user 1",
                "user 1000!",
                "user -1!",
                "<1",
                "-18",
                "99999999999999999999999999",
                "2025-03-01",
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                new UUID(1, 2))) {
            Object[] identity = new Object[values];
            java.util.Arrays.fill(identity, value);
            assertThat(stream.sequenceOf(identity)).as("%s", value).isEmpty();
        }
        Object[] good = stream.event(5).identity().toArray();
        assertThat(stream.sequenceOf()).isEmpty();
        assertThat(stream.sequenceOf(java.util.Arrays.copyOf(good, values + 1))).isEmpty();
    }

    @Test
    void aChangedOrForeignIdIsNotFound() {
        CompiledStream stream = Checked.compiled(identities().get(1), 42);
        CompiledStream otherRun = stream.withTag(7);
        CompiledStream otherSeed = Checked.compiled(identities().get(1), 43);
        for (long n = 0; n < 200; n++) {
            String id = stream.event(n).identity().get(0).toString();
            assertThat(otherRun.sequenceOf(id)).isEmpty();
            assertThat(otherSeed.sequenceOf(id)).isEmpty();
            int at = 4 + (int) (n % 36);
            if (id.charAt(at) != '-') {
                char other = id.charAt(at) == '0' ? '1' : '0';
                assertThat(stream.sequenceOf(id.substring(0, at) + other + id.substring(at + 1)))
                        .isEmpty();
            }
            assertThat(stream.sequenceOf(id.substring(4))).isEmpty();
        }
    }

    /** The other values of an identity count, too. */
    @Test
    void allValuesMustBeTheEvents() {
        CompiledStream stream = Checked.compiled(identities().get(11), 42);
        List<Object> identity = stream.event(5).identity();
        assertThat(stream.sequenceOf("x", identity.get(1))).hasValue(5);
        assertThat(stream.sequenceOf("y", identity.get(1))).isEmpty();
    }

    @Test
    void aStreamWithoutIdentityFindsNothing() {
        CompiledStream stream = Checked.compiled(stream().field("a", uuid()).build(), 42);
        assertThat(stream.event(3).identity()).isEmpty();
        assertThat(stream.sequenceOf(stream.event(3).field("a"))).isEmpty();
        assertThat(stream.sequenceOf()).isEmpty();
    }
}
