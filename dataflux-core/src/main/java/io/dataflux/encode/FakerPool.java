package io.dataflux.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.datafaker.Faker;

/**
 * Draws the values of a Datafaker expression while a stream is made. Seeded, so that the same seed and Datafaker version give the
 * same pool; expressions that read the clock are refused.
 */
final class FakerPool {

    /** Providers and methods that read the clock, the time zone or their own random numbers, spelled without underscores. */
    private static final Pattern CLOCK =
            Pattern.compile("(?i)#\\{\\s*(date|dateandtime|timeanddate|time|duration|idnumber|twitter)\\s*[.'\\s}]"
                    + "|birthday|creditcardexpiry");

    private static final Pattern DIRECTIVE = Pattern.compile("#\\{([a-z]\\w*)\\.(\\w+)([^}]*})");

    private FakerPool() {}

    /** @throws IllegalArgumentException with what is wrong with the expression */
    static List<Object> draw(String expression, int size, long seed) {
        if (CLOCK.matcher(expression.replace("_", "")).find()) {
            throw new IllegalArgumentException(
                    "reads the clock, so the same seed would give other events tomorrow; use a time field");
        }
        if (!expression.contains("#{")) {
            throw new IllegalArgumentException(
                    "is not a Datafaker expression; write #{provider.method}, such as #{internet.emailAddress}");
        }
        try {
            return values(expression, size, seed);
        } catch (RuntimeException e) {
            String other = byMethods(expression);
            try {
                if (!other.equals(expression)) {
                    return values(other, size, seed);
                }
            } catch (RuntimeException alsoUnknown) {
                e.addSuppressed(alsoUnknown);
            }
            throw new IllegalArgumentException(
                    "is not known to Datafaker " + version() + "; check the provider and method names", e);
        } catch (IllegalAccessError e) {
            throw new IllegalArgumentException("does not work on the module path with Datafaker " + version(), e);
        }
    }

    private static List<Object> values(String expression, int size, long seed) {
        Faker faker = new Faker(Locale.ENGLISH, new Random(seed));
        List<Object> values = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            values.add(faker.expression(expression));
        }
        return values;
    }

    /**
     * The expression with those directives that fail written as methods: Datafaker takes {@code finance.credit_card} as a key of its own
     * files first, and fails if it finds there not a list of texts but more keys. {@code Finance.creditcard} is the method at once; its case
     * does not matter.
     */
    private static String byMethods(String expression) {
        return DIRECTIVE.matcher(expression).replaceAll(directive -> {
            String written = directive.group();
            try {
                values(written, 1, 0);
            } catch (RuntimeException e) {
                String provider = directive.group(1).replace("_", "");
                written = "#{" + provider.substring(0, 1).toUpperCase(Locale.ROOT) + provider.substring(1) + '.'
                        + directive.group(2).replace("_", "") + directive.group(3);
            }
            return Matcher.quoteReplacement(written);
        });
    }

    /** The version of Datafaker in use. */
    static String version() {
        String version = Faker.class.getPackage().getImplementationVersion();
        return version == null
                ? Faker.class.getModule().getDescriptor() == null
                        ? "unknown"
                        : Faker.class.getModule().getDescriptor().rawVersion().orElse("unknown")
                : version;
    }
}
