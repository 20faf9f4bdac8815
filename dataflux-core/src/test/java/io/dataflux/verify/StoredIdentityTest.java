package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static io.dataflux.verify.SentEvents.header;
import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.readings;
import static io.dataflux.verify.SentEvents.stored;
import static io.dataflux.verify.SentEvents.verdict;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.Fields;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How stored records are led back to their events: by the header, by ids, by fields that are unique together. */
class StoredIdentityTest {

    private static final long EVENTS = 3000;
    private static final CompiledStream orders = orders();
    private static final Ledger all = ledger(0, EVENTS, orders);
    private static final List<Stored> ALL = List.copyOf(stored(orders, 0, 0, EVENTS, 4));
    private final List<Stored> log = new ArrayList<>(ALL);

    @Test
    void anEventWhoseIdIsDestroyedIsKnownByItsHeader() throws Exception {
        log.set(512, log.get(512).withValue(text(512).replace("ord_", "0rd_").getBytes(UTF_8)));
        log.set(600, log.get(600).withValue(null));
        log.set(700, log.get(700).withValue("garbage".getBytes(UTF_8)));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.CORRUPTED, 3L));
        assertThat(verdict.examples(Finding.CORRUPTED))
                .extracting(Verdict.Example::sequence)
                .containsExactlyInAnyOrder(512L, 600L, 700L);
    }

    @Test
    void anEventWhoseIdIsDestroyedIsForeignAndLostWithoutAHeader() throws Exception {
        log.set(
                512,
                log.get(512)
                        .withValue(text(512).replace("ord_", "0rd_").getBytes(UTF_8))
                        .withHeader(null));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 1L), Map.entry(Finding.FOREIGN, 1L));
        assertThat(verdict.examples(Finding.LOST).get(0).sequence()).isEqualTo(512);
    }

    @Test
    void withoutHeadersEventsAreKnownByTheirIds() throws Exception {
        log.replaceAll(record -> record.withHeader(null));
        assertThat(verdict(all, log, orders).clean()).isTrue();

        log.remove(2000);
        log.set(
                512,
                log.get(512)
                        .withValue(text(512)
                                .replaceFirst("\"total\":[0-9.]+", "\"total\":1999")
                                .getBytes(UTF_8)));

        assertThat(findings(verdict(all, log, orders)))
                .containsExactly(Map.entry(Finding.LOST, 1L), Map.entry(Finding.CORRUPTED, 1L));
    }

    @Test
    void withoutHeadersEventsAreKnownByFieldsThatAreUniqueTogether() throws Exception {
        CompiledStream readings = readings();
        Ledger ledger = ledger(0, EVENTS, readings);
        List<Stored> stored = new ArrayList<>(stored(readings, 0, 0, EVENTS, 3));
        stored.replaceAll(record -> record.withHeader(null));
        assertThat(verdict(ledger, stored, readings).clean()).isTrue();

        stored.remove(44);

        assertThat(findings(verdict(ledger, stored, readings))).containsExactly(Map.entry(Finding.LOST, 1L));
    }

    @Test
    void eventsOfOneKeyInTheSameSecondAreToldApartByTheirBytes() throws Exception {
        CompiledStream coarse = SentEvents.stream(readings().definition().toBuilder()
                .replace("at", Fields.time(io.dataflux.model.Kind.TimeFormat.ISO_SECONDS))
                .build());
        assertThat(coarse.event(0).time().plusSeconds(1))
                .isAfter(coarse.event(EVENTS).time());
        Ledger ledger = ledger(0, EVENTS, coarse);
        List<Stored> stored = new ArrayList<>(stored(coarse, 0, 0, EVENTS, 3));
        stored.replaceAll(record -> record.withHeader(null));

        assertThat(verdict(ledger, stored, coarse).clean()).isTrue();

        stored.remove(44);
        assertThat(verdict(ledger, stored, coarse).count(Finding.LOST)).isEqualTo(1);
    }

    @Test
    void eventsOfAnotherRunAreForeignAndStandInForNothing() throws Exception {
        CompiledStream other = orders.withTag(0x0badcafe);
        log.set(117, log.get(117).withValue(other.event(117).bytes()).withHeader(header(orders, 0x0badcafe, 0, 117)));
        log.set(118, log.get(118).withValue(other.event(118).bytes()).withHeader(null));

        Verdict verdict = verdict(all, log, orders);

        assertThat(findings(verdict)).containsExactly(Map.entry(Finding.LOST, 2L), Map.entry(Finding.FOREIGN, 2L));
        assertThat(verdict.examples(Finding.FOREIGN))
                .extracting(Verdict.Example::text)
                .anyMatch(text -> text.endsWith(": its header names run 0badcafe"))
                .anyMatch(text -> text.matches(
                        "events-\\d offset \\d+: order_id=ord_[0-9a-f-]{36} belongs to another run or stream"));
    }

    @Test
    void whatNamesNoEventAtAllIsForeign() throws Exception {
        log.add(new Stored("events-0", 99_999, null, "{\"hello\":1}".getBytes(UTF_8), null));

        Verdict verdict = verdict(all, log, orders);

        assertThat(verdict.facts())
                .contains("foreign   : 1    events-0 offset 99999: nothing in it identifies an event");
    }

    @Test
    void streamsThatShareATargetAreToldApart() throws Exception {
        CompiledStream readings = readings();
        Ledger both = ledger(0, EVENTS, orders, readings);
        log.addAll(stored(readings, 1, 0, EVENTS, 4));
        Verdict clean = verdict(both, log, orders, readings);
        log.replaceAll(record -> record.withHeader(null));
        Verdict cleanWithoutHeaders = verdict(both, log, orders, readings);
        log.remove((int) EVENTS + 30);
        log.remove((int) EVENTS + 30);

        Verdict verdict = verdict(both, log, orders, readings);

        assertThat(clean.headline())
                .isEqualTo("Sink 'broker' holds streams 'orders' and 'readings' exactly (seed 42, run 5f3a90c1)");
        assertThat(cleanWithoutHeaders.clean()).isTrue();
        assertThat(verdict.facts())
                .contains("lost      : 2    all of stream 'readings', in events-2, of key sensor-6, [30, 32)")
                .contains("replay    : ./dataflux sample readings --seed 42 --from 30 --count 2");
    }

    private String text(int sequence) {
        return new String(log.get(sequence).value(), UTF_8);
    }
}
