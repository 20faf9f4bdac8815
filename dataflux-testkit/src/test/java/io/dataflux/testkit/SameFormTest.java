package io.dataflux.testkit;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A stream that writes some of its numbers as text: what a system hands on as it is is right, whatever the types of the test's records,
 * and what has another form than it had is found.
 */
class SameFormTest {

    private static final int EVENTS = 60;
    private static final int CHANGED = 17;
    private static final Duration SHORT = Duration.ofMillis(100);
    private static final EventStream TICKETS = DataFlux.stream(
            StreamDefinition.named("tickets")
                    .key("user_{}", 20)
                    .identity("ticket_id")
                    .field("ticket_id", Fields.longId())
                    .field("at", Fields.time())
                    .field("price", Fields.text("[1-9][0-9]\\.[0-9][1-9]"))
                    .field("seats", Fields.integer(1, 9))
                    .field("paid", Fields.bool("50%"))
                    .field(
                            "flight",
                            Fields.object(
                                    "miles",
                                    Fields.text("[1-9][0-9]{3}"),
                                    "gate",
                                    Fields.integer(1, 9),
                                    "lands",
                                    Fields.time()))
                    .field(
                            "stops",
                            Fields.list(2, 3, Fields.object("leaves", Fields.time(), "bay", Fields.integer(1, 9))))
                    .build(),
            42);

    record Flight(long miles, Instant lands) {}

    record Stop(Instant leaves) {}

    /** Reads text as numbers where the stream has text. */
    record Ticket(
            long ticketId, Instant at, BigDecimal price, int seats, boolean paid, Flight flight, List<Stop> stops) {}

    record TextFlight(String miles, Instant lands) {}

    /** Reads everything in its own form. */
    record Plain(
            String ticketId, Instant at, String price, int seats, boolean paid, TextFlight flight, List<Stop> stops) {}

    /** How a test sees the events, and how it reads what comes out. */
    private record Reading(
            String name, boolean bytes, boolean unchanged, boolean plain, Function<List<byte[]>, Verdict> judge) {
        /** Whether the test's type has moments, and not all fields; otherwise it sees text, and all that there is. */
        boolean seesMoments() {
            return !bytes && !name.equals("decoded, of an event") && !name.equals("decoded, of a map");
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Reading> readings() {
        return Stream.of(
                new Reading("bytes", true, true, false, out -> log(Ticket.class, out, bytes -> bytes)),
                new Reading(
                        "text", true, true, false, out -> log(Ticket.class, out, bytes -> new String(bytes, UTF_8))),
                new Reading("bytes, plain", true, true, false, out -> log(Plain.class, out, bytes -> bytes)),
                new Reading(
                        "decoded",
                        false,
                        true,
                        false,
                        out -> stored(Decoder.json(Ticket.class), Ticket.class, out, false)),
                new Reading(
                        "decoded, plain",
                        false,
                        true,
                        true,
                        out -> stored(Decoder.json(Plain.class), Plain.class, out, false)),
                new Reading(
                        "decoded, of an event",
                        false,
                        true,
                        false,
                        out -> stored(Decoder.events(), Ticket.class, out, false)),
                new Reading(
                        "decoded, of a map",
                        false,
                        true,
                        false,
                        out -> stored(Decoder.maps(), Ticket.class, out, false)),
                new Reading(
                        "nodes",
                        false,
                        true,
                        false,
                        out -> stored(Decoder.json(Ticket.class), JsonNode.class, out, false)),
                new Reading(
                        "maps", false, true, false, out -> stored(Decoder.json(Ticket.class), Map.class, out, false)),
                new Reading(
                        "expected",
                        false,
                        false,
                        false,
                        out -> stored(Decoder.json(Ticket.class), Ticket.class, out, true)),
                new Reading(
                        "expected, plain",
                        false,
                        false,
                        true,
                        out -> stored(Decoder.json(Plain.class), Plain.class, out, true)));
    }

    private static <T> Verdict log(Class<T> type, List<byte[]> out, Function<byte[], Object> record) {
        List<Object> records = new ArrayList<>();
        return judge(
                Decoder.json(type),
                Arrivals.log(records),
                (keys, values) -> values.forEach(value -> records.add(record.apply(value))),
                out,
                false);
    }

    private static <T, R> Verdict stored(Decoder<T> decoder, Class<R> type, List<byte[]> out, boolean expecting) {
        MemoryTarget target = new MemoryTarget();
        return judge(
                decoder,
                Arrivals.stored(target, Decoder.ofBytes(type)),
                (key, values) -> {
                    for (int i = 0; i < values.size(); i++) {
                        target.write(key.get(i), values.get(i));
                    }
                },
                out,
                expecting);
    }

    private interface Writing {
        void write(List<byte[]> keys, List<byte[]> values);
    }

    private static final String TAG = "5f3a90c1";

    private static <T, R> Verdict judge(
            Decoder<T> decoder, Arrivals<R> arrivals, Writing writing, List<byte[]> out, boolean expecting) {
        try (TestStream<T> tickets = TestStream.of(TICKETS, 0, EVENTS, decoder).tag(TAG)) {
            tickets.sendTo(Pipeline.into(json -> {}));
            List<byte[]> keys = new ArrayList<>();
            tickets.stream()
                    .events(0, EVENTS)
                    .forEach(event -> keys.add(event.key().getBytes(UTF_8)));
            writing.write(keys, out);
            Verification<T, R> verification =
                    tickets.verify(arrivals).settle(Duration.ZERO).deadline(SHORT);
            return (expecting ? verification.expecting(Stream::of) : verification).await();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<byte[]> sent(UnaryOperator<String> changed) {
        List<byte[]> out = new ArrayList<>();
        try (TestStream<Event> tickets =
                TestStream.of(TICKETS, 0, EVENTS, Decoder.events()).tag(TAG)) {
            for (Event event : tickets.events()) {
                String json = event.toString();
                out.add((event.sequence() == CHANGED ? changed.apply(json) : json).getBytes(UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out;
    }

    /** What a system does to one event: the form that a field gets, and whether its own form was text. */
    private record Change(String field, boolean wasText, UnaryOperator<String> of) {
        @Override
        public String toString() {
            return field;
        }
    }

    private static List<Change> changes() {
        return List.of(
                unquoted("ticket_id"),
                unquoted("price"),
                unquoted("miles"),
                quoted("seats", "[0-9]"),
                quoted("paid", "true|false"),
                new Change("paid as a number", false, json -> json.replaceAll("\"paid\":(true|false)", "\"paid\":1")));
    }

    private static Change unquoted(String field) {
        return new Change(
                field, true, json -> json.replaceAll("\"" + field + "\":\"([0-9.]+)\"", "\"" + field + "\":$1"));
    }

    private static Change quoted(String field, String value) {
        return new Change(
                field, false, json -> json.replaceAll("\"" + field + "\":(" + value + ")", "\"" + field + "\":\"$1\""));
    }

    @ParameterizedTest
    @MethodSource("readings")
    void whatComesOutAsItWasSentIsRight(Reading reading) {
        Verdict verdict = reading.judge.apply(sent(json -> json));

        assertThat(verdict).deliveredExactlyOnce();
        assertThat(verdict.records()).isEqualTo(EVENTS);
    }

    @ParameterizedTest
    @MethodSource("readings")
    void anotherFormIsFound(Reading reading) {
        for (Change change : changes()) {
            assertThat(change.of.apply(text())).as("fired: %s", change).isNotEqualTo(text());

            Verdict verdict = reading.judge.apply(sent(change.of));

            // an expectation says number or text by its own type: a number where it has one is right
            boolean right = !reading.unchanged && !reading.plain && change.wasText;
            assertThat(verdict.count(Finding.CORRUPTED))
                    .as("%s: %s", change, verdict)
                    .isEqualTo(right ? 0 : 1);
            assertThat(verdict.cleanBut(Finding.CORRUPTED))
                    .as("%s: %s", change, verdict)
                    .isTrue();
            assertThat(verdict.examples(Finding.CORRUPTED)).allMatch(example -> example.sequence() == CHANGED);
        }
    }

    @ParameterizedTest
    @MethodSource("readings")
    void aWholeNumberMayHaveAFractionOfZeros(Reading reading) {
        Verdict verdict = reading.judge.apply(sent(json -> json.replaceAll("\"seats\":([0-9])", "\"seats\":$1.00")));

        assertThat(verdict.clean()).as(verdict.toString()).isEqualTo(!reading.bytes);
    }

    /** At the top, in an object and in a list. */
    @ParameterizedTest
    @MethodSource("readings")
    void aMomentMayHaveAnotherFormIfTheTestSeesMoments(Reading reading) {
        for (String name : List.of("at", "lands", "leaves")) {
            String before = "(\"" + name + "\":\"[^\"]*)\\.([0-9]{3})Z";
            assertThat(text().replaceAll(before, "")).as("fired: %s", name).isNotEqualTo(text());

            Verdict same = reading.judge.apply(sent(json -> json.replaceAll(before, "$1.$2000+00:00")));
            Verdict other = reading.judge.apply(sent(json -> json.replaceAll(before, "$1.$2001Z")));

            assertThat(same.clean()).as("%s: %s", name, same).isEqualTo(reading.seesMoments());
            assertThat(other.count(Finding.CORRUPTED)).as("%s: %s", name, other).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("readings")
    void fieldsThatTheTestDoesNotSeeAreNotCompared(Reading reading) {
        Verdict verdict = reading.judge.apply(sent(json -> json.replaceAll("\"(gate|bay)\":([0-9])", "\"$1\":99")));

        assertThat(verdict.clean()).as(verdict.toString()).isEqualTo(!reading.bytes && reading.seesMoments());
    }

    @Test
    void aFindingSaysWhichFieldHasTheWrongForm() {
        Verdict expected = stored(Decoder.json(Ticket.class), Ticket.class, sent(quoted("seats", "[0-9]").of), true);
        Verdict unchanged = stored(Decoder.json(Ticket.class), Ticket.class, sent(unquoted("price").of), false);

        assertThat(expected.examples(Finding.CORRUPTED).get(0).text())
                .startsWith(
                        CHANGED
                                + ": cannot be decoded: this cannot be read as Ticket: at seats: Cannot coerce String value (\"");
        assertThat(unchanged.examples(Finding.CORRUPTED).get(0).text())
                .matches(CHANGED + ": price expected \"(..\\...)\" but was \\1");
    }

    private static String text() {
        return new String(sent(json -> json).get(CHANGED), UTF_8);
    }
}
