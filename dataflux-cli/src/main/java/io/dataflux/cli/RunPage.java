package io.dataflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A run as one page: HTML with inline charts that loads nothing, of one family with {@link PlotPage}. Made from the files of the run alone,
 * so that it can be made again at any time. They are whole: {@link RunFiles} has refused others.
 */
final class RunPage {

    private static final String STYLE = PlotPage.STYLE + """
            table.rows{border-collapse:collapse;font-size:13px;width:100%}
            .rows th{font-weight:600;text-align:left;padding:4px 12px 4px 0}.rows thead th{color:var(--soft);font-weight:400;border-bottom:1px solid var(--grid)}
            .rows td{padding:4px 12px 4px 0;vertical-align:top;overflow-wrap:anywhere}.rows .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
            .rows tbody tr+tr>*{border-top:1px solid var(--grid)}
            .scroll{overflow-x:auto;margin-top:8px}
            .pair{display:grid;grid-template-columns:repeat(auto-fit,minmax(350px,1fr));gap:16px}
            .state{display:inline-block;border-radius:999px;padding:1px 10px;font-size:13px;font-weight:600;border:1px solid}
            .good{color:#147a3d}.bad{color:#b3261e}.soft{color:var(--soft)}
            @media (prefers-color-scheme:dark){.good{color:#6fcf97}.bad{color:#ff8a80}}
            .want{fill:none;stroke:var(--soft);stroke-width:1.4;stroke-dasharray:4 3}
            @media print{body{background:#fff}section{break-inside:avoid}}
            """;

    /** What was found at a sink: its verdict, and the first of the events that are in it. */
    record Judged(JsonNode verdict, List<JsonNode> events) {}

    private final List<JsonNode> reports;
    private final List<Judged> verdicts;
    private final StringBuilder html = new StringBuilder();

    /** @param reports those of all parts of the run, at least one */
    RunPage(List<JsonNode> reports, List<Judged> verdicts) {
        this.reports = reports;
        this.verdicts = verdicts;
    }

    String html() {
        JsonNode run = reports.get(0).path("run");
        html.append("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">")
                .append("<meta name=\"viewport\" content=\"width=device-width\"><title>Run ")
                .append(escape(run.path("tag").asText()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style></head><body><main>");
        head(run);
        judged();
        for (JsonNode report : reports) {
            delivered(report);
        }
        streams(run);
        return html.append("</main></body></html>\n").toString();
    }

    private void head(JsonNode run) {
        html.append("<h1>Run ").append(escape(run.path("tag").asText())).append("</h1><p style=\"margin-top:8px\">");
        boolean delivered = true;
        boolean complete = true;
        for (JsonNode report : reports) {
            delivered &= report.path("problems").isEmpty() && count(report, "failed") + count(report, "unknown") == 0;
            complete &= report.path("complete").asBoolean(true);
        }
        state(delivered, delivered ? "delivered" : "not all delivered");
        if (!complete) {
            state(false, "incomplete");
        }
        for (JsonNode report : reports) {
            String validity = report.path("validity").asText();
            if (!validity.equals("VALID")) {
                state(false, validity.toLowerCase(Locale.ROOT));
            }
        }
        if (verdicts.isEmpty()) {
            html.append("<span class=\"state soft\">not verified</span>");
        } else {
            boolean clean = verdicts.stream()
                    .allMatch(judged -> judged.verdict().path("clean").asBoolean());
            state(clean, clean ? "verified: clean" : "verified: findings");
        }
        html.append("</p><div class=\"facts\">");
        JsonNode first = reports.get(0);
        long acknowledged = 0;
        long bytes = 0;
        for (JsonNode report : reports) {
            acknowledged += count(report, "acknowledged");
            bytes += report.path("bytes").asLong();
        }
        fact("acknowledged", number(acknowledged) + (first.path("sinks").size() > 1 ? " over all sinks" : ""));
        fact("bytes", Svg.number((double) bytes) + "B");
        fact("elapsed", Svg.span(Duration.parse(first.path("elapsed").asText()).toNanos() / 1e9));
        fact("first event scheduled at", first.path("start").asText());
        fact("speed", first.path("speed").asText());
        fact("attempts", Long.toString(run.path("attempt").asLong() + 1));
        if (reports.size() > 1) {
            fact("parts", Integer.toString(reports.size()));
        }
        html.append("</div>");
    }

    private void state(boolean good, String word) {
        html.append("<span class=\"state ")
                .append(good ? "good" : "bad")
                .append("\">")
                .append(escape(word))
                .append("</span> ");
    }

    // what was found

    private void judged() {
        if (verdicts.isEmpty()) {
            return;
        }
        html.append("<h3>Verdicts</h3><div class=\"grid-of\">");
        for (Judged judged : verdicts) {
            JsonNode verdict = judged.verdict();
            StringBuilder text = new StringBuilder();
            verdict.path("text").forEach(line -> text.append(line.asText()).append('\n'));
            StringBuilder picture = new StringBuilder("<pre class=\"")
                    .append(verdict.path("clean").asBoolean() ? "good" : "bad")
                    .append("\">")
                    .append(escape(text.toString()))
                    .append("</pre>");
            if (!judged.events().isEmpty()) {
                picture.append(events(judged));
            }
            section(
                    "Sink " + verdict.path("sink").asText(),
                    number(verdict.path("expected").asLong()) + " expected, "
                            + number(verdict.path("records").asLong()) + " arrived",
                    picture.toString());
        }
        html.append("</div>");
    }

    private static String events(Judged judged) {
        Rows rows = new Rows("Finding", "Stream", "#Event", "Source", "#Offset", "What");
        for (JsonNode event : judged.events()) {
            rows.add(
                    event.path("finding").asText(),
                    event.path("stream").asText(),
                    event.has("sequence") ? event.path("sequence").asText() : "",
                    event.path("source").asText(),
                    event.has("offset") ? event.path("offset").asText() : "",
                    event.path("text").asText());
        }
        long all = 0;
        for (JsonNode finding : judged.verdict().path("findings")) {
            all += finding.path("count").asLong();
        }
        return rows.html()
                + (all > judged.events().size()
                        ? "<p class=\"none\">the first " + judged.events().size() + " of " + number(all)
                                + "; events.jsonl in the run's folder has more</p>"
                        : "");
    }

    // what was delivered

    private void delivered(JsonNode report) {
        JsonNode run = report.path("run");
        html.append("<h3>Delivery")
                .append(
                        run.has("part")
                                ? " of part " + run.path("part").asLong() + " of "
                                        + run.path("parts").asLong()
                                : "")
                .append("</h3><div class=\"grid-of\">");
        long unsent = report.path("unsent").asLong();
        section(
                "Events by outcome",
                unsent == 0
                        ? ""
                        : number(unsent)
                                + " of the unknown ones may have been sent before an earlier attempt was killed, and have not"
                                + " been sent again",
                outcomes(report));
        if (!report.path("problems").isEmpty()) {
            StringBuilder list = new StringBuilder();
            report.path("problems")
                    .forEach(problem -> list.append(problem.asText()).append('\n'));
            section("Problems", "", "<pre class=\"bad\">" + escape(list.toString()) + "</pre>");
        }
        Map<String, List<JsonNode>> steps = new LinkedHashMap<>();
        report.path("steps")
                .forEach(step -> steps.computeIfAbsent(step.path("sink").asText(), sink -> new ArrayList<>())
                        .add(step));
        steps.forEach(this::rates);
        section(
                "Lateness",
                "how late batches were handed over: by DataFlux itself, and because a sink was slow",
                lags(report));
        if (!run.path("epochs").isEmpty()) {
            Rows rows = new Rows("Stream", "#From event on", "Definition", "Faults that are off", "Fingerprint");
            for (JsonNode epoch : run.path("epochs")) {
                for (int i = 0; i < epoch.path("streams").size(); i++) {
                    JsonNode stream = epoch.path("streams").get(i);
                    List<String> off = new ArrayList<>();
                    stream.path("without").forEach(kind -> off.add(kind.asText()));
                    rows.add(
                            run.path("streams").path(i).path("name").asText(),
                            number(stream.path("from").asLong()),
                            epoch.path("definitions").asText("as before"),
                            String.join(", ", off),
                            stream.path("fingerprint").asText());
                }
            }
            section("Changed while it ran", "each event has the definition that begins last before it", rows.html());
        }
        if (!run.path("actions").isEmpty()) {
            Rows rows = new Rows("Action", "At", "Scheduled time", "Took", "#Exit code");
            run.path("actions")
                    .forEach(action -> rows.add(
                            action.path("name").asText(),
                            action.path("at").asText(),
                            action.path("scheduled").asText(),
                            Svg.span(
                                    Duration.parse(action.path("took").asText()).toNanos() / 1e9),
                            action.path("code").asText()));
            section("Actions", "what the run did to the system around it", rows.html());
        }
        if (!run.path("touches").isEmpty()) {
            Rows rows = new Rows("At", "Scheduled time", "What", "#Speed");
            run.path("touches")
                    .forEach(touch -> rows.add(
                            touch.path("at").asText(),
                            touch.path("scheduled").asText(),
                            touch.path("action").asText(),
                            touch.path("speed").asText()));
            section("Touched while it ran", "pauses and speeds moved no event, only when it was sent", rows.html());
        }
        if (!report.path("faults").isEmpty()) {
            Rows rows = new Rows("Sink", "Stream", "Kind", "#Events");
            for (JsonNode faults : report.path("faults")) {
                faults.properties().forEach(entry -> {
                    if (entry.getValue().asLong() > 0) {
                        rows.add(
                                faults.path("sink").asText(),
                                faults.path("stream").asText(),
                                entry.getKey(),
                                number(entry.getValue().asLong()));
                    }
                });
            }
            section("Planned faults", "among what was acknowledged", rows.html());
        }
        html.append("</div>");
    }

    private static String outcomes(JsonNode report) {
        Rows rows = new Rows("Sink", "Stream", "#Issued", "#Acknowledged", "#Failed", "#Unknown", "#Not sent");
        for (JsonNode sink : report.path("sinks")) {
            for (JsonNode stream : sink.path("streams")) {
                rows.add(
                        sink.path("name").asText() + " (" + sink.path("type").asText() + ")",
                        stream.path("name").asText(),
                        number(stream.path("issued").asLong()),
                        number(stream.path("acknowledged").asLong()),
                        number(stream.path("failed").asLong()),
                        number(stream.path("unknown").asLong()),
                        number(stream.path("missing").asLong()));
            }
        }
        return rows.html();
    }

    private void rates(String sink, List<JsonNode> steps) {
        StringBuilder picture = new StringBuilder();
        if (steps.size() > 1) {
            double[] offered = new double[steps.size()];
            double[] achieved = new double[steps.size()];
            double[] latency = new double[steps.size()];
            for (int i = 0; i < steps.size(); i++) {
                offered[i] = steps.get(i).path("offeredPerSecond").asDouble();
                achieved[i] = steps.get(i).path("achievedPerSecond").asDouble();
                latency[i] = steps.get(i).path("latency").path("p99Nanos").asDouble() / 1e6;
            }
            String first = steps.get(0).path("from").asText();
            String last = steps.get(steps.size() - 1).path("from").asText();
            picture.append("<div class=\"pair\"><div><p>events per second by step: achieved, and offered (dashed)</p>")
                    .append(Svg.area(achieved, offered, "/s", first, last))
                    .append("</div><div><p>latency by step: 99 of 100 events</p>")
                    .append(Svg.area(latency, "ms", first, last))
                    .append("</div></div>");
        }
        Rows rows = new Rows(
                "Step from",
                "#Offered/s",
                "#Achieved/s",
                "#Latency p50",
                "#p99",
                "#max",
                "#Handed over late p99",
                "#Failed");
        for (JsonNode step : steps) {
            rows.add(
                    step.path("from").asText(),
                    step.path("offeredPerSecond").isNumber()
                            ? perSecond(step.path("offeredPerSecond").asDouble())
                            : "",
                    perSecond(step.path("achievedPerSecond").asDouble()),
                    span(step.path("latency").path("p50Nanos")),
                    span(step.path("latency").path("p99Nanos")),
                    span(step.path("latency").path("maxNanos")),
                    span(step.path("lateness").path("p99Nanos")),
                    number(step.path("failed").asLong() + step.path("unknown").asLong()));
        }
        section(
                "Rates and latencies at " + sink,
                "latency counts from the time at which an event was due; of a run as fast as possible, from handing it over",
                picture + rows.html());
    }

    private static String lags(JsonNode report) {
        Rows rows = new Rows("", "#p50", "#p99", "#max");
        for (String[] lag : new String[][] {{"by its own fault", "ownLag"}, {"because of a sink", "sinkLag"}}) {
            JsonNode its = report.path(lag[1]);
            rows.add(lag[0], span(its.path("p50Nanos")), span(its.path("p99Nanos")), span(its.path("maxNanos")));
        }
        return rows.html();
    }

    private void streams(JsonNode run) {
        Rows rows = new Rows("Stream", "Seed", "Fingerprint", "#Shards", "#From event", "#To");
        for (JsonNode stream : run.path("streams")) {
            rows.add(
                    stream.path("name").asText(),
                    stream.path("seed").asText(),
                    stream.path("fingerprint").asText(),
                    stream.path("shards").asText(),
                    number(stream.path("from").asLong()),
                    stream.path("limit").asLong() == Long.MAX_VALUE
                            ? ""
                            : number(stream.path("limit").asLong()));
        }
        html.append("<h3>To repeat it</h3><div class=\"grid-of\">");
        section(
                "Streams",
                "the same definitions and seeds give the same events; --tag "
                        + run.path("tag").asText() + " gives them the same ids",
                rows.html());
        html.append("</div>");
    }

    // words and boxes

    private static long count(JsonNode report, String outcome) {
        long sum = 0;
        for (JsonNode sink : report.path("sinks")) {
            for (JsonNode stream : sink.path("streams")) {
                sum += stream.path(outcome).asLong();
            }
        }
        return sum;
    }

    private void fact(String name, String value) {
        html.append("<span>").append(name).append(" <b>").append(escape(value)).append("</b></span>");
    }

    private void section(String title, String what, String content) {
        html.append("<section class=\"wide\"><h2>")
                .append(escape(title))
                .append("</h2><p>")
                .append(escape(what))
                .append("</p>")
                .append(content)
                .append("</section>");
    }

    private static String number(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static String perSecond(double number) {
        return String.format(Locale.ROOT, number < 100 ? "%,.1f" : "%,.0f", number);
    }

    private static String span(JsonNode nanos) {
        return Svg.span(nanos.asLong() / 1e9);
    }

    private static String escape(String text) {
        return PlotPage.escape(text);
    }

    /** A table; the columns whose head begins with # are numbers. */
    private static final class Rows {
        private final List<Boolean> numbers = new ArrayList<>();
        private final StringBuilder table =
                new StringBuilder("<div class=\"scroll\"><table class=\"rows\"><thead><tr>");

        Rows(String... heads) {
            for (String head : heads) {
                boolean number = head.startsWith("#");
                numbers.add(number);
                table.append(number ? "<th class=\"n\">" : "<th>")
                        .append(escape(number ? head.substring(1) : head))
                        .append("</th>");
            }
            table.append("</tr></thead><tbody>");
        }

        void add(String... cells) {
            table.append("<tr>");
            for (int i = 0; i < cells.length; i++) {
                table.append(numbers.get(i) ? "<td class=\"n\">" : "<td>")
                        .append(escape(cells[i]))
                        .append("</td>");
            }
            table.append("</tr>");
        }

        String html() {
            return table + "</tbody></table></div>";
        }
    }
}
