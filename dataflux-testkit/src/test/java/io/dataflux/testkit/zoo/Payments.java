package io.dataflux.testkit.zoo;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.MemorySink;
import io.dataflux.MemorySink.Entry;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.TestStream;
import io.dataflux.testkit.zoo.Topic.Kept;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verdict.Example;
import io.dataflux.verify.Verification;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** What was sent to the systems whose verdicts were wrong once, and how it is judged. */
final class Payments {

    record Payment(long id, String customer, String status, int cents, boolean gift) {}

    static final int EVENTS = 300;
    /** Nobody waits for it. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    static final EventStream STREAM = DataFlux.stream(
            StreamDefinition.named("payments")
                    .key("cust_{}", 20)
                    .identity("id")
                    .field("id", Fields.longId())
                    .field("customer", Fields.key())
                    .field("status", Fields.pick("PAID", 3, "VOID", 1))
                    .field("cents", Fields.integer(100, 9_999))
                    .field("gift", Fields.bool("30%"))
                    .build(),
            7);

    /** The event with which a system does something wrong. */
    static final long ONE = 117;

    private Payments() {}

    static boolean isOne(Entry entry) {
        return entry.sequence() == ONE;
    }

    static String idOf(Entry entry) {
        return entry.text().substring(7, entry.text().indexOf('"', 7));
    }

    static List<Kept> altered(List<Entry> sent, UnaryOperator<Kept> change) {
        List<Kept> out = Topic.copy(sent, entry -> 0);
        for (int i = 0; i < out.size(); i++) {
            if (isOne(sent.get(i))) {
                out.set(i, change.apply(out.get(i)));
            }
        }
        return out;
    }

    static Function<List<Entry>, List<Kept>> oneOf(UnaryOperator<String> change) {
        return sent -> altered(sent, r -> new Kept(0, r.key(), change.apply(r.value())));
    }

    static Function<List<Entry>, List<Kept>> each(UnaryOperator<String> change) {
        return sent -> sent.stream()
                .map(entry -> new Kept(0, entry.keyText(), change.apply(entry.text())))
                .toList();
    }

    static Verdict typed(
            Function<List<Entry>, List<Kept>> system, UnaryOperator<Verification<Payment, Payment>> expecting)
            throws Exception {
        return verdict(
                Decoder.json(Payment.class),
                sent -> new Topic<>(system.apply(sent), Decoder.ofBytes(Payment.class)),
                expecting);
    }

    static Verdict unchanged(Function<List<Entry>, List<Kept>> system) throws Exception {
        return verdict(Decoder.events(), sent -> new Topic<byte[]>(system.apply(sent), bytes -> bytes), v -> v);
    }

    static <T, R> Verdict verdict(
            Decoder<T> decoder, Function<List<Entry>, Arrivals<R>> system, UnaryOperator<Verification<T, R>> expecting)
            throws Exception {
        try (TestStream<T> payments = TestStream.of(STREAM, 0, EVENTS, decoder)) {
            MemorySink memory = MemorySink.keeping();
            payments.sendTo(memory);
            return expecting
                    .apply(soon(payments.verify(system.apply(memory.entries()))))
                    .await();
        }
    }

    static <T, R> Verification<T, R> soon(Verification<T, R> verification) {
        return verification.settle(Duration.ofMillis(20)).deadline(LONGEST);
    }

    static void assertOnly(Verdict verdict, Finding finding) {
        assertThat(verdict.findings().map(Example::finding)).as("%s", verdict).containsExactly(finding);
        assertThat(verdict.findings(finding).map(Example::sequence)).containsExactly(ONE);
        assertThat(verdict.cleanBut(finding)).isTrue();
    }
}
