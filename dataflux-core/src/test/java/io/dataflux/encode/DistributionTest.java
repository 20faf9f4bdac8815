package io.dataflux.encode;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.list;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Values come as often as their definition says, at level {@link #ALPHA} for each test. */
class DistributionTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final double ALPHA = 1e-6;

    /** Reduced 2^16 events, thorough 2^22. */
    private static final int EVENTS = 1 << (THOROUGH ? 22 : 16);

    private static CompiledStream stream(Field... fields) {
        StreamDefinition.Builder b = StreamDefinition.named("values").key("k{}", 1 << 30);
        for (int i = 0; i < fields.length; i++) {
            b.field("f" + i, fields[i]);
        }
        return Checked.compiled(b.build(), 42);
    }

    private static Map<Object, Long> counted(CompiledStream stream, String path, Function<Object, Object> cell) {
        EventState state = new EventState();
        Map<Object, Long> counts = new TreeMap<>();
        for (long n = 0; n < EVENTS; n++) {
            stream.locate(n, state);
            counts.merge(cell.apply(stream.value(state, path)), 1L, Long::sum);
        }
        return counts;
    }

    private static void follows(
            Chance chance, Field field, Function<Object, Object> cell, Map<Object, Double> expected) {
        Map<Object, Long> counts = counted(stream(field), "f0", cell);
        assertThat(expected.keySet()).containsAll(counts.keySet());
        double total = expected.values().stream().mapToDouble(w -> w).sum();
        List<Object> cells = new ArrayList<>(expected.keySet());
        chance.counts(
                field.toString(),
                cells.stream().mapToLong(c -> counts.getOrDefault(c, 0L)).toArray(),
                cells.stream().mapToDouble(c -> expected.get(c) / total).toArray());
    }

    private static Map<Object, Double> even(long from, long to) {
        Map<Object, Double> even = new TreeMap<>();
        for (long value = from; value <= to; value++) {
            even.put(value, 1.0);
        }
        return even;
    }

    @Test
    void numbersAreEvenBetweenTheirBoundsAndReachBoth() {
        Chance chance = new Chance();
        follows(chance, integer(0, 99), value -> value, even(0, 99));
        follows(chance, integer(-50, 49), value -> value, even(-50, 49));
        follows(chance, integer(0, 2), value -> value, even(0, 2));
        follows(chance, integer(0, (1L << 53) - 1), value -> (Long) value >> 46, even(0, 127));
        follows(
                chance,
                decimal("-0.50", "0.49"),
                value -> ((BigDecimal) value).unscaledValue().longValue(),
                even(-50, 49));
        follows(chance, perKey(integer(0, 99)), value -> value, even(0, 99));
        assertThat(chance.rejected(ALPHA)).isEmpty();
    }

    @Test
    void aNumberUpToAnotherIsEvenForEachOfItsValues() {
        CompiledStream stream = stream(integer(0, 3), integer(Bound.of("f0"), Bound.of(7)));
        EventState state = new EventState();
        long[][] counts = new long[4][8];
        for (long n = 0; n < EVENTS; n++) {
            stream.locate(n, state);
            counts[((Long) stream.value(state, "f0")).intValue()][((Long) stream.value(state, "f1")).intValue()]++;
        }
        Chance chance = new Chance();
        for (int low = 0; low < 4; low++) {
            int from = low;
            assertThat(IntStream.range(0, from).mapToLong(i -> counts[from][i]).sum())
                    .isZero();
            chance.counts(
                    "from " + low,
                    IntStream.range(from, 8).mapToLong(i -> counts[from][i]).toArray(),
                    IntStream.range(from, 8).mapToDouble(i -> 1.0 / (8 - from)).toArray());
        }
        assertThat(chance.rejected(ALPHA)).isEmpty();
    }

    @Test
    void choicesComeByTheirWeights() {
        Chance chance = new Chance();
        follows(chance, pick("a", 6, "b", 3, "c", 1), v -> v, Map.of("a", 6.0, "b", 3.0, "c", 1.0));
        follows(chance, pick("a", "0.5", "b", "99.5", "c", 0), v -> v, Map.of("a", 0.5, "b", 99.5));
        follows(chance, anyOf(1, 2, 3, 4, 5, 6, 7), v -> v, even(1, 7));
        follows(
                chance,
                pick(1, 1, 2, 2, 3, 3, 4, 4, 5, 5),
                v -> v,
                Map.of(1L, 1.0, 2L, 2.0, 3L, 3.0, 4L, 4.0, 5L, 5.0));
        assertThat(chance.rejected(ALPHA)).isEmpty();
    }

    @Test
    void wordsComeByTheirRank() {
        List<String> words = IntStream.range(0, 60).mapToObj(i -> "w" + i).toList();
        Chance chance = new Chance();
        for (String skew : List.of("0", "0.5", "1", "1.2")) {
            Map<Object, Double> zipf = new TreeMap<>();
            for (int i = 0; i < words.size(); i++) {
                zipf.put(words.get(i), Math.pow(i + 1, -Double.parseDouble(skew)));
            }
            follows(chance, words("w", words, skew), v -> v, zipf);
        }
        assertThat(chance.rejected(ALPHA)).isEmpty();
    }

    @Test
    void lengthsOfListsAreEvenOrGeometric() {
        Chance chance = new Chance();
        follows(chance, list(2, 9, bool("50%")), v -> (long) ((List<?>) v).size(), even(2, 9));
        Map<Object, Double> geometric = new TreeMap<>();
        for (long length = 1; length <= 8; length++) {
            geometric.put(length, Math.pow(0.6, (double) length));
        }
        Field field = new Field(new Kind.ListOf(new Length(1, 8, new BigDecimal("0.4")), bool("50%")));
        follows(chance, field, v -> (long) ((List<?>) v).size(), geometric);
        assertThat(chance.rejected(ALPHA)).isEmpty();
    }

    @Test
    void sharesAreWhatTheySay() {
        Chance chance = new Chance();
        for (String share : List.of("50%", "25%", "1%", "99%", "33.3333%")) {
            double p = Field.ppm(share) / 1e6;
            hits(chance, "true in " + share, bool(share), value -> Boolean.TRUE.equals(value), p);
            hits(chance, "null in " + share, integer(0, 9).nullable(share), value -> value == null, p);
            hits(chance, "absent in " + share, integer(0, 9).absent(share), value -> value == null, p);
        }
        assertThat(chance.rejected(ALPHA)).isEmpty();
        assertThat(counted(stream(bool("0%")), "f0", v -> v).keySet()).containsExactly(false);
        assertThat(counted(stream(bool("100%")), "f0", v -> v).keySet()).containsExactly(true);
    }

    private static void hits(Chance chance, String name, Field field, Function<Object, Object> hit, double p) {
        chance.hits(name, counted(stream(field), "f0", hit).getOrDefault(true, 0L), EVENTS, p);
    }

    /** What a field is when it is there does not depend on whether it was null or absent, and these not on each other. */
    @Test
    void nullAbsentAndTheValueAreDrawnApart() {
        CompiledStream plain = stream(integer(0, 15));
        CompiledStream nullable = stream(integer(0, 15).nullable("50%"));
        CompiledStream absent = stream(integer(0, 15).absent("50%"));
        EventState state = new EventState();
        long[][] nulls = new long[16][2];
        long[][] absents = new long[16][2];
        long[][] both = new long[2][2];
        for (long n = 0; n < EVENTS; n++) {
            plain.locate(n, state);
            long value = (Long) plain.value(state, "f0");
            Object orNull = nullable.value(state, "f0");
            Object orAbsent = absent.value(state, "f0");
            assertThat(orNull == null || orNull.equals(value)).isTrue();
            assertThat(orAbsent == null || orAbsent.equals(value)).isTrue();
            nulls[(int) value][orNull == null ? 1 : 0]++;
            absents[(int) value][orAbsent == null ? 1 : 0]++;
            both[orNull == null ? 1 : 0][orAbsent == null ? 1 : 0]++;
        }
        Chance chance = new Chance();
        chance.pairs("null", nulls);
        chance.pairs("absent", absents);
        chance.pairs("null and absent", both);
        assertThat(chance.rejected(ALPHA)).isEmpty();
    }

    /** Each character of a text, however many words it takes. */
    @Test
    void charactersOfTextsAreEven() {
        CompiledStream stream = stream(text("[0-9a-f]{24}[xyz]{2,4}"));
        EventState state = new EventState();
        long[][] counts = new long[24][16];
        long[][] behind = new long[24][256];
        long[] lengths = new long[3];
        for (long n = 0; n < EVENTS; n++) {
            stream.locate(n, state);
            String text = (String) stream.value(state, "f0");
            for (int i = 0; i < 24; i++) {
                int digit = Character.digit(text.charAt(i), 16);
                counts[i][digit]++;
                behind[i][digit << 4 | Character.digit(text.charAt((i + 7) % 24), 16)]++;
            }
            lengths[text.length() - 26]++;
        }
        Chance chance = new Chance();
        for (int i = 0; i < 24; i++) {
            chance.pairs("character " + i, new long[][] {counts[i]});
            chance.pairs("character " + i + " and a later one", new long[][] {behind[i]});
        }
        chance.pairs("lengths", new long[][] {lengths});
        assertThat(chance.rejected(ALPHA)).isEmpty();
    }

    /** The controls: each with its main parameter 5 % off. What is too rare to tell among few events is there in thorough runs only. */
    @Test
    void rejectsWhatIsFivePercentOff() {
        Chance chance = new Chance();
        Map<Object, Double> narrower = even(0, 99);
        LongStream.range(95, 100).forEach(value -> narrower.put(value, 1e-6));
        follows(chance, integer(0, 99), value -> value, narrower);
        follows(chance, perKey(integer(0, 99)), value -> value, narrower);
        follows(
                chance,
                decimal("0.00", "0.99"),
                value -> ((BigDecimal) value).unscaledValue().longValue(),
                narrower);
        follows(chance, pick("a", 6, "b", 3, "c", 1), v -> v, Map.of("a", 6.3, "b", 3.0, "c", 1.0));
        for (String skew : List.of("1", "1.2")) {
            List<String> words = IntStream.range(0, 60).mapToObj(i -> "w" + i).toList();
            Map<Object, Double> zipf = new TreeMap<>();
            for (int i = 0; i < words.size(); i++) {
                zipf.put(words.get(i), Math.pow(i + 1, -1.05 * Double.parseDouble(skew)));
            }
            follows(chance, words("w", words, skew), v -> v, zipf);
        }
        Map<Object, Double> geometric = new TreeMap<>();
        for (long length = 1; length <= 8; length++) {
            geometric.put(length, Math.pow(1 - 0.42, (double) length));
        }
        Field lengths = new Field(new Kind.ListOf(new Length(1, 8, new BigDecimal("0.4")), bool("50%")));
        follows(chance, lengths, v -> (long) ((List<?>) v).size(), geometric);
        int tests = 7;
        for (String share : THOROUGH ? List.of("50%", "25%", "33.3333%", "1%") : List.of("50%", "25%", "33.3333%")) {
            double p = 1.05 * Field.ppm(share) / 1e6;
            hits(chance, "true in " + share, bool(share), value -> Boolean.TRUE.equals(value), p);
            hits(chance, "null in " + share, integer(0, 9).nullable(share), value -> value == null, p);
            hits(chance, "absent in " + share, integer(0, 9).absent(share), value -> value == null, p);
            tests += 3;
        }
        assertThat(chance.rejected(ALPHA)).hasSize(tests);
    }
}
