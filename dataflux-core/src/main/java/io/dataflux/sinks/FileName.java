package io.dataflux.sinks;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a complete file of events, such as {@code orders-0of2-000017-0.5.12345.jsonl}: the stream ({@code all} for a run of several),
 * the lane among the lanes, the number within the lane, and stream, shard and place of the first event. Sorted by name, the files of a lane
 * are in event order.
 */
record FileName(String what, int lane, int lanes, long number, Start start) {

    /** The event that a file begins with. */
    record Start(int stream, int shard, long place) {}

    private static final Pattern PATTERN =
            Pattern.compile("(.+)-(\\d{1,9})of(\\d{1,9})-(\\d{6,18})-(\\d{1,9})\\.(\\d{1,9})\\.(\\d{1,18})\\.jsonl");

    private static final Comparator<FileName> ORDER =
            Comparator.comparingInt(FileName::lane).thenComparingLong(FileName::number);

    /** The name that {@code text} stands for; empty if it is some other file. */
    static Optional<FileName> parse(String text) {
        Matcher name = PATTERN.matcher(text);
        if (!name.matches()) {
            return Optional.empty();
        }
        Start start = new Start(
                Integer.parseInt(name.group(5)), Integer.parseInt(name.group(6)), Long.parseLong(name.group(7)));
        return Optional.of(new FileName(
                name.group(1),
                Integer.parseInt(name.group(2)),
                Integer.parseInt(name.group(3)),
                Long.parseLong(name.group(4)),
                start));
    }

    /** The names among the texts, lane by lane in event order. */
    static List<FileName> parseAll(List<String> texts) {
        List<FileName> names = new ArrayList<>();
        texts.forEach(text -> parse(text).ifPresent(names::add));
        names.sort(ORDER);
        return names;
    }

    /** The beginning of a run's file names; characters that a file system may not allow become {@code _}. */
    static String what(List<String> streams) {
        return streams.size() == 1 ? streams.get(0).replaceAll("[^A-Za-z0-9._]", "_") : "all";
    }

    /** The beginning of the lane's file names, such as {@code all-0of2}. */
    String lanesFiles() {
        return what + "-" + lane + "of" + lanes;
    }

    @Override
    public String toString() {
        String padded = String.format(Locale.ROOT, "%06d", number);
        return lanesFiles() + "-" + padded + "-" + start.stream + "." + start.shard + "." + start.place + ".jsonl";
    }
}
