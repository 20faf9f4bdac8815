package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.problem.Problems;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The flags that override the file, as they were typed: each is read and checked like the setting that it replaces.
 *
 * @param seed a whole number
 * @param speed a number, or {@code max}
 * @param events a whole number
 * @param time a time span such as {@code 30s}
 * @param tag up to eight hexadecimal digits
 * @param output a folder
 * @param part such as {@code 3/8}
 * @param startAt a time such as {@code 2026-11-20T12:00:00Z}
 * @param backfill {@code true} or {@code false}
 * @param monitor the port of the live page
 * @param defaultSeed the seed if neither a flag nor the file has one
 * @param settings values of any settings, by their dotted paths; in the order in which they were given
 */
public record Overrides(
        Optional<String> seed,
        Optional<String> speed,
        Optional<String> events,
        Optional<String> time,
        Optional<String> tag,
        Optional<String> output,
        Optional<String> part,
        Optional<String> startAt,
        Optional<String> backfill,
        Optional<String> monitor,
        Optional<String> defaultSeed,
        Map<String, String> settings) {

    public Overrides {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    /** No flags. */
    public static final Overrides NONE = new Overrides(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /** The flags of a run in one process that starts as soon as it can. */
    public Overrides(
            Optional<String> seed,
            Optional<String> speed,
            Optional<String> events,
            Optional<String> time,
            Optional<String> tag,
            Optional<String> output) {
        this(
                seed,
                speed,
                events,
                time,
                tag,
                output,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Map.of()); // order never seen
    }

    /** The file with its settings replaced by the flags; {@code root} is what it says. */
    Mapping onto(Document file, Mapping root) {
        Problems problems = file.problems();
        Mapping all = SetValues.onto(file, root, settings);
        all = with(all, "seed", "--seed", all.get("seed") == null ? seed.or(() -> defaultSeed) : seed, problems);
        all = with(all, "speed", "--speed", speed, problems);
        all = with(all, "backfill", "--backfill", backfill, problems);
        all = with(all, "tag", "--tag", tag, problems);
        all = below(all, "monitor", "port", "--monitor", monitor, problems);
        all = below(all, "limits", "events", "--events", events, problems);
        all = below(all, "limits", "time", "--for", time, problems);
        return below(all, "output", "dir", "--output", output, problems);
    }

    private static Mapping with(Mapping map, String key, String flag, Optional<String> value, Problems problems) {
        if (value.isPresent() && SetValues.isSet(map.get(key))) {
            problems.add(map.pathOf(key), "is also given by " + flag + "; keep one of the two");
        }
        return value.map(text -> map.with(key, flag(flag, text))).orElse(map);
    }

    /** Sets a value in a map of the file. The map is created if it is missing; if something else is there, it is left unchanged. */
    private static Mapping below(
            Mapping file, String name, String key, String flag, Optional<String> value, Problems problems) {
        Tree there = file.get(name);
        if (value.isEmpty() || !(there == null || there instanceof Mapping)) {
            return file;
        }
        Mapping map =
                there instanceof Mapping old ? old : new Mapping(name, 0, Map.<String, Entry>of()); // order never seen
        return file.with(name, with(map, key, flag, value, problems));
    }

    private static Scalar flag(String name, String text) {
        return Scalar.given(name, text, Origin.flag(name));
    }
}
