package io.dataflux.config;

import io.dataflux.catalog.Catalog;
import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what makes the events: {@code seed}, {@code start}, {@code events_per_second} and {@code streams}, and compiles each
 * stream with its share of the rate. A stream is taken from the catalog ({@code from: clickstream}, or by its own name alone), or
 * defined in place. Without {@code streams} there are the six event types that the original program sent, equally often.
 */
final class StreamsReader {

    static final long DEFAULT_SEED = 0;
    static final List<String> ORIGINAL = List.of(
            "video_logs",
            "user_interactions",
            "device_telemetry",
            "recommendation_feedback",
            "training_data",
            "model_telemetry");
    private static final BigDecimal DEFAULT_RATE = BigDecimal.valueOf(StreamDefinition.DEFAULT_RATE.events());
    private static final int MOST_STREAMS = 1 << 16;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");

    private static final Instant FIRST_START = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST_START = Instant.parse("9999-12-31T00:00:00Z");

    private final SettingsReader top;
    private final Reading reading;
    private final Problems problems;
    private final Types types;
    private final Instant now;
    private final List<Draft> drafts = new ArrayList<>();

    /** A stream before its rate is known; the definition is null if it has problems. */
    private record Draft(
            String path,
            BigDecimal weight,
            @Nullable StreamDefinition definition,
            CompiledStream.@Nullable Code code) {}

    StreamsReader(SettingsReader top, Types types, Instant now) {
        this.top = top;
        this.reading = top.reading();
        this.problems = reading.problems();
        this.types = types;
        this.now = now;
    }

    /** The streams in their order; those with problems are left out. */
    List<CompiledStream> read() {
        long seed = top.integer("seed", DEFAULT_SEED, Long.MIN_VALUE, Long.MAX_VALUE);
        Instant start = start();
        BigDecimal perSecond = top.decimal("events_per_second", DEFAULT_RATE, NumberRange.RATE);
        Tree tree = top.find("streams");
        if (tree == null) {
            ORIGINAL.forEach(name -> drafts.add(fromCatalog("streams." + name, name, name, BigDecimal.ONE)));
            top.noteOrigin("streams", null, String.join(", ", ORIGINAL));
        } else {
            Mapping map = reading.map(tree, "write a map of streams, such as {clicks: {from: clickstream}}");
            if (map != null) {
                readAll(map);
            }
        }
        return compile(seed, start, perSecond);
    }

    private void readAll(Mapping map) {
        int count = map.entries().size();
        if (count == 0 || count > MOST_STREAMS) {
            reading.problem(
                    map,
                    "has " + count + " streams; write 1 to " + MOST_STREAMS + ", or leave 'streams' out for "
                            + String.join(", ", ORIGINAL));
        }
        for (Entry entry : map.all()) {
            checkName(entry, "stream", reading);
            Mapping body = reading.map(entry.value(), "write {from: clickstream}, or a definition with 'fields'");
            if (body != null) {
                drafts.add(draft(entry.key().text(), new SettingsReader(body, reading)));
            }
        }
    }

    /** Names stand in files, objects and reports: they are words. */
    static void checkName(Entry entry, String what, Reading reading) {
        String name = entry.key().text();
        if (entry.key().flaw() == null && !NAME.matcher(name).matches()) {
            reading.problem(
                    entry.value(),
                    "'" + name + "' is no name of a " + what
                            + "; write up to 64 letters, digits, '_', '-' and '.', such as orders_2");
        }
    }

    private Draft draft(String name, SettingsReader settings) {
        BigDecimal weight = settings.decimal("weight", BigDecimal.ONE, NumberRange.WEIGHT);
        Tree from = settings.find("from");
        boolean own = settings.entries().stream()
                .map(entry -> entry.key().text())
                .anyMatch(key -> key.equals("fields") || key.equals("generator"));
        if (from != null && own) {
            settings.problem(
                    "from", "a stream is either taken 'from' the catalog or defined here; remove one of the two");
            return new Draft(settings.path(), weight, null, null);
        }
        if (!own && (from != null || Catalog.names().contains(name))) {
            String source = from == null ? name : reading.text(from);
            Draft draft = source == null
                    ? new Draft(settings.path(), weight, null, null)
                    : fromCatalog(from == null ? settings.path() : from.path(), source, name, weight);
            settings.noteOrigin("from", from, source);
            settings.finish();
            return draft;
        }
        int before = problems.count();
        DefinitionReader reader = new DefinitionReader(settings, types);
        StreamDefinition definition = reader.read(name);
        settings.finish();
        return new Draft(settings.path(), weight, problems.count() == before ? definition : null, reader.code());
    }

    private Draft fromCatalog(String path, String source, String name, BigDecimal weight) {
        StreamDefinition definition = Catalog.definition(source);
        if (definition == null) {
            problems.add(
                    path,
                    "there is no stream '" + source + "' in the catalog"
                            + Suggestions.hint(
                                    source, Catalog.names(), "; it has " + String.join(", ", Catalog.names())));
            return new Draft(path, weight, null, null);
        }
        return new Draft(
                "streams." + name, weight, definition.toBuilder().name(name).build(), null);
    }

    private List<CompiledStream> compile(long seed, Instant start, BigDecimal perSecond) {
        List<BigDecimal> weights = drafts.stream().map(Draft::weight).toList();
        List<CompiledStream> streams = new ArrayList<>();
        for (Draft draft : drafts) {
            Rate rate = Shares.of(perSecond, draft.weight, weights);
            if (rate == null) {
                problems.add(
                        draft.path,
                        "its share of events_per_second, weight " + draft.weight.toPlainString()
                                + " of all, is too fine a fraction; use weights with fewer digits");
            } else if (draft.definition != null) {
                StreamDefinition definition =
                        draft.definition.toBuilder().start(start).rate(rate).build();
                CompiledStream stream = CompiledStream.compile(definition, draft.code, seed, draft.path, problems);
                if (stream != null) {
                    streams.add(stream);
                }
            }
        }
        return streams;
    }

    private Instant start() {
        String wanted = "write an instant such as 2025-01-01T00:00:00Z, or now";
        Tree tree = top.find("start");
        Instant start = StreamDefinition.DEFAULT_START;
        Scalar value = tree == null ? null : reading.scalar(tree, wanted);
        if (value != null && value.text().equals("now")) {
            start = now.truncatedTo(ChronoUnit.MILLIS);
        } else if (value != null) {
            try {
                start = Instant.parse(value.text());
            } catch (DateTimeException e) {
                reading.problem(value, reading.show(value) + " is not an instant; " + wanted);
            }
            if (start.isBefore(FIRST_START) || !start.isBefore(LAST_START)) {
                reading.problem(
                        value, reading.show(value) + " is out of range; write an instant of the years 1 to 9999");
                start = StreamDefinition.DEFAULT_START;
            }
        }
        String resolved =
                tree != null && value != null && value.text().equals("now") ? start + ", now" : start.toString();
        top.noteOrigin("start", tree, resolved);
        return start;
    }
}
