package io.dataflux.encode;

import io.dataflux.model.Faults;
import io.dataflux.model.Field;
import io.dataflux.model.Spread;
import io.dataflux.model.StreamDefinition.Lateness;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.Selection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long before it is due an event happened: zero for most events, and a drawn number of milliseconds for a share of them. A function of
 * the event alone, bounded by {@link #longest}. Immutable; allocates nothing.
 *
 * @param sharePpm the share, if it is drawn for each event
 * @param exact which events are late, if the share is exact; null otherwise
 */
record LateTable(
        long least, long longest, int sharePpm, @Nullable Selection exact, Spreads.@Nullable Table table) {

    private static final long LATE = Compiler.salt("?late");
    private static final long LATENESS = Compiler.salt("?lateness");

    /** @return null if no event is late, or after a problem */
    static @Nullable LateTable of(@Nullable Lateness lateness, String path, Problems problems) {
        if (lateness == null || lateness.sharePpm() == 0) {
            return null;
        }
        boolean good = lateness.sharePpm() > 0 && lateness.sharePpm() <= Field.PPM;
        return of(
                lateness.min(),
                lateness.max(),
                lateness.spread(),
                good ? lateness.sharePpm() : -1,
                null,
                path,
                problems);
    }

    /** The lateness of exactly those events. @return null if there are none, or after a problem */
    static @Nullable LateTable of(Faults.Late late, Selection exact, String path, Problems problems) {
        return exact.isEmpty() ? null : of(late.min(), late.max(), late.spread(), 0, exact, path, problems);
    }

    private static @Nullable LateTable of(
            Duration min,
            Duration max,
            @Nullable Spread spread,
            int ppm,
            @Nullable Selection exact,
            String path,
            Problems problems) {
        if (ppm < 0 || min.isNegative() || max.compareTo(min) < 0 || max.compareTo(Lateness.LONGEST) > 0) {
            problems.add(
                    path,
                    "from " + Problems.text(min) + " to " + Problems.text(max)
                            + " is not a lateness; write a share of events and times from 0s to "
                            + Problems.text(Lateness.LONGEST)
                            + ", the shorter one first");
            return null;
        }
        long least = min.toMillis();
        long longest = max.toMillis();
        try {
            Spreads.Table table = spread == null ? null : Spreads.of(spread, least, longest, 0);
            return new LateTable(least, longest, ppm, exact, table);
        } catch (IllegalArgumentException e) {
            problems.add(path + ".spread", String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The lateness in milliseconds of the event whose word is set. */
    long millis(EventState s, CompiledStream stream) {
        boolean hit = exact == null
                ? Node.hit(s, LATE, sharePpm)
                : exact.hits(s.slot.shard, s.slot.local, s.regionsOf(stream));
        if (!hit) {
            return 0;
        }
        long word = Node.draw(s, LATENESS);
        return table == null ? least + Mix.bound(word, longest - least + 1) : table.draw(word);
    }
}
