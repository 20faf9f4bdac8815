package io.dataflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.DataFlux;
import io.dataflux.StoredRun.StoredVerdict;
import io.dataflux.ledger.Ledger;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Two runs side by side, as their files have them: facts, and figures with difference and ratio. Which difference of figures means something
 * is for whoever reads them to say. The figures of a run in parts are sums, or the largest of a part where they cannot be added.
 */
final class RunFigures {

    private static final int STEP_ROWS_SHOWN = 100;
    private static final String FROM = " from ";
    private static final JsonNode NONE = JsonNodeFactory.instance.numberNode(0);
    private static final String COUNT = "%,.0f";
    private static final String FINE = "%,.2f";

    /**
     * @param defines whether runs that differ in it sent other events, or others of them, or at other times
     * @param format of a figure; empty for a fact
     */
    private record Row(
            String name,
            boolean defines,
            String format,
            @Nullable Object a,
            @Nullable Object b) {

        boolean same() {
            return String.valueOf(a).equals(String.valueOf(b));
        }

        List<String> cells() {
            if (format.isEmpty()) {
                return List.of(name, text(a), text(b), defines && !same() ? "differs" : "", "");
            }
            return List.of(name, text(a), text(b), difference() == null ? "" : text(difference(), "+"), ratioText());
        }

        @Nullable
        Double difference() {
            return a instanceof Double was && b instanceof Double is ? is - was : null;
        }

        /** Null if there is none. */
        @Nullable
        Double ratio() {
            return a instanceof Double was && b instanceof Double is && was != 0 ? is / was : null;
        }

        private String ratioText() {
            Double ratio = ratio();
            return ratio == null ? "" : String.format(Locale.ROOT, "%.2f", ratio);
        }

        private String text(@Nullable Object value) {
            return value == null ? "-" : value instanceof Double number ? text(number, "") : value.toString();
        }

        private String text(Double number, String sign) {
            return String.format(Locale.ROOT, format.replace("%", "%" + sign), number);
        }

        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
            put(json, "a", a);
            put(json, "b", b);
            if (!format.isEmpty()) {
                json.put("difference", difference()).put("ratio", ratio());
            } else if (defines) {
                json.put("same", same());
            }
            return json;
        }
    }

    private static void put(ObjectNode json, String name, @Nullable Object value) {
        if (value instanceof Double number) {
            json.put(name, number);
        } else {
            json.put(name, value == null ? null : value.toString());
        }
    }

    private final RunFiles a;
    private final RunFiles b;
    private final List<Ledger> ledgersA;
    private final List<Ledger> ledgersB;
    private final List<Row> rows = new ArrayList<>();

    /** @throws io.dataflux.ConfigurationException if a report is damaged, or of another version's format */
    RunFigures(RunFiles a, RunFiles b) {
        this.a = a;
        this.b = b;
        ledgersA = a.reportFiles().stream().map(DataFlux::ledger).toList();
        ledgersB = b.reportFiles().stream().map(DataFlux::ledger).toList();
        facts();
        streams();
        deliveries();
        steps();
        verdicts();
    }

    /** Why the events of the runs cannot be compared one by one; empty if they can. */
    List<String> otherStreams() {
        Map<String, Ledger.Stream> ofA = byName(ledgersA);
        Map<String, Ledger.Stream> ofB = byName(ledgersB);
        List<String> reasons = new ArrayList<>();
        for (String name : names(ofA, ofB)) {
            Ledger.Stream was = ofA.get(name);
            Ledger.Stream is = ofB.get(name);
            if (was == null || is == null) {
                reasons.add("stream '" + name + "' is only in " + (was == null ? "B" : "A"));
            } else if (was.seed() != is.seed()) {
                reasons.add("stream '" + name + "' has seed " + was.seed() + " in A and " + is.seed() + " in B");
            } else if (was.fingerprint() != is.fingerprint()) {
                reasons.add(
                        "stream '" + name + "' has another definition, start or rate in B: its fingerprint differs");
            }
        }
        if (reasons.isEmpty() && !List.copyOf(ofA.keySet()).equals(List.copyOf(ofB.keySet()))) {
            reasons.add("the streams are in another order in B");
        }
        return reasons;
    }

    ArrayNode json() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        rows.forEach(row -> all.add(row.json()));
        return all;
    }

    /** A table. */
    String text() {
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("", "A", "B", "B - A", "B / A"));
        int ofSteps = 0;
        for (Row row : rows) {
            ofSteps += row.name.contains(FROM) ? 1 : 0;
            if (!row.name.contains(FROM) || ofSteps <= STEP_ROWS_SHOWN) {
                table.add(row.cells());
            }
        }
        int[] width = new int[5];
        table.forEach(row -> {
            for (int i = 0; i < width.length; i++) {
                width[i] = Math.max(width[i], row.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> row : table) {
            StringBuilder line = new StringBuilder(Command.pad(row.get(0), width[0]));
            for (int i = 1; i < width.length; i++) {
                line.append("  ")
                        .append(" ".repeat(width[i] - row.get(i).length()))
                        .append(row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text + (ofSteps > STEP_ROWS_SHOWN ? "more steps of the rate are in the document of --json\n" : "");
    }

    // what there is of each

    private void facts() {
        fact("run", false, files -> files.run().tag());
        fact("begun", false, files -> files.run().begun().truncatedTo(ChronoUnit.SECONDS));
        fact("outcome", false, files -> files.run().state().name().toLowerCase(Locale.ROOT));
        fact(
                "validity",
                false,
                files -> joined(files, report -> report.path("validity").asText()));
        fact(
                "attempts",
                false,
                files -> joined(
                        files,
                        report ->
                                Long.toString(report.path("run").path("attempt").asLong() + 1)));
        fact("parts", false, files -> files.reports().size());
        fact(
                "first event at",
                true,
                files -> joined(files, report -> report.path("start").asText()));
        fact(
                "speed",
                true,
                files -> joined(files, report -> report.path("speed").asText()));
        rows.add(new Row("touched", true, "", touched(ledgersA), touched(ledgersB)));
    }

    private static String touched(List<Ledger> ledgers) {
        Set<String> touched =
                ledgers.stream().map(Ledger::touched).collect(Collectors.toCollection(LinkedHashSet::new));
        touched.remove("");
        return touched.isEmpty() ? "no" : String.join("; ", touched);
    }

    private void streams() {
        Map<String, Ledger.Stream> ofA = byName(ledgersA);
        Map<String, Ledger.Stream> ofB = byName(ledgersB);
        for (String name : names(ofA, ofB)) {
            Ledger.Stream was = ofA.get(name);
            Ledger.Stream is = ofB.get(name);
            stream(
                    name + ": fingerprint",
                    was,
                    is,
                    stream -> String.format(Locale.ROOT, "%016x", stream.fingerprint()));
            stream(name + ": seed", was, is, Ledger.Stream::seed);
            stream(name + ": first event", was, is, Ledger.Stream::from);
            stream(
                    name + ": limit",
                    was,
                    is,
                    stream -> stream.limit() == Long.MAX_VALUE ? "none" : Long.toString(stream.limit()));
        }
    }

    private void stream(
            String name, Ledger.@Nullable Stream a, Ledger.@Nullable Stream b, Function<Ledger.Stream, Object> value) {
        rows.add(new Row(name, true, "", a == null ? null : value.apply(a), b == null ? null : value.apply(b)));
    }

    private void deliveries() {
        figure("elapsed, s", FINE, Math::max, RunFigures::seconds);
        figure("bytes", COUNT, Double::sum, report -> report.path("bytes").asDouble());
        figure("events/s", COUNT, Double::sum, RunFigures::perSecond);
        figure("problems", COUNT, Double::sum, report ->
                (double) report.path("problems").size());
        for (String part : List.of("p50", "p99", "max")) {
            figure(
                    "own lag " + part + ", ms",
                    FINE,
                    Math::max,
                    report -> millis(report.path("ownLag").path(part + "Nanos")));
        }
        for (String part : List.of("p50", "p99", "max")) {
            figure(
                    "sink lag " + part + ", ms",
                    FINE,
                    Math::max,
                    report -> millis(report.path("sinkLag").path(part + "Nanos")));
        }
        Map<String, JsonNode> ofA = new LinkedHashMap<>();
        Map<String, JsonNode> ofB = new LinkedHashMap<>();
        names(outcomes(a, ofA), outcomes(b, ofB)).forEach(name -> {
            for (String outcome : List.of("issued", "acknowledged", "failed", "unknown", "missing")) {
                rows.add(new Row(
                        name + ": " + outcome, false, COUNT, sum(ofA.get(name), outcome), sum(ofB.get(name), outcome)));
            }
        });
    }

    /** Adds the counts of each stream at each sink, such as {@code lake clicks}, as a list with one element for each part. */
    private static Map<String, JsonNode> outcomes(RunFiles files, Map<String, JsonNode> counts) {
        for (JsonNode report : files.reports()) {
            for (JsonNode sink : report.path("sinks")) {
                sink.path("streams")
                        .forEach(stream -> add(
                                counts,
                                sink.path("name").asText() + " "
                                        + stream.path("name").asText(),
                                stream));
            }
        }
        return counts;
    }

    private static void add(Map<String, JsonNode> lists, String name, JsonNode element) {
        ((ArrayNode) lists.computeIfAbsent(name, key -> JsonNodeFactory.instance.arrayNode())).add(element);
    }

    private static @Nullable Double sum(@Nullable JsonNode parts, String field) {
        return fold(parts, Double::sum, part -> part.path(field).asDouble());
    }

    /** What the last attempt sent, in the time that it took. */
    private static double perSecond(JsonNode report) {
        double sent = 0;
        for (JsonNode step : report.path("steps")) {
            sent += step.path("acknowledged").asDouble()
                    + step.path("failed").asDouble()
                    + step.path("unknown").asDouble();
        }
        return sent / Math.max(1e-9, seconds(report));
    }

    /** One row each for a sink with a constant rate; of a profile, for each step. */
    private void steps() {
        Map<String, JsonNode> ofA = new LinkedHashMap<>();
        Map<String, JsonNode> ofB = new LinkedHashMap<>();
        steps(a, ofA);
        steps(b, ofB);
        Set<String> names = names(ofA, ofB);
        for (String name : names) {
            JsonNode was = ofA.get(name);
            JsonNode is = ofB.get(name);
            for (String rate : List.of("offered", "achieved")) {
                rows.add(new Row(
                        name + ": " + rate + "/s",
                        false,
                        COUNT,
                        sum(was, rate + "PerSecond"),
                        sum(is, rate + "PerSecond")));
            }
            for (String part : List.of("p50", "p99", "max")) {
                Function<JsonNode, Double> latency =
                        step -> millis(step.path("latency").path(part + "Nanos"));
                rows.add(new Row(
                        name + ": latency " + part + ", ms",
                        false,
                        FINE,
                        fold(was, Math::max, latency),
                        fold(is, Math::max, latency)));
            }
        }
    }

    private static void steps(RunFiles files, Map<String, JsonNode> steps) {
        for (JsonNode report : files.reports()) {
            Map<String, Integer> perSink = new LinkedHashMap<>();
            report.path("steps").forEach(step -> perSink.merge(step.path("sink").asText(), 1, Integer::sum));
            for (JsonNode step : report.path("steps")) {
                String sink = step.path("sink").asText();
                boolean several = perSink.getOrDefault(sink, 1) > 1;
                add(steps, several ? sink + FROM + step.path("from").asText() : sink, step);
            }
        }
    }

    private void verdicts() {
        Map<String, JsonNode> ofA = verdicts(a);
        Map<String, JsonNode> ofB = verdicts(b);
        for (String sink : names(ofA, ofB)) {
            JsonNode was = ofA.get(sink);
            JsonNode is = ofB.get(sink);
            rows.add(new Row("verdict on " + sink, false, "", headline(was), headline(is)));
            Map<String, JsonNode> found = new LinkedHashMap<>();
            Map<String, JsonNode> finds = new LinkedHashMap<>();
            findings(was, found);
            findings(is, finds);
            for (String finding : names(found, finds)) {
                rows.add(new Row(
                        "verdict on " + sink + ": " + finding,
                        false,
                        COUNT,
                        was == null ? null : found.getOrDefault(finding, NONE).asDouble(),
                        is == null ? null : finds.getOrDefault(finding, NONE).asDouble()));
            }
        }
    }

    /** Those that are not older than the run's last attempt, by sink. */
    private static Map<String, JsonNode> verdicts(RunFiles files) {
        List<String> sinks =
                files.run().verdicts().stream().map(StoredVerdict::sink).toList();
        Map<String, JsonNode> verdicts = new LinkedHashMap<>();
        files.verdicts().forEach(judged -> {
            String sink = judged.verdict().path("sink").asText();
            if (sinks.contains(sink)) {
                verdicts.put(sink, judged.verdict());
            }
        });
        return verdicts;
    }

    private static void findings(@Nullable JsonNode verdict, Map<String, JsonNode> counts) {
        if (verdict != null) {
            verdict.path("findings")
                    .properties()
                    .forEach(finding ->
                            counts.put(finding.getKey(), finding.getValue().path("count")));
        }
    }

    private static @Nullable String headline(@Nullable JsonNode verdict) {
        return verdict == null ? null : verdict.path("clean").asBoolean() ? "clean" : "findings";
    }

    // rows

    private void fact(String name, boolean defines, Function<RunFiles, Object> value) {
        rows.add(new Row(name, defines, "", value.apply(a), value.apply(b)));
    }

    private void figure(String name, String format, BinaryOperator<Double> combined, Function<JsonNode, Double> value) {
        rows.add(new Row(name, false, format, fold(a.reports(), combined, value), fold(b.reports(), combined, value)));
    }

    private static @Nullable Double fold(
            @Nullable Iterable<JsonNode> parts, BinaryOperator<Double> combined, Function<JsonNode, Double> value) {
        Double folded = null;
        for (JsonNode part : parts == null ? List.<JsonNode>of() : parts) {
            Double next = value.apply(part);
            folded = folded == null ? next : combined.apply(folded, next);
        }
        return folded;
    }

    /** What the parts of a run say, each thing once. */
    private static String joined(RunFiles files, Function<JsonNode, String> value) {
        return files.reports().stream().map(value).distinct().collect(Collectors.joining(", "));
    }

    private static double millis(JsonNode nanos) {
        return nanos.asDouble() / 1e6;
    }

    private static double seconds(JsonNode report) {
        return Duration.parse(report.path("elapsed").asText("PT0S")).toNanos() / 1e9;
    }

    private static Map<String, Ledger.Stream> byName(List<Ledger> ledgers) {
        Map<String, Ledger.Stream> streams = new LinkedHashMap<>();
        ledgers.forEach(ledger -> ledger.streams().forEach(stream -> streams.putIfAbsent(stream.name(), stream)));
        return streams;
    }

    private static Set<String> names(Map<String, ?> a, Map<String, ?> b) {
        Set<String> names = new LinkedHashSet<>(a.keySet());
        names.addAll(b.keySet());
        return names;
    }
}
