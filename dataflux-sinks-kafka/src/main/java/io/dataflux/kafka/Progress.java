package io.dataflux.kafka;

import io.dataflux.DeliveryException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * How far a lane got, per stream: the sequence below which all of the lane's events are committed. Each of the lane's transactions carries
 * it as text, in the metadata of a committed offset, so that it is true exactly when the transaction's records are
 * there. A lane sends each stream in the order of its sequence and nothing after a transaction that was not committed; so one
 * number per stream is enough. Only where several events are sent at the time of one sequence, because of planned faults, can a
 * transaction end between them; then the committed {@link Segment} is recorded as well.
 */
final class Progress {

    /** With the largest sequences their text has less than the 4,096 bytes that brokers allow by default. */
    static final int MOST_STREAMS = 250;

    private static final String FORM = "dataflux1 ";
    private static final int RADIX = 36;

    private Progress() {}

    /** What is committed of the events that are sent at the time of one sequence: those of a shard with places in {@code [from, to)}. */
    record Segment(int stream, long time, int shard, long from, long to) {

        /** This part, or the other one if that is further. */
        Segment further(@Nullable Segment other) {
            return other == null || other.time < time || (other.time == time && other.to <= to) ? this : other;
        }
    }

    /** The same with a part, as {@code +stream.time.shard.from.to} at the end. */
    static String text(long[] below, @Nullable Segment part) {
        String text = text(below);
        return part == null
                ? text
                : text
                        + '+'
                        + Integer.toString(part.stream, RADIX)
                        + '.'
                        + Long.toString(part.time, RADIX)
                        + '.'
                        + Integer.toString(part.shard, RADIX)
                        + '.'
                        + Long.toString(part.from, RADIX)
                        + '.'
                        + Long.toString(part.to, RADIX);
    }

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
     * @return the part that it names, or {@code null}
     * @throws DeliveryException if the text is not one of ours, or of a run with other streams
     */
    static @Nullable Segment merge(String text, long[] below) {
        try {
            if (text.startsWith(FORM)) {
                int plus = text.indexOf('+');
                String numbers = text.substring(FORM.length(), plus < 0 ? text.length() : plus);
                for (String part : numbers.split(",", -1)) {
                    int colon = part.indexOf(':');
                    if (!part.isEmpty()) {
                        int stream = Integer.parseInt(part.substring(0, Math.max(0, colon)), RADIX);
                        long sequence = Long.parseLong(part.substring(colon + 1), RADIX);
                        below[stream] = Math.max(below[stream], sequence);
                    }
                }
                return plus < 0 ? null : part(text.substring(plus + 1).split("\\.", -1), below.length);
            }
        } catch (NumberFormatException | IndexOutOfBoundsException e) {
            // said below
        }
        throw new DeliveryException(
                "'" + text + "' does not say how far this run's " + below.length
                        + " streams got: another program commits to the same consumer group, or the run's streams have changed",
                null);
    }

    private static Segment part(String[] numbers, int streams) {
        Segment part = new Segment(
                Integer.parseInt(numbers[0], RADIX),
                Long.parseLong(numbers[1], RADIX),
                Integer.parseInt(numbers[2], RADIX),
                Long.parseLong(numbers[3], RADIX),
                Long.parseLong(numbers[4], RADIX));
        if (numbers.length != 5 || part.stream < 0 || part.stream >= streams) {
            throw new IndexOutOfBoundsException(part.stream);
        }
        return part;
    }

    static boolean isNone(long[] below) {
        return Arrays.stream(below).allMatch(sequence -> sequence == 0);
    }
}
