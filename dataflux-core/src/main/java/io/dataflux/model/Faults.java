package io.dataflux.model;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The planned faults of a stream: what goes wrong, and for which share of its events. The shares are exact, and which events are affected
 * depends on their numbers alone, so it is known in advance (see {@code EventStream.faults}). Immutable.
 *
 * <p>A dropped event has no other fault, and a corrupt event is neither repeated nor moved; other faults can be combined in one event. Late
 * and corrupt change what an event contains, the others how it is delivered.
 *
 * <pre>{@code
 * Faults.of("late 2% by 8s..30s, duplicate 0.5% within 200, drop 0.1%, drop 1% in eu, corrupt 0.1% as truncated or wrong_type")
 * }</pre>
 *
 * @param late null if no event is late; likewise for the other faults
 * @param block how many events of a shard are planned at a time, as no event is moved out of its block; 0 for {@link #blockSize}
 * @param regions shares that replace the general ones in some regions of a run
 */
public record Faults(
        @Nullable Late late,
        @Nullable Duplicate duplicate,
        @Nullable Drop drop,
        @Nullable Reorder reorder,
        @Nullable Corrupt corrupt,
        int block,
        Map<String, Map<FaultKind, Share>> regions) {

    public static final Faults NONE = new Faults(null, null, null, null, null, 0, Map.of()); // order never seen

    public static final int DEFAULT_WITHIN = 64;
    /** The smallest block that is chosen if none is given. */
    private static final int USUAL_BLOCK = 256;

    /** The smallest block that can be asked for. */
    public static final int SMALLEST_BLOCK = 16;
    /** The largest block; a block holds at least four windows, which limits {@link #LARGEST_WITHIN}. */
    public static final int LARGEST_BLOCK = 1 << 14;

    public static final int LARGEST_WITHIN = LARGEST_BLOCK / 4;

    /** Events that happened {@code min} to {@code max} before they are due; all times equally likely if {@code spread} is null. */
    public record Late(
            Share share,
            Duration min,
            Duration max,
            @Nullable Spread spread) {}

    /** Events that are delivered a second time, at most {@code within} events after the first. */
    public record Duplicate(Share share, int within) {}

    /** Events that are never delivered. */
    public record Drop(Share share) {}

    /** Events that are delivered 1 to {@code within} events later than they should be. */
    public record Reorder(Share share, int within) {}

    /**
     * Events that are broken; the kinds take turns.
     *
     * @param oversizeBytes how large {@link Corruption#OVERSIZE} makes an event; 0 to choose by the stream's largest event
     */
    public record Corrupt(Share share, List<Corruption> kinds, int oversizeBytes) {
        public static final List<Corruption> DEFAULT_KINDS = List.of(Corruption.TRUNCATED, Corruption.INVALID_UTF8);

        public Corrupt {
            kinds = List.copyOf(kinds);
        }
    }

    public Faults {
        Map<String, Map<FaultKind, Share>> copy = new LinkedHashMap<>();
        regions.forEach((region, shares) -> {
            Map<FaultKind, Share> sorted = new EnumMap<>(FaultKind.class);
            sorted.putAll(shares);
            copy.put(region, Collections.unmodifiableMap(sorted));
        });
        regions = Collections.unmodifiableMap(copy);
    }

    /**
     * Reads faults from text: each fault with its share and parameters, separated by commas. A fault with {@code in REGION} gives the share
     * that replaces the general one in that region.
     *
     * @throws IllegalArgumentException with what to write instead
     */
    public static Faults of(String text) {
        return FaultText.read(text);
    }

    /** The share of a fault, except in regions that have their own. */
    public Share share(FaultKind kind) {
        Share share = switch (kind) {
            case LATE -> late == null ? null : late.share;
            case DUPLICATE -> duplicate == null ? null : duplicate.share;
            case DROP -> drop == null ? null : drop.share;
            case REORDER -> reorder == null ? null : reorder.share;
            case CORRUPT -> corrupt == null ? null : corrupt.share;
        };
        return share == null ? Share.NONE : share;
    }

    /** The share of a fault in a region. */
    public Share share(FaultKind kind, String region) {
        Share own = regions.getOrDefault(region, Map.of()).get(kind); // order never seen
        return own == null ? share(kind) : own;
    }

    /** The kinds of faults that there are, whatever their shares. */
    public Set<FaultKind> kinds() {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (FaultKind kind : FaultKind.values()) {
            boolean there = switch (kind) {
                case LATE -> late != null;
                case DUPLICATE -> duplicate != null;
                case DROP -> drop != null;
                case REORDER -> reorder != null;
                case CORRUPT -> corrupt != null;
            };
            if (there) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    /** The other faults; null if there are none. */
    public @Nullable Faults without(Set<FaultKind> kinds) {
        if (kinds.containsAll(kinds())) {
            return null;
        }
        Map<String, Map<FaultKind, Share>> left = new LinkedHashMap<>();
        regions.forEach((region, shares) -> {
            Map<FaultKind, Share> its = new EnumMap<>(FaultKind.class);
            its.putAll(shares);
            its.keySet().removeAll(kinds);
            if (!its.isEmpty()) {
                left.put(region, its);
            }
        });
        return new Faults(
                kinds.contains(FaultKind.LATE) ? null : late,
                kinds.contains(FaultKind.DUPLICATE) ? null : duplicate,
                kinds.contains(FaultKind.DROP) ? null : drop,
                kinds.contains(FaultKind.REORDER) ? null : reorder,
                kinds.contains(FaultKind.CORRUPT) ? null : corrupt,
                block,
                left);
    }

    /** By how many events an event, or its copy, can be delayed at most; the larger of the two windows. */
    public int window() {
        return Math.max(reorder == null ? 0 : reorder.within, duplicate == null ? 0 : duplicate.within);
    }

    /** How many events of a shard are planned at a time: {@code block} if it is set, or else enough for four windows, and at least 256. */
    public int blockSize() {
        int least = Math.max(USUAL_BLOCK, 4 * Math.min(window(), LARGEST_WITHIN));
        return block > 0 ? block : Integer.highestOneBit(2 * least - 1);
    }

    /** The faults as {@link #of} reads them. */
    @Override
    public String toString() {
        return FaultText.write(this);
    }
}
