package io.dataflux.json;

/** The text of one second, {@code "2025-01-01T00:00:00.} with its opening quote, kept while the second lasts. */
public final class SecondText {

    /** The length with quote and point. */
    public static final int LENGTH = 21;

    private static final long SECONDS_PER_DAY = 86_400;

    private final byte[] text = new byte[24];
    private long second = Long.MIN_VALUE;
    private long dayOfText = Long.MIN_VALUE;
    private long first;
    private long middle;
    private long last;

    /** Writes the text; three bytes after its end are touched. */
    public void write(long epochSecond, byte[] b, int at) {
        if (epochSecond != second) {
            compute(epochSecond);
        }
        Json.putLong(b, at, first);
        Json.putLong(b, at + 8, middle);
        Json.putLong(b, at + 16, last);
    }

    private void compute(long epochSecond) {
        long day = Math.floorDiv(epochSecond, SECONDS_PER_DAY);
        int rest = (int) (epochSecond - day * SECONDS_PER_DAY);
        if (day != dayOfText) {
            date(day);
            dayOfText = day;
        }
        pair(12, rest / 3600);
        pair(15, rest / 60 % 60);
        pair(18, rest % 60);
        first = Json.getLong(text, 0);
        middle = Json.getLong(text, 8);
        last = Json.getLong(text, 16);
        second = epochSecond;
    }

    private void date(long day) {
        // years from March on, in eras of 400 years: Hinnant, "chrono-compatible low-level date algorithms"
        long shifted = day + 719_468;
        long era = Math.floorDiv(shifted, 146_097);
        int dayOfEra = (int) (shifted - era * 146_097);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int march = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * march + 2) / 5 + 1;
        int month = march < 10 ? march + 3 : march - 9;
        int year = (int) (era * 400) + yearOfEra + (month <= 2 ? 1 : 0);
        text[0] = '"';
        pair(1, year / 100);
        pair(3, year % 100);
        text[5] = '-';
        pair(6, month);
        text[8] = '-';
        pair(9, dayOfMonth);
        text[11] = 'T';
        text[14] = ':';
        text[17] = ':';
        text[20] = '.';
    }

    private void pair(int at, int value) {
        text[at] = (byte) ('0' + value / 10);
        text[at + 1] = (byte) ('0' + value % 10);
    }
}
