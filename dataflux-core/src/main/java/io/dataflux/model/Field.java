package io.dataflux.model;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * A field of an event: its {@link Kind}, how often it is null or left out, in events per million, and whether its number is written as text.
 * Immutable. Null and absent are drawn separately: changing one changes neither the other nor the value.
 */
public record Field(Kind kind, int nullablePpm, int absentPpm, boolean isText) {

    public static final int PPM = 1_000_000;

    public Field(Kind kind) {
        this(kind, 0, 0);
    }

    public Field(Kind kind, int nullablePpm, int absentPpm) {
        this(kind, nullablePpm, absentPpm, false);
    }

    /**
     * This field, a number, written as JSON text: for readers that hold numbers as doubles, which round what is beyond 2^53. Its value and
     * what other fields make of it do not change.
     */
    public Field asText() {
        return new Field(kind, nullablePpm, absentPpm, true);
    }

    /**
     * This field, {@code null} in the given share of events.
     *
     * @param share a percentage such as {@code "10%"} or {@code "0.5%"}
     */
    public Field nullable(String share) {
        return new Field(kind, ppm(share), absentPpm, isText);
    }

    /** This field, {@code null} in the given share of events, from 0 to 1: {@code 0.1} is {@code "10%"}. */
    public Field nullable(double share) {
        return nullable(percent(share));
    }

    /** This field, left out of the given share of events, from 0 to 1: {@code 0.9} is {@code "90%"}. */
    public Field absent(double share) {
        return absent(percent(share));
    }

    /**
     * This field, left out of the given share of events.
     *
     * @param share a percentage such as {@code "90%"}
     */
    public Field absent(String share) {
        return new Field(kind, nullablePpm, ppm(share), isText);
    }

    /**
     * A percentage as events per million.
     *
     * @throws IllegalArgumentException unless the text is a number from 0 to 100 with at most four decimals, followed by {@code %}
     */
    public static int ppm(String share) {
        try {
            if (share.endsWith("%")) {
                BigDecimal percent =
                        new BigDecimal(share.substring(0, share.length() - 1).trim());
                int ppm = percent.movePointRight(4)
                        .setScale(0, RoundingMode.UNNECESSARY)
                        .intValueExact();
                if (ppm >= 0 && ppm <= PPM) {
                    return ppm;
                }
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IllegalArgumentException(shareProblem(share), e);
        }
        throw new IllegalArgumentException(shareProblem(share));
    }

    /** A share from 0 to 1 as a percentage. */
    static String percent(double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(share
                    + " is not a share: write a number from 0 to 1, such as 0.25, or a percentage, such as \"25%\"");
        }
        return BigDecimal.valueOf(share).movePointRight(2).toPlainString() + "%";
    }

    private static String shareProblem(String share) {
        return "'" + share
                + "' is not a share: write a percentage from 0% to 100% with at most four decimals, such as 2.5%";
    }
}
