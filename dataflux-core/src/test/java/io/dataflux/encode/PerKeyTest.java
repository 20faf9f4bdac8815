package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.when;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.Event;
import io.dataflux.model.Field;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Values that belong to a key, and variants that go by it. */
class PerKeyTest {

    private static StreamDefinition.Builder devices(String name) {
        return StreamDefinition.named(name).key("device_{}", 100, "1.0").field("device", key());
    }

    private static CompiledStream compile(StreamDefinition.Builder definition) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(definition.build(), 7, "stream", problems);
        problems.throwIfAny("test");
        return stream;
    }

    private static Map<String, Object> valuesByKey(CompiledStream stream, String path) {
        Map<String, Object> values = new HashMap<>();
        for (Event event : stream.events(0, 5000)) {
            Object value = event.field(path);
            Object first = values.putIfAbsent(event.key(), value);
            assertThat(value)
                    .as("the value of %s in event %s", event.key(), event.sequence())
                    .isEqualTo(first == null ? value : first);
            assertThat(event.toString()).contains("\"" + path + "\":\"" + value + '"');
        }
        return values;
    }

    @Test
    void givesAllEventsOfAKeyTheSameValueAndKeysTheirOwn() {
        Map<String, Object> serials =
                valuesByKey(compile(devices("a").field("serial", perKey(text("[A-Z0-9]{12}")))), "serial");
        assertThat(serials).hasSize(100);
        assertThat(serials.values()).doesNotHaveDuplicates();
    }

    @Test
    void agreesBetweenStreamsWithTheSameKeysAndDiffersBetweenSeeds() {
        Field model = perKey(anyOf("x1", "x2", "x3", "x4"));
        Map<String, Object> models = valuesByKey(compile(devices("a").field("model", model)), "model");
        assertThat(valuesByKey(compile(devices("b").field("n", integer(0, 9)).field("model", model)), "model"))
                .isEqualTo(models);
        CompiledStream other =
                CompiledStream.compile(devices("a").field("model", model).build(), 8, "stream", new Problems());
        assertThat(valuesByKey(other, "model")).isNotEqualTo(models);
    }

    @Test
    void drawsByWeight() {
        CompiledStream stream = compile(
                StreamDefinition.named("a").key("k{}", 10_000).field("kind", perKey(pick("rare", 1, "usual", 9))));
        long rare = valuesByKey(stream, "kind").values().stream()
                .filter("rare"::equals)
                .count();
        assertThat(rare).isBetween(400L, 600L);
    }

    @Test
    void isWhatVariantsAndBoundsCanGoBy() {
        CompiledStream stream = compile(devices("a")
                .field("kind", perKey(anyOf("small", "large")))
                .field("places", when("kind", "small", constant(5), "large", constant(500)))
                .field("capacity", perKey(integer(10, 90)))
                .field("load", integer(0, "capacity"))
                .field("loads", list(3, 3, integer(0, "capacity"))));
        long different = 0;
        for (Event event : stream.events(0, 2000)) {
            assertThat(event.field("places")).isEqualTo("small".equals(event.field("kind")) ? 5L : 500L);
            long capacity = (Long) event.field("capacity");
            assertThat((Long) event.field("load")).isBetween(0L, capacity);
            List<?> loads = (List<?>) event.field("loads");
            assertThat(loads).allSatisfy(load -> assertThat((Long) load).isBetween(0L, capacity));
            different += loads.get(0).equals(loads.get(1)) ? 0 : 1;
        }
        assertThat(different).as("lists whose elements are drawn one by one").isGreaterThan(1800);
    }

    @Test
    void canBeAbsentOrNullForAKeyOnceAndForAll() {
        CompiledStream stream = compile(devices("a")
                .field("owner", perKey(constantlyDrawn().absent("40%")))
                .field("room", perKey(constantlyDrawn().nullable("40%"))));
        Map<String, Boolean> owned = new HashMap<>();
        Map<String, Boolean> placed = new HashMap<>();
        for (Event event : stream.events(0, 3000)) {
            boolean owner = event.toString().contains("owner");
            boolean room = !event.toString().contains("\"room\":null");
            assertThat(owned.computeIfAbsent(event.key(), k -> owner)).isEqualTo(owner);
            assertThat(placed.computeIfAbsent(event.key(), k -> room)).isEqualTo(room);
        }
        assertThat(owned.values()).contains(true, false);
        assertThat(placed.values()).contains(true, false);
    }

    private static Field constantlyDrawn() {
        return text("[a-z]{4}");
    }

    @Test
    void refusesWhatSpeaksOfOtherFieldsAndStreamsWithoutKeys() {
        assertThatThrownBy(() ->
                        compile(devices("a").field("total", integer(5, 9)).field("free", perKey(integer(0, "total")))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "stream.fields.free: per_key needs a value that is drawn and refers to no other field");
        assertThatThrownBy(() -> compile(StreamDefinition.named("a").field("kind", perKey(anyOf("x", "y")))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stream.fields.kind: refers to the key, but the stream has none");
    }

    @Test
    void letsVariantsGoByTheKeyOfFewEntities() {
        CompiledStream stream = compile(StreamDefinition.named("a")
                .key("g\u00e9-{}", 3)
                .field("garage", key())
                .field(
                        "places",
                        when(
                                "garage",
                                "g\u00e9-0",
                                constant(10),
                                "g\u00e9-1",
                                constant(20),
                                "g\u00e9-2",
                                constant(30))));
        for (Event event : stream.events(0, 300)) {
            assertThat(event.field("places")).isEqualTo(10 * (event.entity() + 1));
            assertThat(event.field("garage")).isEqualTo("g\u00e9-" + event.entity());
        }
    }

    @Test
    void refusesVariantsByTheKeyOfManyEntitiesAndByUnknownKeys() {
        StreamDefinition.Builder many = StreamDefinition.named("a")
                .key("g{}", 4097)
                .field("garage", key())
                .field("places", when("garage", "g0", constant(10)));
        assertThatThrownBy(() -> compile(many))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("the key of at most 4096 entities");
        assertThatThrownBy(() -> compile(many.key("g{}", 2).replace("places", when("garage", "g2", constant(10)))))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("'garage' never has the value 'g2'; it has g0, g1");
    }
}
