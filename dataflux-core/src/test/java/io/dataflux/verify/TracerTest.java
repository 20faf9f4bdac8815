package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.TAG;
import static io.dataflux.verify.SentEvents.header;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Fields;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.Tracer.Found;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Which event a record is said to be, by its header, its body or its bytes, and what is said of one that is none. */
class TracerTest {

    private static final CompiledStream ORDERS = SentEvents.orders().withTag(TAG);
    private static final CompiledStream READINGS = SentEvents.readings().withTag(TAG);
    private static final CompiledStream RETURNS = identified("returns", Fields.id("ret_{}"));
    private static final CompiledStream TICKETS = identified("tickets", Fields.longId());
    private static final CompiledStream COUNTED = identified("counted", Fields.sequence(0));
    private static final CompiledStream COARSE = SentEvents.stream(READINGS.definition().toBuilder()
                    .replace("at", Fields.time(Kind.TimeFormat.ISO_SECONDS))
                    .build())
            .withTag(TAG);

    private static CompiledStream identified(String name, io.dataflux.model.Field id) {
        return SentEvents.stream(StreamDefinition.named(name)
                        .key("user_{}", 200)
                        .identity("order_id")
                        .field("order_id", id)
                        .field("total", Fields.decimal("1.00", "199.99"))
                        .build())
                .withTag(TAG);
    }

    @Test
    void aHeaderNamesStreamAndSequence() {
        Tracer tracer = new Tracer(List.of(ORDERS, READINGS), TAG);

        found(tracer, tracer.header(header(READINGS, TAG, 1, 17)), 1, 17);
        found(tracer, tracer.header(header(ORDERS, TAG, 0, 0)), 0, 0);
        found(tracer, tracer.header(header(ORDERS, TAG, 0, ORDERS.end() - 1)), 0, ORDERS.end() - 1);
        assertThat(tracer.header(header(ORDERS, TAG, 0, ORDERS.end()))).isEqualTo(Found.STRANGER);
        assertThat(tracer.header(header(ORDERS, TAG, 0, -1))).isEqualTo(Found.STRANGER);
        assertThat(tracer.header(header(ORDERS, TAG + 1, 0, 5))).isEqualTo(Found.STRANGER);
        assertThat(tracer.header(header(RETURNS, TAG, 0, 5))).isEqualTo(Found.STRANGER);
        assertThat(tracer.header(null)).isEqualTo(Found.NOTHING);
        assertThat(tracer.header(Arrays.copyOf(header(ORDERS, TAG, 0, 5), 31))).isEqualTo(Found.NOTHING);
    }

    @Test
    void aBodyIsReadByTheFieldsOfEveryStream() {
        Tracer tracer = new Tracer(List.of(ORDERS, READINGS, RETURNS), TAG);

        for (int i = 0; i < 3; i++) {
            found(tracer, tracer.body(ORDERS.event(17 + i).bytes()), 0, 17 + i);
            found(tracer, tracer.body(READINGS.event(18 + i).bytes()), 1, 18 + i);
            found(tracer, tracer.body(RETURNS.event(19 + i).bytes()), 2, 19 + i);
        }
        assertThat(tracer.body(ORDERS.withTag(7).event(17).bytes())).isEqualTo(Found.STRANGER);
        assertThat(tracer.body("{\"order_id\":null}".getBytes(UTF_8))).isEqualTo(Found.NOTHING);
        assertThat(tracer.body("{\"hello\":1}".getBytes(UTF_8))).isEqualTo(Found.NOTHING);
        assertThat(tracer.body(null)).isEqualTo(Found.NOTHING);
    }

    @Test
    void aStreamWithoutIdentityIsKnownByItsHeadersOnly() {
        CompiledStream plain = SentEvents.stream(
                StreamDefinition.named("plain").field("n", Fields.sequence(0)).build());
        Tracer tracer = new Tracer(List.of(plain), TAG);

        assertThat(tracer.body(plain.event(3).bytes())).isEqualTo(Found.NOTHING);
        found(tracer, tracer.header(header(plain, TAG, 0, 3)), 0, 3);
        assertThat(tracer.scan(plain.event(3).bytes())).isEqualTo(Found.NOTHING);
    }

    @Test
    void anIdentityIsTheWholeValueInAnyFormOfItsNumber() {
        Tracer orders = new Tracer(List.of(ORDERS), TAG);
        String id = ORDERS.event(17).identity().get(0).toString();
        found(orders, orders.identity(id), 0, 17);
        assertThat(orders.lookedFor()).containsExactly(id);
        assertThat(orders.identityText()).isEqualTo("order_id=" + id);
        for (String other : List.of("x" + id, id + "x", id.toUpperCase(Locale.ROOT), "", "17")) {
            assertThat(orders.identity(other)).as(other).isEqualTo(Found.STRANGER);
            assertThat(orders.identityText()).isEqualTo("order_id=" + other);
        }

        Tracer counted = new Tracer(List.of(COUNTED), TAG);
        for (Object form : List.of(17, 17L, "17", 17.0, 17.0f, new BigDecimal("17.00"))) {
            found(counted, counted.identity(form), 0, 17);
        }
        for (Object form : List.of(17.5, Double.NaN, new BigDecimal("1e30"), -1, "-1", "017", "17.0")) {
            assertThat(counted.identity(form)).as("%s", form).isEqualTo(Found.STRANGER);
            assertThat(counted.lookedFor()).containsExactly(form);
        }
    }

    @Test
    void fieldsThatAreUniqueTogetherAreSaidTogether() {
        Tracer tracer = new Tracer(List.of(READINGS), TAG);
        Event reading = READINGS.event(17);

        found(tracer, tracer.identity(String.valueOf(reading.key()), reading.time()), 0, 17);
        assertThat(tracer.lookedFor())
                .as("as the stream writes them")
                .containsExactly(
                        reading.identity().stream().map(Object::toString).toArray());
        assertThat(tracer.identityText())
                .isEqualTo(
                        "sensor=" + reading.key() + ", at=" + reading.identity().get(1));
    }

    @Test
    void anIdWithATagIsFoundAmongAnyBytes() {
        Tracer orders = new Tracer(List.of(ORDERS), TAG);
        String id = ORDERS.event(17).identity().get(0).toString();
        found(orders, orders.scan(ORDERS.event(16).bytes()), 0, 16);
        for (String text :
                List.of(id, "\0\1" + id + "\0", "{\"order_id\":\"" + id, "ORD " + id.toUpperCase(Locale.ROOT))) {
            found(orders, orders.scan(text.getBytes(ISO_8859_1)), 0, 17);
        }
        String other = ORDERS.withTag(7).event(17).identity().get(0).toString();
        found(orders, orders.scan((other + " " + id).getBytes(UTF_8)), 0, 17);
        assertThat(orders.scan(other.getBytes(UTF_8))).isEqualTo(Found.NOTHING);
        assertThat(orders.scan(ORDERS.withTag(7).event(17).bytes())).isEqualTo(Found.STRANGER);
        assertThat(orders.scan(null)).isEqualTo(Found.NOTHING);
        String far = " ".repeat((1 << 20) - id.length());
        found(orders, orders.scan((far + id).getBytes(UTF_8)), 0, 17);
        assertThat(orders.scan((far + " " + id).getBytes(UTF_8)))
                .as("too far away")
                .isEqualTo(Found.NOTHING);

        Tracer tickets = new Tracer(List.of(TICKETS), TAG);
        String number = TICKETS.event(17).identity().get(0).toString();
        found(tickets, tickets.scan(("no. " + number + "!").getBytes(UTF_8)), 0, 17);
    }

    @Test
    void numbersThatAreCountedAndFieldsThatAreUniqueTogetherAreNotSearchedFor() {
        CompiledStream high = identified("high", Fields.sequence(10_000_000));
        Tracer counted = new Tracer(List.of(high), TAG);
        assertThat(counted.identity(10_000_017)).isEqualTo(Found.EVENT);
        assertThat(counted.scan("no. 10000017!".getBytes(UTF_8)))
                .as("any number is one")
                .isEqualTo(Found.NOTHING);

        Tracer few = new Tracer(List.of(COUNTED), TAG);
        assertThat(few.scan("no. 17!".getBytes(UTF_8))).isEqualTo(Found.NOTHING);

        Tracer readings = new Tracer(List.of(READINGS), TAG);
        byte[] cut =
                Arrays.copyOf(READINGS.event(17).bytes(), READINGS.event(17).bytes().length - 1);
        assertThat(readings.scan(("x" + new String(cut, UTF_8).substring(12)).getBytes(UTF_8)))
                .isEqualTo(Found.NOTHING);
    }

    @Test
    void whatIsNoEventOfThisRunIsSaidByItsHeaderElseByItsBody() {
        Tracer tracer = new Tracer(List.of(READINGS, ORDERS), TAG);
        byte[] order = ORDERS.withTag(7).event(17).bytes();
        String id = ORDERS.withTag(7).event(17).identity().get(0).toString();

        assertThat(tracer.stranger(order, header(ORDERS, 7, 0, 17))).isEqualTo("its header names run 00000007");
        assertThat(tracer.stranger(order, header(RETURNS, TAG, 0, 17)))
                .isEqualTo("its header names a stream with fingerprint "
                        + HexFormat.of().toHexDigits(RETURNS.fingerprint()));
        assertThat(tracer.stranger(order, null)).isEqualTo("order_id=" + id + " belongs to another run or stream");
        assertThat(tracer.stranger(order, new byte[3]))
                .isEqualTo("order_id=" + id + " belongs to another run or stream");
        assertThat(tracer.stranger("{\"sensor\":\"s\",\"at\":\"t\"}".getBytes(UTF_8), null))
                .isEqualTo("sensor=s, at=t belongs to another run or stream");
        assertThat(tracer.stranger("{}".getBytes(UTF_8), null)).isEqualTo("nothing in it identifies an event");
        assertThat(tracer.stranger(null, null)).isEqualTo("nothing in it identifies an event");
    }

    @Test
    void theTwinsOfAnEventAreThoseOfItsKeyInTheSameSecond() {
        Tracer tracer = new Tracer(List.of(ORDERS, COARSE), TAG);
        List<Long> twins = new ArrayList<>();
        long last = COARSE.sequenceOfOccurrence(COARSE.event(0).entity(), 200);
        for (long n = 0; n <= last; n++) {
            if (COARSE.event(n).identity().equals(COARSE.event(0).identity())) {
                twins.add(n);
            }
        }
        assertThat(twins.size()).isBetween(2, 199);

        List<Long> found = new ArrayList<>();
        found(tracer, tracer.body(COARSE.event(0).bytes()), 1, 0);
        do {
            found.add(tracer.sequence);
        } while (tracer.nextTwin());

        assertThat(found).isEqualTo(twins);
        assertThat(tracer.sequence).as("it stays at the last one").isEqualTo(twins.get(twins.size() - 1));
    }

    @Test
    void whatDiffersOrIsUniqueAloneHasNoTwin() {
        Tracer readings = new Tracer(List.of(READINGS), TAG);
        for (long n = 0; n < 100; n++) {
            Event reading = READINGS.event(n);
            List<Long> same = new ArrayList<>();
            for (long i = 0; i < 50; i++) {
                long sequence = READINGS.sequenceOfOccurrence(reading.entity(), i);
                if (READINGS.event(sequence).identity().equals(reading.identity())) {
                    same.add(sequence);
                }
            }
            List<Long> found = new ArrayList<>();
            found(readings, readings.body(reading.bytes()), 0, same.get(0));
            do {
                found.add(readings.sequence);
            } while (readings.nextTwin());
            assertThat(found).as("%s", reading).isEqualTo(same).contains(n);
        }

        Tracer orders = new Tracer(List.of(ORDERS), TAG);
        found(orders, orders.body(ORDERS.event(0).bytes()), 0, 0);
        assertThat(orders.nextTwin()).isFalse();
        assertThat(orders.sequence).isZero();

        CompiledStream unkeyed = SentEvents.stream(StreamDefinition.named("unkeyed")
                        .identity("n", "id")
                        .field("n", Fields.pick("a", 1))
                        .field("id", Fields.uuid())
                        .build())
                .withTag(TAG);
        Tracer pairs = new Tracer(List.of(unkeyed), TAG);
        found(pairs, pairs.body(unkeyed.event(4).bytes()), 0, 4);
        assertThat(pairs.nextTwin()).as("no key").isFalse();
    }

    private static void found(Tracer tracer, Found found, int stream, long sequence) {
        assertThat(found).isEqualTo(Found.EVENT);
        assertThat(tracer.stream).isEqualTo(stream);
        assertThat(tracer.sequence).isEqualTo(sequence);
    }
}
