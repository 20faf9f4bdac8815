package io.dataflux.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
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
        Faker faker = new Faker(Locale.ENGLISH, new Random(seed));
        List<Object> values = new ArrayList<>(size);
        try {
            for (int i = 0; i < size; i++) {
                values.add(faker.expression(expression));
            }
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(
                    "is not known to Datafaker " + version() + "; check the provider and method names", e);
        } catch (IllegalAccessError e) {
            throw new IllegalArgumentException("does not work on the module path with Datafaker " + version(), e);
        }
        return values;
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
