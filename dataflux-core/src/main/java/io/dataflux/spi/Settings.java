package io.dataflux.spi;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The settings of one sink, router or generator, read strictly. A setting that has the wrong type, is out of range or is missing is noted
 * as a problem with its path, and reading continues with a stand-in value, so that the user sees every mistake at once. A setting that is
 * never asked for is refused as unknown. Used while the plan is made, by one thread.
 */
public interface Settings {

    /** The path of these settings, such as {@code sinks.broker}. */
    String path();

    /** Text that is required. */
    String text(String name);

    String text(String name, String otherwise);

    Optional<String> optionalText(String name);

    /** One of a few words. */
    String oneOf(String name, String otherwise, String... allowed);

    /** A whole number in {@code [min, max]}. */
    long integer(String name, long otherwise, long min, long max);

    OptionalLong optionalInteger(String name, long min, long max);

    Optional<BigDecimal> optionalDecimal(String name);

    boolean bool(String name, boolean otherwise);

    /** A time span such as {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}. */
    Duration duration(String name, Duration otherwise, Duration min, Duration max);

    /** A size in bytes such as {@code 64KiB}, {@code 10MB}. */
    long bytes(String name, long otherwise, long min, long max);

    /** Text that must never be shown. */
    Optional<Secret> secret(String name);

    /**
     * What of a text came from the environment, as in {@code http://host/${env:HOOK}}. It may be a secret: mask it in words, see
     * {@link Secret#maskedIn}, and in what is written down ({@link Resume#destination}).
     */
    default List<Secret> fromEnvironment(String name) {
        return List.of();
    }

    /** A list of text; a single text counts as a list of one. */
    List<String> texts(String name);

    /** A map of names to text, in their order; for free-form settings such as headers. */
    Map<String, String> textMap(String name);

    /**
     * The settings in a nested map, such as {@code tls: {truststore: ...}}; empty if there is none. They are read by the same strict rules.
     */
    Optional<Settings> block(String name);

    /** Whether this name holds a map, rather than text, a list or nothing. */
    boolean holdsBlock(String name);

    /** The names that are set, in order; for a block whose names the user chooses. */
    List<String> names();

    /** Whether the setting is set. */
    boolean has(String name);

    /**
     * Notes a mistake.
     *
     * @param name the setting, or an empty text for these settings as a whole
     * @param what what is wrong, what is allowed and the likely fix, as one sentence
     */
    void problem(String name, String what);

    /** Text that hides itself: {@link #toString} shows stars. */
    final class Secret {
        private final String value;

        public Secret(String value) {
            this.value = value;
        }

        /** The text itself, to hand to a client; never log it. */
        public String reveal() {
            return value;
        }

        /** A text with stars in every place where this is. */
        public String maskedIn(String text) {
            return value.isEmpty() ? text : text.replace(value, toString());
        }

        @Override
        public String toString() {
            return "****";
        }
    }
}
