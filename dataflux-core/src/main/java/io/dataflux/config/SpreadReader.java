package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.model.Spread;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the {@code spread} of a number: a name alone, or with its parameters.
 *
 * <pre>
 * normal        {normal: {mean: 50, deviation: 10}}
 * lognormal     {lognormal: {median: 20, sigma: 0.8}}
 * exponential   {exponential: {mean: 12}}           its mean distance from the lower bound
 * zipf          {zipf: {skew: 1.1}}                 the lower bound comes most often
 * {histogram: {10: 5, 50: 20, 100: 1}}              weights of ranges, each up to its bound
 * {weighted: {1: 70, 2: 25, 5: 5}}                  weights of single values
 * </pre>
 */
final class SpreadReader {

    private static final List<String> NAMES =
            List.of("uniform", "normal", "lognormal", "exponential", "zipf", "histogram", "weighted");

    private final Reading reading;

    SpreadReader(Reading reading) {
        this.reading = reading;
    }

    /** The spread; null if there is none, if it is uniform, or after a problem. */
    @Nullable
    Spread read(@Nullable Tree tree) {
        if (tree == null) {
            return null;
        }
        if (!(tree instanceof Mapping map)) {
            String name = reading.oneOf(tree, NAMES.subList(0, 5));
            return name == null ? null : named(name, null);
        }
        List<Entry> entries = map.all().stream().toList();
        if (entries.size() != 1 || !NAMES.contains(entries.get(0).key().text())) {
            reading.problem(
                    map,
                    "is not a spread; write exactly one of " + String.join(", ", NAMES)
                            + ", such as {zipf: {skew: 1.1}}");
            return null;
        }
        Mapping about = reading.map(entries.get(0).value(), "write its parameters, such as {zipf: {skew: 1.1}}");
        return about == null ? null : named(entries.get(0).key().text(), about);
    }

    private @Nullable Spread named(String name, @Nullable Mapping map) {
        if (map != null && (name.equals("histogram") || name.equals("weighted"))) {
            Map<BigDecimal, BigDecimal> weights = weights(map);
            return weights.isEmpty()
                    ? null
                    : name.equals("weighted") ? new Spread.Weighted(weights) : new Spread.Histogram(weights);
        }
        SettingsReader about = map == null ? null : new SettingsReader(map, reading);
        Spread spread = switch (name) {
            case "normal" -> new Spread.Normal(number(about, "mean"), number(about, "deviation"));
            case "lognormal" -> new Spread.Lognormal(number(about, "median"), number(about, "sigma"));
            case "exponential" -> new Spread.Exponential(number(about, "mean"));
            case "zipf" ->
                new Spread.Zipf(
                        about == null ? BigDecimal.ONE : about.decimal("skew", BigDecimal.ONE, NumberRange.ZIPF));
            default -> null;
        };
        if (about != null) {
            about.finish();
        }
        return spread;
    }

    private static @Nullable BigDecimal number(@Nullable SettingsReader about, String name) {
        return about == null ? null : about.optionalDecimal(name).orElse(null);
    }

    private Map<BigDecimal, BigDecimal> weights(Mapping map) {
        Map<BigDecimal, BigDecimal> weights = new LinkedHashMap<>();
        for (Entry entry : map.all()) {
            BigDecimal weight = reading.decimal(entry.value(), NumberRange.WEIGHT);
            Scalar key = entry.key();
            boolean number = switch (PlainText.type(key.text())) {
                case INTEGER, DECIMAL -> true;
                default -> false;
            };
            if (!number && key.flaw() == null) {
                reading.problem(
                        entry.value(),
                        "'" + key.text() + "' is not a number; write values and weights, such as {10: 5, 50: 20}");
            } else if (number && weight != null) {
                weights.put(new BigDecimal(key.text()), weight);
            }
        }
        if (map.entries().isEmpty()) {
            reading.problem(map, "is empty; write values and weights, such as {10: 5, 50: 20}");
        }
        return weights;
    }
}
