package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.reader;
import static io.dataflux.verify.SentEvents.stored;
import static io.dataflux.verify.SentEvents.verdict;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The order of stored events, which is judged per key and within a source. */
class StoredOrderTest {

    private static final long EVENTS = 3000;
    private static final CompiledStream orders = orders();
    private static final Ledger all = ledger(0, EVENTS, orders);
    private static final List<Stored> ALL = List.copyOf(stored(orders, 0, 0, EVENTS, 4));
    private final List<Stored> log = new ArrayList<>(ALL);

    @Test
    void anEventThatComesAfterALaterOneOfItsKeyIsReordered() throws Exception {
        long later = orders.sequenceOfOccurrence(
                orders.event(117).entity(), orders.event(117).occurrence() + 1);
        Stored moved = log.remove(117);
        log.add((int) later, moved);

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.REORDERED, 1L));
        assertThat(verdict.facts()).contains("reordered : 1    117 came after 644 of the same key (user_158)");

        Verdict unordered = SinkVerification.of(all, "broker", List.of(orders), Routing.EVERYTHING)
                .acceptAnyOrder()
                .verify(reader(log));
        assertThat(unordered.clean()).isTrue();
        assertThat(unordered.toString()).contains("order per key was not judged");
    }

    @Test
    void eventsOfDifferentKeysMayComeInAnyOrder() throws Exception {
        List<Stored> byKey = new ArrayList<>(log);
        byKey.sort(java.util.Comparator.comparing(
                record -> orders.event(record.sequence()).entity()));

        assertThat(verdict(all, byKey, orders).clean()).isTrue();
    }

    @Test
    void aSourceThatIsReadBackwardsIsReorderedButForEachKeysLastEvent() throws Exception {
        java.util.Collections.reverse(log);
        long keys = log.stream()
                .map(record -> orders.event(record.sequence()).entity())
                .distinct()
                .count();

        assertThat(findings(verdict(all, log, orders))).containsExactly(Map.entry(Finding.REORDERED, EVENTS - keys));
    }

    @Test
    void anEventThatComesVeryLateIsReorderedToo() throws Exception {
        CompiledStream few = SentEvents.stream(StreamDefinition.named("few")
                .key(new io.dataflux.model.Key("k{}", 3, java.math.BigDecimal.ZERO, 1, 1))
                .identity("id")
                .field("id", Fields.uuid())
                .build());
        int events = 3 * RecentArrivals.LONGEST;
        List<Stored> stored = new ArrayList<>(stored(few, 0, 0, events, 2));
        Ledger ledger = ledger(0, events, few);
        assertThat(verdict(ledger, stored, few).clean()).isTrue();

        stored.add(stored.remove(5));

        assertThat(findings(verdict(ledger, stored, few))).containsExactly(Map.entry(Finding.REORDERED, 1L));
    }

    @Test
    void aStreamWithoutKeysHasNoOrder() throws Exception {
        CompiledStream keyless = SentEvents.stream(StreamDefinition.named("ticks")
                .identity("id")
                .field("id", Fields.uuid())
                .field("value", Fields.integer(0, 99))
                .build());
        List<Stored> stored = new ArrayList<>(stored(keyless, 0, 0, EVENTS, 1));
        java.util.Collections.reverse(stored);

        Verdict verdict = verdict(ledger(0, EVENTS, keyless), stored, keyless);

        assertThat(verdict.clean()).isTrue();
        assertThat(verdict.facts()).contains("arrived   : 3,000 records in events-0, each once and unchanged");
    }
}
