package io.dataflux.catalog;

import static io.dataflux.catalog.Invariant.decides;
import static io.dataflux.catalog.Invariant.has;
import static io.dataflux.catalog.Invariant.number;
import static io.dataflux.catalog.Invariant.text;
import static io.dataflux.catalog.Invariant.within;
import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.when;

import java.util.List;
import java.util.Map;
import java.util.Set;

final class PlatformInvariants {

    /** Checks that fail when less than expected is observed; the others fail when it is more. */
    private static final Set<String> AT_LEAST = Set.of("completeness", "validity", "volume");

    private PlatformInvariants() {}

    static List<Invariant> parking() {
        return List.of(
                new Invariant(
                        "free places never exceed the total",
                        e -> within(e, "free_places", 0, number(e, "total_places")),
                        b -> b.replace("free_places", integer(0, 855))),
                new Invariant(
                        "a closed garage has no free place",
                        e -> text(e, "status").equals("open") || number(e, "free_places") == 0,
                        b -> b.replace("free_places", integer(0, 66))),
                new Invariant(
                        "a closed garage has a reason, no other has",
                        e -> text(e, "status").equals("closed") == has(e, "closed_for"),
                        b -> b.replace("closed_for", constant("repair"))),
                new Invariant(
                        "a garage always has the same name",
                        decides("garage_id", "garage"),
                        b -> b.replace("garage", anyOf("Siddis", "Posten"))),
                new Invariant(
                        "a name is that of one garage",
                        decides("garage", "garage_id"),
                        b -> b.replace("garage", constant("Siddis"))),
                new Invariant(
                        "a garage always has the same number of places",
                        decides("garage_id", "total_places"),
                        b -> b.replace("total_places", integer(855, 856))),
                new Invariant(
                        "a garage always has the same price",
                        decides("garage_id", "price_per_hour"),
                        b -> b.replace("price_per_hour", decimal("1.90", "2.40"))));
    }

    static List<Invariant> dataQualityAlerts() {
        return List.of(
                new Invariant(
                        "an alert is resolved or has a severity",
                        e -> text(e, "state").equals("resolved")
                                == text(e, "severity").equals("info"),
                        b -> b.replace("state", anyOf("failing", "resolved"))),
                new Invariant(
                        "what is observed fails the check as long as the alert is not resolved",
                        e -> holds(e) == text(e, "state").equals("resolved"),
                        b -> b.replace("observed", decimal("50.00", "100.00"))),
                new Invariant(
                        "a critical alert is farther from what is expected than a warning",
                        e -> text(e, "severity").equals("info")
                                || text(e, "severity").equals("critical") == severe(e),
                        b -> b.replace("severity", anyOf("critical", "warning", "info"))
                                .replace("observed", decimal("0.00", "98.99"))),
                new Invariant(
                        "a check always has the same unit",
                        decides("check", "unit"),
                        b -> b.replace("unit", anyOf("percent", "rows"))),
                new Invariant(
                        "a check always expects the same",
                        decides("check", "expected"),
                        b -> b.replace("expected", decimal("0.00", "99.00"))),
                new Invariant(
                        "percentages are at most 100",
                        e -> !text(e, "unit").equals("percent") || within(e, "observed", 0, 100),
                        b -> b.replace("observed", decimal("0.00", "101.00"))),
                new Invariant(
                        "runs failed unless the alert is resolved",
                        e -> text(e, "state").equals("failing") == number(e, "failed_runs") > 0,
                        b -> b.replace("failed_runs", integer(0, 12))));
    }

    private static boolean holds(Map<String, Object> e) {
        double observed = number(e, "observed");
        double expected = number(e, "expected");
        return AT_LEAST.contains(text(e, "check")) ? observed >= expected : observed <= expected;
    }

    private static boolean severe(Map<String, Object> e) {
        double observed = number(e, "observed");
        return switch (text(e, "check")) {
            case "completeness" -> observed < 90;
            case "validity" -> observed < 85;
            case "volume" -> observed < 4000;
            case "freshness" -> observed > 240;
            default -> observed > 500;
        };
    }

    static List<Invariant> systemMetrics() {
        return List.of(
                new Invariant(
                        "a metric always has the same unit",
                        decides("metric", "unit"),
                        b -> b.replace("unit", anyOf("percent", "ms"))),
                new Invariant(
                        "a metric always has the same threshold",
                        decides("metric", "threshold"),
                        b -> b.replace("threshold", integer(80, 90))),
                new Invariant(
                        "a normal value is not above the threshold",
                        e -> text(e, "level").equals("high") || number(e, "value") <= number(e, "threshold"),
                        b -> b.replace("value", decimal("0.00", "100.00"))),
                new Invariant(
                        "a high value is not below the threshold",
                        e -> text(e, "level").equals("normal") || number(e, "value") >= number(e, "threshold"),
                        b -> b.replace("value", decimal("0.00", "100.00"))),
                new Invariant(
                        "percentages are at most 100",
                        e -> !text(e, "unit").equals("percent") || within(e, "value", 0, 100),
                        b -> b.replace("value", decimal("0.00", "4000.00"))),
                new Invariant(
                        "pauses are in milliseconds, and nothing else is",
                        e -> text(e, "metric").equals("gc_pause")
                                == text(e, "unit").equals("ms"),
                        b -> b.replace(
                                "unit", when("metric", "cpu_usage", constant("ms"), "gc_pause", constant("s")))));
    }
}
