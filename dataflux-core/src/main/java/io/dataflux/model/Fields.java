package io.dataflux.model;

import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.Choice;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.Kind.TimeFormat;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Factories for fields, one for each kind, named as in the YAML form.
 *
 * <pre>{@code
 * StreamDefinition.named("orders")
 *     .key("cust_{}", 200_000, "1.0")
 *     .identity("order_id")
 *     .field("order_id", id("ord_{}"))
 *     .field("channel", pick("web", 6, "app", 3, "shop", 1))
 *     .field("coupon", text("C[A-Z]{4}").absent("90%"))
 * }</pre>
 */
public final class Fields {

    /** As many as any number has that a double can tell from its neighbours. */
    private static final int MOST_DIGITS = 15;

    private Fields() {}

    /** The same value in every event; {@code constant(null)} is always null. */
    public static Field constant(@Nullable Object value) {
        return new Field(new Kind.Constant(value == null ? null : scalar(value)));
    }

    /** The identity as a UUID. */
    public static Field uuid() {
        return id("{}");
    }

    /** The identity: a UUID in place of <code>{}</code>. */
    public static Field id(String pattern) {
        return new Field(new Kind.Id(pattern));
    }

    /** The identity as a number, written as a string. */
    public static Field longId() {
        return new Field(new Kind.LongId(false));
    }

    public static Field sequence(long first) {
        return new Field(new Kind.SequenceNumber(first));
    }

    public static Field occurrence(long first) {
        return new Field(new Kind.Occurrence(first));
    }

    public static Field time(TimeFormat format) {
        return new Field(new Kind.Time(format));
    }

    /** The event time as {@code 2025-01-01T00:00:00.000Z}. */
    public static Field time() {
        return time(TimeFormat.ISO_MILLIS);
    }

    public static Field integer(long min, long max) {
        return integer(Bound.of(min), Bound.of(max));
    }

    /** A whole number whose upper bound is another field. */
    public static Field integer(long min, String maxPath) {
        return integer(Bound.of(min), Bound.of(maxPath));
    }

    /** A whole number whose lower bound is another field. */
    public static Field integer(String minPath, long max) {
        return integer(Bound.of(minPath), Bound.of(max));
    }

    public static Field integer(Bound min, Bound max) {
        return new Field(new Kind.IntRange(min, max));
    }

    /** A decimal; its scale is the larger number of digits after the point in the two bounds. */
    public static Field decimal(String min, String max) {
        BigDecimal low = new BigDecimal(min);
        BigDecimal high = new BigDecimal(max);
        return decimal(Bound.of(low), Bound.of(high), Math.max(Math.max(low.scale(), high.scale()), 0));
    }

    /**
     * The same with the bounds as numbers: {@code decimal(0.99, 199.99)} is {@code decimal("0.99", "199.99")}. A number means its digits, so
     * 0.1 is exactly a tenth; write text for bounds that end in zeros, such as {@code "19.90"}.
     *
     * @throws IllegalArgumentException if a bound is not finite or has more than 15 digits
     */
    public static Field decimal(double min, double max) {
        return decimal(digits(min), digits(max));
    }

    public static Field decimal(Bound min, Bound max, int scale) {
        return new Field(new Kind.DecimalRange(min, max, scale));
    }

    /** A whole number between the bounds, with a distribution. */
    public static Field integer(long min, long max, Spread spread) {
        return new Field(new Kind.IntRange(Bound.of(min), Bound.of(max), spread));
    }

    /** A decimal between the bounds, with a distribution; the scale is as in {@link #decimal(String, String)}. */
    public static Field decimal(String min, String max, Spread spread) {
        Kind.DecimalRange range = (Kind.DecimalRange) decimal(min, max).kind();
        return new Field(new Kind.DecimalRange(range.min(), range.max(), range.scale(), spread));
    }

    /** As {@link #decimal(String, String, Spread)}, with the bounds as numbers, see {@link #decimal(double, double)}. */
    public static Field decimal(double min, double max, Spread spread) {
        return decimal(digits(min), digits(max), spread);
    }

    /** A number per key that wanders between the bounds and takes about {@code over} from one to the other. */
    public static Field smooth(String min, String max, Duration over) {
        return smooth(min, max, over, "0%", 0);
    }

    /**
     * As {@link #smooth(String, String, Duration)}, following the day.
     *
     * @param daily the share of the value that follows the time of day, such as {@code "40%"}
     * @param peakMinute the minute of the day (UTC) at which that part is highest
     */
    public static Field smooth(String min, String max, Duration over, String daily, int peakMinute) {
        BigDecimal low = new BigDecimal(min);
        BigDecimal high = new BigDecimal(max);
        int scale = Math.max(Math.max(low.scale(), high.scale()), 0);
        return new Field(new Kind.Smooth(low, high, scale, over, Field.ppm(daily), peakMinute));
    }

    /** As {@link #smooth(String, String, Duration)}, with the bounds as numbers, see {@link #decimal(double, double)}. */
    public static Field smooth(double min, double max, Duration over) {
        return smooth(digits(min), digits(max), over);
    }

    /**
     * As {@link #smooth(String, String, Duration, String, int)}, with the bounds as numbers, see {@link #decimal(double, double)}.
     *
     * @param daily from 0 to 1: {@code 0.4} is {@code "40%"}
     */
    public static Field smooth(double min, double max, Duration over, double daily, int peakMinute) {
        return smooth(digits(min), digits(max), over, Field.percent(daily), peakMinute);
    }

    /** A number per key that grows by about {@code rate}, such as {@code "50/s"}, from the stream's start on. */
    public static Field counter(String rate) {
        return new Field(new Kind.Counter(RateText.rate(rate, rate), null));
    }

    /** As {@link #counter(String)}, but starting again from 0 about every {@code reset}. */
    public static Field counter(String rate, Duration reset) {
        return new Field(new Kind.Counter(RateText.rate(rate, rate), reset));
    }

    /**
     * The number at {@code path} multiplied by {@code times}, plus {@code plus}, give or take {@code noise}, cut to the bounds and their
     * digits.
     */
    public static Field linear(String path, String times, String plus, String noise, String min, String max) {
        BigDecimal low = new BigDecimal(min);
        BigDecimal high = new BigDecimal(max);
        return new Field(new Kind.Linear(
                path,
                new BigDecimal(times),
                new BigDecimal(plus),
                new BigDecimal(noise),
                low,
                high,
                Math.max(Math.max(low.scale(), high.scale()), 0)));
    }

    /** @param share how often the value is true, such as {@code "25%"} */
    public static Field bool(String share) {
        return new Field(new Kind.Bool(Field.ppm(share)));
    }

    /** @param share how often the value is true, from 0 to 1: {@code 0.25} is {@code "25%"} */
    public static Field bool(double share) {
        return bool(Field.percent(share));
    }

    /** As {@link #linear(String, String, String, String, String, String)}, with numbers, see {@link #decimal(double, double)}. */
    public static Field linear(String path, double times, double plus, double noise, double min, double max) {
        return linear(path, digits(times), digits(plus), digits(noise), digits(min), digits(max));
    }

    /** The digits that a number is written with. {@code Double.toString} is not the same on all JDKs. */
    private static String digits(double number) {
        BigDecimal digits = Double.isFinite(number)
                ? new BigDecimal(number, new MathContext(MOST_DIGITS)).stripTrailingZeros()
                : null;
        if (digits == null || digits.doubleValue() != number) {
            throw new IllegalArgumentException(
                    number + " is not a number of at most " + MOST_DIGITS + " digits; write it as text");
        }
        return digits.toPlainString();
    }

    /** Alternating values and weights: {@code pick("web", 6, "app", 3)}; weights are whole numbers or decimal text. */
    public static Field pick(Object... valuesAndWeights) {
        if (valuesAndWeights.length == 0 || valuesAndWeights.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "pick takes alternating values and weights, such as pick(\"web\", 6, \"app\", 3)");
        }
        List<Choice> choices = new ArrayList<>();
        for (int i = 0; i < valuesAndWeights.length; i += 2) {
            choices.add(new Choice(scalar(valuesAndWeights[i]), new BigDecimal(valuesAndWeights[i + 1].toString())));
        }
        return new Field(new Kind.Pick(choices));
    }

    /** One of the values, all equally often. */
    public static Field anyOf(Object... values) {
        List<Choice> choices = new ArrayList<>();
        for (Object value : values) {
            choices.add(new Choice(scalar(value), BigDecimal.ONE));
        }
        return new Field(new Kind.Pick(choices));
    }

    /** A word of a list named {@code source}; with a skew above 0, the first words are more frequent. */
    public static Field words(String source, List<String> words, String skew) {
        return new Field(new Kind.Words(source, words, new BigDecimal(skew)));
    }

    /** As {@link #words(String, List, String)}. */
    public static Field words(String source, List<String> words, double skew) {
        return new Field(new Kind.Words(source, words, BigDecimal.valueOf(skew)));
    }

    /** The key of the event. */
    public static Field key() {
        return new Field(new Kind.KeyText(null));
    }

    /** The number of the event's entity in place of <code>{}</code>. */
    public static Field key(String pattern) {
        return new Field(new Kind.KeyText(pattern));
    }

    public static Field keyNumber() {
        return new Field(new Kind.KeyNumber());
    }

    /**
     * Random text that matches a pattern, such as {@code "C[A-Z]{4}-\\d{2,3}"}: characters as they are, classes such as {@code [A-Z0-9]} and
     * {@code [^a-c]}, {@code \d}, {@code \w}, and counts; {@code \} takes other characters literally. Printable ASCII only.
     */
    public static Field text(String pattern) {
        return new Field(new Kind.Text(pattern));
    }

    public static Field faker(String expression, int pool) {
        return new Field(new Kind.Faker(expression, pool));
    }

    /** Alternating names and fields: {@code object("street", text(...), "zip", text(...))}. */
    public static Field object(Object... namesAndFields) {
        return new Field(new Kind.ObjectOf(map(namesAndFields)));
    }

    public static Field list(int min, int max, Field element) {
        return new Field(new Kind.ListOf(new Length(min, max, null), element));
    }

    public static Field copy(String path) {
        return new Field(new Kind.Copy(path));
    }

    public static Field template(String template) {
        return new Field(new Kind.Template(template));
    }

    /**
     * The field that belongs to the value of {@code path}; alternating values and fields:
     * {@code when("type", "buffer", integer(50, 8000))}.
     */
    public static Field when(String path, Object... valuesAndFields) {
        return new Field(new Kind.When(path, map(valuesAndFields), null));
    }

    /** As {@link #when(String, Object...)}, with a field for all other values. */
    public static Field whenElse(String path, Field otherwise, Object... valuesAndFields) {
        return new Field(new Kind.When(path, map(valuesAndFields), otherwise));
    }

    /** The given field, drawn once for each key instead of once for each event: {@code perKey(pick("sensor", 3, "gateway", 1))}. */
    public static Field perKey(Field field) {
        return new Field(new Kind.PerKey(field));
    }

    /** The id of the session in place of <code>{}</code>. */
    public static Field sessionId(String pattern) {
        return new Field(new Kind.Session(Kind.SessionPart.ID, pattern));
    }

    /** A part of the change of a row, such as the row after it. */
    public static Field change(Kind.ChangePart part) {
        return new Field(new Kind.Change(part));
    }

    /** A part of the event's session, such as the number of the event in it. */
    public static Field session(Kind.SessionPart part) {
        return new Field(new Kind.Session(part, part == Kind.SessionPart.ID ? "{}" : null));
    }

    /** How many events of the session were in a state, up to and including this one. */
    public static Field visits(String state) {
        return new Field(new Kind.Visits(state));
    }

    /** The sum of a number over the events of the session, up to and including this one. */
    public static Field total(String path) {
        return new Field(new Kind.Total(path));
    }

    /** The given field, drawn once for each session, and again at each event in one of the given states. */
    public static Field perSession(Field field, String... renewedBy) {
        return new Field(new Kind.PerSession(field, List.of(renewedBy)));
    }

    private static Map<String, Field> map(Object... namesAndFields) {
        if (namesAndFields.length % 2 != 0) {
            throw new IllegalArgumentException(
                    "names and fields must alternate, such as \"street\", text(\"[A-Z]{8}\")");
        }
        Map<String, Field> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndFields.length; i += 2) {
            if (map.put((String) namesAndFields[i], (Field) namesAndFields[i + 1]) != null) {
                throw new IllegalArgumentException("'" + namesAndFields[i] + "' is defined twice");
            }
        }
        return map;
    }

    private static Object scalar(@Nullable Object value) {
        if (value == null) {
            throw new IllegalArgumentException("null cannot be picked; write pick(...).nullable(\"10%\")");
        }
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof String
                || value instanceof Long
                || value instanceof BigDecimal
                || value instanceof Boolean) {
            return value;
        }
        throw new IllegalArgumentException("a value is text, a whole number, a BigDecimal or a boolean, not "
                + value.getClass().getName());
    }
}
