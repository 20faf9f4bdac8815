package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.catalog.Catalog;
import io.dataflux.model.StreamDefinition;
import io.dataflux.schedule.Identity;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TimeZone;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The same definition, seed and sequence give the same bytes, whatever was computed before, by whom, where. */
class DeterminismTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Reduced 500 events, thorough 20,000. */
    private static final int EVENTS = THOROUGH ? 20_000 : 500;

    /** Fields of the state that are kept from event to event, on purpose. */
    private static final Set<String> CACHES =
            Set.of("secondText", "writer", "writerOf", "regions", "regionsOf", "allRegions");

    /** With everything switched on: sessions; a table; a ramp and slow values. */
    private static final List<StreamDefinition> EVERYTHING =
            DataFlux.streams(Path.of("src/test/resources/io/dataflux/everything.yaml"), Map.of(), Map.of()).stream()
                    .map(stream -> ((CompiledStream) stream).definition())
                    .toList();

    static List<StreamDefinition> definitions() {
        return List.of(
                EVERYTHING.get(0),
                EVERYTHING.get(1),
                EVERYTHING.get(2),
                CompiledEncodingTest.RICH,
                SlowTest.ALL,
                SpreadTest.ALL,
                Catalog.definition("clickstream"),
                Catalog.definition("cdc_debezium"),
                Catalog.definition("device_telemetry"),
                Catalog.definition("parking"));
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void theOrderInWhichEventsAreAskedForMeansNothing(StreamDefinition definition) {
        CompiledStream stream = Checked.compiled(definition, 42);
        List<byte[]> inOrder = new ArrayList<>();
        EventState one = new EventState();
        for (long n = 0; n < EVENTS; n++) {
            inOrder.add(Checked.encoded(stream, one, n));
        }
        List<Long> order = new ArrayList<>(LongStream.range(0, EVENTS).boxed().toList());
        Collections.shuffle(order, new Random(7));
        EventState other = new EventState();
        for (long n : order) {
            assertThat(Checked.encoded(stream, other, n)).isEqualTo(inOrder.get((int) n));
            assertThat(stream.event(n).bytes()).isEqualTo(inOrder.get((int) n));
        }
        long n = 0;
        for (Event event : stream.events(0, EVENTS)) {
            assertThat(event.bytes()).isEqualTo(inOrder.get((int) n++));
        }
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void whatIsLeftInTheStateMeansNothing(StreamDefinition definition) throws IllegalAccessException {
        CompiledStream stream = Checked.compiled(definition, 42);
        CompiledStream other = Checked.compiled(Catalog.definition("iot"), 1);
        EventState clean = new EventState();
        EventState poisoned = new EventState();
        Random random = new Random(3);
        for (long n = 0; n < EVENTS; n++) {
            byte[] expected = Checked.encoded(stream, clean, n);
            Checked.encoded(other, poisoned, n * 31);
            poison(poisoned, random);
            poison(poisoned.slot, random);
            poison(poisoned.life, random);
            poison(poisoned.columns, random);
            poison(poisoned.words, random);
            other.timeline().locate(random.nextLong() >>> 20, poisoned.due);
            assertThat(Checked.encoded(stream, poisoned, n)).isEqualTo(expected);
        }
    }

    private static void poison(RowColumns columns, Random random) {
        columns.begin(true, new byte[8]);
        for (int i = 0; i < 20; i++) {
            columns.note(i, random.nextInt(4), random.nextInt(100), random.nextInt(100));
        }
        columns.end();
    }

    private static void poison(Object state, Random random) throws IllegalAccessException {
        int poisoned = 0;
        for (Field field : state.getClass().getDeclaredFields()) {
            if (CACHES.contains(field.getName()) || Modifier.isStatic(field.getModifiers())) {
                continue;
            }
            field.setAccessible(true);
            if (field.getType() == long.class) {
                field.setLong(state, random.nextLong());
            } else if (field.getType() == int.class) {
                field.setInt(state, random.nextInt());
            } else if (field.getType() == Identity.class) {
                field.set(state, new Identity(random.nextLong(), random.nextInt()));
            } else if (field.getType() == byte[].class) {
                random.nextBytes((byte[]) field.get(state));
            } else {
                assertThat(field.getName())
                        .as("a field that this test cannot poison")
                        .isIn("slot", "life", "columns", "words", "due");
                continue;
            }
            poisoned++;
        }
        assertThat(poisoned).isGreaterThanOrEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("definitions")
    void locatingByShardAndPlaceIsTheSame(StreamDefinition definition) {
        CompiledStream stream = Checked.compiled(definition, 42);
        EventState direct = new EventState();
        EventState byPlace = new EventState();
        byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        for (long n : new long[] {0, 1, 12_345, 1L << 33}) {
            byte[] expected = Checked.encoded(stream, direct, n);
            Instant time = stream.timeOf(n);
            stream.locate(
                    n,
                    stream.schedule().shardOf(n),
                    stream.schedule().localOf(n),
                    time.getEpochSecond(),
                    time.getNano(),
                    byPlace);
            assertThat(java.util.Arrays.copyOf(b, stream.encode(byPlace, b, 0))).isEqualTo(expected);
        }
    }

    /** In Turkish, i and I are not a pair; in Arabic, digits are others; in Kathmandu it is a quarter to. */
    @ParameterizedTest
    @CsvSource({"tr-TR, Asia/Kathmandu", "ar-EG-u-nu-arab, America/St_Johns", "th-TH-u-ca-buddhist, Pacific/Chatham"})
    void languageAndZoneMeanNothing(String language, String zone) {
        List<String> expected = definitions().stream().map(d -> digest(d, 42)).toList();
        Locale locale = Locale.getDefault();
        TimeZone timeZone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag(language));
            TimeZone.setDefault(TimeZone.getTimeZone(zone));
            assertThat(definitions().stream().map(d -> digest(d, 42))).isEqualTo(expected);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(timeZone);
        }
    }

    private static String digest(StreamDefinition definition, long seed) {
        CompiledStream stream = Checked.compiled(definition, seed);
        MessageDigest digest = sha256();
        digest.update(stream.toString().getBytes(StandardCharsets.UTF_8));
        stream.events(0, 200).forEach(event -> digest.update(event.bytes()));
        return HexFormat.of().formatHex(digest.digest());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void anyNumberOfThreadsGivesTheSameDigest(int threads) throws Exception {
        for (StreamDefinition definition : definitions()) {
            CompiledStream stream = Checked.compiled(definition, 42);
            MessageDigest expected = sha256();
            EventState state = new EventState();
            for (long n = 0; n < EVENTS; n++) {
                expected.update(Checked.encoded(stream, state, n));
            }
            assertThat(digest(stream, threads)).isEqualTo(expected.digest());
        }
    }

    /** Ranges in scrambled order, put together in theirs. */
    private static byte[] digest(CompiledStream stream, int threads) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            int range = EVENTS / 20;
            List<Integer> order = new ArrayList<>(
                    java.util.stream.IntStream.range(0, 20).boxed().toList());
            Collections.shuffle(order, new Random(threads));
            Map<Integer, Future<List<byte[]>>> parts = new java.util.TreeMap<>();
            for (int part : order) {
                Callable<List<byte[]>> work = () -> {
                    EventState state = new EventState();
                    return LongStream.range((long) part * range, (part + 1L) * range)
                            .mapToObj(n -> Checked.encoded(stream, state, n))
                            .toList();
                };
                parts.put(part, pool.submit(work));
            }
            MessageDigest digest = sha256();
            for (Future<List<byte[]>> part : parts.values()) {
                part.get().forEach(digest::update);
            }
            return digest.digest();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void theTagOfARunChangesIdentitiesAndNothingElse() {
        CompiledStream stream = Checked.compiled(CompiledEncodingTest.RICH, 42);
        CompiledStream tagged = stream.withTag(0x5F3A90C1);
        assertThat(tagged.fingerprint()).isEqualTo(stream.fingerprint());
        Set<String> identities = Set.of("id", "other", "number", "raw");
        for (long n = 0; n < 50; n++) {
            Map<?, ?> plain = Checked.parsed(stream.event(n).bytes());
            Map<?, ?> other = Checked.parsed(tagged.event(n).bytes());
            plain.forEach((name, value) -> {
                if (identities.contains(name)) {
                    assertThat(other.get(name)).as("%s", name).isNotEqualTo(value);
                } else {
                    assertThat(other.get(name)).as("%s", name).isEqualTo(value);
                }
            });
            assertThat(tagged.sequenceOf(tagged.event(n).identity().get(0))).hasValue(n);
            assertThat(stream.sequenceOf(tagged.event(n).identity().get(0))).isEmpty();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
