package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.model.Field;
import io.dataflux.model.RateProfile;
import io.dataflux.problem.Suggestions;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What somebody meant who wrote a number, time, size, share, rate or field as people or other programs do: {@code 5k}, {@code 5 minutes},
 * {@code 10mb}, {@code 5 percent}, {@code 5 per second}, {@code {type: string}}. Each method returns what to write here, or null if that
 * cannot be told.
 */
final class Meant {

    private static final Pattern NUMBER = Pattern.compile(
            "([-+]?[0-9]+(?:\\.[0-9]+)?) ?(k|m|mio|million|thousand|g|b|bn|billion|x|times|%|percent)?");
    private static final Pattern GROUPED = Pattern.compile("[0-9]{1,3}(?:([,' ])[0-9]{3})(?:\\1[0-9]{3})*");
    private static final Pattern SPANS = Pattern.compile("(?:[0-9]+(?:\\.[0-9]+)? ?[a-z]+[, ]*(?:and )?)+");
    private static final Pattern SPAN = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([a-z]+)");
    private static final Pattern ISO =
            Pattern.compile("p(?:([0-9]+)d)?(?:t(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?)?");
    private static final Pattern SIZE = Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?([kmgt]?)(i?)(?:b|byte|bytes)?");
    private static final Pattern RATE = Pattern.compile(
            "([0-9.,' ]+[a-z]*?) ?(?:events?|messages?|records?)?"
                    + " ?(?:/|per|a|each|every)? ?(|rps|eps|tps|qps|hz|s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hour|hours|d|day|days)");

    private static final Map<String, Long> MILLIS = Map.ofEntries( // order never seen
            Map.entry("ms", 1L),
            Map.entry("s", 1000L),
            Map.entry("m", 60_000L),
            Map.entry("h", 3_600_000L),
            Map.entry("d", 86_400_000L),
            Map.entry("w", 7 * 86_400_000L));
    private static final List<List<String>> UNITS = List.of(
            List.of("ms", "msec", "msecs", "milli", "millis", "millisecond", "milliseconds"),
            List.of("s", "sec", "secs", "second", "seconds"),
            List.of("m", "min", "mins", "minute", "minutes"),
            List.of("h", "hr", "hrs", "hour", "hours"),
            List.of("d", "day", "days"),
            List.of("w", "week", "weeks"));

    private Meant() {}

    /** The end of a message: {@code "; did you mean 5000?"}, or nothing if it is not known or must not be shown. */
    static String hint(Scalar value, @Nullable String meant) {
        return meant == null || Reading.hidden(value) || meant.equals(value.text())
                ? ""
                : "; did you mean " + meant + "?";
    }

    /** A number that {@code fits}, such as {@code 5000} for {@code 5k}, {@code 2} for {@code 2x} and {@code 1000} for {@code 1,000}. */
    static @Nullable String number(String text, Predicate<BigDecimal> fits) {
        String plain = plain(text);
        Matcher number = NUMBER.matcher(plain);
        if (GROUPED.matcher(plain).matches()) {
            return fitting(new BigDecimal(plain.replaceAll("[,' ]", "")), fits);
        }
        if (!number.matches() || number.group(1).length() > PlainText.MOST_DIGITS) {
            return null;
        }
        BigDecimal value = new BigDecimal(number.group(1));
        return switch (number.group(2) == null ? "" : number.group(2)) {
            case "k", "thousand" -> fitting(value.movePointRight(3), fits);
            case "m", "mio", "million" -> fitting(value.movePointRight(6), fits);
            case "g", "b", "bn", "billion" -> fitting(value.movePointRight(9), fits);
            case "%", "percent" ->
                Stream.of(value.movePointLeft(2), value)
                        .map(each -> fitting(each, fits))
                        .filter(each -> each != null)
                        .findFirst()
                        .orElse(null);
            default -> fitting(value, fits);
        };
    }

    private static @Nullable String fitting(BigDecimal value, Predicate<BigDecimal> fits) {
        BigDecimal plain = value.stripTrailingZeros();
        return fits.test(plain) ? plain.toPlainString() : null;
    }

    /** A time span within bounds, such as {@code 5m} for {@code 5 minutes} and {@code 90m} for {@code 1h30m}. */
    static @Nullable String span(String text, Duration min, Duration max) {
        String plain = plain(text);
        Matcher iso = ISO.matcher(plain);
        BigDecimal millis = BigDecimal.ZERO;
        if (iso.matches() && plain.length() > 2) {
            String[] units = {"d", "h", "m", "s"};
            for (int i = 0; i < units.length; i++) {
                millis = millis.add(iso.group(i + 1) == null ? BigDecimal.ZERO : millis(iso.group(i + 1), units[i]));
            }
        } else if (SPANS.matcher(plain).matches()) {
            Matcher each = SPAN.matcher(plain);
            while (each.find()) {
                BigDecimal one = millis(each.group(1), each.group(2));
                if (one == null) {
                    return null;
                }
                millis = millis.add(one);
            }
        } else {
            return null;
        }
        return written(millis.stripTrailingZeros(), min, max);
    }

    private static @Nullable String written(BigDecimal millis, Duration min, Duration max) {
        if (millis.scale() > 0 || millis.compareTo(BigDecimal.valueOf(max.toMillis())) > 0) {
            return null;
        }
        long whole = millis.longValue();
        if (whole < min.toMillis()) {
            return null;
        }
        for (String unit : List.of("d", "h", "m", "s")) {
            long size = MILLIS.getOrDefault(unit, 1L);
            if (whole > 0 && whole % size == 0) {
                return whole / size + unit;
            }
        }
        return whole + "ms";
    }

    private static @Nullable BigDecimal millis(String count, String word) {
        if (count.length() > PlainText.MOST_DIGITS) {
            return null;
        }
        return UNITS.stream()
                .filter(words -> words.contains(word))
                .findFirst()
                .map(words -> new BigDecimal(count).multiply(BigDecimal.valueOf(MILLIS.getOrDefault(words.get(0), 1L))))
                .orElse(null);
    }

    /** A size within bounds, such as {@code 10MB} for {@code 10mb} and {@code 64kB} for {@code 64k}. */
    static @Nullable String size(String text, long min, long max) {
        Matcher size = SIZE.matcher(
                plain(text).replace("kilo", "k").replace("mega", "m").replace("giga", "g"));
        if (!size.matches()) {
            return null;
        }
        String unit = size.group(2).isEmpty()
                ? "B"
                : (size.group(3).isEmpty() && size.group(2).equals("k")
                                ? "k"
                                : size.group(2).toUpperCase(Locale.ROOT)) + size.group(3) + "B";
        String meant = size.group(1) + unit;
        Long bytes = Quantities.bytes(meant);
        return bytes != null && bytes >= min && bytes <= max ? meant : null;
    }

    /** A percentage, such as {@code 5%} for {@code 5} and for {@code 0.05}. */
    static @Nullable String share(String text) {
        String plain = plain(text);
        boolean percent = plain.matches(".*[a-z%]");
        String number = number(plain.replaceAll(" ?(percent|pct|%)$", ""), value -> value.signum() >= 0);
        if (number == null) {
            return null;
        }
        BigDecimal value = new BigDecimal(number);
        BigDecimal hundredths = percent || value.compareTo(BigDecimal.ONE) > 0 ? value : value.movePointRight(2);
        String meant = hundredths.stripTrailingZeros().toPlainString() + "%";
        try {
            Field.ppm(meant);
            return meant;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A rate, such as {@code 5/s} for {@code 5}, {@code 5000/s} for {@code 5k per second} and {@code 5/m} for {@code 5/minute}. */
    static @Nullable String rate(String text) {
        Matcher rate = RATE.matcher(plain(text));
        String number = rate.matches() ? number(rate.group(1).strip(), value -> value.signum() >= 0) : null;
        if (number == null) {
            return null;
        }
        String word = rate.group(2);
        String unit = UNITS.stream()
                .filter(words -> words.contains(word))
                .findFirst()
                .map(words -> words.get(0))
                .orElse("s");
        try {
            RateProfile.of(number + "/" + unit);
            return number + "/" + unit;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** A field, such as <code>{id: uuid}</code> for {@code uuid} and <code>{int: [1, 5]}</code> for <code>{type: integer}</code>. */
    static @Nullable String field(Tree tree) {
        if (tree instanceof Scalar value) {
            return field(value.text());
        }
        Tree type = tree instanceof Mapping map ? map.get("type") : null;
        if (!(type instanceof Scalar word) || !(tree instanceof Mapping map)) {
            return null;
        }
        for (Entry entry : map.all()) {
            String key = entry.key().text();
            if (key.equals("enum")) {
                return "{pick: [...]}";
            }
            if (key.equals("format") && entry.value() instanceof Scalar format && field(format.text()) != null) {
                return field(format.text());
            }
        }
        return field(word.text());
    }

    private static @Nullable String field(String word) {
        String bare = plain(word).replace("-", "");
        if (bare.equals("object")) {
            return "{object: {zip: {text: \"[0-9]{5}\"}}}";
        }
        if (bare.equals("array") || bare.equals("list")) {
            return "{list: {length: [1, 8]}, of: {int: [1, 5]}}";
        }
        String kind = Suggestions.translated(bare, FieldKind.WORDS).orElse(bare);
        if (kind.contains(":")) {
            return "{" + kind + "}";
        }
        return FieldKind.WORDS.contains(kind) ? FieldKind.of(kind).examples().get(0) : null;
    }

    private static String plain(String text) {
        return text.strip().toLowerCase(Locale.ROOT).replaceAll("\\s+", " ");
    }
}
