package io.dataflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What some events of a stream look like; {@link PlotPage} draws it. */
final class Look {

    private static final int BINS = 240;
    private static final Duration LONG = Duration.ofDays(7);
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A field with more values than this is drawn as numbers, or only counted. */
    private static final int MOST_VALUES = 200;

    /** Events per second over a time, bin by bin. */
    record Rate(Instant from, Duration span, double[] perSecond) {
        /** Whether it is constant, apart from how events fall into bins. */
        boolean flat() {
            double oneEvent = perSecond.length / (span.toNanos() / 1e9);
            return most() - least() <= 0.02 * most() + 2 * oneEvent;
        }

        /** Over the whole time. */
        double mean() {
            return java.util.Arrays.stream(perSecond).average().orElse(0);
        }

        double least() {
            return java.util.Arrays.stream(perSecond).min().orElse(0);
        }

        double most() {
            return java.util.Arrays.stream(perSecond).max().orElse(0);
        }
    }

    /** One field over all events. */
    static final class FieldLook {
        final Map<String, Long> values = new TreeMap<>();
        boolean manyValues;
        long seen;
        long nulls;
        long numbers;
        final List<Double> sample = new ArrayList<>();

        private void add(JsonNode value) {
            seen++;
            if (value.isNull()) {
                nulls++;
                return;
            }
            if (value.isNumber()) {
                numbers++;
                sample.add(value.doubleValue());
            }
            if (!manyValues) {
                values.merge(value.asText(), 1L, Long::sum);
                manyValues = values.size() > MOST_VALUES;
            }
        }
    }

    private final EventStream stream;
    private final long from;
    private final long count;
    private final List<Rate> rates = new ArrayList<>();
    private final List<Long> eventsPerKey = new ArrayList<>();
    private final List<Double> gapSeconds = new ArrayList<>();
    private final List<Double> latenessSeconds = new ArrayList<>();
    private final List<Double> sizes = new ArrayList<>();
    private final Map<String, FieldLook> fields = new LinkedHashMap<>();
    private List<PlannedFault> faults = List.of();
    private @Nullable SessionLook sessions;
    private String example = "";

    private Look(EventStream stream, long from, long count) {
        this.stream = stream;
        this.from = from;
        this.count = count;
    }

    static Look at(EventStream stream, long from, long count) {
        Look look = new Look(stream, from, count);
        look.computeRates();
        look.events();
        look.faults = stream.faults(from, from + count);
        look.sessions = SessionLook.at(stream, from, count);
        return look;
    }

    private void computeRates() {
        Instant start = stream.timeOf(from);
        Instant end = stream.timeOf(from + count - 1);
        Duration span = Duration.between(start, end);
        Duration near = span.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : span;
        rates.add(rate(start, near));
        Rate far = rate(start, LONG);
        if (!far.flat() && near.compareTo(LONG) < 0) {
            rates.add(far);
        }
    }

    private Rate rate(Instant start, Duration span) {
        double[] perSecond = new double[BINS];
        long before = stream.sequenceAt(start);
        for (int i = 0; i < BINS; i++) {
            Duration width = span.dividedBy(BINS);
            long until = stream.sequenceAt(start.plus(span.multipliedBy(i + 1).dividedBy(BINS)));
            perSecond[i] = (until - before) / (width.toNanos() / 1e9);
            before = until;
        }
        return new Rate(start, span, perSecond);
    }

    private void events() {
        Map<Long, Long> perKey = new HashMap<>(); // order never seen
        Map<Long, Instant> last = new HashMap<>(); // order never seen
        for (Event event : stream.events(from, from + count)) {
            if (event.key() != null) {
                perKey.merge(event.entity(), 1L, Long::sum);
                Instant scheduled = stream.timeOf(event.sequence());
                Instant before = last.put(event.entity(), scheduled);
                if (before != null) {
                    gapSeconds.add(seconds(before, scheduled));
                }
            }
            latenessSeconds.add(seconds(event.time(), stream.timeOf(event.sequence())));
            byte[] bytes = event.bytes();
            sizes.add((double) bytes.length);
            try {
                look("", JSON.readTree(bytes));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (example.isEmpty()) {
                example = event.toString();
            }
        }
        eventsPerKey.addAll(perKey.values());
        eventsPerKey.sort((a, b) -> Long.compare(b, a));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }

    private void look(String path, JsonNode node) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field ->
                            look(path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue()));
        } else if (node.isArray()) {
            node.forEach(element -> look(path + "[]", element));
        } else {
            fields.computeIfAbsent(path, p -> new FieldLook()).add(node);
        }
    }

    EventStream stream() {
        return stream;
    }

    long from() {
        return from;
    }

    long count() {
        return count;
    }

    /** Over the events looked at and, if it changes with the time of day or week, over seven days. */
    List<Rate> rates() {
        return rates;
    }

    /** Of the keys that were seen, the most frequent first. */
    List<Long> eventsPerKey() {
        return eventsPerKey;
    }

    /** Between one event of a key and the next. */
    List<Double> gapSeconds() {
        return gapSeconds;
    }

    /** From the event time to the scheduled time. */
    List<Double> latenessSeconds() {
        return latenessSeconds;
    }

    /** The planned faults of these events. */
    List<PlannedFault> faults() {
        return faults;
    }

    /** The sessions that begin among these events; null if there are none. */
    @Nullable
    SessionLook sessions() {
        return sessions;
    }

    /** Bytes per event. */
    List<Double> sizes() {
        return sizes;
    }

    Map<String, FieldLook> fields() {
        return fields;
    }

    String example() {
        return example;
    }
}
