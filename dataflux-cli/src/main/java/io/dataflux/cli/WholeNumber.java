package io.dataflux.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an option that is a whole number of a range. */
abstract class WholeNumber implements ITypeConverter<Long> {

    static final class Any extends WholeNumber {
        Any() {
            super(Long.MIN_VALUE, Long.MAX_VALUE);
        }
    }

    static final class FromZero extends WholeNumber {
        FromZero() {
            super(0, Long.MAX_VALUE);
        }
    }

    private static final int MOST_SHOWN = 60;

    private final long min;
    private final long max;

    WholeNumber(long min, long max) {
        this.min = min;
        this.max = max;
    }

    @Override
    public Long convert(String text) {
        try {
            long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // reported below
        }
        throw new TypeConversionException(shown(text) + " is not a whole number from " + min + " to " + max);
    }

    private static String shown(String text) {
        return text.length() > MOST_SHOWN ? text.substring(0, MOST_SHOWN) + "..." : text;
    }
}
