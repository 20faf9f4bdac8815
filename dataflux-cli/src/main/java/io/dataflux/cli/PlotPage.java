package io.dataflux.cli;

import io.dataflux.PlannedFault;
import io.dataflux.cli.Look.FieldLook;
import io.dataflux.cli.Look.Rate;
import io.dataflux.model.Sessions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The page that {@code plot} writes: HTML with inline charts that loads nothing. */
final class PlotPage {

    private static final int MOST_BARS = 8;
    /** Colours, boxes and charts, which all pages of the program share. */
    static final String STYLE = """
            :root{--ink:#1c2430;--soft:#5d6b7e;--grid:#e3e7ee;--card:#fff;--page:#f5f6f9;--main:#2f6fde;--fill:#2f6fde22}
            @media (prefers-color-scheme:dark){:root{--ink:#e6eaf1;--soft:#9aa7b8;--grid:#2b3442;--card:#171d27;--page:#0f141c;--main:#6ea2ff;--fill:#6ea2ff2a}}
            body{margin:0;background:var(--page);color:var(--ink);font:15px/1.45 system-ui,sans-serif}
            main{max-width:1180px;margin:0 auto;padding:24px}
            h1{font-size:24px;margin:0}h2{font-size:15px;margin:0 0 2px}
            p{margin:0 0 8px;color:var(--soft);font-size:13px}
            .facts{display:flex;flex-wrap:wrap;gap:4px 26px;margin:10px 0 18px;color:var(--soft)}.facts b{color:var(--ink);font-weight:600}
            .grid-of{display:grid;grid-template-columns:repeat(auto-fill,minmax(350px,1fr));gap:16px}
            section{background:var(--card);border:1px solid var(--grid);border-radius:8px;padding:14px 16px;min-width:0}
            .wide{grid-column:1/-1}
            svg{width:100%;height:auto;display:block}
            svg text{fill:var(--soft);font-size:11px}
            .line{fill:none;stroke:var(--main);stroke-width:1.8}.fill{fill:var(--fill)}.bar,.dot{fill:var(--main)}
            .grid{stroke:var(--grid)}
            .bars{width:100%;border-collapse:collapse;font-size:13px;table-layout:fixed}
            .bars th{font-weight:400;text-align:left;width:38%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;padding:1px 8px 1px 0}
            .bars span{display:block;height:10px;background:var(--main);border-radius:2px;min-width:1px}
            .bars .n{width:62px;text-align:right;color:var(--soft)}
            .texts{border-collapse:collapse;font-size:13px}.texts th{font-weight:600;text-align:left;padding:2px 18px 2px 0;vertical-align:top}.texts td{color:var(--soft);overflow-wrap:anywhere}
            pre{white-space:pre-wrap;overflow-wrap:anywhere;font-size:12.5px;margin:0}
            .flow{border-collapse:separate;border-spacing:3px;font-size:13px;width:100%;table-layout:fixed}.flow th{font-weight:600;text-align:left;padding:3px 6px;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
            .flow thead th{color:var(--soft);font-weight:400;text-align:center}.flow td{text-align:center;padding:4px 2px;border-radius:4px;background:color-mix(in srgb,var(--main) calc(var(--share)*.75%),transparent)}
            .flow td.n{background:none;color:var(--soft)}
            h3{font-size:17px;margin:26px 0 10px}
            """;

    private final Look look;
    private final StringBuilder html = new StringBuilder();

    PlotPage(Look look) {
        this.look = look;
    }

    String html() {
        html.append(
                        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
                .append("<title>")
                .append(escape(look.stream().name()))
                .append("</title><style>")
                .append(STYLE)
                .append("</style><main>");
        head();
        html.append("<div class=\"grid-of\">");
        rates();
        keys();
        lateness();
        section("Size", "bytes per event", Svg.histogram(look.sizes(), false, "bytes"), false);
        html.append("</div>");
        sessions();
        faults();
        html.append("<div class=\"grid-of\" style=\"margin-top:16px\">");
        section("The first event", "", "<pre>" + escape(look.example()) + "</pre>", true);
        html.append("</div><h3>Fields</h3><div class=\"grid-of\">");
        fields();
        return html.append("</div></main></html>\n").toString();
    }

    private void head() {
        var stream = look.stream();
        html.append("<h1>").append(escape(stream.name())).append("</h1><div class=\"facts\">");
        fact("seed", Long.toString(stream.seed()));
        fact("fingerprint", HexFormat.of().toHexDigits(stream.fingerprint()));
        fact("shards", Integer.toString(stream.shards()));
        fact("events examined", String.format(Locale.ROOT, "%,d from number %,d", look.count(), look.from()));
        fact(
                "keys among them",
                String.format(Locale.ROOT, "%,d", look.eventsPerKey().size()));
        html.append("</div>");
    }

    private void fact(String name, String value) {
        html.append("<span>").append(name).append(" <b>").append(escape(value)).append("</b></span>");
    }

    private void rates() {
        for (Rate rate : look.rates()) {
            String what = rate.flat()
                    ? "constant, " + Svg.number(Math.rint(rate.mean() * 10) / 10) + " events/s"
                    : Svg.number(rate.least()) + " to " + Svg.number(rate.most()) + " events/s";
            section(
                    "Rate over " + Svg.span(rate.span().toNanos() / 1e9),
                    what,
                    Svg.area(
                            rate.perSecond(),
                            "/s",
                            text(rate.from()),
                            text(rate.from().plus(rate.span()))),
                    false);
        }
    }

    private void keys() {
        List<Long> counts = look.eventsPerKey();
        if (counts.isEmpty()) {
            return;
        }
        String shares = "the busiest key has " + share(counts, 1) + " of the events, the busiest 10 have "
                + share(counts, 10) + ", the busiest 100 " + share(counts, 100);
        section("Popularity of keys", shares, Svg.logLog(counts, "rank", "events per key"), false);
        section(
                "Gaps",
                "time from one event of a key to the next",
                look.gapSeconds().isEmpty()
                        ? "<p class=\"none\">no key has two events</p>"
                        : Svg.histogram(look.gapSeconds(), true, "s"),
                false);
    }

    private String share(List<Long> counts, int first) {
        long sum = counts.stream().limit(first).mapToLong(Long::longValue).sum();
        return String.format(Locale.ROOT, "%.2f%%", 100.0 * sum / look.count());
    }

    private void lateness() {
        long late =
                look.latenessSeconds().stream().filter(seconds -> seconds > 0).count();
        if (late > 0) {
            String what = String.format(Locale.ROOT, "%.2f%% of the events are late", 100.0 * late / look.count());
            section("Lateness", what, Svg.histogram(look.latenessSeconds(), true, "s"), false);
        }
    }

    private void sessions() {
        SessionLook sessions = look.sessions();
        if (sessions == null) {
            return;
        }
        html.append("<h3>Sessions</h3><div class=\"grid-of\">");
        section(
                "Length",
                String.format(
                        Locale.ROOT,
                        "events per session; %.1f on average over %,d sessions",
                        sessions.meanLength(),
                        sessions.sessions()),
                Svg.columns(sessions.lengths()),
                false);
        section(
                "Think time",
                "time from one event of a session to the next",
                Svg.histogram(sessions.thinkSeconds(), true, "s"),
                false);
        section(
                "Pauses",
                "time from the end of a session to the key's next one",
                Svg.histogram(sessions.pauseSeconds(), true, "s"),
                false);
        if (!sessions.transitions().isEmpty()) {
            section(
                    "State transitions",
                    "how often the state in a row is followed by the state in a column; the first column is visits per session",
                    flow(sessions),
                    true);
        }
        html.append("</div>");
    }

    private static String flow(SessionLook sessions) {
        List<String> to = new ArrayList<>(sessions.transitions().keySet());
        to.remove("");
        to.add(Sessions.LEAVE);
        StringBuilder table = new StringBuilder("<table class=\"flow\"><thead><tr><th></th><th>visits</th>");
        to.forEach(state -> table.append("<th>").append(escape(state)).append("</th>"));
        table.append("</tr></thead>");
        sessions.transitions().forEach((state, next) -> {
            long visits = next.values().stream().mapToLong(Long::longValue).sum();
            table.append("<tr><th>")
                    .append(state.isEmpty() ? "start" : escape(state))
                    .append("</th><td class=\"n\">")
                    .append(String.format(Locale.ROOT, "%.2f", (double) visits / sessions.sessions()))
                    .append("</td>");
            for (String other : to) {
                double share = visits == 0 ? 0 : 100.0 * next.getOrDefault(other, 0L) / visits;
                table.append(String.format(Locale.ROOT, "<td style=\"--share:%.0f\">", share))
                        .append(share == 0 ? "" : share < 1 ? "&lt;1%" : Math.round(share) + "%")
                        .append("</td>");
            }
            table.append("</tr>");
        });
        return table + "</table>";
    }

    private void faults() {
        if (look.faults().isEmpty()) {
            return;
        }
        Map<String, Long> counts = new TreeMap<>();
        look.faults().forEach(fault -> counts.merge(fault.kind().word(), 1L, Long::sum));
        html.append("<h3>Planned faults</h3><div class=\"grid-of\">");
        section("Shares", "of the events examined", Svg.bars(counts, look.count(), MOST_BARS), false);
        section(
                "The first faults",
                "which event has which fault",
                "<pre>"
                        + escape(look.faults().stream()
                                .limit(8)
                                .map(PlannedFault::toString)
                                .collect(Collectors.joining("\n")))
                        + "</pre>",
                false);
        html.append("</div>");
    }

    /** A card for each field that has a picture, then one for those that have none. */
    private void fields() {
        StringBuilder texts = new StringBuilder();
        look.fields().forEach((path, field) -> {
            String picture = picture(path, field);
            if (picture.isEmpty()) {
                texts.append("<tr><th>")
                        .append(escape(path))
                        .append("</th><td>")
                        .append(escape(facts(path, field)))
                        .append("</td></tr>");
            } else {
                section(path, facts(path, field), picture, false);
            }
        });
        if (texts.length() > 0) {
            section("Other fields", "", "<table class=\"texts\">" + texts + "</table>", true);
        }
    }

    private String picture(String path, FieldLook field) {
        boolean numbers = field.numbers == field.seen - field.nulls && !field.sample.isEmpty();
        boolean constant = field.values.size() == 1 && field.nulls == 0 && field.seen == look.count();
        if (constant || field.values.isEmpty() || (numbers && field.manyValues && isTime(path, field))) {
            return "";
        } else if (numbers && (field.manyValues || field.values.size() > MOST_BARS)) {
            return Svg.histogram(field.sample, false, "");
        }
        return field.manyValues ? "" : Svg.bars(field.values, field.seen, MOST_BARS);
    }

    /** Milliseconds since 1970 that fall into this century; a histogram of them would be useless. */
    private static boolean isTime(String path, FieldLook field) {
        return field.sample.get(0) > 946_684_800_000.0
                && field.sample.get(0) < 4_102_444_800_000.0
                && !path.contains("[]");
    }

    private String facts(String path, FieldLook field) {
        List<String> facts = new ArrayList<>();
        if (field.manyValues) {
            facts.add(
                    field.numbers > 0 && field.numbers == field.seen - field.nulls
                            ? "numbers"
                            : "such as "
                                    + String.join(
                                            ", ",
                                            field.values.keySet().stream()
                                                    .limit(3)
                                                    .toList()));
        } else if (!field.values.isEmpty()) {
            facts.add(
                    field.values.size() > 1
                            ? field.values.size() + " values"
                            : "always " + field.values.keySet().iterator().next());
        }
        if (field.seen < look.count() && !path.contains("[]")) {
            facts.add(String.format(Locale.ROOT, "in %.1f%% of the events", 100.0 * field.seen / look.count()));
        }
        if (field.nulls > 0) {
            facts.add(String.format(Locale.ROOT, "null in %.1f%%", 100.0 * field.nulls / field.seen));
        }
        return String.join("; ", facts);
    }

    private void section(String title, String what, String picture, boolean wide) {
        html.append(wide ? "<section class=\"wide\">" : "<section>")
                .append("<h2>")
                .append(escape(title))
                .append("</h2><p>")
                .append(escape(what))
                .append("</p>")
                .append(picture)
                .append("</section>");
    }

    private static String text(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
