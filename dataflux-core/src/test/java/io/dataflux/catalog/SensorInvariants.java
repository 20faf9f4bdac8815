package io.dataflux.catalog;

import static io.dataflux.catalog.Invariant.decides;
import static io.dataflux.catalog.Invariant.hasExactly;
import static io.dataflux.catalog.Invariant.matches;
import static io.dataflux.catalog.Invariant.number;
import static io.dataflux.catalog.Invariant.text;
import static io.dataflux.catalog.Invariant.within;
import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.time;

import io.dataflux.model.Kind.TimeFormat;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

final class SensorInvariants {

    private static final Pattern SENSOR = Pattern.compile("sensor-(0|[1-9][0-9]{0,5})");

    private SensorInvariants() {}

    static List<Invariant> ingest() {
        return List.of(
                new Invariant(
                        "a body has a source, a time and a payload, and nothing else",
                        hasExactly("sourceId", "timestamp", "payload"),
                        b -> b.field("quality", constant("good"))),
                new Invariant(
                        "a payload has a temperature and a humidity, and nothing else",
                        e -> e.get("payload") instanceof Map<?, ?> payload
                                && List.copyOf(payload.keySet()).equals(List.of("temperature", "humidity")),
                        b -> b.replace("payload", object("temperature", decimal("8.0", "34.0")))),
                new Invariant(
                        "a source is one of a million sensors",
                        e -> matches(e, "sourceId", SENSOR),
                        b -> b.replace("sourceId", key("sensor-0{}"))),
                new Invariant(
                        "a room is neither freezing nor boiling",
                        e -> within(e, "payload.temperature", 8, 34),
                        b -> b.replace(
                                "payload", object("temperature", decimal("7.0", "35.0"), "humidity", constant(40)))),
                new Invariant(
                        "the humidity in percent is at least the temperature in degrees, and at most 85",
                        e -> within(e, "payload.humidity", number(e, "payload.temperature"), 85),
                        b -> b.replace(
                                "payload",
                                object("temperature", decimal("8.0", "34.0"), "humidity", decimal("8.0", "85.0")))),
                new Invariant(
                        "a source has one reading at a time",
                        oneAtATime("sourceId", "timestamp"),
                        b -> b.key("sensor-{}", 40).replace("timestamp", time(TimeFormat.ISO_SECONDS))));
    }

    static List<Invariant> iot() {
        return List.of(
                new Invariant(
                        "a reading has these seven fields",
                        hasExactly("device_id", "site", "temp_c", "humidity", "battery", "signal_strength", "ts"),
                        b -> b.replace("battery", integer(1, 100).absent("1%"))),
                new Invariant(
                        "a device stays at its site",
                        decides("device_id", "site"),
                        b -> b.key("device-{}", 50)
                                .replace(
                                        "site",
                                        anyOf("warehouse", "office", "cold_store", "greenhouse", "server_room"))),
                new Invariant(
                        "it is cold in a cold store and nowhere else",
                        e -> text(e, "site").equals("cold_store") == number(e, "temp_c") <= -15,
                        b -> b.replace("temp_c", decimal("-25.0", "38.0"))),
                new Invariant(
                        "only a greenhouse is warmer than 28 degrees",
                        e -> text(e, "site").equals("greenhouse") || number(e, "temp_c") <= 28,
                        b -> b.replace("temp_c", decimal("5.0", "38.0"))),
                new Invariant(
                        "a greenhouse is damp, a server room dry",
                        e -> switch (text(e, "site")) {
                            case "greenhouse" -> within(e, "humidity", 65, 98);
                            case "server_room" -> within(e, "humidity", 20, 45);
                            default -> within(e, "humidity", 25, 90);
                        },
                        b -> b.replace("humidity", decimal("20.0", "98.0"))),
                new Invariant(
                        "the battery of a device does not jump",
                        slowly("device_id", "battery", 2),
                        b -> b.key("device-{}", 50).replace("battery", integer(1, 100))),
                new Invariant(
                        "the signal is weak in a cold store",
                        e -> text(e, "site").equals("cold_store")
                                ? within(e, "signal_strength", -118, -85)
                                : within(e, "signal_strength", -95, -40),
                        b -> b.replace("signal_strength", integer(-118, -40))),
                new Invariant(
                        "a device has one reading at a time",
                        oneAtATime("device_id", "ts"),
                        b -> b.key("device-{}", 40).replace("ts", time(TimeFormat.ISO_SECONDS))));
    }

    private static Predicate<Map<String, Object>> slowly(String who, String what, double most) {
        Map<String, Double> last = new HashMap<>();
        return e -> {
            Double before = last.put(text(e, who), number(e, what));
            return before == null || Math.abs(number(e, what) - before) <= most;
        };
    }

    private static Predicate<Map<String, Object>> oneAtATime(String who, String when) {
        Set<String> seen = new HashSet<>();
        return e -> seen.add(text(e, who) + ' ' + text(e, when));
    }
}
