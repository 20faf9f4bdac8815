package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.problem.Problems;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The flags that override the file, as they were typed: each is read and checked like the setting that it replaces.
 * {@code seed}, {@code speed}, {@code backfill}, {@code tag}, {@code monitor} (a port), {@code events}, {@code for}, {@code output},
 * {@code part}, {@code start-at}, {@code default-seed} and {@code set.PATH}. Immutable.
 */
public final class Overrides {

    /** No flags. */
    public static final Overrides NONE = new Overrides(Map.of()); // order never seen

    /** Begins the name of a flag that has the dotted path of a setting after it. */
    private static final String SET = "set.";

    private final Map<String, String> flags;

    /** @param flags what was typed, by the name of the flag; settings by their paths are set in this order */
    public Overrides(Map<String, String> flags) {
        this.flags = Collections.unmodifiableMap(new LinkedHashMap<>(flags));
    }

    /** What was typed after a flag; empty if it was not given. */
    Optional<String> flag(String name) {
        return Optional.ofNullable(flags.get(name));
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        flags.forEach((name, value) -> {
            if (name.startsWith(SET)) {
                settings.put(name.substring(SET.length()), value);
            }
        });
        return settings;
    }

    /** The file with its settings replaced by the flags; {@code root} is what it says. */
    Mapping onto(Document file, Mapping root) {
        Problems problems = file.problems();
        Mapping all = SetValues.onto(file, root, settings());
        Optional<String> seed = all.get("seed") == null ? flag("seed").or(() -> flag("default-seed")) : flag("seed");
        all = with(all, "seed", "--seed", seed, problems);
        for (String name : List.of("speed", "backfill", "tag")) {
            all = with(all, name, "--" + name, flag(name), problems);
        }
        all = below(all, "monitor", "port", "--monitor", flag("monitor"), problems);
        all = below(all, "limits", "events", "--events", flag("events"), problems);
        all = below(all, "limits", "time", "--for", flag("for"), problems);
        return below(all, "output", "dir", "--output", flag("output"), problems);
    }

    private static Mapping with(Mapping map, String key, String flag, Optional<String> value, Problems problems) {
        if (value.isPresent() && SetValues.isSet(map.get(key))) {
            problems.add(map.pathOf(key), "is also given by " + flag + "; keep one of the two");
        }
        return value.map(text -> map.with(key, given(flag, text))).orElse(map);
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

    private static Scalar given(String name, String text) {
        return Scalar.given(name, text, Origin.flag(name));
    }
}
