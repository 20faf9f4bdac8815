package io.dataflux.catalog;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.when;

import io.dataflux.model.Field;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What a data platform reads and reports about itself: parking garages, alerts about data, metrics of hosts. */
final class PlatformStreams {

    private static final List<Garage> GARAGES = List.of(
            new Garage("Jernbanen", 441, "2.10"),
            new Garage("Siddis", 855, "2.20"),
            new Garage("St. Olav", 465, "2.20"),
            new Garage("Forum", 560, "2.40"),
            new Garage("Jorenholmen", 414, "2.00"),
            new Garage("Kyrre", 263, "2.10"),
            new Garage("Valberget", 196, "1.90"),
            new Garage("Parketten", 181, "2.20"),
            new Garage("Posten", 66, "1.90"));

    private static final List<Check> CHECKS = List.of(
            new Check("completeness", "percent", "99.00", "99.00", "100.00", "90.00", "98.99", "20.00", "89.99"),
            new Check("validity", "percent", "98.00", "98.00", "100.00", "85.00", "97.99", "10.00", "84.99"),
            new Check("freshness", "minutes", "60.00", "0.50", "60.00", "60.01", "240.00", "240.01", "2880.00"),
            new Check("duplicates", "rows", "0", "0", "0", "1", "500", "501", "90000"),
            new Check("volume", "rows", "10000", "10000", "40000", "4000", "9999", "0", "3999"));

    private static final List<Metric> METRICS = List.of(
            new Metric("cpu_usage", 30, "percent", "1.00", "90.00", "100.00"),
            new Metric("memory_usage", 20, "percent", "15.00", "92.00", "100.00"),
            new Metric("disk_usage", 12, "percent", "5.00", "85.00", "100.00"),
            new Metric("disk_write", 10, "MB/s", "0.00", "480.00", "900.00"),
            new Metric("network_in", 10, "MB/s", "0.00", "110.00", "125.00"),
            new Metric("load_1m", 10, "processes", "0.00", "16.00", "64.00"),
            new Metric("gc_pause", 8, "ms", "0.10", "200.00", "4000.00"));

    private PlatformStreams() {}

    static StreamDefinition parking() {
        return StreamDefinition.named("parking")
                .key("garage_{}", GARAGES.size())
                .identity("event_id")
                .field("event_id", uuid())
                .field("garage_id", key())
                .field("garage", when("garage_id", byGarage(garage -> constant(garage.name))))
                .field("status", pick("open", 97, "closed", 3))
                .field("total_places", when("garage_id", byGarage(garage -> constant(garage.places))))
                .field(
                        "free_places",
                        when(
                                "status",
                                "open",
                                when("garage_id", byGarage(garage -> integer(0, garage.places))),
                                "closed",
                                constant(0)))
                .field("closed_for", when("status", "closed", pick("cleaning", 6, "repair", 3, "flood", 1)))
                .field("price_per_hour", when("garage_id", byGarage(garage -> constant(new BigDecimal(garage.price)))))
                .field("timestamp", time())
                .build();
    }

    static StreamDefinition dataQualityAlerts() {
        return StreamDefinition.named("data_quality_alerts")
                .key("dataset_{}", 240, "0.8")
                .identity("alert_id")
                .field("alert_id", uuid())
                .field("data_set", key())
                .field(
                        "check",
                        pick("freshness", 30, "completeness", 25, "volume", 20, "validity", 15, "duplicates", 10))
                .field("severity", pick("warning", 55, "critical", 25, "info", 20))
                .field(
                        "state",
                        when(
                                "severity",
                                "warning",
                                constant("failing"),
                                "critical",
                                constant("failing"),
                                "info",
                                constant("resolved")))
                .field("unit", when("check", byCheck(check -> constant(check.unit))))
                .field("expected", when("check", byCheck(check -> constant(new BigDecimal(check.expected)))))
                .field(
                        "observed",
                        when(
                                "severity",
                                "info",
                                when("check", byCheck(check -> decimal(check.goodFrom, check.goodTo))),
                                "warning",
                                when("check", byCheck(check -> decimal(check.badFrom, check.badTo))),
                                "critical",
                                when("check", byCheck(check -> decimal(check.worstFrom, check.worstTo)))))
                .field(
                        "failed_runs",
                        when("severity", "warning", integer(1, 4), "critical", integer(2, 12), "info", constant(0)))
                .field("detected_at", time())
                .build();
    }

    static StreamDefinition systemMetrics() {
        return StreamDefinition.named("system_metrics")
                .key("host-{}", 500)
                .identity("event_id")
                .field("event_id", uuid())
                .field("host", key())
                .field("timestamp", time())
                .field("metric", pick(byMetric(metric -> metric.weight)))
                .field("unit", when("metric", byMetric(metric -> constant(metric.unit))))
                .field("level", pick("normal", 96, "high", 4))
                .field("threshold", when("metric", byMetric(metric -> constant(new BigDecimal(metric.threshold)))))
                .field(
                        "value",
                        when(
                                "level",
                                "normal",
                                when("metric", byMetric(metric -> decimal(metric.least, metric.threshold))),
                                "high",
                                when("metric", byMetric(metric -> decimal(metric.threshold, metric.most)))))
                .field("window_s", anyOf(10, 60))
                .build();
    }

    /** Cases by the key's text: the garage's number is its place in the list. */
    private static Object[] byGarage(Function<Garage, Field> field) {
        Object[] cases = new Object[2 * GARAGES.size()];
        for (int i = 0; i < GARAGES.size(); i++) {
            cases[2 * i] = "garage_" + i;
            cases[2 * i + 1] = field.apply(GARAGES.get(i));
        }
        return cases;
    }

    private static Object[] byCheck(Function<Check, Field> field) {
        return CHECKS.stream()
                .flatMap(check -> Stream.of(check.name, field.apply(check)))
                .toArray();
    }

    private static Object[] byMetric(Function<Metric, Object> value) {
        return METRICS.stream()
                .flatMap(metric -> Stream.of(metric.name, value.apply(metric)))
                .toArray();
    }

    private record Garage(String name, int places, String price) {}

    /** A check, what it expects, and what is observed when it holds, fails, or fails badly. */
    private record Check(
            String name,
            String unit,
            String expected,
            String goodFrom,
            String goodTo,
            String badFrom,
            String badTo,
            String worstFrom,
            String worstTo) {}

    private record Metric(String name, int weight, String unit, String least, String threshold, String most) {}
}
