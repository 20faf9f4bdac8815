package io.dataflux.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.EventStream;
import io.dataflux.Run.SinkProgress;
import io.dataflux.RunReport;
import io.dataflux.RunSnapshot.Sample;
import io.dataflux.WatchedRun;
import io.dataflux.monitor.RunHistory.PassedFault;
import io.dataflux.monitor.RunHistory.Point;
import io.dataflux.monitor.RunHistory.SinkState;
import io.dataflux.monitor.RunHistory.Step;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What the page is told, as JSON: everything at first, then each second what has changed. */
final class PageJson {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    /** So many streams or regions are told apart. */
    private static final int MOST_NAMES = 100;

    private PageJson() {}

    /** All that is known of a run. */
    static ObjectNode whole(RunHistory history) {
        WatchedRun run = history.run();
        ObjectNode node = NODES.objectNode();
        node.put("run", run.run().tag())
                .put("attempt", run.attempt())
                .put("part", run.part())
                .put("parts", run.parts())
                .put("source", run.source())
                .put("start", run.start().toString())
                .put("summary", run.summary())
                .put("plan", run.plan());
        ArrayNode streams = node.putArray("streams");
        for (EventStream stream : run.streams()) {
            streams.addObject()
                    .put("name", stream.name())
                    .put("seed", Long.toString(stream.seed()))
                    .put("fingerprint", HexFormat.of().toHexDigits(stream.fingerprint()));
        }
        Step last = history.last();
        ArrayNode points = node.putArray("points");
        history.points().forEach(point -> write(point, points.addArray()));
        samples(run, history.samples(), node.putArray("samples"));
        faults(history.faults(), node.putArray("faults"));
        state(history, last, node);
        return node;
    }

    /** What a step has brought. */
    static ObjectNode step(RunHistory history, Step step) {
        ObjectNode node = NODES.objectNode();
        node.put("run", history.run().run().tag());
        write(step.point(), node.putArray("points").addArray());
        samples(history.run(), step.samples(), node.putArray("samples"));
        faults(step.faults(), node.putArray("faults"));
        state(history, step, node);
        return node;
    }

    private static void state(RunHistory history, Step step, ObjectNode node) {
        node.setAll(RunControl.state(history.run()));
        ArrayNode sinks = node.putArray("sinks");
        step.sinks().forEach(sink -> write(sink, sinks.addObject()));
        shares(history.acknowledged(step, true), node.putArray("byStream"));
        shares(history.acknowledged(step, false), node.putArray("byRegion"));
        ArrayNode problems = node.putArray("problems");
        RunReport report = history.report();
        (report == null ? step.problems() : report.problems().stream().limit(50).toList()).forEach(problems::add);
        if (report != null) {
            node.putObject("ended")
                    .put("validity", report.validity().name())
                    .put("complete", report.complete())
                    .put("delivered", report.delivered())
                    .put("issued", report.issued())
                    .put("acknowledged", report.acknowledged())
                    .put("failed", report.failed())
                    .put("unknown", report.unknown())
                    .put("bytes", report.bytes())
                    .put("seconds", report.elapsed().toNanos() / 1e9);
        }
    }

    private static void write(Point point, ArrayNode node) {
        for (double value : new double[] {
            point.seconds(),
            point.wanted(),
            point.achieved(),
            point.bytes(),
            point.p50(),
            point.p99(),
            point.p999(),
            point.ownLag(),
            point.sinkLag()
        }) {
            node.add(Math.rint(value * 1000) / 1000);
        }
    }

    private static void write(SinkState sink, ObjectNode node) {
        SinkProgress progress = sink.now().progress();
        node.put("name", progress.name())
                .put("level", sink.health().level().name().toLowerCase(Locale.ROOT))
                .put("health", sink.health().text())
                .put("lanes", sink.now().lanes())
                .put("issued", progress.issued())
                .put("acknowledged", progress.acknowledged())
                .put("failed", progress.failed())
                .put("unknown", progress.unknown())
                .put("inFlight", sink.now().inFlight())
                .put("planned", progress.planned())
                .put("bytes", progress.bytes())
                .put("batches", sink.now().batches())
                .put("retries", sink.now().retries())
                .put("wanted", sink.now().wantedPerSecond())
                .put("perSecond", sink.perSecond())
                .put("bytesPerSecond", sink.bytesPerSecond())
                .put("p50", sink.p50())
                .put("p99", sink.p99())
                .put("p999", sink.p999())
                .put("max", sink.now().latencies().maxNanos() / 1e6)
                .put("ownLag", progress.ownLagNanos() / 1e6)
                .put("sinkLag", progress.sinkLagNanos() / 1e6)
                .put("behind", progress.behindNanos() / 1e6)
                .put("done", progress.done());
    }

    /** The largest first. */
    private static void shares(Map<String, long[]> sums, ArrayNode node) {
        new TreeMap<>(sums)
                .entrySet().stream()
                        .sorted((a, b) -> Long.compare(b.getValue()[0], a.getValue()[0]))
                        .limit(MOST_NAMES)
                        .forEach(entry -> node.addObject()
                                .put("name", entry.getKey().isEmpty() ? "unknown" : entry.getKey())
                                .put("events", entry.getValue()[0])
                                .put("bytes", entry.getValue()[1]));
    }

    private static void samples(WatchedRun run, List<Sample> samples, ArrayNode node) {
        samples.forEach(sample -> SampleJson.write(run, sample, node.addObject()));
    }

    private static void faults(List<PassedFault> faults, ArrayNode node) {
        for (PassedFault passed : faults) {
            node.addObject()
                    .put("stream", passed.stream())
                    .put("sequence", Long.toString(passed.fault().sequence()))
                    .put("kind", passed.fault().kind().word())
                    .put("text", passed.fault().text())
                    .put("time", passed.time().toString());
        }
    }
}
