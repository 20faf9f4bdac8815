package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import java.util.Arrays;

/**
 * How far a lane got, per stream: the sequence below which all of the lane's events are committed. As text it travels in each of the
 * lane's transactions, as the metadata of a committed offset, so that it is true exactly when the transaction's records are
 * there. A lane sends each stream in the order of its sequence and nothing after a transaction that was not committed; so one
 * number per stream says it all.
 */
final class Progress {

    /** With the largest sequences their text has less than the 4,096 bytes that brokers allow by default. */
    static final int MOST_STREAMS = 250;

    private static final String FORM = "dataflux1 ";
    private static final int RADIX = 36;

    private Progress() {}

    /** Such as {@code dataflux1 0:2s,4:zz}: stream and sequence with the digits 0 to z; streams without events are left out. */
    static String text(long[] below) {
        StringBuilder text = new StringBuilder(FORM);
        for (int stream = 0; stream < below.length; stream++) {
            if (below[stream] > 0) {
                text.append(text.length() > FORM.length() ? "," : "");
                text.append(Integer.toString(stream, RADIX)).append(':').append(Long.toString(below[stream], RADIX));
            }
        }
        return text.toString();
    }

    /**
     * Takes a text into {@code below}, where it is further.
     *
     * @throws DeliveryException if the text is not one of ours, or of a run with other streams
     */
    static void merge(String text, long[] below) {
        try {
            if (text.startsWith(FORM)) {
                for (String part : text.substring(FORM.length()).split(",", -1)) {
                    int colon = part.indexOf(':');
                    if (!part.isEmpty()) {
                        int stream = Integer.parseInt(part.substring(0, Math.max(0, colon)), RADIX);
                        long sequence = Long.parseLong(part.substring(colon + 1), RADIX);
                        below[stream] = Math.max(below[stream], sequence);
                    }
                }
                return;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // said below
        }
        throw new DeliveryException(
                "'" + text + "' does not say how far this run's " + below.length
                        + " streams got: another program commits to the same consumer group, or the streams were others",
                null);
    }

    static boolean isNone(long[] below) {
        return Arrays.stream(below).allMatch(sequence -> sequence == 0);
    }
}
