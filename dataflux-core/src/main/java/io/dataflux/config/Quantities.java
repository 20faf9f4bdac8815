package io.dataflux.config;

import io.dataflux.problem.Problems;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Time spans and sizes as users write them. */
final class Quantities {

    private static final Pattern SPAN = Pattern.compile("([0-9]{1,15})(ms|s|m|h|d)");
    private static final Pattern SIZE =
            Pattern.compile("([0-9]{1,15}(?:\\.[0-9]{1,6})?) ?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)");

    /** Longer than any run: stands for no upper limit. */
    static final Duration LONGEST = Duration.ofDays(365_000);

    private Quantities() {}

    /** A time span such as {@code 500ms} or {@code 2h}; null if the text is not one, or overflows. */
    static @Nullable Duration duration(String text) {
        Matcher span = SPAN.matcher(text);
        if (!span.matches()) {
            return null;
        }
        long count = Long.parseLong(span.group(1));
        try {
            return switch (span.group(2)) {
                case "ms" -> Duration.ofMillis(count);
                case "s" -> Duration.ofSeconds(count);
                case "m" -> Duration.ofMinutes(count);
                case "h" -> Duration.ofHours(count);
                default -> Duration.ofDays(count);
            };
        } catch (ArithmeticException e) {
            return null;
        }
    }

    /** A size such as {@code 64KiB}, {@code 1.5GB} or a bare number of bytes; null if the text is not a size, or overflows. */
    static @Nullable Long bytes(String text) {
        Matcher size = SIZE.matcher(text);
        try {
            if (!size.matches()) {
                return PlainText.type(text) == PlainText.Type.INTEGER ? Long.valueOf(text) : null;
            }
            return new BigDecimal(size.group(1))
                    .multiply(new BigDecimal(factor(size.group(2))))
                    .longValueExact();
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private static BigInteger factor(String unit) {
        int power = "BKMGT".indexOf(Character.toUpperCase(unit.charAt(0)));
        return BigInteger.valueOf(unit.endsWith("iB") ? 1024 : 1000).pow(power);
    }

    /** What to write for a time span of {@code [min, max]}. */
    static String wanted(Duration min, Duration max) {
        List<String> examples = Stream.of("500ms", "30s", "5m", "2h")
                .filter(example -> isWithin(duration(example), min, max))
                .limit(2)
                .toList();
        String range = max.compareTo(LONGEST) < 0
                ? "from " + Problems.text(min) + " to " + Problems.text(max)
                : "of at least " + Problems.text(min);
        return "write a time " + range + ", such as "
                + (examples.isEmpty() ? Problems.text(min) : String.join(" or ", examples));
    }

    /** What to write for a size of {@code [min, max]}. */
    static String wanted(long min, long max) {
        List<String> examples = Stream.of("64KiB", "10MB", "1GiB")
                .filter(example -> isWithin(bytes(example), min, max))
                .limit(2)
                .toList();
        String range = max < Long.MAX_VALUE ? "from " + text(min) + " to " + text(max) : "of at least " + text(min);
        return "write a size " + range + ", such as "
                + (examples.isEmpty() ? text(min) : String.join(" or ", examples));
    }

    private static <T extends Comparable<T>> boolean isWithin(@Nullable T value, T min, T max) {
        return value != null && value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    }

    /** A size in its largest whole binary or decimal unit. */
    static String text(long bytes) {
        String best = bytes + "B";
        for (String unit : new String[] {"kB", "KiB", "MB", "MiB", "GB", "GiB", "TB", "TiB"}) {
            long factor = factor(unit).longValueExact();
            if (bytes != 0 && bytes % factor == 0) {
                best = bytes / factor + unit;
            }
        }
        return best;
    }
}
