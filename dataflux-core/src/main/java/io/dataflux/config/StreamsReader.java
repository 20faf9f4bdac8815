package io.dataflux.config;

import io.dataflux.catalog.Catalog;
import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.model.Faults;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Arrivals;
import io.dataflux.model.StreamDefinition.Lateness;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.StreamsDraft;
import io.dataflux.plan.StreamsDraft.Stream;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Suggestions;
import io.dataflux.spi.EventGenerator;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what makes the events: {@code seed}, {@code start}, {@code events_per_second} and {@code streams}. A stream is a built-in one
 * ({@code from: clickstream}, or just its name), or defined in place. Without {@code streams}, the six event types of the original
 * program are sent, equally often.
 */
final class StreamsReader {

    static final long DEFAULT_SEED = 42;
    /** What {@code start} begins with if it is not fixed. */
    static final String NOW = "now";

    static final List<String> ORIGINAL = List.of(
            "video_logs",
            "user_interactions",
            "device_telemetry",
            "recommendation_feedback",
            "training_data",
            "model_telemetry");
    /** The keys that built-in streams already have. */
    private static final List<String> OF_OWN_STREAMS =
            List.of("key", "identity", "sessions", "table", "max_event_bytes");

    private static final BigDecimal DEFAULT_RATE = BigDecimal.valueOf(StreamDefinition.DEFAULT_RATE.events());
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    private final String source;
    private final SettingsReader top;
    private final Reading reading;
    private final Problems problems;
    private final Types types;
    private final Instant now;
    private final List<Stream> streams = new ArrayList<>();
    private boolean startsNow;

    /**
     * The settings that any stream can have.
     *
     * @param weight its weight in the shared rate, or null if it has its own {@code rate}
     */
    private record Head(
            @Nullable BigDecimal weight,
            @Nullable RateProfile rate,
            Arrivals arrivals,
            @Nullable Lateness lateness,
            @Nullable Faults faults) {
        static final Head USUAL = new Head(BigDecimal.ONE, null, Arrivals.REGULAR, null, null);

        Stream of(String path, StreamDefinition read, @Nullable EventGenerator generator, int version) {
            if (weight == null && rate == null) {
                return broken(path);
            }
            StreamDefinition.Builder definition =
                    read.toBuilder().arrivals(arrivals).lateness(lateness).faults(faults);
            if (rate != null) {
                definition.rate(rate);
            }
            return new Stream(path, weight, definition.build(), generator, version);
        }

        /** A stream with problems. */
        Stream broken(String path) {
            return new Stream(path, weight, null, null, 0);
        }
    }

    StreamsReader(String source, SettingsReader top, Types types, Instant now) {
        this.source = source;
        this.top = top;
        this.reading = top.reading();
        this.problems = reading.problems();
        this.types = types;
        this.now = now;
    }

    /** The streams in their order. */
    StreamsDraft read() {
        long seed = top.integer("seed", DEFAULT_SEED, Long.MIN_VALUE, Long.MAX_VALUE);
        Instant start = start();
        RateProfile rate = rate();
        Tree tree = top.find("streams");
        if (tree == null) {
            ORIGINAL.forEach(name -> streams.add(fromCatalog(name, name, "streams." + name, Head.USUAL)));
            top.noteOrigin("streams", null, String.join(", ", ORIGINAL));
        } else {
            Mapping map = reading.map(tree, "write a map of streams, such as {clicks: {from: clickstream}}");
            if (map != null) {
                readAll(map);
            }
        }
        boolean shared = streams.isEmpty() || streams.stream().anyMatch(stream -> stream.weight() != null);
        if (!shared && top.has("events_per_second")) {
            top.problem(
                    "events_per_second",
                    "is used by no stream, because each has its own 'rate'; remove it, or the 'rate' of a stream");
        }
        return new StreamsDraft(source, problems, seed, start, startsNow, rate, streams);
    }

    private void readAll(Mapping map) {
        int count = map.entries().size();
        if (count == 0 || count > RunConfig.MOST_STREAMS) {
            reading.problem(
                    map,
                    "has " + count + " streams; write 1 to " + RunConfig.MOST_STREAMS + ", or leave 'streams' out for "
                            + String.join(", ", ORIGINAL));
        }
        for (Entry entry : map.all()) {
            checkName(entry, "stream", reading);
            Mapping body = reading.map(entry.value(), "write {from: clickstream}, or a definition with 'fields'");
            if (body != null) {
                streams.add(stream(entry.key().text(), new SettingsReader(body, reading)));
            }
        }
    }

    /** Names become parts of file names, object names and reports, so they must be words. */
    static void checkName(Entry entry, String what, Reading reading) {
        String name = entry.key().text();
        if (entry.key().flaw() == null && !NAME.matcher(name).matches()) {
            reading.problem(
                    entry.value(),
                    "'" + name + "' is not a valid " + what
                            + " name; write up to 64 letters, digits, '_', '-' and '.', such as orders_2");
        }
    }

    /** The rate that streams share: events per second as a number, or a profile. */
    private RateProfile rate() {
        Tree tree = top.find("events_per_second");
        if (tree instanceof Scalar value && !value.text().contains("/")) {
            BigDecimal perSecond = top.decimal("events_per_second", DEFAULT_RATE, NumberRange.RATE);
            return perSecondOf(perSecond);
        }
        RateProfile rate = tree == null ? null : new RateReader(reading).profile(tree);
        top.noteOrigin("events_per_second", tree, rate == null ? DEFAULT_RATE.toString() : rate.toString());
        return rate == null ? StreamDefinition.DEFAULT_RATE : rate;
    }

    private static RateProfile perSecondOf(BigDecimal perSecond) {
        return RateProfile.of(perSecond.toPlainString() + "/s");
    }

    private Stream stream(String name, SettingsReader settings) {
        Head head = head(settings);
        Tree from = settings.find("from");
        boolean own = settings.entries().stream()
                .map(entry -> entry.key().text())
                .anyMatch(key -> key.equals("fields") || key.equals("generator"));
        if (from != null && own) {
            settings.problem(
                    "from", "a stream is either a built-in one ('from') or defined here; remove one of the two");
            return head.broken(settings.path());
        }
        if (!own && (from != null || Catalog.names().contains(name))) {
            String source = from == null ? name : reading.text(from);
            Stream read = source == null
                    ? head.broken(settings.path())
                    : fromCatalog(source, name, from == null ? settings.path() : from.path(), head);
            settings.noteOrigin("from", from, source);
            OF_OWN_STREAMS.stream()
                    .filter(key -> settings.names().contains(key))
                    .filter(settings::has)
                    .forEach(key -> settings.problem(
                            key,
                            "belongs to the built-in stream, which is used as it is; remove it, or define your own stream"
                                    + " with 'fields'"));
            settings.finish();
            return read;
        }
        int before = problems.count();
        DefinitionReader reader = new DefinitionReader(settings, types);
        StreamDefinition definition = reader.read(name);
        settings.finish();
        return problems.count() > before + reader.mended()
                ? head.broken(settings.path())
                : head.of(settings.path(), definition, reader.generator(), reader.version());
    }

    /** The settings that any stream can have: its weight or rate, how events arrive, and what goes wrong. */
    private Head head(SettingsReader settings) {
        Tree own = settings.find("rate");
        boolean both = own != null && settings.has("weight");
        BigDecimal weight = settings.decimal("weight", BigDecimal.ONE, NumberRange.WEIGHT);
        RateReader reader = new RateReader(reading);
        RateProfile rate = own == null ? null : reader.profile(own);
        Arrivals arrivals = reader.arrivals(settings.find("arrivals"));
        Lateness lateness = reader.lateness(settings.find("lateness"));
        Tree wrong = settings.find("faults");
        Faults faults = wrong == null ? null : new FaultsReader(reading).read(wrong);
        if (both) {
            settings.problem(
                    "weight",
                    "is a share of events_per_second, but this stream has its own 'rate'; remove one of the two");
        }
        // a rate that cannot be read must not keep what is wrong with the fields from being found
        RateProfile usable = own != null && rate == null ? StreamDefinition.DEFAULT_RATE : rate;
        return new Head(own == null ? weight : null, usable, arrivals, lateness, faults);
    }

    /** @param path where the stream is named */
    private Stream fromCatalog(String source, String name, String path, Head head) {
        StreamDefinition definition = Catalog.definition(source);
        if (definition == null) {
            problems.add(
                    path,
                    "there is no built-in stream '" + source + "'"
                            + Suggestions.hint(
                                    source,
                                    Catalog.names(),
                                    "; the built-in streams are " + String.join(", ", Catalog.names())));
            return head.broken(path);
        }
        return head.of("streams." + name, definition.toBuilder().name(name).build(), null, 0);
    }

    private Instant start() {
        String wanted = "write an instant such as 2025-01-01T00:00:00Z, or now, now-1d or now+2h (s, m, h, d)";
        Tree tree = top.find("start");
        Instant start = StreamDefinition.DEFAULT_START;
        Scalar value = tree == null ? null : reading.scalar(tree, wanted);
        if (value != null) {
            try {
                startsNow = value.text().startsWith(NOW);
                start = startsNow ? relative(value.text()) : Instant.parse(value.text());
            } catch (DateTimeException | ArithmeticException e) {
                reading.problem(value, reading.show(value) + " is not an instant; " + wanted);
            }
            if (start.isBefore(StreamDefinition.FIRST_START) || !start.isBefore(StreamDefinition.END_OF_TIME)) {
                reading.problem(
                        value, reading.show(value) + " is out of range; write an instant in the years 1 to 9999");
                start = StreamDefinition.DEFAULT_START;
            }
        }
        top.noteOrigin("start", tree, startsNow && value != null ? start + ", " + value.text() : start.toString());
        return start;
    }

    /** {@code now}, {@code now-1d} or {@code now+2h}. @throws DateTimeException if it is none of them */
    private Instant relative(String text) {
        String span = text.substring(Math.min(text.length(), NOW.length() + 1));
        Duration away = Quantities.duration(span);
        char sign = text.equals(NOW) ? '+' : text.charAt(NOW.length());
        if (sign != '+' && sign != '-' || away == null && !text.equals(NOW)) {
            throw new DateTimeException("neither now nor a span before or after it");
        }
        Instant time = now.truncatedTo(ChronoUnit.MILLIS);
        return away == null ? time : sign == '+' ? time.plus(away) : time.minus(away);
    }
}
