package io.dataflux.s3;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * What tells an object of a run from its other objects.
 *
 * @param stream the stream's index in the run
 * @param partition the day or hour of its events since 1970, in UTC; 0 if objects are not divided by event time
 * @param first the position of its first event in the shard
 * @param last the position of its last one, inclusive
 */
record ObjectName(int stream, int shard, long partition, long first, long last) {

    static final long HOUR_MILLIS = 3_600_000;
    static final long DAY_MILLIS = 24 * HOUR_MILLIS;

    private static final int PLACE_DIGITS = 12;

    String date(boolean hourly) {
        return LocalDate.ofEpochDay(hourly ? Math.floorDiv(partition, 24) : partition)
                .toString();
    }

    String hour() {
        int hour = Math.floorMod(partition, 24);
        return hour < 10 ? "0" + hour : Integer.toString(hour);
    }

    /** A position as text, so that names sort as numbers do, up to a million million events. */
    static String place(long place) {
        String digits = Long.toString(place);
        return "0".repeat(Math.max(0, PLACE_DIGITS - digits.length())) + digits;
    }

    /** @param hour empty if names have days only; {@code date} is empty if they have neither */
    static long partition(String date, String hour) {
        if (date.isEmpty()) {
            return 0;
        }
        long day = LocalDate.parse(date).toEpochDay();
        return hour.isEmpty() ? day : day * 24 + Integer.parseInt(hour);
    }

    /** The partition for readers. */
    String partitionText(boolean hourly) {
        return hourly
                ? Instant.ofEpochMilli(partition * HOUR_MILLIS)
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDateTime()
                        .toString()
                : date(false);
    }
}
