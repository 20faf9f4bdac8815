package io.dataflux.results;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/** How the events of a key are divided. Times are milliseconds since 1970; a window is {@code [start, end)}. Immutable. */
sealed interface Windows {

    long DAY = 86_400_000;

    /** Which of its ends belong to a window; all but the first are common mistakes. */
    enum Edge {
        START,
        END,
        BOTH
    }

    /** One window for everything. */
    record Whole() implements Windows {}

    /** A window of the same number of events each, in the order of sending; an incomplete last one has no result. */
    record Counted(int events) implements Windows {}

    /** A window for events of which none comes more than a gap after the previous one. */
    record Sessions(long gap) implements Windows {}

    /**
     * Windows of a fixed size that begin at fixed times.
     *
     * @param slide from one beginning to the next
     * @param offset of the beginnings, from 1970 in UTC
     * @param zone whose days begin windows; null if they follow the offset alone
     */
    record Slices(
            long size, long slide, long offset, @Nullable ZoneId zone, Edge edge) implements Windows {

        Slices with(Edge other) {
            return new Slices(size, slide, offset, zone, other);
        }

        Slices withOffset(long other) {
            return new Slices(size, slide, other, null, edge);
        }

        /** The beginnings of the windows that a time is in. */
        void each(long time, LongConsumer starts) {
            long within = edge == Edge.END ? time - 1 : time;
            if (zone != null) {
                long start = zonedStart(within, zone);
                starts.accept(start);
                if (edge == Edge.BOTH && start == time) {
                    starts.accept(zonedStart(time - 1, zone));
                }
                return;
            }
            long least = edge == Edge.BOTH ? time - size : within - size + 1;
            for (long start = start(within); start >= least; start -= slide) {
                starts.accept(start);
            }
        }

        /** The last beginning that is not after a time. */
        private long start(long time) {
            return Math.floorDiv(time - offset, slide) * slide + offset;
        }

        long end(long start) {
            if (zone == null) {
                return start + size;
            }
            LocalDate day = day(start, zone);
            return size >= DAY
                    ? midnight(day.plusDays(size / DAY), zone)
                    : Math.min(start + size, midnight(day.plusDays(1), zone));
        }

        private long zonedStart(long time, ZoneId in) {
            LocalDate day = day(time, in);
            if (size >= DAY) {
                long days = size / DAY;
                return midnight(LocalDate.ofEpochDay(Math.floorDiv(day.toEpochDay(), days) * days), in);
            }
            long midnight = midnight(day, in);
            return midnight + (time - midnight) / size * size;
        }

        private static LocalDate day(long time, ZoneId in) {
            return Instant.ofEpochMilli(time).atZone(in).toLocalDate();
        }

        private static long midnight(LocalDate day, ZoneId in) {
            return day.atStartOfDay(in).toInstant().toEpochMilli();
        }
    }
}
