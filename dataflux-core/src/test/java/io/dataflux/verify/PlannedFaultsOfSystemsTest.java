package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.verify.FaultySending.Delivery;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a system is to make of a stream with planned faults: it drops repeats, and puts aside what is broken. */
class PlannedFaultsOfSystemsTest {

    private static final long EVENTS = 3_000;
    private static final CompiledStream ORDERS = SentEvents.orders()
            .with(
                    definition -> definition.faults(
                            Faults.of(
                                    "late 5% by 8s..30s, duplicate 2% within 50, drop 2%,"
                                            + " reorder 10% within 30, corrupt 2% as truncated or invalid_utf8 or wrong_type or missing_field")));

    record Bill(String orderId, String total) {
        static Bill of(Event event) {
            return new Bill((String) event.field("order_id"), String.valueOf(event.field("total")));
        }
    }

    private final FaultySending sending = new FaultySending(ORDERS, EVENTS);
    private final List<Bill> bills = new ArrayList<>();
    private final List<byte[]> letters = new ArrayList<>();
    private final OwnClock clock = new OwnClock();
    private boolean dropsRepeats = true;

    /** Before anything is sent. */
    private Verification<Bill, Bill> verification() {
        return Verification.of(sending.stream, sending::ledger, Bill::of, Arrivals.log(bills))
                .seedFrom("the test")
                .deadline(Duration.ofSeconds(3))
                .clock(clock);
    }

    private void send() {
        Set<Long> seen = new HashSet<>();
        for (Delivery each : sending.deliveries) {
            if (each.corruption() != null) {
                letters.add(sending.bytes(each));
            } else if (seen.add(each.sequence()) || !dropsRepeats) {
                bills.add(Bill.of(sending.stream.event(each.sequence())));
            }
        }
    }

    private Delivery broken(Corruption corruption) {
        return sending.first(each -> each.corruption() == corruption);
    }

    private Delivery whole() {
        return sending.first(each -> each.corruption() == null && each.sequence() > EVENTS / 2);
    }

    private long dropped() {
        return sending.stream.faults(0, EVENTS).stream()
                .filter(fault -> fault.kind() == FaultKind.DROP)
                .findFirst()
                .orElseThrow()
                .sequence();
    }

    @Test
    void oneThatDropsRepeatsAndPutsAsideWhatIsBrokenIsClean() {
        Verification<Bill, Bill> verification = verification().deadLetters(Arrivals.log(letters));
        send();

        Verdict verdict = verification.await();

        assertThat(verdict.clean()).as("%s", verdict).isTrue();
        assertThat(letters).hasSizeGreaterThan(40);
        assertThat(verdict.expected()).isEqualTo(bills.size() + letters.size());
        assertThat(verdict)
                .hasToString(String.format(
                        Locale.ROOT,
                        """
                        Delivery agrees with stream 'orders' (seed 42 from the test, run 5f3a90c1)
                          expected  : %,d acknowledged, %,d of them with an output, %d corrupt, as dead letters
                          planned   : %s
                          arrived   : %,d records in 2 sources, as planned, in order per key
                          ended     : everything expected arrived, then nothing new for 500 ms""",
                        sending.deliveries.size(),
                        bills.size(),
                        letters.size(),
                        ORDERS.definition().faults(),
                        bills.size() + letters.size()));
    }

    @Test
    void withoutDeadLettersItIsOnlyJudgedThatTheBrokenHaveNoOutput() {
        Verification<Bill, Bill> verification = verification();
        send();

        Verdict verdict = verification.await();

        assertThat(verdict.clean()).as("%s", verdict).isTrue();
        assertThat(verdict.expected()).isEqualTo(bills.size());
    }

    @Test
    void oneThatPassesRepeatsOnDeliversAtLeastOnce() {
        dropsRepeats = false;
        Verification<Bill, Bill> verification = verification().deadLetters(Arrivals.log(letters));
        send();

        Verdict verdict = verification.await();

        long repeats = sending.deliveries.stream().filter(Delivery::copy).count();
        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.DUPLICATE, repeats));
        assertThat(verdict.cleanBut(Finding.DUPLICATE)).isTrue();
        assertThat(verdict.facts())
                .anyMatch(fact -> fact.startsWith("duplicate : " + repeats) && fact.endsWith(", all planned twice"));
    }

    @ParameterizedTest
    @EnumSource(
            value = Corruption.class,
            names = {"TRUNCATED", "INVALID_UTF8", "WRONG_TYPE", "MISSING_FIELD"})
    void aBrokenEventThatIsNowhereIsLost(Corruption corruption) {
        Verification<Bill, Bill> verification = verification().deadLetters(Arrivals.log(letters));
        send();
        byte[] swallowed = sending.bytes(broken(corruption));
        letters.removeIf(letter -> java.util.Arrays.equals(letter, swallowed));

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L));
        Verdict.Example example = verdict.examples(Finding.LOST).get(0);
        assertThat(example.sequence()).isEqualTo(broken(corruption).sequence());
        assertThat(example.text())
                .endsWith(" is not among the dead letters; planned: corrupt (" + corruption.word() + ")");
        assertThat(example.expected()).isEqualTo(new String(swallowed, StandardCharsets.UTF_8));
    }

    @Test
    void aWholeEventAmongTheDeadLettersIsMisroutedAndLost() {
        Verification<Bill, Bill> verification = verification().deadLetters(Arrivals.log(letters));
        send();
        Delivery whole = whole();
        bills.remove(Bill.of(sending.stream.event(whole.sequence())));
        letters.add(sending.bytes(whole));

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L), Map.entry(Finding.MISROUTED, 1L));
        assertThat(verdict.examples(Finding.MISROUTED).get(0).text())
                .startsWith(whole.sequence() + " is a dead letter, but was sent intact (dead letters log offset "
                        + (letters.size() - 1) + ")");
    }

    @Test
    void aDeadLetterThatIsThereTwiceOrAlteredOrOfNobodyIsFound() {
        Verification<Bill, Bill> verification = verification().deadLetters(Arrivals.log(letters));
        send();
        byte[] altered = sending.bytes(broken(Corruption.INVALID_UTF8));
        int at = 0;
        while (!java.util.Arrays.equals(letters.get(at), altered)) {
            at++;
        }
        altered[altered.length - 2] ^= 1;
        letters.set(at, altered);
        letters.add(sending.bytes(broken(Corruption.TRUNCATED)));
        letters.add("nonsense".getBytes(StandardCharsets.UTF_8));

        Verdict verdict = verification.await();

        assertThat(findings(verdict))
                .containsExactly(
                        Map.entry(Finding.DUPLICATE, 1L),
                        Map.entry(Finding.CORRUPTED, 1L),
                        Map.entry(Finding.FOREIGN, 1L));
        assertThat(verdict.examples(Finding.DUPLICATE).get(0).sequence())
                .isEqualTo(broken(Corruption.TRUNCATED).sequence());
        assertThat(verdict.examples(Finding.CORRUPTED).get(0).text())
                .startsWith(broken(Corruption.INVALID_UTF8).sequence()
                        + ": was sent broken, but has other bytes from byte ");
    }

    @Test
    void anOutputOfABrokenEventAndOneOfADroppedEventArePhantoms() {
        Verification<Bill, Bill> verification = verification().deadLetters(Arrivals.log(letters));
        send();
        long broken = broken(Corruption.WRONG_TYPE).sequence();
        bills.add(Bill.of(sending.stream.event(broken)));
        bills.add(Bill.of(sending.stream.event(dropped())));

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.PHANTOM, 2L));
        assertThat(verdict.examples(Finding.PHANTOM))
                .extracting(Object::toString)
                .containsExactly(
                        broken + " should have had no output (log offset " + (bills.size() - 2)
                                + "); planned: corrupt (wrong_type)",
                        dropped() + " was not expected (log offset " + (bills.size() - 1) + "); planned: dropped");
    }

    @Test
    void whatCannotBeReadIsABrokenEventThatWasPassedOn() {
        byte[] cut = sending.bytes(broken(Corruption.TRUNCATED));
        Verification<Bill, Bill> verification = Verification.of(
                        sending.stream, sending::ledger, Bill::of, new Arrivals<Bill>() {
                            private boolean read;

                            @Override
                            public boolean isLog() {
                                return true;
                            }

                            @Override
                            public long read(Visitor<? super Bill> visitor) {
                                if (read) {
                                    return 0;
                                }
                                read = true;
                                visitor.unreadable("bills-0", 0, cut, "cannot be decoded");
                                return 1;
                            }
                        })
                .expecting(bill -> Stream.empty())
                .deadline(Duration.ofSeconds(3))
                .clock(clock);

        Verdict verdict = verification.await();

        assertThat(verdict.examples(Finding.PHANTOM))
                .extracting(Object::toString)
                .containsExactly(broken(Corruption.TRUNCATED).sequence()
                        + " should have had no output (bills-0 offset 0); planned: corrupt (truncated)");
    }

    @Test
    void oneThatLosesLateEventsShowsThatTheyAreLate() {
        Verification<Bill, Bill> verification = verification().deadLetters(Arrivals.log(letters));
        send();
        Set<String> late = new HashSet<>();
        sending.stream.faults(0, EVENTS).stream()
                .filter(fault -> fault.kind() == FaultKind.LATE)
                .forEach(fault ->
                        late.add((String) sending.stream.event(fault.sequence()).field("order_id")));
        bills.removeIf(bill -> late.contains(bill.orderId));

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsOnlyKeys(Finding.LOST);
        assertThat(verdict.facts()).anyMatch(fact -> fact.startsWith("lost      : ") && fact.endsWith(" planned late"));
        assertThat(verdict.examples(Finding.LOST).get(0).text()).contains("; planned: late by ");
    }

    @Test
    void deadLettersMayBeATableAndComeLast() {
        Verification<Bill, Bill> verification = Verification.of(
                        sending.stream, sending::ledger, Bill::of, Arrivals.snapshot(() -> bills))
                .deadLetters(Arrivals.snapshot(() -> letters))
                .deadline(Duration.ofSeconds(30))
                .clock(clock);
        send();
        List<byte[]> later = List.copyOf(letters);
        letters.clear();
        clock.at(200, () -> letters.addAll(later));

        Verdict verdict = verification.await();

        assertThat(verdict.clean()).as("%s", verdict).isTrue();
    }

    @Test
    void anEventsOrderIsThatOfItsSending() {
        Verification<Bill, Bill> verification = verification();
        List<Delivery> inTurn = new ArrayList<>(sending.deliveries);
        inTurn.removeIf(each -> each.copy() || each.corruption() != null);
        inTurn.sort(java.util.Comparator.comparing(Delivery::sequence));
        inTurn.forEach(each -> bills.add(Bill.of(sending.stream.event(each.sequence()))));

        Verdict verdict = verification.await();

        assertThat(findings(verdict)).containsOnlyKeys(Finding.REORDERED);
    }
}
