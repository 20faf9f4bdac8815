package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.StreamDefinition;
import io.dataflux.schedule.Mix;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Seeds, streams, events and fields are unrelated: values drawn from compiled streams are compared with what chance would give,
 * at level {@link #ALPHA} for all comparisons of a test together. Each test also runs on a generator with the flaw that it is
 * there to find, and must reject it.
 */
class IndependenceTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final double ALPHA = 1e-6;

    /** Values for each comparison: reduced 2^13, thorough 2^18. */
    private static final int VALUES = 1 << (THOROUGH ? 18 : 13);

    private static final int RECORD_BITS = 26;

    private static final long[] SEEDS = {42, 43, 0};
    private static final long[][] NEIGHBOURING_SEEDS = {
        {42, 43}, {0, 1}, {1, 2}, {-1, 0}, {42, 42 + (1L << 32)}, {42, ~42}, {21, 42}, {42, 42 ^ (1L << 63)}, {7, 1007}
    };
    private static final List<String> STREAMS =
            List.of("orders", "order", "orders2", "orders3", "Orders", "ordersorders");

    /** Fields with 16 values each, all equally likely, but for those with two. */
    private static final List<String> FIELDS = List.of(
            "number",
            "numbes",
            "price",
            "choice",
            "word",
            "letter",
            "letters",
            "items[0]",
            "items[1]",
            "at.number",
            "flag");

    private static final String[] HEX = "0,1,2,3,4,5,6,7,8,9,a,b,c,d,e,f".split(",", -1);

    /** A value as one of {@link #cells} numbers, by what it is a function of. */
    private interface Source {
        int cell(long seed, String stream, String path, long n);
    }

    private static int cells(String path) {
        return path.equals("flag") ? 2 : 16;
    }

    /** The real thing. */
    private static final class Compiled implements Source {
        private final Map<String, Map<Long, CompiledStream>> streams = new HashMap<>();
        private final EventState state = new EventState();

        @Override
        public int cell(long seed, String name, String path, long n) {
            CompiledStream stream = streams.computeIfAbsent(name, key -> new HashMap<>())
                    .computeIfAbsent(seed, key -> stream(name, key));
            stream.locate(n, state);
            Object value = stream.value(state, path);
            if (value instanceof Boolean bool) {
                return bool ? 1 : 0;
            }
            return value instanceof BigDecimal decimal
                    ? decimal.unscaledValue().intValue()
                    : value instanceof Long number ? number.intValue() : Integer.parseInt(value.toString(), 16);
        }

        private static CompiledStream stream(String name, long seed) {
            return Checked.compiled(
                    StreamDefinition.named(name)
                            .rate(1_000_000_000, 1) // so that the stream ends late
                            .field("number", integer(0, 15))
                            .field("numbes", integer(0, 15))
                            .field("price", decimal("0.0", "1.5"))
                            .field("choice", anyOf((Object[]) HEX))
                            .field("word", words("hex", Arrays.asList(HEX), "0"))
                            .field("letter", text("[0-9a-f]"))
                            .field("letters", text("0{3}[a-f0-9]"))
                            .field("items", list(2, 2, integer(0, 15)))
                            .field("at", object("number", integer(0, 15)))
                            .field("flag", bool("50%"))
                            .build(),
                    seed);
        }
    }

    /** A flawed generator: the words of events by a formula, the draws of fields as they should be. */
    private interface Words {
        long word(long seed, long n);

        static Source drawn(Words words) {
            return (seed, stream, path, n) ->
                    (int) Mix.bound(Mix.mix(words.word(seed, n) + Mix.hash(stream) + Mix.hash(path)), cells(path));
        }

        static Source raw(Words words) {
            return (seed, stream, path, n) ->
                    (int) Mix.bound(words.word(seed, n) + Mix.hash(stream) + Mix.hash(path), cells(path));
        }
    }

    private static final Source SEED_XOR_INDEX = Words.drawn((seed, n) -> seed ^ n);
    private static final Source SEED_PLUS_INDEX = Words.drawn((seed, n) -> seed + n);
    private static final Source RAW_COUNTER = Words.raw((seed, n) -> Mix.mix(seed) + n);
    private static final Source RAW_STEPS = Words.raw((seed, n) -> Mix.mix(seed) + Mix.GAMMA * n);
    private static final Source LOW_BITS_ONLY = Words.drawn((seed, n) -> Mix.mix(seed) + Mix.GAMMA * (int) n);
    private static final Source NO_PATH =
            (seed, stream, path, n) -> (int) Mix.bound(Mix.mix(Mix.mix(seed) + Mix.GAMMA * n), cells(path));
    private static final Source NO_NAME = (seed, stream, path, n) ->
            (int) Mix.bound(Mix.mix(Mix.mix(Mix.mix(seed) + Mix.GAMMA * n) + Mix.hash(path)), cells(path));

    @Test
    void seedsShareNoMoreRecordsThanChance() {
        assertThat(acrossSeeds(new Compiled()).rejected(ALPHA)).isEmpty();
        assertThat(acrossSeeds(SEED_XOR_INDEX).rejected(ALPHA)).isNotEmpty();
        assertThat(acrossSeeds(SEED_PLUS_INDEX).rejected(ALPHA)).isNotEmpty();
        assertThat(acrossSeeds(RAW_COUNTER).rejected(ALPHA)).isNotEmpty();
    }

    @Test
    void neighbouringEventsAreUnrelated() {
        assertThat(neighbours(new Compiled()).rejected(ALPHA)).isEmpty();
        assertThat(neighbours(RAW_COUNTER).rejected(ALPHA)).isNotEmpty();
        assertThat(neighbours(RAW_STEPS).rejected(ALPHA)).isNotEmpty();
    }

    @Test
    void eventsAPowerOfTwoApartAreUnrelated() {
        assertThat(strides(new Compiled()).rejected(ALPHA)).isEmpty();
        assertThat(strides(RAW_COUNTER).rejected(ALPHA)).isNotEmpty();
        assertThat(strides(LOW_BITS_ONLY).rejected(ALPHA)).isNotEmpty();
    }

    @Test
    void fieldsOfAnEventAreUnrelated() {
        assertThat(fields(new Compiled()).rejected(ALPHA)).isEmpty();
        assertThat(fields(NO_PATH).rejected(ALPHA)).isNotEmpty();
        assertThat(fields(RAW_STEPS).rejected(ALPHA)).isNotEmpty();
    }

    @Test
    void streamsOfOneSeedAreUnrelated() {
        assertThat(streams(new Compiled()).rejected(ALPHA)).isEmpty();
        assertThat(streams(NO_NAME).rejected(ALPHA)).isNotEmpty();
        assertThat(streams(RAW_COUNTER).rejected(ALPHA)).isNotEmpty();
    }

    /** As multisets: how many pairs of equal records there are; by positions: how often event n is the same. */
    private static Chance acrossSeeds(Source source) {
        Chance chance = new Chance();
        for (long[] seeds : NEIGHBOURING_SEEDS) {
            String name = "seeds " + seeds[0] + ", " + seeds[1];
            shared(chance, name, source, seeds[0], "orders", seeds[1], "orders");
            positions(chance, name, source, seeds[0], "orders", seeds[1], "orders");
        }
        return chance;
    }

    private static void shared(
            Chance chance, String name, Source source, long seed, String stream, long otherSeed, String other) {
        int records = VALUES / 2;
        Map<Integer, Integer> counts = new HashMap<>();
        for (int n = 0; n < records; n++) {
            counts.merge(record(source, seed, stream, n), 1, Integer::sum);
        }
        long shared = 0;
        for (int n = 0; n < records; n++) {
            shared += counts.getOrDefault(record(source, otherSeed, other, n), 0);
        }
        chance.rare(name + ": shared records", shared, (double) records * records / (1 << RECORD_BITS));
    }

    /** {@link #RECORD_BITS} bits of an event. */
    private static int record(Source source, long seed, String stream, long n) {
        int record = 0;
        for (String path : List.of("number", "choice", "price", "word", "letter", "letters")) {
            record = record << 4 | source.cell(seed, stream, path, n);
        }
        return record << 2 | source.cell(seed, stream, "flag", n) << 1 | source.cell(seed, stream, "numbes", n) & 1;
    }

    private static void positions(
            Chance chance, String name, Source source, long seed, String stream, long otherSeed, String other) {
        for (String path : List.of("flag", "number", "choice")) {
            int cells = cells(path);
            long[][] table = new long[cells][cells];
            for (long n = 0; n < VALUES; n++) {
                table[source.cell(seed, stream, path, n)][source.cell(otherSeed, other, path, n)]++;
            }
            chance.pairs(name + ": positions, " + path, table);
        }
    }

    /** A boolean equals its neighbour in half of the pairs; all pairs of values are equally likely. */
    private static Chance neighbours(Source source) {
        Chance chance = new Chance();
        for (long seed : SEEDS) {
            for (long start : new long[] {0, 1_000_000_007L, 1L << 40}) {
                long equal = 0;
                for (long n = start; n < start + VALUES; n++) {
                    equal += source.cell(seed, "orders", "flag", n) == source.cell(seed, "orders", "flag", n + 1)
                            ? 1
                            : 0;
                }
                chance.hits("seed " + seed + " from " + start + ": equal neighbours", equal, VALUES, 0.5);
                for (String path : FIELDS) {
                    chance.pairs("seed " + seed + " from " + start + ": " + path, pairs(source, seed, path, start, 1));
                }
            }
        }
        return chance;
    }

    private static Chance strides(Source source) {
        Chance chance = new Chance();
        for (long seed : SEEDS) {
            for (int bit = 1; bit <= 42; bit++) {
                String name = "seed " + seed + ", stride 2^" + bit;
                chance.pairs(name, pairs(source, seed, "number", 0, 1L << bit));
                chance.pairs(name, pairs(source, seed, "flag", 0, 1L << bit));
            }
        }
        return chance;
    }

    /** Each value is in one pair only. */
    private static long[][] pairs(Source source, long seed, String path, long start, long stride) {
        int cells = cells(path);
        long[][] table = new long[cells][cells];
        for (long i = 0; i < VALUES; i++) {
            long n = start + 2 * i * stride;
            table[source.cell(seed, "orders", path, n)][source.cell(seed, "orders", path, n + stride)]++;
        }
        return table;
    }

    private static Chance fields(Source source) {
        Chance chance = new Chance();
        for (int i = 0; i < FIELDS.size(); i++) {
            for (int j = i + 1; j < FIELDS.size(); j++) {
                String one = FIELDS.get(i);
                String other = FIELDS.get(j);
                long[][] table = new long[cells(one)][cells(other)];
                for (long n = 0; n < VALUES; n++) {
                    table[source.cell(42, "orders", one, n)][source.cell(42, "orders", other, n)]++;
                }
                chance.pairs(one + " and " + other, table);
            }
        }
        return chance;
    }

    private static Chance streams(Source source) {
        Chance chance = new Chance();
        for (int i = 0; i < STREAMS.size(); i++) {
            for (int j = i + 1; j < STREAMS.size(); j++) {
                String name = STREAMS.get(i) + " and " + STREAMS.get(j);
                shared(chance, name, source, 42, STREAMS.get(i), 42, STREAMS.get(j));
                positions(chance, name, source, 42, STREAMS.get(i), 42, STREAMS.get(j));
            }
        }
        return chance;
    }
}
