package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
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
        Optional<String> defaultSeed) {

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
                Optional.empty());
    }

    /** The file with its settings replaced by the flags. */
    Mapping onto(Mapping file) {
        Mapping all = with(file, "seed", "--seed", file.get("seed") == null ? seed.or(() -> defaultSeed) : seed);
        all = with(all, "speed", "--speed", speed);
        all = with(all, "backfill", "--backfill", backfill);
        all = with(all, "tag", "--tag", tag);
        all = below(all, "monitor", "port", "--monitor", monitor);
        all = below(all, "limits", "events", "--events", events);
        all = below(all, "limits", "time", "--for", time);
        return below(all, "output", "dir", "--output", output);
    }

    private static Mapping with(Mapping map, String key, String flag, Optional<String> value) {
        return value.map(text -> map.with(key, flag(flag, text))).orElse(map);
    }

    /** Sets a value in a map of the file. The map is created if it is missing; if something else is there, it is left unchanged. */
    private static Mapping below(Mapping file, String name, String key, String flag, Optional<String> value) {
        Tree there = file.get(name);
        if (value.isEmpty() || !(there == null || there instanceof Mapping)) {
            return file;
        }
        Mapping map =
                there instanceof Mapping old ? old : new Mapping(name, 0, Map.<String, Entry>of()); // order never seen
        return file.with(name, with(map, key, flag, value));
    }

    private static Scalar flag(String name, String text) {
        return Scalar.given(name, text, Origin.flag(name));
    }
}
