package io.dataflux.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.Corruption;
import io.dataflux.model.Faults;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.FaultySending.Delivery;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a system put aside, letter by letter. */
class DeadLettersTest {

    private static final long EVENTS = 300;

    private final FaultySending sending = new FaultySending(
            SentEvents.orders()
                    .with(definition ->
                            definition.faults(Faults.of("drop 5%, corrupt 20% as wrong_type or truncated"))),
            EVENTS);
    private final List<Delivery> broken = sending.deliveries.stream()
            .filter(each -> each.corruption() != null)
            .toList();
    private final Delivery silent = broken.get(broken.size() - 1);
    private final Delivery intact = sending.first(each -> each.corruption() == null);
    private final JudgedRun judged =
            JudgedRun.of(sending.ledger(each -> each.equals(silent)), "broker", List.of(sending.stream));
    private final Observed observed = new Observed(judged, (stream, sequence) -> true, true);
    private final List<byte[]> queue = new ArrayList<>();

    private List<String> said(Finding finding) {
        FindingTally tally = observed.tallies().get(finding);
        return tally == null
                ? List.of()
                : tally.sights().stream()
                        .map(sight -> sight.sequence + " at " + sight.source + " " + sight.offset + ": " + sight.what)
                        .toList();
    }

    @Test
    void whatWasSentBrokenShouldBeThereOnceWithItsBrokenBytes() throws Exception {
        DeadLetters letters = new DeadLetters(Arrivals.log(queue), judged);
        Gate gate = new Gate();
        letters.read(gate);
        assertThat(letters.count()).isZero();
        assertThat(letters.hasSeen(0)).isTrue();
        assertThat(letters.hasSeen(1)).isFalse();

        queue.add(sending.bytes(broken.get(0)));
        queue.add(sending.bytes(broken.get(1)));
        letters.read(gate);
        assertThat(letters.count()).isEqualTo(2);
        assertThat(letters.arrived()).isEqualTo(2);
        assertThat(letters.hasSeen(2)).isTrue();
        assertThat(letters.hasSeen(3)).isFalse();

        queue.add(sending.bytes(broken.get(1)));
        queue.add(sending.bytes(silent));
        queue.add(sending.bytes(intact));
        queue.add(sending.stream.event(EVENTS + 7).bytes());
        queue.add("{\"order_id\":\"ord_1\"}".getBytes(UTF_8));
        queue.add("poison".getBytes(UTF_8));
        queue.add(sending.stream.event(broken.get(2).sequence()).bytes());
        letters.read(gate);
        assertThat(letters.count()).isEqualTo(9);
        assertThat(letters.arrived())
                .as("those that were acknowledged, each once")
                .isEqualTo(3);

        letters.judge(observed);

        assertThat(said(Finding.DUPLICATE)).containsExactly(broken.get(1).sequence() + " at dead letters log 2: ");
        assertThat(said(Finding.MISROUTED))
                .containsExactly(intact.sequence() + " at dead letters log 4: is a dead letter, but was sent intact");
        assertThat(said(Finding.PHANTOM)).containsExactly((EVENTS + 7) + " at dead letters log 5: ");
        assertThat(said(Finding.FOREIGN))
                .containsExactly(
                        "-1 at dead letters log 6: order_id=ord_1 belongs to another run or stream",
                        "-1 at dead letters log 7: nothing in it identifies an event");
        assertThat(said(Finding.CORRUPTED))
                .singleElement()
                .asString()
                .startsWith(broken.get(2).sequence() + " at dead letters log 8: ");
        assertThat(observed.tallies()).hasSize(5);
        assertThat(observed.records()).isEqualTo(9);
        assertThat(observed.seen(Standing.ACKNOWLEDGED)).isEqualTo(3);
        assertThat(observed.seen(Standing.UNKNOWN)).isEqualTo(1);
    }

    @Test
    void aWholeEventInPlaceOfItsBrokenOneIsSaidToBeWhole() {
        DeadLetters letters = new DeadLetters(Arrivals.log(queue), judged);
        Map<Corruption, Delivery> kinds =
                broken.stream().collect(Collectors.toMap(Delivery::corruption, each -> each, (one, other) -> one));
        assertThat(kinds).hasSize(2);
        kinds.forEach((kind, each) -> {
            byte[] shorter = new String(sending.bytes(each), UTF_8)
                    .replaceFirst(".$", "")
                    .getBytes(UTF_8);
            letters.record("q", 0, sending.stream.event(each.sequence()).bytes());
            letters.record("q", 1, shorter);
        });
        letters.judge(observed);

        assertThat(said(Finding.CORRUPTED))
                .hasSize(4)
                .filteredOn(text -> text.contains(" 0: "))
                .allMatch(text -> text.contains("intact"));
    }

    @Test
    void aTableOfDeadLettersIsJudgedByItsLastReading() throws Exception {
        DeadLetters letters = new DeadLetters(Arrivals.snapshot(() -> queue), judged);
        Gate gate = new Gate();
        queue.add(sending.bytes(broken.get(0)));
        queue.add(sending.bytes(broken.get(1)));
        letters.read(gate);
        letters.read(gate);
        assertThat(letters.count()).isEqualTo(2);
        assertThat(letters.arrived()).isEqualTo(2);
        queue.remove(0);
        letters.read(gate);
        assertThat(letters.count()).isEqualTo(1);
        assertThat(letters.arrived()).isEqualTo(1);
    }
}
