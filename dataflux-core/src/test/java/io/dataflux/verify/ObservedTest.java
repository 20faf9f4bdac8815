package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.TAG;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of each arrival, one by one, without a reader around it. */
class ObservedTest {

    private static final long EVENTS = 1000;
    private static final CompiledStream ORDERS = SentEvents.orders().withTag(TAG);
    private static final Difference OTHER = new Difference("total", "total expected 1 but was 2");

    /** Events of the most frequent key, in their order. */
    private static final long[] OF_KEY = {
        ORDERS.sequenceOfOccurrence(0, 0), ORDERS.sequenceOfOccurrence(0, 1), ORDERS.sequenceOfOccurrence(0, 2)
    };

    private final Schedule.Slot slot = new Schedule.Slot();
    private Observed observed = all(true);

    @Test
    void anEventBehindALaterOneOfItsKeyIsReordered() {
        arrives("a", OF_KEY[1]);
        arrives("a", OF_KEY[0]);
        arrives("a", OF_KEY[2]);

        assertThat(observed.count(Finding.REORDERED)).isEqualTo(1);
        assertThat(words(Finding.REORDERED))
                .containsExactly(OF_KEY[0] + ": came after " + OF_KEY[1] + " of the same key (user_0)");
        assertThat(observed.orderNotJudged()).isNull();
        assertThat(observed.judgesOrderInParts()).isFalse();
        assertThat(observed.keys()).isEqualTo(1);
    }

    @Test
    void eventsOfDifferentKeysMayComeInAnyOrder() {
        for (long n = 99; n >= 0; n--) {
            if (ORDERS.event(n).occurrence() == 0) {
                arrives("a", n);
            }
        }

        assertThat(observed.tallies()).isEmpty();
        assertThat(observed.keys()).isGreaterThan(10);
    }

    @Test
    void whereNoOrderIsPromisedOrKnownNoneIsJudged() {
        observed.acceptAnyOrder();
        arrives("a", OF_KEY[1]);
        arrives("a", OF_KEY[0]);
        assertThat(observed.tallies()).isEmpty();
        assertThat(observed.acceptsAnyOrder()).isTrue();
        assertThat(observed.orderNotJudged()).isEqualTo("the sink does not promise it");
        arrives("b", OF_KEY[2]);
        assertThat(observed.judgesOrderInParts()).isFalse();

        observed = all(false);
        arrives("a", OF_KEY[1]);
        arrives("a", OF_KEY[0]);
        arrives("b", OF_KEY[2]);
        assertThat(observed.tallies()).isEmpty();
        assertThat(observed.acceptsAnyOrder()).isFalse();
        assertThat(observed.orderNotJudged()).isEqualTo("a snapshot has no order");
        assertThat(observed.judgesOrderInParts()).isFalse();
    }

    @Test
    void theOrderOfAKeyInSeveralSourcesIsJudgedWithinEach() {
        arrives("a", OF_KEY[1]);
        arrives("b", OF_KEY[0]);
        for (long n = 0; n < 20; n++) {
            if (ORDERS.event(n).entity() != 0 && ORDERS.event(n).occurrence() == 0) {
                arrives("b", n);
            }
        }
        long others = observed.keys() - 1;

        assertThat(observed.tallies()).isEmpty();
        assertThat(observed.scatteredKeys()).isEqualTo(1);
        assertThat(others).isPositive();
        assertThat(observed.orderNotJudged())
                .isEqualTo("1 of " + (others + 1)
                        + " keys came in more than one source, and nothing says which source comes first");
        assertThat(observed.judgesOrderInParts()).isTrue();
        assertThat(observed.sources().count()).isEqualTo(2);

        observed = all(true);
        arrives("a", OF_KEY[2]);
        arrives("b", OF_KEY[0]);
        arrives("a", OF_KEY[1]);
        assertThat(words(Finding.REORDERED))
                .containsExactly(OF_KEY[1] + ": came after " + OF_KEY[2] + " of the same key (user_0)");
    }

    @Test
    void streamsWithoutKeysHaveNoOrderPerKey() {
        CompiledStream one = unkeyed("one");
        observed = new Observed(judged(SentEvents.ledger(0, 10, one), one), (s, n) -> true, true);
        arrives("a", 3);
        arrives("a", 1);
        assertThat(observed.tallies()).isEmpty();
        assertThat(observed.orderNotJudged()).isEqualTo("the stream has no keys");
        assertThat(observed.judgesOrderInParts()).isFalse();

        CompiledStream two = unkeyed("two");
        observed = new Observed(judged(SentEvents.ledger(0, 10, one, two), one, two), (s, n) -> true, true);
        assertThat(observed.orderNotJudged()).isEqualTo("the streams have no keys");

        observed = new Observed(judged(SentEvents.ledger(0, 10, one, ORDERS), one, ORDERS), (s, n) -> true, true);
        assertThat(observed.orderNotJudged()).as("one of them has keys").isNull();
    }

    @Test
    void anEventThatComesAgainIsADuplicateWithTheNumberOfItsCopies() {
        for (int i = 0; i < 4; i++) {
            arrives("a", 17);
        }
        arrives("b", 18);
        arrives("b", 18);

        assertThat(observed.count(Finding.DUPLICATE)).as("events, not copies").isEqualTo(2);
        assertThat(observed.copies()).isEqualTo(4);
        assertThat(observed.tallies().get(Finding.DUPLICATE).sights())
                .extracting(sight -> sight.sequence + " " + sight.times + " times")
                .containsExactly("17 4 times", "18 2 times");
        assertThat(observed.records()).isEqualTo(6);
        assertThat(observed.seen(Standing.ACKNOWLEDGED)).isEqualTo(2);
        assertThat(observed.ours()).as("copies and findings").isEqualTo(6);
    }

    @Test
    void anotherOutputOfAnEventIsNoDuplicate() {
        arrives("a", 17);
        arrives("a", 17, true, null);

        assertThat(observed.copies()).isZero();
        assertThat(observed.tallies()).isEmpty();
    }

    @Test
    void copiesOfWhatWasSentAgainAreCountedAndNoFindingsIfTheTargetAllowsIt() {
        Ledger resumed = resumed(17);
        observed = new Observed(judged(resumed, ORDERS), (s, n) -> true, true);
        assertThat(observed.mayRepeat()).isFalse();
        arrives("a", 17);
        arrives("a", 17);
        assertThat(observed.count(Finding.DUPLICATE)).isEqualTo(1);
        assertThat(observed.repeats()).isZero();

        observed = new Observed(judged(resumed, ORDERS), (s, n) -> true, true);
        observed.mayRepeatWhatWasSentAgain();
        assertThat(observed.mayRepeat()).isTrue();
        arrives("a", 17);
        arrives("a", 17);
        arrives("a", 17);
        arrives("a", 18);
        arrives("a", 18);
        assertThat(observed.repeats()).isEqualTo(2);
        assertThat(observed.copies()).isEqualTo(1);
        assertThat(words(Finding.DUPLICATE)).containsExactly("18: ");
        assertThat(observed.ours()).isEqualTo(4);
    }

    @Test
    void whatWasNotAcknowledgedIsCountedByItself() {
        Ledger ledger = SentEvents.ledger(0, EVENTS, n -> true, n -> n == 7, n -> n == 8, ORDERS);
        observed = new Observed(judged(ledger, ORDERS), (s, n) -> true, true);
        arrives("a", 7);
        arrives("a", 8);
        arrives("a", 9);

        assertThat(words(Finding.RESURRECTED)).containsExactly("7: ");
        assertThat(observed.tallies()).hasSize(1);
        assertThat(observed.seen(Standing.FAILED)).isEqualTo(1);
        assertThat(observed.seen(Standing.UNKNOWN)).isEqualTo(1);
        assertThat(observed.seen(Standing.ACKNOWLEDGED)).isEqualTo(1);
        assertThat(observed.ours())
                .as("one unknown, one failed, and its finding")
                .isEqualTo(3);
    }

    @Test
    void whatWasNeverSentIsAPhantomAndWhatWasMeantForOthersIsMisrouted() {
        observed = new Observed(judged(SentEvents.ledger(0, EVENTS, ORDERS), ORDERS), (s, n) -> n % 2 == 0, true);
        arrives("a", EVENTS + 6);
        arrives("a", EVENTS + 7);
        arrives("a", 7);
        arrives("a", 8);

        assertThat(words(Finding.PHANTOM)).containsExactly((EVENTS + 6) + ": ", (EVENTS + 7) + ": ");
        assertThat(words(Finding.MISROUTED)).containsExactly("7: ");
        assertThat(observed.tallies()).hasSize(2);
        assertThat(observed.seen(Standing.ACKNOWLEDGED)).isEqualTo(1);
        assertThat(observed.ours()).isEqualTo(3);
    }

    @Test
    void anAlteredEventIsCorruptedBesidesWhatElseItIs() {
        arrives("a", 17, false, OTHER);
        arrives("a", 17, false, OTHER);

        assertThat(words(Finding.CORRUPTED)).containsExactly("17: " + OTHER.text(), "17: " + OTHER.text());
        assertThat(observed.count(Finding.DUPLICATE)).isEqualTo(1);
        assertThat(observed.count(Finding.LOST)).isZero();
    }

    @Test
    void deadLettersAreCountedWithoutAnOrder() {
        deadLetter(OF_KEY[1], null);
        deadLetter(OF_KEY[0], OTHER);
        deadLetter(OF_KEY[0], null);
        deadLetter(EVENTS + 3, null);

        assertThat(observed.seen(Standing.ACKNOWLEDGED)).isEqualTo(2);
        assertThat(words(Finding.CORRUPTED)).containsExactly(OF_KEY[0] + ": " + OTHER.text());
        assertThat(words(Finding.DUPLICATE)).containsExactly(OF_KEY[0] + ": ");
        assertThat(words(Finding.PHANTOM)).containsExactly((EVENTS + 3) + ": ");
        assertThat(observed.tallies()).hasSize(3);
    }

    @Test
    void strangersAreCountedAndTheFirstThousandDescribed() {
        List<Integer> described = new ArrayList<>();
        for (int i = 0; i < FindingTally.EXAMPLES + 5; i++) {
            int number = i;
            observed.stranger(
                    observed.record("a"),
                    i,
                    () -> {
                        described.add(number);
                        return "stranger " + number;
                    },
                    null);
        }

        assertThat(observed.count(Finding.FOREIGN)).isEqualTo(FindingTally.EXAMPLES + 5);
        assertThat(described).hasSize(FindingTally.EXAMPLES);
        assertThat(words(Finding.FOREIGN)).hasSize(FindingTally.EXAMPLES).startsWith("-1: stranger 0");
        assertThat(observed.ours()).as("not of this run").isZero();
    }

    @Test
    void aMissingEventIsNamedWithThePlaceWhereItsKeyLives() {
        for (long n = 0; n < EVENTS; n++) {
            if (n != OF_KEY[1]) {
                arrives(ORDERS.event(n).entity() == 0 ? "a" : "b", n);
            }
        }

        Verdict verdict = verdict();

        assertThat(verdict.count(Finding.LOST)).isEqualTo(1);
        assertThat(verdict.expected()).isEqualTo(EVENTS);
        assertThat(observed.tallies().get(Finding.LOST).sights())
                .extracting(sight -> sight.sequence + " in " + sight.source)
                .containsExactly(OF_KEY[1] + " in a");
        assertThat(verdict.facts())
                .anyMatch(fact -> fact.startsWith("lost      : 1    " + OF_KEY[1] + " (key user_0"))
                .noneMatch(fact -> fact.startsWith("ledger"));
        arrives("a", OF_KEY[1]);
        assertThat(verdict().count(Finding.LOST)).as("the next verdict").isZero();
    }

    @Test
    void whenTimeIsUpWhatIsMissingIsCountedAndNotListed() {
        for (long n = 0; n < 300; n++) {
            arrives("a", n);
        }
        int[] looks = new int[1];

        Verdict verdict = observed.verdict(Finding.PENDING, wording(), () -> ++looks[0] < 3);

        assertThat(looks[0]).isEqualTo(3);
        assertThat(verdict.count(Finding.PENDING)).isEqualTo(EVENTS - 300);
        assertThat(observed.tallies().get(Finding.PENDING).notListed()).isEqualTo(EVENTS - 300 - 3 * 64);
        assertThat(verdict.expected()).isEqualTo(EVENTS);
        Verdict later = observed.verdict(Finding.PENDING, wording(), () -> true);
        assertThat(later.count(Finding.PENDING)).isEqualTo(EVENTS - 300);
        assertThat(observed.tallies().get(Finding.PENDING).notListed()).isZero();
    }

    private static CompiledStream unkeyed(String name) {
        return SentEvents.stream(StreamDefinition.named(name)
                        .identity("id")
                        .field("id", Fields.uuid())
                        .build())
                .withTag(TAG);
    }

    /** All acknowledged; one event was sent again by a later attempt. */
    private static Ledger resumed(long again) {
        Ledger whole = SentEvents.ledger(0, EVENTS, ORDERS);
        Schedule.Slot at = new Schedule.Slot();
        ORDERS.schedule().locate(again, at);
        SinkLedger sink = whole.sinks().get(0);
        StreamLedger stream = sink.streams().get(0);
        List<ShardLedger> shards = new ArrayList<>(stream.shards());
        ShardLedger old = shards.get(at.shard);
        shards.set(
                at.shard,
                new ShardLedger(
                        old.acknowledged(),
                        old.failed(),
                        old.unknown(),
                        Ranges.of(at.local, at.local + 1),
                        new Ranges()));
        StreamLedger changed = new StreamLedger(stream.name(), stream.acknowledged(), 0, 0, shards);
        return new Ledger(
                TAG,
                whole.streams(),
                List.of(new SinkLedger(sink.name(), sink.type(), sink.position(), List.of(changed))));
    }

    private static JudgedRun judged(Ledger ledger, CompiledStream... streams) {
        return JudgedRun.of(ledger, "broker", List.of(streams));
    }

    private static Observed all(boolean log) {
        Routing meant = (stream, sequence) -> true;
        return new Observed(judged(SentEvents.ledger(0, EVENTS, ORDERS), ORDERS), meant, log);
    }

    private void arrives(String source, long sequence) {
        arrives(source, sequence, false, null);
    }

    private void arrives(String source, long sequence, boolean further, @Nullable Difference difference) {
        observed.states[0].stream.schedule().locate(sequence, slot);
        observed.event(observed.record(source), observed.records(), 0, sequence, slot, further, difference, null);
    }

    private void deadLetter(long sequence, @Nullable Difference difference) {
        ORDERS.schedule().locate(sequence, slot);
        observed.deadLetter(observed.record("dead"), observed.records(), 0, sequence, slot, difference, null);
    }

    private List<String> words(Finding finding) {
        FindingTally tally = observed.tallies().get(finding);
        return tally == null
                ? List.of()
                : tally.sights().stream().map(s -> s.sequence + ": " + s.what).toList();
    }

    private Wording wording() {
        return Wording.ofSink(observed.judged, "", "at the end", List.of());
    }

    private Verdict verdict() {
        return observed.verdict(Finding.LOST, wording());
    }
}
