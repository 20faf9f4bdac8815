package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Outputs that cannot be read are findings of the event that their bytes still name, and not of nothing. */
class UnreadableOutputTest {

    private static final long EVENTS = 200;
    private static final int BROKEN = 117;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final Ledger ALL = SentEvents.ledger(0, EVENTS, ORDERS);

    /** How an output is broken, and what is said of it. */
    private record Breakage(String name, UnaryOperator<byte[]> of, String words) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** How a test reads the output of a system. */
    private record Reading(
            String name, Function<List<byte[]>, Arrivals<?>> arrivals, boolean traced, boolean unchanged) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static byte[] text(byte[] json, UnaryOperator<String> change) {
        return change.apply(new String(json, UTF_8)).getBytes(UTF_8);
    }

    private static Stream<Breakage> breakages() {
        return Stream.of(
                new Breakage("cut off", json -> Arrays.copyOf(json, json.length - 9), "cut off after "),
                new Breakage("cut off early", json -> Arrays.copyOf(json, 60), "cut off after 60 of "),
                new Breakage(
                        "a member twice",
                        json -> text(json, s -> s.replace(",\"channel\"", ",\"customer\":\"x\",\"channel\"")),
                        "not readable as JSON"),
                new Breakage(
                        "the rest overwritten",
                        json -> {
                            byte[] broken = json.clone();
                            Arrays.fill(broken, 70, broken.length, (byte) 0xFF);
                            return broken;
                        },
                        "not readable as JSON"),
                new Breakage(
                        "in an envelope of bytes", json -> text(json, s -> "\0\0\1\2" + s), "not readable as JSON"),
                new Breakage("two in one", json -> text(json, s -> s + s), "not readable as JSON"),
                new Breakage(
                        "in a log line", json -> text(json, s -> "WARN cannot parse " + s), "not readable as JSON"));
    }

    private static Stream<Reading> readings() {
        Function<byte[], Object> parsed = bytes -> {
            NamedValues values = NamedValues.ofText(bytes);
            if (values == null) {
                throw new IllegalArgumentException("no JSON");
            }
            return Map.of("order_id", String.valueOf(values.value("order_id")));
        };
        return Stream.of(
                new Reading(
                        "text",
                        all -> log(all, bytes -> new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)),
                        false,
                        true),
                new Reading("bytes", all -> log(all, bytes -> bytes), false, true),
                new Reading("stored bytes", all -> new Stored(all, bytes -> bytes), false, true),
                new Reading("stored, decoded", all -> new Stored(all, parsed), false, false),
                new Reading("stored, decoded, traced", all -> new Stored(all, parsed), true, false));
    }

    static Stream<List<Object>> cases() {
        return readings().flatMap(reading -> breakages().map(breakage -> List.of(reading, breakage)));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theEventIsCorruptedAndNotAlsoLost(List<Object> pair) {
        Reading reading = (Reading) pair.get(0);
        Breakage breakage = (Breakage) pair.get(1);

        Verdict verdict = verdict(reading, breakage.of);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
        assertThat(verdict.examples(Finding.CORRUPTED).get(0).sequence()).isEqualTo(BROKEN);
        assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                .startsWith(BROKEN + ": ")
                .contains(breakage.words);
        assertThat(findings(verdict(reading, json -> json)))
                .as("the control: whole outputs")
                .isEmpty();
    }

    /** An identity that is null is none, but perhaps the same event is named elsewhere in the record. */
    @Test
    void anIdentityThatIsNullIsSaidToBe() {
        for (boolean elsewhere : new boolean[] {true, false}) {
            Verdict verdict = verdict(
                    readings().findFirst().orElseThrow(),
                    json -> text(
                            json,
                            s -> s.replaceFirst("\"order_id\":(\"[^\"]*\")", "\"order_id\":null")
                                    .replaceFirst(
                                            "}$",
                                            elsewhere
                                                    ? ",\"was\":" + s.replaceAll(".*(\"ord_[^\"]*\").*", "$1") + "}"
                                                    : "}")));

            String words = "its order_id, which identifies an event, is null";
            if (elsewhere) {
                assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 1L));
                assertThat(verdict.examples(Finding.CORRUPTED).get(0).sequence())
                        .isEqualTo(BROKEN);
            } else {
                assertThat(findings(verdict))
                        .containsExactly(Map.entry(Finding.LOST, 1L), Map.entry(Finding.FOREIGN, 1L));
                assertThat(verdict.examples(Finding.FOREIGN).get(0).text()).endsWith(words);
            }
        }
    }

    /** The control: what names no event is foreign, and then the event is lost. */
    @ParameterizedTest
    @MethodSource("readings")
    void whatNamesNoEventIsForeign(Reading reading) {
        for (String poison : List.of("", "\0\0", "{\"order_id\":", "null", "{\"order_id\":\"ord_" + "0".repeat(36))) {
            assertThat(findings(verdict(reading, json -> poison.getBytes(UTF_8))))
                    .as("'%s'", poison)
                    .containsExactly(Map.entry(Finding.LOST, 1L), Map.entry(Finding.FOREIGN, 1L));
        }
    }

    @Test
    void anEventThatShouldHaveNoOutputIsAPhantomAndOneThatNeverWasSentToo() {
        List<byte[]> all = new ArrayList<>();
        Verification<Event, Object> verification = Verification.<Event, Object>of(
                        ORDERS, () -> ALL, e -> e, new Stored(all, bytes -> {
                            throw new IllegalArgumentException("poison");
                        }))
                .expecting(e -> e.sequence() < 3 ? Stream.of(e) : Stream.empty())
                .deadline(Duration.ofMillis(50))
                .clock(new OwnClock());
        for (long n : List.of(0L, 1L, 2L, 50L, EVENTS + 7)) {
            all.add(Arrays.copyOf(ORDERS.event(n).bytes(), 70));
        }

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 3L), Map.entry(Finding.PHANTOM, 2L));
        assertThat(verdict.examples(Finding.PHANTOM))
                .extracting(Verdict.Example::sequence)
                .containsExactly(50L, EVENTS + 7);
    }

    @Test
    void theHeaderThatASystemHandsOnNamesTheEventOfWhatIsWhollyDestroyed() {
        List<byte[]> all = new ArrayList<>();
        Stored arrivals = new Stored(all, bytes -> bytes);
        arrivals.header = SentEvents.header(ORDERS, SentEvents.TAG, 0, BROKEN);
        Verification<Event, Object> verification = Verification.<Event, Object>of(ORDERS, () -> ALL, e -> e, arrivals)
                .deadline(Duration.ofMillis(50))
                .clock(new OwnClock());
        for (long n = 0; n < EVENTS; n++) {
            all.add(n == BROKEN ? new byte[] {0} : ORDERS.event(n).bytes());
        }

        assertThat(verification.await().examples(Finding.CORRUPTED))
                .extracting(Verdict.Example::sequence)
                .containsExactly((long) BROKEN);
    }

    private static Verdict verdict(Reading reading, UnaryOperator<byte[]> broken) {
        List<byte[]> all = new ArrayList<>();
        @SuppressWarnings("unchecked")
        Arrivals<Object> arrivals = (Arrivals<Object>) reading.arrivals.apply(all);
        Verification<Event, Object> verification = Verification.<Event, Object>of(ORDERS, () -> ALL, e -> e, arrivals)
                .deadline(Duration.ofMillis(50))
                .clock(new OwnClock());
        if (reading.traced) {
            verification.tracedBy(record -> ((Map<?, ?>) record).get("order_id"));
        }
        if (!reading.unchanged) {
            verification.comparing("order_id");
        }
        for (long n = 0; n < EVENTS; n++) {
            byte[] json = ORDERS.event(n).bytes();
            all.add(n == BROKEN ? broken.apply(json) : json);
        }
        return verification.await();
    }

    private static Arrivals<Object> log(List<byte[]> all, Function<byte[], ?> record) {
        return Arrivals.log(new java.util.AbstractList<Object>() {
            @Override
            public Object get(int i) {
                return record.apply(all.get(i));
            }

            @Override
            public int size() {
                return all.size();
            }
        });
    }

    /** Records of a target. */
    private static final class Stored implements Arrivals<Object> {

        private final List<byte[]> all;
        private final Function<byte[], ?> decode;
        private int next;
        private byte[] header = new byte[0];

        Stored(List<byte[]> all, Function<byte[], ?> decode) {
            this.all = all;
            this.decode = decode;
        }

        @Override
        public boolean isLog() {
            return true;
        }

        @Override
        public long read(Visitor<? super Object> visitor) {
            int from = next;
            for (; next < all.size(); next++) {
                byte[] handedOn = next == BROKEN ? header : null;
                visitor.stored("t", next, new Arrivals.Stored(false, null, all.get(next), handedOn), decode);
            }
            return (long) next - from;
        }
    }
}
