package io.dataflux.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Faults;
import io.dataflux.schedule.Schedule;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What a system should make of an event, and under which key, called by itself. */
class ExpectationTest {

    private static final long EVENTS = 300;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(SentEvents.TAG);
    private static final JudgedRun ALL = JudgedRun.of(SentEvents.ledger(0, EVENTS, ORDERS), "broker", List.of(ORDERS));
    private static final Event ORDER = ORDERS.event(5);

    private final StreamState state = new StreamState(ALL.sent(0), sequence -> true);
    private final Schedule.Slot slot = new Schedule.Slot();

    private static Expectation<Long> of(@Nullable Function<Long, ? extends Stream<?>> outputs) {
        return new Expectation<>(Event::sequence, outputs);
    }

    private List<?> outputs(Expectation<?> expectation, long sequence) {
        state.stream.schedule().locate(sequence, slot);
        return expectation.of(state, slot, sequence);
    }

    @Test
    void withoutAFunctionItIsWhatTheTestSees() {
        assertThat(of(null).unchanged()).isTrue();
        assertThat(of(null).input(ORDER)).isEqualTo(5);
        assertThat(outputs(of(null), 5)).isEqualTo(List.of(5L));
        assertThat(of(null).text(ALL, 5)).isEqualTo("5");
        assertThat(of(null).count(ALL)).isEqualTo(new Expectation.Count(EVENTS, EVENTS, 0));
    }

    @Test
    void withAFunctionItIsWhatThatGives() {
        Expectation<Long> some = of(n -> n % 3 == 0 ? Stream.empty() : n % 3 == 1 ? Stream.of(n) : Stream.of(n, "x"));

        assertThat(some.unchanged()).isFalse();
        assertThat(outputs(some, 3)).isEmpty();
        assertThat(outputs(some, 5)).isEqualTo(List.of(5L, "x"));
        assertThat(some.text(ALL, 5)).isEqualTo("5\nx");
        assertThat(some.text(ALL, 3)).isEmpty();
        assertThat(some.count(ALL)).isEqualTo(new Expectation.Count(200, 300, 0));
    }

    @Test
    void aFunctionThatFailsIsNamedWithTheEvent() {
        assertThatThrownBy(() -> outputs(of(n -> Objects.requireNonNull(null, "no rate")), 5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("expecting(...) failed for event 5, " + ORDER + ": java.lang.NullPointerException: no rate")
                .hasCauseInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> outputs(of(n -> null), 5))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("expecting(...) gave null for event 5, " + ORDER + ": return Stream.empty() for no output");
    }

    @Test
    void nothingIsExpectedOfWhatIsSentBrokenOrNotAtAll() {
        FaultySending sending = new FaultySending(
                SentEvents.orders()
                        .with(definition -> definition.faults(Faults.of("drop 5%, corrupt 10% as truncated"))),
                EVENTS);
        JudgedRun judged = JudgedRun.of(sending.ledger(), "broker", List.of(sending.stream));
        StreamState faulty = new StreamState(judged.sent(0), sequence -> true);
        long broken = sending.deliveries.stream()
                .filter(each -> each.corruption() != null)
                .count();
        long whole = sending.deliveries.size() - broken;
        assertThat(broken).isPositive();
        assertThat(whole + broken).isLessThan(EVENTS);

        for (long n = 0; n < EVENTS; n++) {
            sending.stream.schedule().locate(n, slot);
            boolean any = faulty.copies(slot) > 0 && faulty.corruption(slot) == null;
            assertThat(of(null).of(faulty, slot, n)).hasSize(any ? 1 : 0);
        }
        assertThat(of(null).count(judged)).isEqualTo(new Expectation.Count(whole, whole, broken));
        assertThat(of(n -> Stream.of(n, n)).count(judged)).isEqualTo(new Expectation.Count(whole, 2 * whole, broken));
        FaultySending.Delivery cut = sending.first(each -> each.corruption() != null);
        assertThat(of(null).text(judged, cut.sequence()))
                .isEqualTo(new String(sending.bytes(cut), UTF_8))
                .isNotEqualTo(sending.stream.event(cut.sequence()).toString());
    }

    @Test
    void anUnchangedOutputHasTheKeyOfItsEvent() {
        OutputKeys<Long> keys = new OutputKeys<>(of(null), null);
        String key = Objects.requireNonNull(ORDER.key());

        assertThat(keys.judged()).isFalse();
        assertThat(keys.difference(ORDER, key.getBytes(UTF_8))).isNull();
        assertThat(keys.judged()).isTrue();
        assertThat(keys.difference(ORDER, "user_x".getBytes(UTF_8)))
                .isEqualTo(new Difference("key", "key expected \"" + key + "\" but was \"user_x\""));
        assertThat(keys.difference(ORDER, null))
                .isEqualTo(new Difference("key", "key expected \"" + key + "\" but was none"));
        assertThat(keys.difference(ORDER, new byte[] {0, 1}))
                .isEqualTo(new Difference(
                        "key",
                        "key expected " + key.length() + " bytes "
                                + java.util.HexFormat.of().formatHex(key.getBytes(UTF_8))
                                + " but was 2 bytes 0001, from byte 0 on"));
    }

    @Test
    void whatIsMadeOfAnEventHasTheKeyThatTheTestSaysOrAny() {
        OutputKeys<Long> any = new OutputKeys<>(of(n -> Stream.of(n)), null);
        assertThat(any.difference(ORDER, "whatever".getBytes(UTF_8))).isNull();
        assertThat(any.judged()).isFalse();

        OutputKeys<Long> numbers = new OutputKeys<>(of(n -> Stream.of(n)), n -> 2 * n);
        assertThat(numbers.difference(ORDER, "10".getBytes(UTF_8))).isNull();
        assertThat(numbers.difference(ORDER, "5".getBytes(UTF_8))).isNotNull();
        OutputKeys<Long> bytes = new OutputKeys<>(of(null), n -> new byte[] {0, 7});
        assertThat(bytes.difference(ORDER, new byte[] {0, 7})).isNull();
        OutputKeys<Long> none = new OutputKeys<>(of(null), n -> null);
        assertThat(none.difference(ORDER, null)).isNull();
        assertThat(none.judged()).isTrue();
        assertThat(none.difference(ORDER, new byte[] {0, 7}))
                .isEqualTo(new Difference("key", "key expected none but was 2 bytes 0007"));
        OutputKeys<Long> failing = new OutputKeys<>(of(null), n -> Objects.requireNonNull(null, "no key"));
        assertThatThrownBy(() -> failing.difference(ORDER, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("keyedBy(...) failed for event 5, " + ORDER + ": java.lang.NullPointerException: no key")
                .hasCauseInstanceOf(NullPointerException.class);
    }
}
