package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DataFlux;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Faults;
import io.dataflux.verify.SentEvents.Stored;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that are recognised at once, against the same records looked at closely: 40 logs, or 1,000 thorough ones. */
class ExactEventsTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final int EVENTS = 700;
    private static final int PARTITIONS = 3;
    private static final CompiledStream ORDERS = SentEvents.orders();
    private static final CompiledStream READINGS = SentEvents.readings();
    private static final CompiledStream CLICKS = (CompiledStream) DataFlux.stream("clickstream", SentEvents.SEED);
    private static final CompiledStream BROKEN =
            ORDERS.with(definition -> definition.faults(Faults.of("late 2% by 8s..30s, corrupt 5%")));

    /** What happens to some of the records; of {@code NOTHING} and the others that leave an event whole all are recognised. */
    private enum Spoiling {
        NOTHING,
        ONE_BYTE,
        ONE_BYTE_OF_THE_ID,
        TRUNCATED,
        LONGER,
        SPACE,
        OTHER_ORDER,
        OTHER_ID,
        OTHER_TAG,
        NO_VALUE,
        NO_HEADER,
        OTHER_HEADER,
        HEADER_OF_OTHER_STREAM,
        HEADER_OF_OTHER_RUN,
        SHORT_HEADER,
        NO_KEY,
        OTHER_KEY,
        EMPTY_KEY,
        TWICE,
        NEVER_SENT,
        OTHER_STREAM_IN_ITS_PLACE;

        boolean leavesTheValue() {
            return this == NOTHING || compareTo(NO_HEADER) >= 0;
        }
    }

    static LongStream seeds() {
        return LongStream.range(0, THOROUGH ? 1000 : 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void theVerdictIsTheSameAsOfLookingCloserAtEachRecord(long seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        CompiledStream[] streams =
                seed % 4 == 3 ? new CompiledStream[] {BROKEN} : new CompiledStream[] {ORDERS, READINGS, CLICKS};
        boolean kept = random.nextBoolean(); // keys and headers
        Ledger ledger = SentEvents.ledger(0, EVENTS, streams);
        List<Stored> log = new ArrayList<>();
        Map<Spoiling, Integer> done = new EnumMap<>(Spoiling.class);
        for (int n = 0; n < EVENTS + 5; n++) {
            for (int i = 0; i < streams.length; i++) {
                Spoiling kind = random.nextInt(4) > 0
                        ? Spoiling.NOTHING
                        : Spoiling.values()[random.nextInt(Spoiling.values().length)];
                done.merge(kind, 1, Integer::sum);
                Stored spoiled = spoiled(kind, streams, i, n, random);
                log.add(kept ? spoiled : spoiled.withKey(null).withHeader(null));
                if (kind == Spoiling.TWICE) {
                    log.add(log.get(log.size() - 1));
                }
            }
        }
        assertThat(done).containsOnlyKeys(Spoiling.values());

        SinkVerification close = verification(ledger, streams);
        log.forEach(each -> close.lookCloser(each.source(), each.offset(), each.key(), each.value(), each.header()));
        SinkVerification quick = verification(ledger, streams);
        log.forEach(each -> quick.record(each.source(), each.offset(), each.key(), each.value(), each.header()));
        assertSame(quick.verdict(), close.verdict());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7})
    void theVerdictDoesNotDependOnTheNumberOfThreads(int threads) throws Exception {
        CompiledStream[] streams = {ORDERS, READINGS, CLICKS};
        SplittableRandom random = new SplittableRandom(11);
        List<Stored> log = new ArrayList<>();
        for (int n = 0; n < 4 * EVENTS; n++) {
            for (int i = 0; i < streams.length; i++) {
                Spoiling kind = random.nextInt(20) > 0
                        ? Spoiling.NOTHING
                        : Spoiling.values()[random.nextInt(Spoiling.values().length)];
                log.add(spoiled(kind, streams, i, n, random));
            }
        }
        Ledger ledger = SentEvents.ledger(0, 4 * EVENTS, streams);
        SinkVerification close = verification(ledger, streams);
        List<Stored> read = new ArrayList<>();
        SentEvents.reader(log)
                .read((source, offset, key, value, header) -> read.add(new Stored(source, offset, key, value, header)));
        read.forEach(each -> close.lookCloser(each.source(), each.offset(), each.key(), each.value(), each.header()));

        SinkVerification withThreads = verification(ledger, streams).threads(threads);
        withThreads.readAll(SentEvents.reader(log));
        assertThat(withThreads.verdict().clean()).isFalse();
        close.readAll(SentEvents.reader(List.of()));
        assertSame(withThreads.verdict(), close.verdict());
    }

    /** The control: of what is left whole everything is recognised, and of what is not, nothing. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void recognisesWhatIsWholeAndNothingElse(boolean headers) {
        JudgedRun judged = judged(ORDERS, CLICKS);
        ExactEvents exact = new ExactEvents(judged);
        SplittableRandom random = new SplittableRandom(3);
        for (Spoiling kind : Spoiling.values()) {
            RecordBatch batch = new RecordBatch();
            for (int n = 0; n < 100; n++) {
                Stored each = spoiled(kind, new CompiledStream[] {ORDERS, CLICKS}, n % 2, n, random);
                batch.add("events", n, headers ? each.key() : null, each.value(), headers ? each.header() : null);
            }
            exact.recognise(batch);
            boolean known = kind.leavesTheValue()
                    && !(headers
                            && List.of(
                                            Spoiling.OTHER_HEADER,
                                            Spoiling.HEADER_OF_OTHER_STREAM,
                                            Spoiling.HEADER_OF_OTHER_RUN,
                                            Spoiling.OTHER_KEY,
                                            Spoiling.EMPTY_KEY)
                                    .contains(kind));
            assertThat(Arrays.stream(batch.stream, 0, batch.size()).filter(stream -> stream != RecordBatch.UNKNOWN))
                    .as("%s, headers %s", kind, headers)
                    .hasSize(known ? batch.size() : 0);
        }
    }

    @Test
    void noByteOfAnEventCanBeAnyOther() {
        JudgedRun judged = judged(ORDERS, CLICKS);
        ExactEvents exact = new ExactEvents(judged);
        byte[] event = CLICKS.withTag(SentEvents.TAG).event(17).bytes();
        for (int at = 0; at < event.length; at++) {
            RecordBatch batch = new RecordBatch();
            for (int other = 1; other < 256; other++) {
                byte[] changed = event.clone();
                changed[at] ^= (byte) other;
                batch.add("events", other, null, changed, null);
            }
            exact.recognise(batch);
            assertThat(Arrays.stream(batch.stream, 0, batch.size())).containsOnly(RecordBatch.UNKNOWN);
        }
    }

    @Test
    void atLeastOneThreadIsNeeded() {
        assertThatThrownBy(() ->
                        verification(SentEvents.ledger(0, 10, ORDERS), ORDERS).threads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("threads 0: at least one is needed");
    }

    private static JudgedRun judged(CompiledStream... streams) {
        return JudgedRun.ofTarget(SentEvents.ledger(0, EVENTS, streams), "broker", List.of(streams));
    }

    private static SinkVerification verification(Ledger ledger, CompiledStream... streams) {
        return SinkVerification.of(ledger, "broker", List.of(streams), Routing.EVERYTHING);
    }

    private static void assertSame(Verdict quick, Verdict close) {
        assertThat(quick).hasToString(close.toString());
        assertThat(quick.explained()).isEqualTo(close.explained());
        assertThat(quick.findings().map(Verdict.Example::toString))
                .containsExactlyElementsOf(
                        close.findings().map(Verdict.Example::toString).toList());
    }

    private static Stored spoiled(Spoiling kind, CompiledStream[] streams, int index, long n, SplittableRandom random) {
        CompiledStream stream = streams[index].withTag(SentEvents.TAG);
        long entity = stream.event(n).entity();
        byte[] value = sent(stream, n);
        byte[] key = stream.key(entity);
        byte[] header = SentEvents.header(stream, SentEvents.TAG, index, n);
        int otherIndex = (index + 1) % streams.length;
        CompiledStream other = streams[otherIndex].withTag(SentEvents.TAG);
        Stored whole = new Stored("events-" + entity * 7 % PARTITIONS, n, key, value, header);
        String text = new String(value, StandardCharsets.UTF_8);
        return switch (kind) {
            case NOTHING, TWICE -> whole;
            case ONE_BYTE -> whole.withValue(changed(value, random.nextInt(value.length), random));
            case ONE_BYTE_OF_THE_ID ->
                whole.withValue(changed(value, Math.min(value.length - 1, 14 + random.nextInt(36)), random));
            case TRUNCATED -> whole.withValue(Arrays.copyOf(value, random.nextInt(value.length)));
            case LONGER -> whole.withValue(Arrays.copyOf(value, value.length + 1));
            case SPACE -> whole.withValue(bytes(text.replaceFirst(",", ", ")));
            case OTHER_ORDER -> whole.withValue(bytes(text.replaceFirst("^\\{([^,]*),(.*)}$", "{$2,$1}")));
            case OTHER_ID ->
                whole.withValue(bytes(text.replaceFirst(
                        "(:\")[^\"]*", "$1" + stream.event(n + 1).identity().get(0))));
            case OTHER_TAG -> whole.withValue(sent(streams[index].withTag(7), n));
            case NO_VALUE -> whole.withValue(null);
            case NO_HEADER -> whole.withHeader(null);
            case OTHER_HEADER -> whole.withHeader(SentEvents.header(stream, SentEvents.TAG, index, n + 1));
            case HEADER_OF_OTHER_STREAM ->
                whole.withHeader(SentEvents.header(other, other == stream ? 7 : SentEvents.TAG, otherIndex, n + 1));
            case HEADER_OF_OTHER_RUN -> whole.withHeader(SentEvents.header(stream, 7, index, n));
            case SHORT_HEADER -> whole.withHeader(Arrays.copyOf(header, 31));
            case NO_KEY -> whole.withKey(null);
            case OTHER_KEY -> whole.withKey(stream.key((entity + 1) % 50));
            case EMPTY_KEY -> whole.withKey(new byte[0]);
            case NEVER_SENT ->
                whole.withValue(sent(stream, n + 100_000))
                        .withHeader(SentEvents.header(stream, SentEvents.TAG, index, n + 100_000))
                        .withKey(stream.key(stream.event(n + 100_000).entity()));
            case OTHER_STREAM_IN_ITS_PLACE ->
                whole.withValue(sent(other, n))
                        .withHeader(SentEvents.header(other, SentEvents.TAG, otherIndex, n))
                        .withKey(other.key(other.event(n).entity()));
        };
    }

    /** An event as it is planned to be sent. */
    private static byte[] sent(CompiledStream stream, long n) {
        EventState event = new EventState();
        PlannedFaults faults = stream.plannedFaults();
        stream.locate(n, event);
        byte[] bytes = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        int end = faults.encode(event, faults.corruption(event.slot.shard, event.slot.local), bytes, 0);
        return Arrays.copyOf(bytes, end);
    }

    private static byte[] changed(byte[] value, int at, SplittableRandom random) {
        byte[] changed = value.clone();
        changed[at] ^= (byte) (1 + random.nextInt(255));
        return changed;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
