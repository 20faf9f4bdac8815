package io.dataflux.testkit;

import io.dataflux.model.StreamDefinition.Rate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A rate as tests write it. */
final class RateText {

    private static final Pattern RATE = Pattern.compile("([1-9][0-9]{0,8})/(s|m|h)");

    private RateText() {}

    /** @throws IllegalArgumentException if it is none, with what can be written */
    static Rate parse(String text) {
        Matcher rate = RATE.matcher(text);
        if (!rate.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no rate: write a number of events per second, minute or"
                            + " hour, such as 2000/s or 30/m, or max");
        }
        long seconds = switch (rate.group(2)) {
            case "s" -> 1;
            case "m" -> 60;
            default -> 3600;
        };
        return new Rate(Long.parseLong(rate.group(1)), seconds);
    }
}
