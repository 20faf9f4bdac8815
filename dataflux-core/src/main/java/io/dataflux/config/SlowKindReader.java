package io.dataflux.config;

import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.model.Kind;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the kinds whose value belongs to a key and changes with time; the forms are in {@link FieldKind}. */
final class SlowKindReader {

    private static final Pattern CLOCK = Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])");
    private static final String NUMBER = "write a number";

    private final Reading reading;

    SlowKindReader(Reading reading) {
        this.reading = reading;
    }

    @Nullable
    Kind smooth(Tree tree, SettingsReader settings) {
        long scale = settings.integer("scale", -1, 0, Kind.MOST_SCALE);
        Duration over = settings.required("over", "about how long it takes from low to high, such as 20m") == null
                ? null
                : settings.duration("over", Duration.ofHours(1), Kind.Smooth.SHORTEST_OVER, Kind.Smooth.LONGEST_OVER);
        Tree daily = settings.find("daily");
        Integer ppm = daily == null ? Integer.valueOf(0) : new ValueKinds(reading).share(daily);
        Tree peak = settings.find("peak");
        Integer minute = peak == null ? Integer.valueOf(0) : minute(peak);
        List<BigDecimal> bounds = bounds(tree);
        return bounds == null || over == null || ppm == null || minute == null
                ? null
                : new Kind.Smooth(bounds.get(0), bounds.get(1), scale(scale, bounds), over, ppm, minute);
    }

    private @Nullable Integer minute(Tree tree) {
        String wanted = "write a time of day, such as \"15:00\"";
        Scalar value = reading.scalar(tree, wanted);
        Matcher clock = value == null ? null : CLOCK.matcher(value.text());
        if (value == null || clock == null || !clock.matches()) {
            if (value != null) {
                reading.problem(value, reading.show(value) + " is not a time of day; " + wanted);
            }
            return null;
        }
        return Integer.parseInt(clock.group(1)) * 60 + Integer.parseInt(clock.group(2));
    }

    @Nullable
    Kind counter(Tree tree, SettingsReader settings) {
        Duration reset = settings.has("reset")
                ? settings.duration(
                        "reset", Duration.ofDays(1), Kind.Counter.SHORTEST_RESET, Kind.Counter.LONGEST_RESET)
                : null;
        RateProfile rate = new RateReader(reading).profile(tree);
        if (rate != null && !(rate instanceof Rate)) {
            reading.problem(tree, "'" + rate + "' is not a single rate; write one such as 50/s");
            return null;
        }
        return rate == null ? null : new Kind.Counter((Rate) rate, reset);
    }

    @Nullable
    Kind linear(Tree tree, SettingsReader settings) {
        long scale = settings.integer("scale", -1, 0, Kind.MOST_SCALE);
        Mapping map = reading.map(tree, "write {of: temp, times: -1.2, plus: 95, noise: 4, within: [10, 100]}");
        if (map == null) {
            return null;
        }
        SettingsReader about = new SettingsReader(map, reading);
        String of = about.text("of");
        BigDecimal times = number(about, "times", BigDecimal.ONE);
        BigDecimal plus = number(about, "plus", BigDecimal.ZERO);
        BigDecimal noise = number(about, "noise", BigDecimal.ZERO);
        Tree within = about.required("within", "the least and the largest value, such as [10, 100]");
        List<BigDecimal> bounds = within == null ? null : bounds(within);
        about.finish();
        return bounds == null || times == null || plus == null || noise == null
                ? null
                : new Kind.Linear(of, times, plus, noise, bounds.get(0), bounds.get(1), scale(scale, bounds));
    }

    /** A number as it is written, with or without quotes: digits after the point count. */
    private @Nullable BigDecimal decimal(Tree tree) {
        Scalar value = reading.scalar(tree, NUMBER);
        if (value == null) {
            return null;
        }
        switch (PlainText.type(value.text())) {
            case INTEGER, DECIMAL:
                return new BigDecimal(value.text());
            default:
                reading.problem(value, reading.show(value) + " is not a number; " + NUMBER);
                return null;
        }
    }

    private @Nullable BigDecimal number(SettingsReader about, String name, BigDecimal otherwise) {
        Tree tree = about.find(name);
        return tree == null ? otherwise : decimal(tree);
    }

    private @Nullable List<BigDecimal> bounds(Tree tree) {
        String wanted = "write the lower and the upper bound, such as [\"18.0\", \"26.9\"]";
        Sequence list = reading.list(tree, wanted);
        if (list == null) {
            return null;
        }
        if (list.items().size() != 2) {
            reading.problem(
                    tree,
                    "has " + list.items().size() + (list.items().size() == 1 ? " bound; " : " bounds; ") + wanted);
            return null;
        }
        List<BigDecimal> bounds = new ArrayList<>();
        for (Tree item : list.items()) {
            BigDecimal bound = decimal(item);
            if (bound != null) {
                bounds.add(bound);
            }
        }
        return bounds.size() < 2 ? null : bounds;
    }

    private static int scale(long given, List<BigDecimal> bounds) {
        int digits = bounds.stream().mapToInt(BigDecimal::scale).max().orElse(0);
        return given >= 0 ? (int) given : Math.max(0, digits);
    }
}
