package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import io.dataflux.model.Faults;
import io.dataflux.plan.Extent;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.schedule.Schedule;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A plan in words. */
final class PlanWords {

    /** Rates that change are averaged over four weeks. */
    private static final long MEAN_SECONDS = 28 * 86_400;

    private final RunConfig config;
    private final Extent extent;
    private final Instant now;
    private final StringBuilder text = new StringBuilder();

    /** @param now the time of day */
    PlanWords(RunConfig config, Extent extent, Instant now) {
        this.config = config;
        this.extent = extent;
        this.now = now;
        text.append(config.source()).append('\n');
        line(
                "run",
                (config.backfill()
                                ? "what is past as fast as possible, then live"
                                : config.speed() == Double.POSITIVE_INFINITY
                                        ? "as fast as possible"
                                        : "at speed " + plain(config.speed()))
                        + ", scheduled from " + extent.start()
                        + (config.startAt() == null ? "" : ", begun at " + config.startAt()));
        if (config.part().of() > 1) {
            detail("part " + config.part() + ": every " + config.part().of() + "-th shard of each stream from shard "
                    + (config.part().number() - 1) + " on");
        }
        for (int i = 0; i < config.streams().size(); i++) {
            stream(i);
        }
        for (SinkConfig sink : config.sinks()) {
            sink(sink);
        }
        if (!config.origins().isEmpty()) {
            text.append("settings\n");
            config.origins().forEach(origin -> text.append("  ").append(origin).append('\n'));
        }
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
            detail("sequences from " + from + ", no limit");
        } else {
            detail("sequences [" + from + ", " + limit + "), " + (limit - from) + " events"
                    + (limit > from ? " up to " + last(stream, limit) : ""));
        }
        detail("events of at most " + stream.maxEventBytes() + " bytes");
        Faults faults = stream.definition().faults();
        if (faults != null) {
            detail("planned faults: " + faults
                    + (stream.plannedFaults().moves()
                            ? "; shuffled among " + faults.blockSize() + " events of a shard"
                            : ""));
        }
        if (stream.definition().key() == null) {
            detail("no keys");
            return;
        }
        double share = schedule.hottestShardShare();
        detail(schedule.entities() + " entities in " + schedule.shards() + " shards; the hottest shard has "
                + percent(share) + " of the events, so order per key allows at most " + tenths(1 / share)
                + " times the speed of one lane");
        if (schedule.meanSession() > 0) {
            sessions(stream);
        }
        if (stream.meanLife() > 0) {
            double rows = schedule.entities() * (1 - 1 / stream.meanLife());
            detail("changes a table of up to " + schedule.entities() + " rows, about " + Math.round(rows)
                    + " of them there at a time once each was touched; a life has " + tenths(stream.meanLife())
                    + " changes on average");
        }
    }

    /** How many keys are in a session at a time, and how long the average one stays away. */
    private void sessions(CompiledStream stream) {
        Schedule schedule = stream.schedule();
        double perSecond = (double) stream.timeline().sequenceAt(MEAN_SECONDS, 0) / MEAN_SECONDS;
        double seats = schedule.activeEntities();
        double cycle = schedule.entities() * schedule.meanSession() / perSecond;
        detail("sessions of " + tenths(schedule.meanSession()) + " events on average, " + span(seats / perSecond)
                + " between two; " + Math.round(seats) + " of " + schedule.entities()
                + " keys are in one at a time, and the average key pauses for "
                + span(cycle * (1 - seats / schedule.entities())) + " before its next");
    }

    private static String span(double seconds) {
        if (seconds < 1) {
            return tenths(1000 * seconds) + " ms";
        }
        return seconds < 120
                ? tenths(seconds) + " s"
                : seconds < 7200
                        ? tenths(seconds / 60) + " min"
                        : seconds < 172_800 ? tenths(seconds / 3600) + " h" : tenths(seconds / 86_400) + " d";
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
                .forEach(warning -> detail("WARNING sinks." + sink.name() + "." + warning));
    }

    private void line(String what, String words) {
        text.append(what).append(": ").append(words).append('\n');
    }

    private void detail(String words) {
        text.append("  ").append(words).append('\n');
    }

    private static String percent(double share) {
        return tenths(100 * share) + " %";
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
