package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.reader;
import static io.dataflux.verify.SentEvents.stored;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.verify.SentEvents.Stored;
import io.dataflux.verify.Verdict.Example;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first 1,000 examples of a finding leave out is known as well. */
class AllFindingsTest {

    private static final long EVENTS = 11_000;
    /** In every ten: so many are lost, come twice, are altered, are strangers, and were never issued. */
    private static final int OF_TEN = 10;

    private final CompiledStream orders = orders();

    @TempDir
    Path folder;

    @Test
    void everyFindingOfEveryKindIsThereWithItsPlace() throws Exception {
        Ledger ledger = ledger(0, EVENTS, n -> true, n -> n % OF_TEN == 6, n -> false, orders);
        List<Stored> log = broken();

        Verdict verdict = SinkVerification.of(ledger, "broker", List.of(orders), (stream, n) -> n % OF_TEN != 7)
                .reportTo(folder)
                .verify(reader(log));

        Map<Finding, Long> counts = new EnumMap<>(Finding.class);
        verdict.findings().forEach(each -> counts.merge(each.finding(), 1L, Long::sum));
        assertThat(counts.keySet())
                .containsExactlyInAnyOrder(
                        Finding.LOST,
                        Finding.DUPLICATE,
                        Finding.REORDERED,
                        Finding.CORRUPTED,
                        Finding.FOREIGN,
                        Finding.PHANTOM,
                        Finding.MISROUTED,
                        Finding.RESURRECTED);
        counts.forEach((finding, count) -> assertThat(count)
                .as(finding.word())
                .isEqualTo(verdict.count(finding))
                .isGreaterThan(1_000));
        assertThat(sequences(verdict, Finding.LOST)).containsExactlyElementsOf(every(1));
        assertThat(sequences(verdict, Finding.DUPLICATE)).containsExactlyElementsOf(every(2));
        assertThat(sequences(verdict, Finding.CORRUPTED)).containsExactlyElementsOf(every(3));
        assertThat(sequences(verdict, Finding.RESURRECTED)).containsExactlyElementsOf(every(6));
        assertThat(sequences(verdict, Finding.MISROUTED)).containsExactlyElementsOf(every(7));
        Map<Long, String> places = new HashMap<>();
        log.stream()
                .filter(record -> record.header() != null)
                .forEach(record -> places.put(record.sequence(), record.source() + ":" + record.offset()));
        assertThat(verdict.findings(Finding.CORRUPTED))
                .allMatch(each -> "total".equals(each.difference()))
                .allMatch(each -> (each.source() + ":" + each.offset()).equals(places.get(each.sequence())));
        assertThat(verdict.findings(Finding.FOREIGN))
                .allMatch(each -> each.stream() == null && "strangers".equals(each.source()))
                .extracting(Example::offset)
                .containsExactlyElementsOf(
                        LongStream.range(0, EVENTS / OF_TEN).boxed().toList());
        assertThat(verdict.findings()).noneMatch(each -> each.text().isBlank());
        assertFileHasAll(verdict);
    }

    private void assertFileHasAll(Verdict verdict) throws Exception {
        List<String> lines = Files.readAllLines(folder.resolve("events.jsonl"));
        List<Example> all = verdict.findings().toList();
        assertThat(lines).hasSameSizeAs(all);
        ObjectMapper mapper = new ObjectMapper();
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = mapper.readTree(lines.get(i));
            Example each = all.get(i);
            assertThat(line.path("finding").asText()).isEqualTo(each.finding().word());
            assertThat(line.path("sequence").asLong(-1)).isEqualTo(each.sequence());
            assertThat(line.path("offset").asLong(-1)).isEqualTo(each.offset());
            assertThat(line.path("text").asText()).isEqualTo(each.text());
        }
    }

    @Test
    void aVerdictKeepsWhatItFoundWhenMoreIsRecordedAfterIt() throws Exception {
        List<Stored> log = stored(orders, 0, 0, EVENTS, 1);
        Ledger ledger = ledger(0, EVENTS, orders);
        SinkVerification verification = SinkVerification.of(ledger, "broker", List.of(orders), Routing.EVERYTHING);
        Verdict early = verification.verify(reader(log.subList(0, 100)));
        Verdict late = verification.verify(reader(log.subList(100, (int) EVENTS)));

        assertThat(early.findings(Finding.LOST)).hasSize((int) EVENTS - 100);
        assertThat(late.clean()).isTrue();
    }

    @Test
    void moreThanAMillionRecordsAreKnownByTheirEventsOnly() {
        FindingTally tally = new FindingTally(List.of(orders));
        for (int n = 0; n < NoticedPlaces.MOST + 5; n++) {
            tally.event(0, n, 0, 0, "log", n, n % 2 == 0 ? "total" : null, "text " + n);
        }

        assertThat(tally.count()).isEqualTo(NoticedPlaces.MOST + 5);
        assertThat(tally.places().size()).isEqualTo(NoticedPlaces.MOST);
        int last = NoticedPlaces.MOST - 1;
        assertThat(tally.places().offset(last)).isEqualTo(last);
        assertThat(tally.places().source(last)).isEqualTo("log");
        assertThat(tally.places().difference(last)).isNull();
        assertThat(tally.places().difference(last - 1)).isEqualTo("total");
        assertThat(tally.places().what(7)).isEqualTo("text 7");
        assertThat(tally.places().what(last)).isNull();
        assertThat(tally.further().get(0).all())
                .containsExactly(1_000_000L, 1_000_001L, 1_000_002L, 1_000_003L, 1_000_004L);
    }

    /** By the event's number modulo ten: 1 lost, 2 twice, 3 altered, 6 failed but there, 7 for others; then strangers and phantoms. */
    private List<Stored> broken() {
        List<Stored> log = new ArrayList<>();
        List<Stored> swapped = new ArrayList<>();
        for (Stored record : stored(orders, 0, 0, EVENTS, 3)) {
            switch ((int) (record.sequence() % OF_TEN)) {
                case 1 -> {}
                case 2 -> {
                    log.add(record);
                    log.add(record);
                }
                case 3 -> log.add(record.withValue(altered(record.value())));
                case 4, 5 -> swapped.add(0, record);
                default -> log.add(record);
            }
        }
        log.addAll(swapped);
        for (int i = 0; i < EVENTS / OF_TEN; i++) {
            log.add(new Stored("strangers", i, null, "{}".getBytes(StandardCharsets.UTF_8), null));
        }
        log.addAll(stored(orders, 0, EVENTS, EVENTS + EVENTS / OF_TEN, 3));
        return log;
    }

    private static byte[] altered(byte[] value) {
        return new String(value, StandardCharsets.UTF_8)
                .replaceFirst("\"total\":[0-9.]+", "\"total\":1999")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static List<Long> every(int rest) {
        return LongStream.range(0, EVENTS)
                .filter(n -> n % OF_TEN == rest)
                .boxed()
                .toList();
    }

    private static Set<Long> sequences(Verdict verdict, Finding finding) {
        Set<Long> sequences = new TreeSet<>();
        verdict.findings(finding).forEach(each -> sequences.add(each.sequence()));
        return sequences;
    }
}
