package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.SharedIdentity;
import io.dataflux.model.Faults;
import io.dataflux.plan.Drill;
import io.dataflux.plan.Extent;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.plan.RunLimits;
import io.dataflux.schedule.Schedule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plan as text for people. */
final class PlanWords {

    /** Rates that change are averaged over four weeks. */
    private static final long MEAN_SECONDS = 28 * 86_400;

    /** How many streams a summary names. */
    private static final int NAMED = 3;

    private final RunConfig config;
    private final Extent extent;
    private final Instant now;
    private final StringBuilder text = new StringBuilder();
    private final List<String> warnings = new ArrayList<>();

    /** @param now the time of day */
    PlanWords(RunConfig config, Extent extent, Instant now) {
        this.config = config;
        this.extent = extent;
        this.now = now;
        line(
                "run",
                (config.backfill()
                                ? "the past as fast as possible, then live"
                                : config.speed() == Double.POSITIVE_INFINITY
                                        ? "as fast as possible"
                                        : "at speed " + plain(config.speed()))
                        + ", scheduled from " + extent.start()
                        + (config.startAt() == null ? "" : ", starting at " + config.startAt()));
        if (config.part().of() > 1) {
            int of = config.part().of();
            int first = config.part().number() - 1;
            detail("part " + config.part() + ": shards " + first + ", " + (first + of) + ", " + (first + 2 * of)
                    + ", ... of each stream");
        }
        for (int i = 0; i < config.streams().size(); i++) {
            stream(i);
        }
        for (SinkConfig sink : config.sinks()) {
            sink(sink);
        }
        for (Drill drill : config.drills()) {
            Duration at = drill.at();
            line(
                    "action " + drill.name(),
                    at == null
                            ? "after " + count(drill.after()) + " acknowledged events"
                            : "after " + span(at.toMillis() / 1e3));
        }
        if (!config.origins().isEmpty()) {
            text.append("settings\n");
            config.origins().forEach(origin -> text.append("  ").append(origin).append('\n'));
        }
        text.insert(
                0,
                config.source() + ": valid"
                        + (warnings.isEmpty()
                                ? ""
                                : ", with " + warnings.size() + (warnings.size() == 1 ? " warning" : " warnings")
                                        + " (at the end)")
                        + '\n');
        if (!warnings.isEmpty()) {
            text.append("warnings\n");
            warnings.forEach(warning -> detail("WARNING " + warning));
        }
    }

    /** What is sent, where to and until when, in one sentence. */
    static String summary(RunConfig config, Extent extent) {
        List<String> names = extent.streams().stream().map(CompiledStream::name).toList();
        String streams = names.size() == 1
                ? names.get(0)
                : names.size() + " streams ("
                        + String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                        + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more)" : ")");
        String sinks = config.sinks().stream()
                .map(sink -> sink.name() + " (" + sink.type() + ")")
                .collect(Collectors.joining(", "));
        String part = config.part().of() > 1 ? "part " + config.part() + " of " : "";
        Instant end = RunLimits.end(extent, config.limits());
        boolean paced = config.speed() != Double.POSITIVE_INFINITY;
        if (end == null) {
            return part + streams + " to " + sinks + (paced ? "" : " as fast as possible")
                    + " without end, because no limit is set: Ctrl-C ends it; 'limits', --events or --for would";
        }
        double seconds = Duration.between(extent.start(), end).toMillis() / 1e3 / config.speed();
        return part + count(extent.events()) + (extent.events() == 1 ? " event of " : " events of ") + streams + " to "
                + sinks
                + (config.backfill()
                        ? ", the past as fast as possible"
                        : paced ? " within " + span(seconds) : " as fast as possible");
    }

    private void stream(int index) {
        CompiledStream stream = config.streams().get(index);
        Schedule schedule = stream.schedule();
        long from = extent.from(index);
        long limit = extent.limit(index);
        line(
                "stream " + stream.name(),
                stream.definition().rate() + ", seed " + stream.seed() + ", fingerprint "
                        + java.util.HexFormat.of().toHexDigits(stream.fingerprint()));
        if (limit == stream.end()) {
            detail("events from " + from + " on, no limit");
        } else {
            detail(count(limit - from) + " events, [" + from + ", " + limit + ")"
                    + (limit > from ? ", the last at " + last(stream, limit) : ""));
        }
        detail("events of at most " + count(stream.maxEventBytes()) + " bytes");
        Faults faults = stream.definition().faults();
        if (faults != null) {
            detail("planned faults: " + faults
                    + (stream.plannedFaults().moves()
                            ? "; shuffled among " + count(faults.blockSize()) + " events of a shard"
                            : ""));
        }
        SharedIdentity shared = stream.sharedIdentity(from, limit);
        if (shared != null) {
            warnings.add("streams." + stream.name() + ".identity: " + shared.words());
        }
        stream.cautions().forEach(caution -> detail("WARNING streams." + stream.name() + "." + caution));
        if (stream.definition().key() == null) {
            detail("no keys");
            return;
        }
        double share = schedule.hottestShardShare();
        detail(count(schedule.entities()) + " entities in " + count(schedule.shards())
                + " shards; the hottest shard has "
                + percent(share) + " of the events, so order per key allows at most " + tenths(1 / share)
                + " times the speed of one lane");
        if (schedule.meanSession() > 0) {
            sessions(stream);
        }
        String notKept = stream.thinkNotKept();
        if (notKept != null) {
            detail("WARNING streams." + stream.name() + ".sessions.think: " + notKept);
        }
        if (stream.meanLife() > 0) {
            double rows = schedule.entities() * (1 - 1 / stream.meanLife());
            detail("changes a table of up to " + count(schedule.entities()) + " rows, of which about "
                    + count(Math.round(rows)) + " exist at a time once every key has appeared; a row has "
                    + tenths(stream.meanLife()) + " changes on average, its insertion and deletion included");
        }
    }

    /** How many keys are in a session at a time, and how long the average one stays away. */
    private void sessions(CompiledStream stream) {
        Schedule schedule = stream.schedule();
        double perSecond = (double) stream.timeline().sequenceAt(MEAN_SECONDS, 0) / MEAN_SECONDS;
        double seats = schedule.activeEntities();
        double cycle = schedule.entities() * schedule.meanSession() / perSecond;
        detail("sessions of " + tenths(schedule.meanSession()) + " events on average, " + span(seats / perSecond)
                + " from one event to the next; " + count(Math.round(seats)) + " of " + count(schedule.entities())
                + " keys are in a session at a time, and the average key pauses for "
                + span(cycle * (1 - seats / schedule.entities())) + " before its next one");
    }

    /** A time span with at most one decimal. */
    static String span(double seconds) {
        if (seconds < 1) {
            return atMostTenths(1000 * seconds) + " ms";
        }
        return seconds < 120
                ? atMostTenths(seconds) + " s"
                : seconds < 7200
                        ? atMostTenths(seconds / 60) + " min"
                        : seconds < 172_800
                                ? atMostTenths(seconds / 3600) + " h"
                                : atMostTenths(seconds / 86_400) + " d";
    }

    private static Instant last(CompiledStream stream, long limit) {
        return stream.timeOf(limit - 1);
    }

    private void sink(SinkConfig sink) {
        line(
                "sink " + sink.name(),
                sink.type() + ", " + sink.lanes() + (sink.lanes() == 1 ? " lane" : " lanes") + ", on failure "
                        + sink.onFailure().name().toLowerCase(Locale.ROOT));
        boolean[] mine = new Regions(config).regionsOf(sink.name());
        List<String> regions = java.util.stream.IntStream.range(0, mine.length)
                .filter(region -> mine[region])
                .mapToObj(region -> config.regions().get(region).name())
                .collect(Collectors.toList());
        detail(regions.isEmpty() ? "gets nothing: no region names it" : "regions " + String.join(", ", regions));
        sink.connector()
                .warnings(extent.start(), now)
                .forEach(warning -> warnings.add("sinks." + sink.name() + "." + warning));
    }

    private void line(String what, String words) {
        text.append(what).append(": ").append(words).append('\n');
    }

    private void detail(String words) {
        text.append("  ").append(words).append('\n');
    }

    private static String percent(double share) {
        return tenths(100 * share) + "%";
    }

    /** A count for people, with grouping commas. Event numbers have none, so that they can be copied into commands. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String atMostTenths(double number) {
        String text = tenths(number);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }

    private static String tenths(double number) {
        return new BigDecimal(number).setScale(1, RoundingMode.HALF_UP).toPlainString();
    }

    private static String plain(double number) {
        return new BigDecimal(number)
                .setScale(3, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
