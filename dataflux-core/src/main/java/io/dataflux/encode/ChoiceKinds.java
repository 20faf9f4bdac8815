package io.dataflux.encode;

import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Kind.Choice;
import io.dataflux.schedule.Mix;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compiles the kinds whose value is one of a list, or always the same. Problems are thrown, and the caller notes them at the field. */
final class ChoiceKinds {

    static final String WEIGHT = "a number from 0 to " + Choice.MOST_WEIGHT.toPlainString() + " with at most "
            + Choice.WEIGHT_DECIMALS + " decimals";

    private static final int MOST_WORDS = 1 << 20;

    private ChoiceKinds() {}

    static Node constant(@Nullable Object constant) {
        if (constant == null) {
            return new StructureNodes.Null();
        }
        Object value = scalar(constant);
        if (value instanceof Long number) {
            return new NumberNodes.Fixed(number, 0);
        }
        if (value instanceof BigDecimal number
                && number.scale() <= Kind.MOST_SCALE
                && number.precision() <= NumberNodes.EXACT_DIGITS) {
            return new NumberNodes.Fixed(number.unscaledValue().longValueExact(), number.scale());
        }
        return TextNodes.Dictionary.of(0, List.of(value), null);
    }

    /** The value of a definition; decimals without digits after the point are whole numbers. */
    private static Object scalar(Object value) {
        if (value instanceof BigDecimal number && number.scale() <= 0) {
            BigDecimal whole = number.setScale(0, RoundingMode.UNNECESSARY);
            return whole.precision() <= NumberNodes.EXACT_DIGITS ? (Object) whole.longValueExact() : whole;
        }
        return value;
    }

    /** Whether this can be a weight, that of something that never comes included. */
    static boolean isWeight(BigDecimal weight) {
        return weight.signum() >= 0
                && weight.compareTo(Choice.MOST_WEIGHT) <= 0
                && weight.stripTrailingZeros().scale() <= Choice.WEIGHT_DECIMALS;
    }

    static Node pick(Kind.Pick k, long salt) {
        check(!k.choices().isEmpty(), "pick has no values; give some, such as {web: 6, app: 3} or [\"NO\", \"SE\"]");
        List<Object> values = new ArrayList<>();
        List<BigInteger> weights = new ArrayList<>();
        Set<Object> seen = new LinkedHashSet<>();
        boolean equal = true;
        for (Choice choice : k.choices()) {
            Object value = scalar(choice.value());
            BigDecimal weight = choice.weight();
            check(isWeight(weight), "the weight " + weight.toPlainString() + " of '" + value + "' is not " + WEIGHT);
            check(seen.add(value), "pick has the value '" + value + "' twice; give it once, with both weights added");
            if (weight.signum() > 0) {
                values.add(value);
                weights.add(weight.movePointRight(6).toBigInteger());
                equal &= weights.get(0).equals(weights.get(weights.size() - 1));
            }
        }
        check(!values.isEmpty(), "all weights of pick are 0; at least one must be above 0");
        checkOneType(k.choices());
        TextNodes.Dictionary dictionary = TextNodes.Dictionary.of(salt, values, equal ? null : Alias.of(weights));
        return values.stream().allMatch(Long.class::isInstance) ? NumberNodes.Chosen.of(dictionary) : dictionary;
    }

    /** Weights of 0 included: what never comes today may come tomorrow. */
    private static void checkOneType(List<Choice> choices) {
        Object first = choices.get(0).value();
        for (Choice choice : choices) {
            Object value = choice.value();
            check(
                    JsonType.of(value) == JsonType.of(first),
                    "pick has " + shown(first) + " and " + shown(value)
                            + ", but a field has one JSON type in all its events; put all values in quotes to make them text");
        }
    }

    private static String shown(Object value) {
        return switch (JsonType.of(value)) {
            case NUMBER -> "the number " + new BigDecimal(value.toString()).toPlainString();
            case BOOLEAN -> "the boolean " + value;
            default -> "the text '" + value + "'";
        };
    }

    static Node words(Kind.Words k, long salt) {
        int n = k.words().size();
        check(n > 0 && n <= MOST_WORDS, "the list '" + k.source() + "' has " + n + " words; use 1 to " + MOST_WORDS);
        check(
                k.skew().signum() >= 0 && k.skew().compareTo(Key.MOST_SKEW) <= 0,
                "skew " + k.skew().toPlainString() + " is not between 0 and " + Key.MOST_SKEW);
        List<BigInteger> weights = new ArrayList<>();
        for (int i = 0; k.skew().signum() > 0 && i < n; i++) {
            double weight = StrictMath.pow(i + 1, -k.skew().doubleValue());
            weights.add(BigInteger.valueOf(Math.max(1, (long) (weight * (1L << 50)))));
        }
        return TextNodes.Dictionary.of(salt, new ArrayList<>(k.words()), weights.isEmpty() ? null : Alias.of(weights));
    }

    static Node faker(Kind.Faker k, long salt, long seed) {
        check(
                k.pool() >= 1 && k.pool() <= Kind.Faker.MOST_POOL,
                "pool " + k.pool() + " is not between 1 and " + Kind.Faker.MOST_POOL);
        try {
            List<Object> pool = FakerPool.draw(k.expression(), k.pool(), Mix.sub(Mix.mix(seed), salt));
            return TextNodes.Dictionary.of(salt, pool, null);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the expression '" + k.expression() + "' " + e.getMessage(), e);
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalArgumentException(what);
        }
    }
}
