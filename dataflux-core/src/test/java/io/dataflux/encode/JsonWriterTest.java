package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.reference.ReferenceText;
import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.EventGenerator.Draw;
import io.dataflux.spi.EventWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Events from code: whatever it writes becomes the JSON that it means, or is refused. */
class JsonWriterTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final Draw AMOUNT = Draw.of("amount");

    private static CompiledStream stream(int maxEventBytes, EventGenerator generator) {
        StreamDefinition definition = StreamDefinition.named("coded")
                .key("user_{}", 100)
                .identity("id")
                .code("test", Map.of())
                .maxEventBytes(maxEventBytes)
                .build();
        Problems problems = new Problems();
        CompiledStream stream =
                CompiledStream.compile(definition, new CompiledStream.Code(generator, 1), 42, "coded", problems);
        problems.throwIfAny("coded");
        return stream;
    }

    private static String written(EventGenerator generator) {
        return new String(Checked.encoded(stream(10_000, generator), new EventState(), 7), StandardCharsets.UTF_8);
    }

    /** Reduced 1000 trees, thorough 30,000. */
    @Test
    void anyTreeIsWrittenAsItsJson() {
        Random random = new Random(5);
        Map<?, ?>[] tree = new Map<?, ?>[1];
        CompiledStream stream = stream(1 << 16, (context, to) -> tree[0].forEach((name, v) -> write(to, "" + name, v)));
        EventState state = new EventState();
        for (int i = 0; i < (THOROUGH ? 30_000 : 1000); i++) {
            tree[0] = object(random, 0);
            String json = new String(Checked.encoded(stream, state, i), StandardCharsets.UTF_8);
            assertThat(json).isEqualTo(ReferenceText.json(tree[0]));
        }
    }

    private static Map<String, Object> object(Random random, int depth) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            object.put("n\"" + i, value(random, depth + 1));
        }
        return object;
    }

    private static Object value(Random random, int depth) {
        switch (random.nextInt(depth < 5 ? 8 : 6)) {
            case 0:
                return null;
            case 1:
                return random.nextBoolean();
            case 2:
                return Character.toString(random.nextInt(0xD800)) + "x".repeat(random.nextInt(40));
            case 3:
                return random.nextLong() >> random.nextInt(64);
            case 4, 5:
                return BigDecimal.valueOf(random.nextLong(), 1 + random.nextInt(18));
            case 6:
                return object(random, depth);
            default:
                List<Object> list = new ArrayList<>();
                for (int i = random.nextInt(4); i > 0; i--) {
                    list.add(value(random, depth + 1));
                }
                return list;
        }
    }

    private static void write(EventWriter to, String name, Object value) {
        if (value == null) {
            to.nothing(name);
        } else if (value instanceof Boolean bool) {
            to.bool(name, bool);
        } else if (value instanceof String text) {
            to.text(name, text);
        } else if (value instanceof Long number) {
            to.integer(name, number);
        } else if (value instanceof BigDecimal decimal) {
            to.decimal(name, decimal.unscaledValue().longValueExact(), decimal.scale());
        } else if (value instanceof Map<?, ?> map) {
            to.beginObject(name);
            map.forEach((inner, v) -> write(to, "" + inner, v));
            to.endObject();
        } else {
            to.beginList(name);
            ((List<?>) value).forEach(v -> write(to, "ignored", v));
            to.endList();
        }
    }

    @Test
    void knowsTheEventsIdentityKeyAndTime() {
        CompiledStream stream = stream(
                1000,
                (event, to) -> to.id("id", "ord_{}")
                        .key("user")
                        .time("at")
                        .integer("n", event.sequence())
                        .integer("entity", event.entity())
                        .integer("occurrence", event.occurrence())
                        .integer("second", event.epochSecond())
                        .integer("nano", event.nano())
                        .integer("amount", 1 + event.bound(AMOUNT, 500)));
        for (long n : new long[] {0, 1, 5001, 1L << 40}) {
            Map<?, ?> event = Checked.parsed(stream.event(n).bytes());
            assertThat(stream.sequenceOf(event.get("id"))).hasValue(n);
            assertThat(event.get("user")).isEqualTo(stream.event(n).key()).isEqualTo("user_" + event.get("entity"));
            assertThat(event.get("at").toString())
                    .startsWith(stream.timeOf(n).toString().substring(0, 19));
            assertThat(event.get("n")).isEqualTo(n);
            assertThat(event.get("occurrence")).isEqualTo(stream.event(n).occurrence());
            assertThat(event.get("second")).isEqualTo(stream.timeOf(n).getEpochSecond());
            assertThat(event.get("nano")).isEqualTo((long) stream.timeOf(n).getNano());
            assertThat((Long) event.get("amount")).isBetween(1L, 500L);
            assertThat(stream.event(n).field("amount")).isEqualTo(event.get("amount"));
        }
    }

    /** A field drawn in code equals the same field of a definition: the path is what counts. */
    @Test
    void drawsWhatADefinitionDraws() {
        CompiledStream coded = stream(1000, (event, to) -> to.integer("amount", event.bound(AMOUNT, 500)));
        CompiledStream declared = Checked.compiled(
                StreamDefinition.named("coded")
                        .key("user_{}", 100)
                        .field("amount", io.dataflux.model.Fields.integer(0, 499))
                        .build(),
                42);
        for (long n = 0; n < 100; n++) {
            assertThat(coded.event(n).bytes()).isEqualTo(declared.event(n).bytes());
        }
    }

    @Test
    void smallestAndLargestNumbers() {
        assertThat(written((event, to) -> to.integer("a", Long.MIN_VALUE)
                        .decimal("b", Long.MIN_VALUE, 18)
                        .decimal("c", Long.MAX_VALUE, 1)
                        .decimal("d", -5, 0)))
                .isEqualTo(
                        "{\"a\":-9223372036854775808,\"b\":-9.223372036854775808,\"c\":922337203685477580.7,\"d\":-5}");
    }

    @Test
    void eventsThatDoNotFitAreRefusedBeforeTheyTouchWhatIsBehind() {
        for (int size = 2; size < 60; size++) {
            int most = size;
            CompiledStream stream = stream(most, (event, to) -> {
                to.beginList("l").beginObject("").beginList("m");
                for (int i = 0; i < 12; i++) {
                    to.integer("", i);
                }
                to.endList().endObject().endList();
            });
            // {"l":[{"m":[0,1,2,3,4,5,6,7,8,9,10,11]}]} has 43 bytes; a number needs room for the longest one
            if (size < 43) {
                assertThatThrownBy(() -> Checked.encoded(stream, new EventState(), 3))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessage("event 3 of 'coded' is larger than " + most + " bytes; raise max_event_bytes");
            }
        }
    }

    @Test
    void whatIsOpenedMustBeClosed() {
        assertThatThrownBy(() -> written((event, to) -> to.beginObject("a").beginList("b")))
                .hasMessage("the generator of 'coded' left 2 objects or lists open in event 7");
        assertThatThrownBy(() -> written((event, to) -> to.beginObject("a").endList()))
                .hasMessage("there is no list to end");
        assertThatThrownBy(() -> written((event, to) -> to.endObject())).hasMessage("there is no object to end");
        assertThatThrownBy(() -> written((event, to) -> {
                    for (int i = 0; i < 40; i++) {
                        to.beginObject("a");
                    }
                }))
                .hasMessage("objects and lists are nested more than 31 deep");
        assertThatThrownBy(() -> written((event, to) -> to.id("id", "ord_")))
                .hasMessage("the pattern 'ord_' needs {} where the id goes");
    }

    /** An event that failed half way leaves nothing behind for the next one. */
    @Test
    void aFailureDoesNotReachTheNextEvent() {
        CompiledStream stream = stream(1000, (event, to) -> {
            to.beginObject("a").integer("n", event.sequence());
            if (event.sequence() == 1) {
                throw new IllegalArgumentException("no event 1");
            }
            to.endObject();
        });
        EventState state = new EventState();
        assertThatThrownBy(() -> Checked.encoded(stream, state, 1)).hasMessage("no event 1");
        assertThat(new String(Checked.encoded(stream, state, 2), StandardCharsets.UTF_8))
                .isEqualTo("{\"a\":{\"n\":2}}");
    }
}
