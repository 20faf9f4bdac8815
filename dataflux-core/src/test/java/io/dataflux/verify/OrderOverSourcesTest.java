package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.findings;
import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.stored;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Fields;
import io.dataflux.model.Key;
import io.dataflux.model.StreamDefinition;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.SentEvents.Stored;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Order per key where records come from several sources, such as partitions: for every way in which keys lie in sources, every order in
 * which sources are read, what a sink stores and what a system puts out.
 */
class OrderOverSourcesTest {

    /** Longer than what is remembered of a source. */
    private static final int EVENTS = 9 * RecentArrivals.LONGEST / 4;

    private static final int KEYS = 20;
    private static final CompiledStream STREAM = SentEvents.stream(StreamDefinition.named("few")
                    .key(new Key("k{}", KEYS, BigDecimal.ZERO, 1, 1))
                    .identity("id")
                    .field("id", Fields.uuid())
                    .build())
            .withTag(SentEvents.TAG);
    private static final Ledger ALL = ledger(0, EVENTS, STREAM);
    private static final List<Stored> SENT = List.copyOf(stored(STREAM, 0, 0, EVENTS, 1));

    /** Where a system puts its records. */
    private enum Placing {
        ONE(0, (sequence, entity) -> 0),
        BY_KEY(0, (sequence, entity) -> (int) (entity % 3)),
        ONE_KEY_TWICE(1, (sequence, entity) -> entity == 7 && sequence > EVENTS / 2 ? 2 : (int) (entity % 2)),
        ROUND_ROBIN(KEYS, (sequence, entity) -> (int) (sequence / 7 % 3)),
        MORE_PARTITIONS_LATER(16, (sequence, entity) -> (int) (sequence < EVENTS / 2 ? entity % 2 : entity % 5));

        private interface At {
            int source(long sequence, long entity);
        }

        final int scattered;

        @SuppressWarnings("ImmutableEnumChecker") // a function without state
        private final At at;

        Placing(int scattered, At at) {
            this.scattered = scattered;
            this.at = at;
        }

        List<Stored> of(List<Stored> sent) {
            return sent.stream()
                    .map(record -> record.in("out-"
                            + at.source(
                                    record.sequence(),
                                    STREAM.event(record.sequence()).entity())))
                    .toList();
        }
    }

    /** In which order a reader hands over the sources, each of which keeps its own order. */
    private enum Reading {
        AS_WRITTEN(records -> records),
        ONE_AFTER_THE_OTHER(records -> bySource(records, Comparator.naturalOrder())),
        LAST_FIRST(records -> bySource(records, Comparator.reverseOrder())),
        IN_CHUNKS(Reading::chunks);

        @SuppressWarnings("ImmutableEnumChecker") // a function without state
        private final Function<List<Stored>, List<Stored>> order;

        Reading(Function<List<Stored>, List<Stored>> order) {
            this.order = order;
        }

        private static List<Stored> bySource(List<Stored> records, Comparator<String> order) {
            return records.stream()
                    .sorted(Comparator.comparing(Stored::source, order))
                    .toList();
        }

        private static List<Stored> chunks(List<Stored> records) {
            Random random = new Random(4);
            List<List<Stored>> sources = new ArrayList<>(
                    records.stream().collect(java.util.stream.Collectors.groupingBy(Stored::source)).values().stream()
                            .map(ArrayList::new)
                            .toList());
            List<Stored> read = new ArrayList<>();
            while (!sources.isEmpty()) {
                List<Stored> source = sources.get(random.nextInt(sources.size()));
                List<Stored> chunk = source.subList(0, Math.min(source.size(), 1 + random.nextInt(3000)));
                read.addAll(chunk);
                chunk.clear();
                sources.removeIf(List::isEmpty);
            }
            return read;
        }
    }

    /** Who judges. */
    private enum Judge {
        OF_A_SINK {
            @Override
            Verdict of(List<Stored> read) throws Exception {
                return SinkVerification.of(ALL, "broker", List.of(STREAM), Routing.EVERYTHING)
                        .verify(once(read));
            }
        },
        OF_A_SYSTEM {
            @Override
            Verdict of(List<Stored> read) {
                return Verification.<Event, String>of(STREAM, () -> ALL, event -> event, new Records(read))
                        .clock(new OwnClock())
                        .await();
            }
        };

        abstract Verdict of(List<Stored> read) throws Exception;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsInOrderIsNeverReordered(Placing placing) throws Exception {
        for (Judge judge : Judge.values()) {
            for (Reading reading : Reading.values()) {
                Verdict verdict = judge.of(reading.order.apply(placing.of(SENT)));

                assertThat(verdict.clean())
                        .as("%s %s\n%s", judge, reading, verdict)
                        .isTrue();
                assertThat(verdict.judgesOrder()).isEqualTo(placing.scattered == 0);
                if (placing.scattered > 0) {
                    assertThat(verdict.orderNotJudged())
                            .contains(placing.scattered + " of " + KEYS
                                    + " keys came in more than one source, and nothing says which source comes first");
                    assertThat(verdict.facts())
                            .anyMatch(fact -> fact.endsWith(", each once and unchanged, order not judged for "
                                    + placing.scattered + " of " + KEYS + " keys"));
                } else {
                    assertThat(verdict.facts()).anyMatch(fact -> fact.endsWith(", in order per key"));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsOutOfOrderWithinASourceIsFoundHoweverItIsRead(Placing placing) throws Exception {
        long[] farAndNear = {40, EVENTS - 10 * KEYS};
        for (long moved : farAndNear) {
            List<Stored> placed = new ArrayList<>(placing.of(SENT));
            long entity = STREAM.event(moved).entity();
            Stored record = placed.remove((int) moved);
            int after = next(placed, (int) moved, entity, record.source());
            placed.add(after + 1, record);
            long later = placed.get(after).sequence();
            for (Judge judge : Judge.values()) {
                for (Reading reading : Reading.values()) {
                    Verdict verdict = judge.of(reading.order.apply(placed));

                    assertThat(findings(verdict))
                            .as("%s %s\n%s", judge, reading, verdict)
                            .containsExactly(Map.entry(Finding.REORDERED, 1L));
                    assertThat(verdict.examples(Finding.REORDERED).get(0).text())
                            .isEqualTo(moved + " came after " + later + " of the same key (k" + entity + ")");
                }
            }
        }
    }

    /** Where the next record of a key stands in a source. */
    private static int next(List<Stored> placed, int from, long entity, String source) {
        for (int i = from; i < placed.size(); i++) {
            Stored each = placed.get(i);
            if (each.source().equals(source) && STREAM.event(each.sequence()).entity() == entity) {
                return i;
            }
        }
        throw new IllegalStateException("the key has no later event there");
    }

    @Test
    void aKeysFirstEventAtTheVeryEndOfItsSourceIsFoundIfTheKeyIsInThatSourceOnly() throws Exception {
        List<Stored> byKey = new ArrayList<>(Placing.BY_KEY.of(SENT));
        byKey.add(byKey.remove(5));

        for (Judge judge : Judge.values()) {
            for (Reading reading : Reading.values()) {
                assertThat(findings(judge.of(reading.order.apply(byKey))))
                        .containsExactly(Map.entry(Finding.REORDERED, 1L));
            }
        }
    }

    @Test
    void eventsThatAreSentWithoutTheirKeyHaveNoOrder() throws Exception {
        CompiledStream keyless = STREAM.with(
                        definition -> definition.faults(io.dataflux.model.Faults.of("corrupt 5% as null_key")))
                .withTag(SentEvents.TAG);
        Ledger ledger = ledger(0, EVENTS, keyless);
        List<Stored> records = new ArrayList<>();
        for (Stored record : stored(keyless, 0, 0, EVENTS, 1)) {
            boolean without =
                    !keyless.faults(record.sequence(), record.sequence() + 1).isEmpty();
            records.add(without ? record.withKey(null).in("out-" + record.sequence() % 3) : record.in("out-1"));
        }
        assertThat(records).anyMatch(record -> record.key() == null);

        for (Reading reading : Reading.values()) {
            Verdict verdict = SinkVerification.of(ledger, "broker", List.of(keyless), Routing.EVERYTHING)
                    .verify(once(reading.order.apply(records)));

            assertThat(verdict.clean()).as("%s\n%s", reading, verdict).isTrue();
            assertThat(verdict.judgesOrder()).isTrue();
        }
    }

    private static SinkReader once(List<Stored> records) {
        return new SinkReader() {
            private boolean read;

            @Override
            public long read(SinkReader.Visitor visitor) {
                if (read) {
                    return 0;
                }
                read = true;
                records.forEach(
                        each -> visitor.record(each.source(), each.offset(), each.key(), each.value(), each.header()));
                return records.size();
            }

            @Override
            public void close() {}
        };
    }

    private static final class Records implements Arrivals<String> {
        private final SinkReader reader;

        Records(List<SentEvents.Stored> records) {
            reader = once(records);
        }

        @Override
        public boolean isLog() {
            return true;
        }

        @Override
        public long read(Arrivals.Visitor<? super String> visitor) throws Exception {
            return reader.read((source, offset, key, value, header) ->
                    visitor.record(source, offset, new String(value, StandardCharsets.UTF_8)));
        }
    }
}
