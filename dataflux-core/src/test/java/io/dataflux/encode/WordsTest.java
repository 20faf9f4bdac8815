package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Draws;
import io.dataflux.schedule.Mix;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The raw words, bit by bit: two rows of words are unrelated if each of the 64 bits of the one agrees with each of the other's in
 * half of the pairs, and if the number of bits in which they differ is that of tossed coins. Judged at level {@link #ALPHA} for all
 * comparisons of a test together; each test also runs on generators with the flaw that it is there to find, and must reject them.
 */
class WordsTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final double ALPHA = 1e-6;

    /** Words for each comparison, a multiple of 64: reduced 2^12, thorough 2^18. */
    private static final int WORDS = 1 << (THOROUGH ? 18 : 12);

    private static final int LONGEST_STRIDE = 42;
    private static final List<String> NAMES =
            List.of("orders", "order", "orders2", "orders3", "Orders", "ordersorders");
    private static final List<String> PATHS = List.of("a", "b", "aa", "a.b", "a[]", "a[].b");

    /** Words by what they are functions of; a path of "" is the event's own. */
    private interface Source {
        long word(long seed, String stream, String path, long n);

        /** A flawed generator, the same for all streams and paths but for an addend. */
        static Source of(Words words) {
            return (seed, stream, path, n) -> words.word(seed, n) + Mix.hash(stream) + Mix.hash(path);
        }
    }

    private interface Words {
        long word(long seed, long n);
    }

    private interface Row {
        long word(long n);
    }

    private static final Source REAL = (seed, stream, path, n) -> {
        Draws words = Draws.of(stream, seed);
        return (path.isEmpty() ? words : words.ofField(path)).word(n);
    };
    private static final Source COUNTER = Source.of((seed, n) -> Mix.mix(seed) + n);
    private static final Source STEPS = Source.of((seed, n) -> Mix.mix(seed) + Mix.GAMMA * n);
    private static final Source ONE_ROUND = Source.of((seed, n) -> {
        long x = seed + Mix.GAMMA * n;
        return (x ^ x >>> 31) * 0x3C79AC492BA7B653L;
    });
    /** The n-th word of Knuth's linear congruential generator, reached by squaring. */
    private static final Source CONGRUENTIAL = Source.of((seed, n) -> {
        long word = Mix.mix(seed);
        long times = 6364136223846793005L;
        long plus = 1442695040888963407L;
        for (long left = n; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                word = word * times + plus;
            }
            plus = plus * times + plus;
            times *= times;
        }
        return word;
    });

    private static final Source SEED_XOR_INDEX = (seed, stream, path, n) -> Mix.mix(seed ^ n);
    private static final Source NO_NAME =
            (seed, stream, path, n) -> Draws.of("", seed).ofField(path).word(n);
    private static final Source NO_PATH =
            (seed, stream, path, n) -> Draws.of(stream, seed).word(n);

    @Test
    void consecutiveSequencesAreUnrelated() {
        assertThat(strides(REAL, 0, 0).rejected(ALPHA)).isEmpty();
        for (Source flawed : List.of(COUNTER, STEPS, ONE_ROUND, CONGRUENTIAL)) {
            assertThat(strides(flawed, 0, 0).rejected(ALPHA)).isNotEmpty();
        }
    }

    @Test
    void sequencesAPowerOfTwoApartAreUnrelated() {
        assertThat(strides(REAL, 1, LONGEST_STRIDE).rejected(ALPHA)).isEmpty();
        for (int stride : new int[] {1, 8, 20, 32, LONGEST_STRIDE}) {
            for (Source flawed : List.of(COUNTER, STEPS, ONE_ROUND, CONGRUENTIAL)) {
                assertThat(strides(flawed, stride, stride).rejected(ALPHA)).isNotEmpty();
            }
        }
    }

    @Test
    void neighbouringSeedsAreUnrelated() {
        assertThat(seeds(REAL).rejected(ALPHA)).isEmpty();
        assertThat(seeds(SEED_XOR_INDEX).rejected(ALPHA)).isNotEmpty();
        assertThat(seeds(STEPS).rejected(ALPHA)).isNotEmpty();
        assertThat(seeds(CONGRUENTIAL).rejected(ALPHA)).isNotEmpty();
    }

    @Test
    void streamsOfOneSeedAreUnrelated() {
        assertThat(streams(REAL).rejected(ALPHA)).isEmpty();
        assertThat(streams(NO_NAME).rejected(ALPHA)).isNotEmpty();
        assertThat(streams(STEPS).rejected(ALPHA)).isNotEmpty();
    }

    @Test
    void fieldsOfOneEventAreUnrelatedToEachOtherAndToTheEvent() {
        assertThat(fields(REAL).rejected(ALPHA)).isEmpty();
        assertThat(fields(NO_PATH).rejected(ALPHA)).isNotEmpty();
        assertThat(fields(STEPS).rejected(ALPHA)).isNotEmpty();
    }

    private static Chance strides(Source source, int from, int to) {
        Chance chance = new Chance();
        for (int stride = from; stride <= to; stride++) {
            long apart = 1L << stride;
            for (String path : List.of("", "items[].sku")) {
                // each word is in one pair only
                Row row = n -> source.word(42, "orders", path, 2 * n * apart);
                Row next = n -> source.word(42, "orders", path, (2 * n + 1) * apart);
                compare(chance, "stride 2^" + stride + " '" + path + "'", row, next);
            }
        }
        return chance;
    }

    private static Chance seeds(Source source) {
        Chance chance = new Chance();
        long[][] pairs = {{42, 43}, {0, 1}, {1, 2}, {-1, 0}, {42, 42 + (1L << 32)}, {42, ~42}, {42, 42 ^ (1L << 63)}};
        for (long[] pair : pairs) {
            for (String path : List.of("", "items[].sku")) {
                compare(
                        chance,
                        "seeds " + pair[0] + " and " + pair[1] + " '" + path + "'",
                        n -> source.word(pair[0], "orders", path, n),
                        n -> source.word(pair[1], "orders", path, n));
            }
            compare(
                    chance,
                    "seeds " + pair[0] + " and " + pair[1] + ", one event on",
                    n -> source.word(pair[0], "orders", "", n + 1),
                    n -> source.word(pair[1], "orders", "", n));
        }
        return chance;
    }

    private static Chance streams(Source source) {
        List<Row> rows = new ArrayList<>();
        NAMES.forEach(name -> rows.add(n -> source.word(42, name, "", n)));
        return each(rows);
    }

    private static Chance fields(Source source) {
        List<Row> rows = new ArrayList<>();
        rows.add(n -> source.word(42, "orders", "", n));
        PATHS.forEach(path -> rows.add(n -> source.word(42, "orders", path, n)));
        return each(rows);
    }

    private static Chance each(List<Row> rows) {
        Chance chance = new Chance();
        for (int i = 0; i < rows.size(); i++) {
            for (int j = i + 1; j < rows.size(); j++) {
                compare(chance, i + " and " + j, rows.get(i), rows.get(j));
            }
        }
        return chance;
    }

    private static void compare(Chance chance, String name, Row one, Row other) {
        long[] ones = new long[WORDS];
        long[] others = new long[WORDS];
        long[] distances = new long[Long.SIZE + 1];
        for (int n = 0; n < WORDS; n++) {
            ones[n] = one.word(n);
            others[n] = other.word(n);
            distances[Long.bitCount(ones[n] ^ others[n])]++;
        }
        chance.counts(name + ": distances", middle(distances), MIDDLE_CHANCES);
        long[] agreeing = new long[Long.SIZE * Long.SIZE];
        for (int at = 0; at < WORDS; at += Long.SIZE) {
            long[] rows = columns(ones, at);
            long[] others64 = columns(others, at);
            for (int i = 0; i < Long.SIZE; i++) {
                for (int j = 0; j < Long.SIZE; j++) {
                    agreeing[i * Long.SIZE + j] += Long.SIZE - Long.bitCount(rows[i] ^ others64[j]);
                }
            }
        }
        chance.farthest(name + ": equal bits, 64 times one's and the other's", agreeing, WORDS);
    }

    /** Bit i of 64 words as one word. */
    private static long[] columns(long[] words, int from) {
        long[] columns = new long[Long.SIZE];
        for (int n = 0; n < Long.SIZE; n++) {
            for (int bit = 0; bit < Long.SIZE; bit++) {
                columns[bit] |= (words[from + n] >>> bit & 1) << n;
            }
        }
        return columns;
    }

    /** Numbers of differing bits that are about as likely as not to turn up; what is rarer counts with the outermost. */
    private static final int LOW = 24;

    private static final int HIGH = 40;
    private static final double[] MIDDLE_CHANCES = middleChances();

    private static long[] middle(long[] counts) {
        long[] middle = new long[HIGH - LOW + 1];
        for (int bits = 0; bits < counts.length; bits++) {
            middle[Math.max(LOW, Math.min(HIGH, bits)) - LOW] += counts[bits];
        }
        return middle;
    }

    private static double[] middleChances() {
        double[] middle = new double[HIGH - LOW + 1];
        double ways = 1;
        for (int bits = 0; bits <= Long.SIZE; bits++) {
            middle[Math.max(LOW, Math.min(HIGH, bits)) - LOW] += ways / Math.pow(2, Long.SIZE);
            ways = ways * (Long.SIZE - bits) / (bits + 1);
        }
        return middle;
    }
}
