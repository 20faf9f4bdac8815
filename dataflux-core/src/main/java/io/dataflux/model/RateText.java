package io.dataflux.model;

import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The one place where rates and their profiles are read from text. */
final class RateText {

    private static final String RATE = "([0-9]{1,18}(?:\\.[0-9]{1,9})?) ?/ ?([0-9]{1,9})?(ms|s|m|min|h|d)";
    private static final Pattern ONE = Pattern.compile(RATE);
    private static final Pattern SPAN = Pattern.compile("([0-9]{1,12})(ms|s|m|h|d)");
    private static final Pattern STEPS = Pattern.compile("steps (.+) each (\\S+)( repeat)?");
    private static final Pattern RANGE = Pattern.compile("(.+?)\\.\\.(.+?) by (.+)");
    private static final Pattern RAMP = Pattern.compile("ramp (.+?)\\.\\.(.+?) over (\\S+)");
    private static final int MOST_STEPS = 10_000;
    static final String WANTED = "write a rate such as 500/s or 90/m, 'steps 500/s..4000/s by 500/s each 20s',"
            + " 'steps 10/s, 50/s each 1m', or 'ramp 200/s..2000/s over 20m'";

    private RateText() {}

    static RateProfile profile(String text) {
        String plain = text.strip().replaceAll("\\s+", " ");
        Matcher steps = STEPS.matcher(plain);
        if (steps.matches()) {
            return new RateProfile.Steps(
                    rates(steps.group(1), text), span(steps.group(2), text), steps.group(3) != null);
        }
        Matcher ramp = RAMP.matcher(plain);
        return ramp.matches()
                ? new RateProfile.Ramp(rate(ramp.group(1), text), rate(ramp.group(2), text), span(ramp.group(3), text))
                : rate(plain, text);
    }

    private static List<Rate> rates(String list, String text) {
        Matcher range = RANGE.matcher(list);
        List<Rate> rates = new ArrayList<>();
        if (!range.matches()) {
            for (String each : list.split(",", -1)) {
                rates.add(rate(each, text));
            }
            return rates;
        }
        Rate to = rate(range.group(2), text);
        Rate by = rate(range.group(3), text);
        if (by.events() == 0) {
            throw problem(text, "steps by 0");
        }
        Rate rate = rate(range.group(1), text);
        boolean up = rate.compareTo(to) <= 0;
        while (rate.compareTo(to) == 0 || rate.compareTo(to) < 0 == up) {
            rates.add(rate);
            if (rates.size() > MOST_STEPS) {
                throw problem(text, "has more than " + MOST_STEPS + " steps");
            }
            if (!up && rate.compareTo(by) < 0) {
                break;
            }
            rate = up ? rate.plus(by) : rate.minus(by);
        }
        return rates;
    }

    static Rate rate(String text, String whole) {
        Matcher rate = ONE.matcher(text.strip());
        if (!rate.matches()) {
            throw problem(
                    whole,
                    text.equals(whole) ? "is not a rate" : "contains '" + text.strip() + "', which is not a rate");
        }
        String count = rate.group(2);
        long millis = (count == null ? 1 : Long.parseLong(count)) * millis(rate.group(3));
        BigDecimal events = new BigDecimal(rate.group(1));
        if (millis == 0) {
            throw problem(whole, "has a time of 0");
        }
        try {
            return Rate.reduced(
                    events.movePointRight(9 + 3).toBigIntegerExact(),
                    BigInteger.TEN.pow(9).multiply(BigInteger.valueOf(millis)));
        } catch (ArithmeticException e) {
            throw problem(whole, "has too many digits");
        }
    }

    private static Duration span(String span, String text) {
        Matcher matcher = SPAN.matcher(span);
        if (!matcher.matches() || Long.parseLong(matcher.group(1)) == 0) {
            throw problem(text, "contains '" + span + "', which is not a time such as 20s or 5m");
        }
        return Duration.ofMillis(Math.multiplyExact(Long.parseLong(matcher.group(1)), millis(matcher.group(2))));
    }

    private static long millis(String unit) {
        return switch (unit) {
            case "ms" -> 1;
            case "s" -> 1000;
            case "m", "min" -> 60_000;
            case "h" -> 3_600_000;
            default -> 86_400_000;
        };
    }

    /** A time in its largest whole unit. */
    static String span(Duration span) {
        long millis = span.toMillis();
        for (String unit : List.of("d", "h", "m", "s")) {
            if (millis % millis(unit) == 0 && millis > 0) {
                return millis / millis(unit) + unit;
            }
        }
        return millis + "ms";
    }

    private static IllegalArgumentException problem(String text, String what) {
        return new IllegalArgumentException("'" + text + "' " + what + "; " + WANTED);
    }
}
