package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.config.Tree.Sequence;
import io.dataflux.model.RateProfile;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition.Arrivals;
import io.dataflux.model.StreamDefinition.Bursts;
import io.dataflux.model.StreamDefinition.Lateness;
import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads how fast events come. A rate is text ({@code 500/s}, {@code steps 500/s..4000/s by 500/s each 20s}) or a map with one of the first
 * four keys and any of the others, which multiply it.
 *
 * <pre>
 * {constant: 500/s}
 * {steps: [10/s, 50/s], each: 20s, repeat: true}    or steps: 500/s..4000/s by 500/s; without 'repeat' the last one stays
 * {ramp: [200/s, 2000/s], over: 20m}                then the last one stays
 * {sum: [500/s, {steps: [...], each: 1h}]}
 *   daily: {"00:00": 0.2, "08:00": 1, "20:00": 1.4} factors by UTC time, a straight line in between; or a list of 24
 *   weekly: {sat: 0.4, sun: 0.3}                    factors by day, 1 for the other days; or a list of 7, Monday first
 *   warp: 24                                        time runs that many times faster: a day in an hour
 * </pre>
 *
 * <p>{@code lateness} defines which events happened before they are due: {@code {share: 2%, by: [8s, 5m], spread: exponential, mean: 20s}}.
 * {@code arrivals} defines how events deviate from their rate: {@code {jitter: true, bursts: {every: 10m, length: 20s, speed: 8}}}.
 */
final class RateReader {

    private static final String WANTED =
            "write a rate such as 500/s, steps, a ramp or a map such as {ramp: [200/s, 2000/s], over: 20m}";
    private static final List<String> BASES = List.of("constant", "steps", "ramp", "sum");
    private static final Set<String> WITH_BASE = Set.of("weekly", "daily", "warp"); // order never seen
    private static final List<String> WEEKDAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
    private static final Pattern CLOCK = Pattern.compile("([01][0-9]|2[0-3]):([0-5][0-9])");

    private final Reading reading;

    RateReader(Reading reading) {
        this.reading = reading.quiet();
    }

    /** The profile, or null after a problem. */
    @Nullable
    RateProfile profile(Tree tree) {
        if (tree instanceof Mapping map) {
            return map(map);
        }
        Scalar value = reading.scalar(tree, WANTED);
        return value == null ? null : text(value, value.text());
    }

    private @Nullable RateProfile text(Tree tree, String text) {
        try {
            return RateProfile.of(text);
        } catch (IllegalArgumentException e) {
            String meant = tree instanceof Scalar value ? Meant.hint(value, Meant.rate(text)) : "";
            reading.problem(tree, e.getMessage() + meant);
            return null;
        }
    }

    private @Nullable Rate rate(Tree tree) {
        Scalar value = reading.scalar(tree, "write a rate such as 500/s");
        RateProfile rate = value == null ? null : text(value, value.text());
        if (value == null || rate == null || rate instanceof Rate) {
            return (Rate) rate;
        }
        reading.problem(tree, reading.show(value) + " is not a single rate; write one such as 500/s");
        return null;
    }

    private @Nullable RateProfile map(Mapping map) {
        SettingsReader settings = new SettingsReader(map, reading);
        List<String> bases = BASES.stream().filter(map.entries()::containsKey).toList();
        RateProfile profile = null;
        if (bases.size() == 1) {
            profile = base(bases.get(0), settings);
        } else if (bases.isEmpty()) {
            boolean known = WITH_BASE.containsAll(map.entries().keySet());
            if (known) { // else a key that is not known stands for it
                reading.problem(
                        map, "has no rate; write one of " + String.join(", ", BASES) + ", such as {constant: 500/s}");
            }
        } else {
            reading.problem(map, "has " + String.join(" and ", bases) + "; write one of them, or a sum");
        }
        BASES.forEach(settings::find);
        Tree weekly = settings.find("weekly");
        List<BigDecimal> days = weekly == null ? null : weekly(weekly);
        Tree daily = settings.find("daily");
        Map<Integer, BigDecimal> hours = daily == null ? null : daily(daily);
        Tree warp = settings.find("warp");
        BigDecimal speed = warp == null ? null : reading.decimal(warp, NumberRange.WARP);
        settings.finish();
        if (profile == null) {
            return null;
        }
        profile = days == null ? profile : new RateProfile.Weekly(days, profile);
        profile = hours == null ? profile : new RateProfile.Daily(hours, profile);
        return speed == null ? profile : new RateProfile.Warped(speed, profile);
    }

    private @Nullable RateProfile base(String word, SettingsReader settings) {
        Tree value = settings.find(word);
        if (value == null) {
            return null;
        }
        return switch (word) {
            case "constant" -> rate(value);
            case "steps" -> steps(value, settings);
            case "ramp" -> ramp(value, settings);
            default -> sum(value);
        };
    }

    private @Nullable RateProfile steps(Tree tree, SettingsReader settings) {
        Duration each = span("each", settings, "how long each step lasts, such as 20s");
        boolean repeat = settings.bool("repeat", false);
        if (tree instanceof Sequence list) {
            List<Rate> rates = rates(list);
            return rates == null || each == null ? null : made(tree, () -> new RateProfile.Steps(rates, each, repeat));
        }
        Scalar value = reading.scalar(tree, "write a list of rates, or 500/s..4000/s by 500/s");
        RateProfile read = value == null ? null : text(value, "steps " + value.text() + " each 1s");
        return read instanceof RateProfile.Steps steps && each != null
                ? made(tree, () -> new RateProfile.Steps(steps.rates(), each, repeat))
                : null;
    }

    private @Nullable RateProfile ramp(Tree tree, SettingsReader settings) {
        Duration over = span("over", settings, "how long it takes, such as 20m");
        Sequence list = reading.list(tree, "write the first and the last rate, such as [200/s, 2000/s]");
        if (list == null) {
            return null;
        }
        if (list.items().size() != 2) {
            reading.problem(tree, counted(list, "rate") + "; write the first and the last, such as [200/s, 2000/s]");
            return null;
        }
        List<Rate> rates = rates(list);
        return rates == null || over == null
                ? null
                : made(tree, () -> new RateProfile.Ramp(rates.get(0), rates.get(1), over));
    }

    private @Nullable RateProfile sum(Tree tree) {
        Sequence list = reading.list(tree, "write a list of rates");
        if (list != null && list.items().isEmpty()) {
            reading.problem(tree, "is empty; write a list of rates, such as [500/s, {ramp: [1/s, 50/s], over: 5m}]");
            return null;
        }
        List<RateProfile> parts = new ArrayList<>();
        for (Tree item : list == null ? List.<Tree>of() : list.items()) {
            RateProfile part = profile(item);
            if (part != null) {
                parts.add(part);
            }
        }
        return list == null || parts.size() < list.items().size() ? null : made(tree, () -> new RateProfile.Sum(parts));
    }

    private @Nullable List<Rate> rates(Sequence list) {
        List<Rate> rates = new ArrayList<>();
        for (Tree item : list.items()) {
            Rate rate = rate(item);
            if (rate != null) {
                rates.add(rate);
            }
        }
        return rates.size() < list.items().size() ? null : rates;
    }

    private @Nullable Duration span(String name, SettingsReader settings, String what) {
        return span(name, settings, what, Duration.ofMillis(1), RateProfile.LONGEST);
    }

    private @Nullable Duration span(String name, SettingsReader settings, String what, Duration min, Duration max) {
        return settings.required(name, what) == null ? null : settings.duration(name, min, min, max);
    }

    private @Nullable RateProfile made(Tree tree, Supplier<RateProfile> how) {
        try {
            return how.get();
        } catch (IllegalArgumentException e) {
            reading.problem(tree, String.valueOf(e.getMessage()));
            return null;
        }
    }

    private @Nullable Map<Integer, BigDecimal> daily(Tree tree) {
        String wanted = "write factors by time of day, such as {\"00:00\": 0.2, \"08:00\": 1}, or a list of 24";
        if (tree instanceof Sequence list) {
            List<BigDecimal> hours = factors(list, 24, wanted);
            Map<Integer, BigDecimal> factors = new LinkedHashMap<>();
            for (int hour = 0; hours != null && hour < 24; hour++) {
                factors.put(hour * 60, hours.get(hour));
            }
            return hours == null ? null : factors;
        }
        Mapping map = reading.map(tree, wanted);
        Map<Integer, BigDecimal> factors = new LinkedHashMap<>();
        for (Entry entry : map == null ? List.<Entry>of() : map.all()) {
            Matcher clock = CLOCK.matcher(entry.key().text());
            BigDecimal factor = reading.decimal(entry.value(), NumberRange.FACTOR);
            if (!clock.matches()) {
                if (entry.key().flaw() == null) {
                    reading.problem(
                            entry.value(), "'" + entry.key().text() + "' is not a time of day; write \"08:30\"");
                }
            } else if (factor != null) {
                factors.put(Integer.parseInt(clock.group(1)) * 60 + Integer.parseInt(clock.group(2)), factor);
            }
        }
        if (map != null && map.entries().isEmpty()) {
            reading.problem(tree, "has no factors; " + wanted);
        }
        return factors.isEmpty() ? null : factors;
    }

    private @Nullable List<BigDecimal> weekly(Tree tree) {
        String wanted = "write factors by day, such as {sat: 0.4, sun: 0.3}, or a list of 7, Monday first";
        if (tree instanceof Sequence list) {
            return factors(list, 7, wanted);
        }
        Mapping map = reading.map(tree, wanted);
        List<BigDecimal> factors = new ArrayList<>(Collections.nCopies(7, BigDecimal.ONE));
        for (Entry entry : map == null ? List.<Entry>of() : map.all()) {
            int day = WEEKDAYS.indexOf(entry.key().text());
            BigDecimal factor = reading.decimal(entry.value(), NumberRange.FACTOR);
            if (day < 0) {
                reading.problem(
                        entry.value(),
                        "'" + entry.key().text() + "' is not a day; write one of " + String.join(", ", WEEKDAYS));
            } else if (factor != null) {
                factors.set(day, factor);
            }
        }
        return map == null ? null : factors;
    }

    private @Nullable List<BigDecimal> factors(Sequence list, int count, String wanted) {
        if (list.items().size() != count) {
            reading.problem(list, counted(list, "factor") + "; " + wanted);
            return null;
        }
        List<BigDecimal> factors = new ArrayList<>();
        for (Tree item : list.items()) {
            BigDecimal factor = reading.decimal(item, NumberRange.FACTOR);
            factors.add(factor == null ? BigDecimal.ONE : factor);
        }
        return factors;
    }

    private static String counted(Sequence list, String what) {
        int count = list.items().size();
        return "has " + count + ' ' + what + (count == 1 ? "" : "s");
    }

    /** How events arrive; regular after a problem. */
    Arrivals arrivals(@Nullable Tree tree) {
        Mapping map = tree == null
                ? null
                : reading.map(tree, "write {jitter: true} or {bursts: {every: 10m, length: 20s, speed: 8}}");
        if (map == null) {
            return Arrivals.REGULAR;
        }
        SettingsReader settings = new SettingsReader(map, reading);
        boolean jitter = settings.bool("jitter", false);
        SettingsReader about = settings.section("bursts", "write {every: 10m, length: 20s, speed: 8}");
        Bursts bursts = about == null ? null : bursts(about);
        settings.finish();
        return new Arrivals(bursts, jitter);
    }

    /** Which events are late; null if none are, or after a problem. */
    @Nullable
    Lateness lateness(@Nullable Tree tree) {
        String wanted = "write {share: 2%, by: [8s, 5m]}";
        Mapping map = tree == null ? null : reading.map(tree, wanted);
        if (map == null) {
            return null;
        }
        SettingsReader settings = new SettingsReader(map, reading);
        Tree share = settings.required("share", "how many events are late, such as 2%");
        Integer ppm = share == null ? null : new ValueKinds(reading).share(share);
        Lateness times = lateTimes(settings);
        settings.finish();
        return ppm == null || times == null ? null : new Lateness(ppm, times.min(), times.max(), times.spread());
    }

    /** By how much events are late, without their share; null after a problem. */
    @Nullable
    Lateness lateTimes(SettingsReader settings) {
        Tree by = settings.required("by", "the shortest and the longest time, such as [8s, 5m]");
        Sequence times =
                by == null ? null : reading.list(by, "write the shortest and the longest time, such as [8s, 5m]");
        if (times != null && times.items().size() != 2) {
            reading.problem(times, counted(times, "time") + "; write the shortest and the longest, such as [8s, 5m]");
            times = null;
        }
        Duration min = times == null ? null : settings.span(times.items().get(0), Duration.ZERO, Lateness.LONGEST);
        Duration max = min == null || times == null
                ? null
                : settings.span(times.items().get(1), min, Lateness.LONGEST);
        int before = reading.problems().count();
        String spread = settings.oneOf("spread", "uniform", "uniform", "exponential");
        Duration mean = settings.has("mean")
                ? span("mean", settings, "how late they are on average", Duration.ofMillis(1), Lateness.LONGEST)
                : null;
        boolean read = reading.problems().count() == before;
        if (read && mean != null && (!spread.equals("exponential") || min != null && mean.compareTo(min) <= 0)) {
            settings.problem("mean", "needs 'spread: exponential', and must be above the shortest time");
            return null;
        }
        return min == null || max == null
                ? null
                : new Lateness(0, min, max, spread.equals("uniform") ? null : exponential(min, mean));
    }

    private static Spread exponential(Duration min, @Nullable Duration mean) {
        return new Spread.Exponential(
                mean == null ? null : BigDecimal.valueOf(mean.minus(min).toMillis()));
    }

    private @Nullable Bursts bursts(SettingsReader about) {
        Duration every = span(
                "every", about, "how often a burst comes, such as 10m", Bursts.SHORTEST_PERIOD, Bursts.LONGEST_PERIOD);
        Duration length =
                span("length", about, "how long a burst lasts, such as 20s", Bursts.SHORTEST, Bursts.LONGEST_PERIOD);
        Tree factor = about.required("speed", "how many times as fast events come, such as 8");
        BigDecimal speed = factor == null ? null : reading.decimal(factor, NumberRange.BURST);
        about.finish();
        return every == null || length == null || speed == null ? null : new Bursts(every, length, speed);
    }
}
