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
import io.dataflux.model.Faults;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of each arrival, one by one, without a reader around it. Long, because every kind of arrival is tried by itself. */
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

    @Test
    void whatIsMissingOfSeveralStreamsHasAThousandExamplesInAll() {
        CompiledStream one = unkeyed("one");
        CompiledStream two = unkeyed("two");
        observed = new Observed(judged(SentEvents.ledger(0, 700, one, two), one, two), (s, n) -> true, true);

        assertThat(verdict().count(Finding.LOST)).isEqualTo(1400);
        assertThat(observed.tallies().get(Finding.LOST).sights()).hasSize(FindingTally.EXAMPLES);
    }

    @Test
    void whatATargetHasRemovedIsTheSameInEachVerdict() {
        observed.removals.keepsLastPerKey();
        observed.removals.goneFromStart(Map.of("a", 3L, "b", 2L));
        arrives("a", ORDERS.sequenceOfOccurrence(0, 5));

        long notJudged = notJudged();

        assertThat(observed.removals.words())
                .anyMatch(word -> word.contains("(compaction); "))
                .anyMatch(word -> word.contains("(retention); 5 events from there are not judged"));
        assertThat(notJudged)
                .as("what is missing is lost, or was removed")
                .isEqualTo(EVENTS - 1 - observed.count(Finding.LOST));
        assertThat(notJudged()).isEqualTo(notJudged);
    }

    private long notJudged() {
        verdict();
        return observed.removals.notJudged();
    }

    @Test
    void keysThatDoNotFitIntoMemoryAreNamedIfTheirOrderOverSourcesMatters() {
        observed.states[0].homes.add(1L << 40, 0);
        arrives("a", OF_KEY[0]);
        assertThat(observed.orderNotJudged()).as("one source").isNull();
        assertThat(observed.judgesOrderInParts()).isFalse();

        arrives("b", ORDERS.sequenceOfOccurrence(1, 0));
        assertThat(observed.orderNotJudged())
                .isEqualTo("there were more sources or keys than fit into the memory set aside for it");
        assertThat(observed.judgesOrderInParts()).isTrue();
    }

    /** Further back than a source's recent arrivals are kept, all sources together know what came. */
    @Test
    void anEventThatIsFarTooLateIsReorderedIfItsKeyCameInNoOtherSource() {
        int keys = 2 * RecentArrivals.LONGEST;
        CompiledStream rare = SentEvents.stream(StreamDefinition.named("rare")
                        .key(new Key("k{}", keys, BigDecimal.ZERO, 1, 1)) // each key once in so many events
                        .identity("id")
                        .field("id", Fields.uuid())
                        .build())
                .withTag(TAG);
        long late = keys - 1L;
        long entity = rare.event(late).entity();
        long next = rare.sequenceOfOccurrence(entity, 1);
        long end = next + 1 + RecentArrivals.LONGEST;
        assertThat(rare.sequenceOfOccurrence(entity, 2)).isGreaterThan(end);
        Ledger ledger = SentEvents.ledger(0, end, rare);
        for (String others : List.of("none", "another key", "the same key")) {
            observed = new Observed(judged(ledger, rare), (s, n) -> true, true);
            for (long n = 0; n < end; n++) {
                if (n != late) {
                    boolean elsewhere =
                            n == 5 && others.equals("another key") || n == next && others.equals("the same key");
                    arrives(elsewhere ? "b" : "a", n);
                }
            }
            arrives("a", late);

            assertThat(observed.count(Finding.REORDERED)).as(others).isEqualTo(others.equals("the same key") ? 0 : 1);
        }
    }

    @Test
    void aPlannedCopyIsExpectedWhereItIsAwaited() {
        FaultySending sending = sending("duplicate 20% within 32");
        List<Long> copied = sending.deliveries.stream()
                .filter(FaultySending.Delivery::copy)
                .map(FaultySending.Delivery::sequence)
                .toList();
        Ledger ledger = sending.ledger(each -> each.copy() && each.sequence() == copied.get(3));
        observed = new Observed(judged(ledger, sending.stream), (s, n) -> true, true);
        observed.awaitCopies();
        for (FaultySending.Delivery each : sending.deliveries) {
            if (each.sequence() != copied.get(0) && (!each.copy() || each.sequence() != copied.get(1))) {
                arrives("a", each.sequence());
            }
        }
        arrives("a", copied.get(2));

        Verdict verdict = verdict();

        long planned = sending.deliveries.size();
        assertThat(words(Finding.LOST))
                .containsExactlyInAnyOrder(copied.get(0) + ": ", copied.get(1) + ": came only once");
        assertThat(words(Finding.DUPLICATE)).containsExactly(copied.get(2) + ": ");
        assertThat(observed.tallies().get(Finding.DUPLICATE).sights().get(0).times)
                .isEqualTo(3);
        assertThat(observed.tallies()).as("in the planned order").hasSize(2);
        assertThat(observed.seen(Standing.UNKNOWN)).isEqualTo(1);
        assertThat(observed.seen(Standing.ACKNOWLEDGED)).isEqualTo(planned - 3 - 1);
        assertThat(verdict.expected()).isEqualTo(planned - 1);

        int[] looks = new int[1];
        observed = new Observed(judged(sending.ledger(), sending.stream), (s, n) -> true, true);
        observed.awaitCopies();
        sending.deliveries.stream().filter(each -> !each.copy()).forEach(each -> arrives("a", each.sequence()));
        observed.verdict(Finding.LOST, wording(), () -> ++looks[0] < 2);
        assertThat(looks[0]).isEqualTo(2);
        assertThat(observed.tallies().get(Finding.LOST).notListed()).isEqualTo(copied.size() - 2 * 64L);
    }

    /** If the first of two deliveries is missing, what came late may be the second. */
    @Test
    void anEventThatShouldComeTwiceIsTooLateOnlyBehindTheSecondTime() {
        FaultySending sending = sending("duplicate 20% within 32");
        int between = 0;
        for (FaultySending.Delivery copy : sending.deliveries) {
            long entity = sending.stream.event(copy.sequence()).entity();
            boolean others = sending.deliveries.stream()
                    .anyMatch(each -> !each.copy()
                            && each.sequence() > copy.sequence()
                            && each.shard() == copy.shard()
                            && each.place() < copy.place()
                            && sending.stream.event(each.sequence()).entity() == entity);
            if (copy.copy() && others && between++ < 5) {
                for (boolean atTheEnd : new boolean[] {false, true}) {
                    observed = new Observed(judged(sending.ledger(), sending.stream), (s, n) -> true, true);
                    observed.awaitCopies();
                    for (FaultySending.Delivery each : sending.deliveries) {
                        if (each.sequence() != copy.sequence() || each.copy() && !atTheEnd) {
                            arrives("a", each.sequence());
                        }
                    }
                    assertThat(observed.tallies()).isEmpty();
                    if (atTheEnd) {
                        arrives("a", copy.sequence());
                        assertThat(observed.tallies()).containsOnlyKeys(Finding.REORDERED);
                    }
                }
            }
        }
        assertThat(between).isPositive();
    }

    /** Also behind event 0, where that is planned to come later; but not if the planned copy comes later still. */
    @ParameterizedTest
    @ValueSource(strings = {"reorder 60% within 64", "duplicate 30% within 8, reorder 40% within 64"})
    void anEventIsReorderedBehindOneThatIsPlannedAfterIt(String faults) {
        int[] tried = new int[2];
        for (int stream = 0; stream < 40; stream++) {
            FaultySending sending = sending(faults, stream);
            FaultySending.Delivery first = sending.first(each -> each.sequence() == 0);
            Schedule.Slot at = new Schedule.Slot();
            for (FaultySending.Delivery before : sending.deliveries) {
                sending.stream.schedule().locate(before.sequence(), at);
                if (!before.copy()
                        && before.shard() == first.shard()
                        && before.place() < first.place()
                        && at.entity == sending.stream.event(0).entity()) {
                    observed = new Observed(judged(sending.ledger(), sending.stream), (s, n) -> true, true);
                    arrives("a", 0);
                    arrives("a", before.sequence());
                    boolean copyFollows =
                            observed.states[0].sent.place(before.shard(), before.local(), true) > first.place();
                    tried[copyFollows ? 1 : 0]++;
                    assertThat(words(Finding.REORDERED))
                            .hasSize(copyFollows ? 0 : 1)
                            .allMatch(what -> what.startsWith(before.sequence() + ": came after 0 "));
                }
            }
        }
        assertThat(tried[0]).isPositive();
        assertThat(tried[1] > 0).isEqualTo(faults.startsWith("duplicate"));
    }

    private static FaultySending sending(String faults) {
        return sending(faults, 0);
    }

    /** Few keys, one after the other. */
    private static FaultySending sending(String faults, int stream) {
        return new FaultySending(
                SentEvents.stream(StreamDefinition.named("few" + stream)
                                .key("k{}", 3)
                                .identity("id")
                                .field("id", Fields.uuid())
                                .build())
                        .with(definition -> definition.faults(Faults.of(faults))),
                EVENTS);
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
        return Wording.ofSink(observed.judged, (stream, sequence) -> "", "at the end", List.of());
    }

    private Verdict verdict() {
        return observed.verdict(Finding.LOST, wording());
    }
}
