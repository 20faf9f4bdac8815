package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.reader;
import static io.dataflux.verify.SentEvents.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.SentEvents.Stored;
import io.dataflux.verify.Verdict.Aspect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** A verdict says what it looked at, so that what it did not look at is no surprise. */
class CoverageTest {

    private static final long EVENTS = 500;
    private final CompiledStream orders = orders();
    private final Ledger all = ledger(0, EVENTS, orders);

    private Verdict verdict(CompiledStream stream, UnaryOperator<SinkVerification> with, UnaryOperator<Stored> change)
            throws Exception {
        List<Stored> log = new ArrayList<>(stored(stream, 0, 0, EVENTS, 1));
        log.replaceAll(change);
        return with.apply(SinkVerification.of(ledger(0, EVENTS, stream), "broker", List.of(stream), Routing.EVERYTHING))
                .verify(reader(log));
    }

    @Test
    void aTargetThatKeepsEverythingIsJudgedAsAWhole() throws Exception {
        Verdict verdict = verdict(orders, v -> v, record -> record);

        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.judged())
                .extracting(Aspect::name)
                .containsExactly(
                        "completeness",
                        "nothing else",
                        "repeats",
                        "values",
                        "record keys",
                        "identifying headers",
                        "deletions",
                        "order per key");
        assertThat(verdict.notJudged())
                .extracting(Aspect::name)
                .containsExactly("timestamps, partitions, other headers", "order among keys");
        assertThat(verdict.explained().lines()).hasSize(10).allMatch(line -> line.matches("  (not )?judged  .*"));
    }

    @Test
    void whatTheTargetOrTheSinkDoesNotGiveIsNotJudgedAndTheOptionIsNamed() throws Exception {
        Verdict verdict = verdict(
                orders,
                v -> v.acceptAnyOrder().mayRepeatWhatWasSentAgain().keepsLastPerKey(),
                record -> record.withKey(null).withHeader(null));

        assertThat(how(verdict, "record keys")).isEqualTo("the target keeps none");
        assertThat(how(verdict, "identifying headers")).startsWith("the target keeps none");
        assertThat(how(verdict, "order per key"))
                .contains("the sink does not promise it")
                .contains("ordered: true");
        assertThat(how(verdict, "repeats after a resumption")).contains("transactional: true");
        assertThat(how(verdict, "what the target itself removes")).contains("the last record of each key");
    }

    @Test
    void aStreamWithoutKeysSaysHowItWouldHaveAnOrder() throws Exception {
        CompiledStream keyless = SentEvents.stream(StreamDefinition.named("keyless")
                .identity("id")
                .field("id", Fields.uuid())
                .build());

        assertThat(how(verdict(keyless, v -> v, record -> record), "order per key"))
                .contains("key:");
    }

    @Test
    void severalSourcesHaveNoOrderAmongThem() throws Exception {
        List<Stored> log = new ArrayList<>(stored(orders, 0, 0, EVENTS, 3));
        Verdict each = SentEvents.verdict(all, log, orders);
        log.set(7, log.get(7).in("events-9"));
        Verdict scattered = SentEvents.verdict(all, log, orders);

        assertThat(how(each, "order among sources")).contains("which record of two sources came first");
        assertThat(each.judged()).extracting(Aspect::name).contains("order per key");
        assertThat(how(scattered, "order per key"))
                .contains("keys came in more than one source")
                .contains("a fixed number of partitions");
    }

    @Test
    void eventsWithoutAnAnswerAreCountedAndNotJudged() throws Exception {
        Ledger unknown = ledger(0, EVENTS, n -> true, n -> false, n -> n < 10, orders);
        List<Stored> log = new ArrayList<>(stored(orders, 0, 3, EVENTS, 1));

        assertThat(how(SentEvents.verdict(unknown, log, orders), "events without an answer"))
                .isEqualTo("10 may have been sent and were never answered, so they may be there or not (7 are)");
    }

    @Test
    void ofASystemTheFieldsAndTheDeadLettersAreNamed() {
        List<String> out = new ArrayList<>();
        Arrivals<String> arrivals = Arrivals.log(out);
        for (long n = 0; n < EVENTS; n++) {
            out.add(orders.withTag(SentEvents.TAG).event(n).toString());
        }
        Verdict verdict = Verification.of(orders, () -> all, event -> event, arrivals)
                .settle(Duration.ofMillis(1))
                .await();

        assertThat(how(verdict, "dead letters")).contains("deadLetters(...)");
        assertThat(verdict.judged()).extracting(Aspect::name).contains("values", "order per key");
    }

    private static String how(Verdict verdict, String name) {
        return verdict.notJudged().stream()
                .filter(aspect -> aspect.name().equals(name))
                .findFirst()
                .map(Aspect::how)
                .orElse(name + " is not among " + verdict.notJudged());
    }
}
