package io.dataflux.spi;

import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a target may have removed by its own rules, so that nobody lost it: see {@link SinkReader#removal}. Immutable.
 *
 * @param lastPerKey the sources in which only the last record of each key is certain to be there, as in a compacted topic
 * @param fromStart per source how many records are gone from the beginning of what was to be read, as by a retention; a source that is
 *     not named has lost none
 */
public record Removal(Set<String> lastPerKey, Map<String, Long> fromStart) {

    /** A target that keeps everything. */
    public static final Removal NONE = new Removal(Collections.emptySet(), Collections.emptyMap());

    public Removal {
        lastPerKey = Collections.unmodifiableSet(new TreeSet<>(lastPerKey));
        fromStart = Collections.unmodifiableMap(new TreeMap<>(fromStart));
    }
}
