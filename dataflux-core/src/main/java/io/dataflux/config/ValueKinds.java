package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.ChangePart;
import io.dataflux.model.Kind.Choice;
import io.dataflux.model.Kind.SessionPart;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.Spread;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the kinds of fields that hold no other fields; the forms are in {@link FieldKind}. */
final class ValueKinds {

    static final int DEFAULT_POOL = 1000;

    private final Reading reading;

    ValueKinds(Reading reading) {
        this.reading = reading;
    }

    /** How the constants of an enum are written. */
    static List<String> words(Enum<?>... constants) {
        return Stream.of(constants)
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    static <T> @Nullable Kind made(@Nullable T value, Function<T, Kind> how) {
        return value == null ? null : how.apply(value);
    }

    @Nullable
    Kind constant(Tree tree) {
        if (tree instanceof Scalar scalar && !scalar.text().isEmpty() && scalar.type() == PlainText.Type.NULL) {
            return new Kind.Constant(null);
        }
        Object value = reading.value(tree, "write text, a number, true, false or null");
        if (value instanceof BigDecimal number
                && (number.scale() > Kind.MOST_SCALE || number.precision() > Kind.MOST_DIGITS)) {
            problem(
                    tree,
                    "has more digits than a number of an event can have; write at most " + Kind.MOST_DIGITS + ", "
                            + Kind.MOST_SCALE + " of them after the point, or put it in quotes to make it text");
            return null;
        }
        return made(value, Kind.Constant::new);
    }

    @Nullable
    Kind id(Tree tree, SettingsReader settings) {
        String pattern = reading.text(tree);
        if (pattern == null || !pattern.equals("uuid") && !pattern.equals("long") && !pattern.contains("{}")) {
            settings.find("number"); // which may be right once this is
        }
        if (pattern == null) {
            return null;
        }
        if (pattern.equals("long")) {
            return new Kind.LongId(settings.bool("number", false));
        }
        if (!pattern.equals("uuid") && !pattern.contains("{}")) {
            problem(
                    tree,
                    "is not an identity; write uuid, long, or text with {} in place of the UUID, such as \"evt_{}\"");
            return null;
        }
        return new Kind.Id(pattern.equals("uuid") ? "{}" : pattern);
    }

    @Nullable
    Long first(Tree tree) {
        return reading.integer(tree, -Kind.SequenceNumber.LARGEST_FIRST, Kind.SequenceNumber.LARGEST_FIRST);
    }

    @Nullable
    Kind time(Tree tree, SettingsReader settings) {
        List<String> formats = words(TimeFormat.values());
        String format = settings.oneOf("format", formats.get(0), formats.toArray(String[]::new));
        return reading.oneOf(tree, List.of("event")) == null
                ? null
                : new Kind.Time(TimeFormat.valueOf(format.toUpperCase(Locale.ROOT)));
    }

    @Nullable
    Kind integers(Tree tree, SettingsReader settings) {
        Spread spread = new SpreadReader(reading).read(settings.find("spread"));
        Bound[] bounds = bounds(tree, "[1, 5]");
        if (bounds == null) {
            return null;
        }
        for (int i = 0; i < 2; i++) {
            if (bounds[i].number() != null && !isLong(bounds[i].number())) {
                Tree bound = ((Sequence) tree).items().get(i);
                problem(
                        bound,
                        "is not a bound of whole numbers; write a whole number that fits in 64 bits, or use 'decimal'");
                return null;
            }
        }
        return new Kind.IntRange(bounds[0], bounds[1], spread);
    }

    private static boolean isLong(BigDecimal number) {
        return number.scale() <= 0 && number.toBigInteger().bitLength() < Long.SIZE;
    }

    @Nullable
    Kind decimals(Tree tree, SettingsReader settings) {
        long scale = settings.integer("scale", -1, 0, Kind.MOST_SCALE);
        Spread spread = new SpreadReader(reading).read(settings.find("spread"));
        Bound[] bounds = bounds(tree, "[\"0.99\", \"199.99\"]");
        if (bounds == null) {
            return null;
        }
        if (scale < 0) {
            scale = Math.max(scaleOf(bounds[0]), scaleOf(bounds[1]));
        }
        return new Kind.DecimalRange(bounds[0], bounds[1], (int) scale, spread);
    }

    private static int scaleOf(Bound bound) {
        return bound.number() == null ? 0 : Math.max(0, bound.number().scale());
    }

    private Bound @Nullable [] bounds(Tree tree, String example) {
        String wanted = "write the lower and the upper bound, such as " + example;
        Sequence list = reading.list(tree, wanted);
        if (list == null) {
            return null;
        }
        if (list.items().size() != 2) {
            reading.problem(
                    tree,
                    "has " + list.items().size() + (list.items().size() == 1 ? " bound; " : " bounds; ") + wanted);
            return null;
        }
        Bound low = bound(list.items().get(0));
        Bound high = bound(list.items().get(1));
        return low == null || high == null ? null : new Bound[] {low, high};
    }

    /** A number, in quotes or not, or the path of another field. */
    private @Nullable Bound bound(Tree tree) {
        String wanted = "write a number, or the path of another field";
        Scalar value = reading.scalar(tree, wanted);
        if (value == null) {
            return null;
        }
        switch (PlainText.type(value.text())) {
            case INTEGER, DECIMAL:
                return Bound.of(new BigDecimal(value.text()));
            case TEXT:
                String meant = value.quoted() ? null : Meant.number(value.text(), number -> true);
                if (meant != null) {
                    problem(value, "is not a bound; " + wanted + Meant.hint(value, meant));
                    return null;
                }
                return Bound.of(value.text());
            default:
                problem(value, "is not a bound; " + wanted);
                return null;
        }
    }

    @Nullable
    Kind pick(Tree tree) {
        int before = reading.problems().count();
        List<Choice> choices = new ArrayList<>();
        if (tree instanceof Sequence list) {
            list.items().forEach(item -> addChoice(item, BigDecimal.ONE, choices));
        } else {
            Mapping map = reading.map(tree, "write values and weights, such as {web: 6, app: 3}, or a list of values");
            if (map == null) {
                return null;
            }
            for (Entry entry : map.all()) {
                BigDecimal weight = reading.decimal(entry.value(), NumberRange.WEIGHT);
                if (weight != null && entry.key().flaw() == null) {
                    addChoice(entry.key(), weight, choices);
                }
            }
        }
        if (choices.isEmpty() && reading.problems().count() == before) {
            reading.problem(tree, "has nothing to pick from; write at least one value");
        }
        return new Kind.Pick(choices);
    }

    private void addChoice(Tree tree, BigDecimal weight, List<Choice> choices) {
        Object value = reading.value(tree, "write text, a whole number, true or false");
        if (value instanceof BigDecimal) {
            problem(tree, "is a decimal, which cannot be picked; put it in quotes, or use 'decimal'");
        } else if (value != null) {
            choices.add(new Choice(value, weight));
        }
    }

    @Nullable
    Kind words(Tree tree, SettingsReader settings) {
        BigDecimal skew = settings.decimal("skew", BigDecimal.ZERO, NumberRange.SKEW);
        if (tree instanceof Sequence list) {
            List<String> words = new ArrayList<>();
            for (Tree item : list.items()) {
                String word = reading.text(item);
                if (word != null) {
                    words.add(word);
                }
            }
            return new Kind.Words("inline", words, skew);
        }
        String file = reading.text(tree);
        List<String> words = file == null ? null : WordFile.read(file, tree, reading);
        return file == null || words == null ? null : new Kind.Words(file, words, skew);
    }

    @Nullable
    Kind key(Tree tree) {
        String pattern = reading.text(tree);
        if (pattern == null) {
            return null;
        }
        if (pattern.equals("number")) {
            return new Kind.KeyNumber();
        }
        if (!pattern.equals("text") && !pattern.contains("{}")) {
            problem(tree, "is not a form of the key; write text, number, or text with {} in place of the number");
            return null;
        }
        return new Kind.KeyText(pattern.equals("text") ? null : pattern);
    }

    @Nullable
    Kind session(Tree tree) {
        String word = reading.text(tree);
        if (word == null) {
            return null;
        }
        if (word.contains("{}")) {
            return new Kind.Session(SessionPart.ID, word);
        }
        for (SessionPart part : SessionPart.values()) {
            if (part.name().toLowerCase(Locale.ROOT).equals(word)) {
                return new Kind.Session(part, part == SessionPart.ID ? "{}" : null);
            }
        }
        problem(
                tree,
                "is not a part of a session; write id, number, step, missed, state, pause, or text with {} in place of the id");
        return null;
    }

    @Nullable
    Kind change(Tree tree) {
        String part = reading.oneOf(tree, words(ChangePart.values()));
        return part == null ? null : new Kind.Change(ChangePart.valueOf(part.toUpperCase(Locale.ROOT)));
    }

    @Nullable
    Kind faker(Tree tree, SettingsReader settings) {
        String expression = reading.text(tree);
        long pool = settings.integer("pool", DEFAULT_POOL, 1, Kind.Faker.MOST_POOL);
        return expression == null ? null : new Kind.Faker(expression, (int) pool);
    }

    /** A percentage as events of a million, or null after a problem. */
    @Nullable
    Integer share(Tree tree) {
        String wanted = "write a percentage from 0% to 100% with at most four decimals, such as 2.5%";
        Scalar value = reading.scalar(tree, wanted);
        try {
            return value == null ? null : Field.ppm(value.text());
        } catch (IllegalArgumentException e) {
            problem(tree, "is not a share; " + wanted + Meant.hint(value, Meant.share(value.text())));
            return null;
        }
    }

    /** Notes a problem of a scalar, which is shown in the message. */
    private void problem(Tree scalar, String what) {
        reading.problem(scalar, reading.show((Scalar) scalar) + ' ' + what);
    }
}
