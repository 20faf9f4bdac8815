package io.dataflux.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class PrometheusTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern SERIES = Pattern.compile("(?m)^([a-z_]+)(\\{[^}]*})? (\\S+)$");
    private static final Pattern METRIC = Pattern.compile("dataflux_[a-z_]+");
    private static final Pattern SELECTED = Pattern.compile("(dataflux_[a-z_]+)(\\{[^}]*})?");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)\\s*=~?\\s*\"");
    private static final Pattern BY = Pattern.compile("by \\(([a-z, ]+)\\)");

    @TempDir
    Path folder;

    static boolean prometheusIsInstalled() {
        return Stream.of("prometheus", "promtool")
                .allMatch(program -> Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
                        .anyMatch(path -> Files.isExecutable(Path.of(path, program))));
    }

    private static String scrape(LivePage page) throws IOException {
        try (Client client = Client.get(page, "/metrics")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.headers.get("content-type")).startsWith("text/plain; version=0.0.4");
            return client.body();
        }
    }

    /** The sum of the series of a metric whose labels contain these. */
    private static double sum(String scrape, String metric, String... labels) {
        return SERIES.matcher(scrape)
                .results()
                .filter(series -> series.group(1).equals(metric))
                .filter(series ->
                        Stream.of(labels).allMatch(label -> series.group(2).contains(label)))
                .mapToDouble(series -> Double.parseDouble(series.group(3)))
                .sum();
    }

    @Test
    void aScrapeDuringTheRunGrowsAndTheLastIsTheReport() throws Exception {
        try (LivePage page = LivePage.open(0)) {
            RunReport report;
            try (Run run = Runs.plan(folder, "events_per_second: 4000")
                    .monitoredBy(page)
                    .start()) {
                await().untilAsserted(() -> assertThat(sum(scrape(page), "dataflux_events_total", "acknowledged"))
                        .isPositive());
                double before = sum(scrape(page), "dataflux_events_issued_total");
                await().untilAsserted(() -> assertThat(sum(scrape(page), "dataflux_events_issued_total"))
                        .isGreaterThan(before));
                assertThat(sum(scrape(page), "dataflux_running")).isEqualTo(1);
                report = run.stop();
            }
            String last = scrape(page);
            for (SinkLedger sink : report.ledger().sinks()) {
                for (StreamLedger stream : sink.streams()) {
                    assertThat(sum(
                                    last,
                                    "dataflux_events_total",
                                    "sink=\"" + sink.name() + "\"",
                                    "stream=\"" + stream.name() + "\"",
                                    "acknowledged"))
                            .isEqualTo((double) stream.acknowledged());
                }
            }
            assertThat(sum(last, "dataflux_acknowledged_bytes_total")).isEqualTo((double) report.bytes());
            assertThat(sum(last, "dataflux_latency_seconds_count")).isEqualTo((double) report.acknowledged());
            assertThat(sum(last, "dataflux_running")).isZero();
            assertThat(sum(last, "dataflux_in_flight")).isZero();
            assertThat(last).contains("percentile=\"99.9\"");
        }
    }

    /** A dashboard that asks for what there is not shows nothing, and nobody knows why. */
    @Test
    void theDashboardAsksForMetricsAndLabelsThatThereAre() throws Exception {
        String scrape;
        try (LivePage page = LivePage.open(0)) {
            Runs.plan(folder, "limits: {events: 500}\nspeed: max")
                    .monitoredBy(page)
                    .start()
                    .await();
            scrape = await().until(
                            () -> scrape(page), text -> text.contains("dataflux_group_lag")); // after the first look
        }
        Map<String, Set<String>> labels = new TreeMap<>();
        SERIES.matcher(scrape)
                .results()
                .forEach(series -> labels.computeIfAbsent(series.group(1), any -> new TreeSet<>())
                        .addAll(Pattern.compile("([a-z]+)=\"")
                                .matcher(series.group(2))
                                .results()
                                .map(label -> label.group(1))
                                .toList()));
        JsonNode dashboard = JSON.readTree(Files.readString(Path.of("..", "docs", "grafana-dashboard.json")));
        Set<String> used = new TreeSet<>();
        Set<Long> ids = new TreeSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").asLong())).isTrue();
            for (JsonNode target : panel.get("targets")) {
                String query = target.get("expr").asText();
                for (var selected : SELECTED.matcher(query).results().toList()) {
                    Set<String> known = labels.get(selected.group(1));
                    assertThat(known).as(query).isNotNull();
                    used.add(selected.group(1));
                    assertThat(LABEL.matcher(selected.group(2)).results().map(label -> label.group(1)))
                            .as(query)
                            .isNotEmpty()
                            .allMatch(known::contains);
                    BY.matcher(query)
                            .results()
                            .forEach(by -> assertThat(known)
                                    .as(query)
                                    .containsAnyOf(by.group(1).split(", ", -1)));
                }
                Matcher legend = Pattern.compile("\\{\\{([a-z]+)}}")
                        .matcher(target.get("legendFormat").asText());
                while (legend.find()) {
                    assertThat(query).as("legend " + legend.group()).contains(legend.group(1));
                }
            }
        }
        for (JsonNode variable : dashboard.at("/templating/list")) {
            Matcher values = Pattern.compile("label_values\\((\\w+), (\\w+)\\)")
                    .matcher(variable.path("definition").asText());
            if (values.matches()) {
                assertThat(labels.get(values.group(1))).contains(values.group(2));
            }
        }
        assertThat(used).as("every metric is on the dashboard").containsAll(labels.keySet());
    }

    @Test
    void theDocumentationListsEveryMetric() throws Exception {
        String scrape;
        try (LivePage page = LivePage.open(0)) {
            Runs.plan(folder, "limits: {events: 500}\nspeed: max")
                    .monitoredBy(page)
                    .start()
                    .await();
            scrape = await().until(
                            () -> scrape(page), text -> text.contains("dataflux_group_lag")); // after the first look
        }
        String documentation = Files.readString(Path.of("..", "docs", "monitor.md"));
        Set<String> documented = METRIC.matcher(documentation)
                .results()
                .map(metric -> metric.group())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(documented)
                .isEqualTo(SERIES.matcher(scrape)
                        .results()
                        .map(series -> series.group(1))
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    @Tag("needs-prometheus")
    @EnabledIf(value = "prometheusIsInstalled", disabledReason = "prometheus is not installed")
    void promtoolFindsNothingToComplainAbout() throws Exception {
        String scrape;
        try (LivePage page = LivePage.open(0)) {
            Runs.plan(folder, "limits: {events: 500}\nspeed: max")
                    .monitoredBy(page)
                    .start()
                    .await();
            scrape = await().until(
                            () -> scrape(page), text -> text.contains("dataflux_group_lag")); // after the first look
        }
        Process promtool = new ProcessBuilder("promtool", "check", "metrics")
                .redirectErrorStream(true)
                .start();
        try (var in = promtool.getOutputStream()) {
            in.write(scrape.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
        assertThat(said.strip()).isEmpty();
    }

    @Test
    @Tag("needs-prometheus")
    @EnabledIf(value = "prometheusIsInstalled", disabledReason = "prometheus is not installed")
    void aRealPrometheusEndsWithTheFiguresOfTheReport() throws Exception {
        try (LivePage page = LivePage.open(0)) {
            int port = freePort();
            Path config = Files.writeString(folder.resolve("prometheus.yml"), """
                    global: {scrape_interval: 1s, scrape_timeout: 1s}
                    scrape_configs:
                      - job_name: dataflux
                        static_configs: [{targets: ['127.0.0.1:%d']}]
                    """.formatted(
                            URI.create(page.url()).getPort()));
            Process prometheus = new ProcessBuilder(
                            "prometheus",
                            "--config.file=" + config,
                            "--storage.tsdb.path=" + folder.resolve("data"),
                            "--web.listen-address=127.0.0.1:" + port)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("prometheus.log").toFile())
                    .start();
            try {
                RunReport report;
                try (Run run = Runs.plan(folder, "events_per_second: 2000")
                        .monitoredBy(page)
                        .start()) {
                    await().atMost(2, TimeUnit.MINUTES)
                            .ignoreExceptions()
                            .untilAsserted(() -> assertThat(query(port, "sum(dataflux_events_total)"))
                                    .isPositive());
                    report = run.stop();
                }
                await().atMost(2, TimeUnit.MINUTES).ignoreExceptions().untilAsserted(() -> {
                    assertThat(query(port, "sum(dataflux_running)")).isZero();
                    assertThat(query(port, "sum(dataflux_events_total{outcome=\"acknowledged\"})"))
                            .isEqualTo((double) report.acknowledged());
                    for (SinkLedger sink : report.ledger().sinks()) {
                        for (StreamLedger stream : sink.streams()) {
                            String labels = "{sink=\"" + sink.name() + "\", stream=\"" + stream.name() + "\"}";
                            assertThat(query(port, "sum(dataflux_events_issued_total" + labels + ")"))
                                    .isEqualTo((double) stream.issued());
                        }
                    }
                    assertThat(query(port, "sum(dataflux_acknowledged_bytes_total)"))
                            .isEqualTo((double) report.bytes());
                });
                assertThat(query(port, "max_over_time(sum(dataflux_rate_offered{sink=\"all\"})[1h:1s])"))
                        .isBetween(1990.0, 2010.0);
            } finally {
                prometheus.destroy();
                prometheus.waitFor();
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static double query(int port, String query) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/query?query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8)))
                .build();
        String body = HttpClient.newHttpClient()
                .send(request, BodyHandlers.ofString())
                .body();
        return JSON.readTree(body).at("/data/result/0/value/1").asDouble(-1);
    }
}
