package io.dataflux.encode;

import io.dataflux.config.Problems;
import io.dataflux.model.Field;
import io.dataflux.model.StreamDefinition.Lateness;
import io.dataflux.schedule.Mix;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long before it is due an event happened: not at all for most, for a share of them some milliseconds that are drawn. A function of
 * the event's word alone, bounded by {@link #longest}. Immutable; allocates nothing.
 */
record LateTable(long least, long longest, int sharePpm, Spreads.@Nullable Table table) {

    private static final long LATE = Compiler.salt("?late");
    private static final long LATENESS = Compiler.salt("?lateness");
    private static final Duration MOST = Duration.ofDays(3660);

    /** @return null if no event is late, or after a problem */
    static @Nullable LateTable of(@Nullable Lateness lateness, String path, Problems problems) {
        if (lateness == null || lateness.sharePpm() == 0) {
            return null;
        }
        boolean good = lateness.sharePpm() > 0 && lateness.sharePpm() <= Field.PPM;
        if (!good
                || lateness.min().isNegative()
                || lateness.max().compareTo(lateness.min()) < 0
                || lateness.max().compareTo(MOST) > 0) {
            problems.add(
                    path,
                    "from " + lateness.min() + " to " + lateness.max()
                            + " is no lateness; write a share of events and times from 0s to 3660d, the shorter one first");
            return null;
        }
        long least = lateness.min().toMillis();
        long longest = lateness.max().toMillis();
        try {
            Spreads.Table table = lateness.spread() == null ? null : Spreads.of(lateness.spread(), least, longest, 0);
            return new LateTable(least, longest, lateness.sharePpm(), table);
        } catch (IllegalArgumentException e) {
            problems.add(path + ".spread", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The milliseconds by which the event whose word is in place is late. */
    long millis(EventState s) {
        if (!Node.hit(s, LATE, sharePpm)) {
            return 0;
        }
        long word = Node.draw(s, LATENESS);
        return table == null ? least + Mix.bound(word, longest - least + 1) : table.draw(word);
    }
}
