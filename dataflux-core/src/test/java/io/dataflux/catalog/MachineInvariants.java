package io.dataflux.catalog;

import static io.dataflux.catalog.Invariant.decides;
import static io.dataflux.catalog.Invariant.flag;
import static io.dataflux.catalog.Invariant.has;
import static io.dataflux.catalog.Invariant.hasExactly;
import static io.dataflux.catalog.Invariant.number;
import static io.dataflux.catalog.Invariant.text;
import static io.dataflux.catalog.Invariant.within;
import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.when;

import io.dataflux.model.Field;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

final class MachineInvariants {

    private static final Map<String, Set<String>> FIRMWARE = Map.of(
            "android", Set.of("14", "13"), "ios", Set.of("18", "17"), "fireos", Set.of("8"), "linux", Set.of("6"));

    private static final Map<String, Set<String>> VERSIONS = Map.of(
            "ranker", Set.of("4"), "retriever", Set.of("2"), "thumbnailer", Set.of("1"), "abuse_filter", Set.of("7"));

    private MachineInvariants() {}

    static List<Invariant> deviceTelemetry() {
        return List.of(
                new Invariant(
                        "an event has these 16 fields",
                        hasExactly(
                                "event_id",
                                "user_id",
                                "device_id",
                                "timestamp",
                                "stream",
                                "platform",
                                "firmware",
                                "status",
                                "cpu_pct",
                                "temperature_c",
                                "memory_total_mb",
                                "memory_used_mb",
                                "charging",
                                "battery_pct",
                                "network",
                                "signal_dbm"),
                        b -> b.replace("signal_dbm", when("network", "wifi", integer(-82, -32)))),
                new Invariant(
                        "memory in use is part of the memory",
                        e -> within(e, "memory_used_mb", 0, number(e, "memory_total_mb")),
                        b -> b.replace("memory_used_mb", integer(512, 8192))),
                new Invariant(
                        "a device stays what it is",
                        decides("device_id", "platform"),
                        b -> b.key("device_{}", 50).replace("platform", anyOf("android", "ios", "fireos", "linux"))),
                new Invariant(
                        "a critical device is busy and hot",
                        e -> !text(e, "status").equals("critical")
                                || number(e, "cpu_pct") >= 90 && number(e, "temperature_c") >= 75,
                        b -> b.replace("temperature_c", decimal("21.0", "96.0"))),
                new Invariant(
                        "a healthy device is neither busy nor hot",
                        e -> !text(e, "status").equals("healthy")
                                || number(e, "cpu_pct") < 70 && number(e, "temperature_c") < 55,
                        b -> b.replace("cpu_pct", decimal("2.0", "100.0"))),
                new Invariant(
                        "the firmware is one of the platform",
                        e -> FIRMWARE.getOrDefault(text(e, "platform"), Set.of())
                                .contains(major(e, "firmware")),
                        b -> b.replace("firmware", anyOf("14.2.1", "18.1.1"))),
                new Invariant(
                        "a charging device is not full, a discharging one not empty",
                        e -> flag(e, "charging") ? within(e, "battery_pct", 1, 99) : within(e, "battery_pct", 3, 100),
                        b -> b.replace("battery_pct", integer(1, 100))),
                new Invariant(
                        "the signal has the range of the network",
                        e -> switch (text(e, "network")) {
                            case "wifi" -> within(e, "signal_dbm", -82, -32);
                            case "5g" -> within(e, "signal_dbm", -112, -66);
                            default -> within(e, "signal_dbm", -118, -72);
                        },
                        b -> b.replace("signal_dbm", integer(-118, -32))));
    }

    static List<Invariant> trainingData() {
        return List.of(
                new Invariant(
                        "clicks are among the impressions",
                        e -> within(e, "features.clicks_7d", 0, number(e, "features.impressions_7d")),
                        b -> feature(b, "clicks_7d", integer(0, 900))),
                new Invariant(
                        "a month has at least the minutes of its last week",
                        e -> number(e, "features.watch_minutes_30d") >= number(e, "features.watch_minutes_7d"),
                        b -> feature(b, "watch_minutes_30d", integer(0, 9600))),
                new Invariant(
                        "subscribers have a plan, nobody else has",
                        e -> flag(e, "features.subscriber") == has(e, "features.plan"),
                        b -> feature(b, "plan", constant("basic"))),
                new Invariant(
                        "a user stays a subscriber, or does not become one",
                        decides("user_id", "features.subscriber"),
                        b -> feature(b, "subscriber", bool("30%"))),
                new Invariant(
                        "who gave a label gave stars, nobody else did",
                        e -> text(e, "label_source").equals("explicit") == has(e, "stars"),
                        b -> b.replace("stars", when("label", "1", integer(4, 5)))),
                new Invariant(
                        "four stars and more are a positive label",
                        e -> !has(e, "stars") || number(e, "stars") >= 4 == (number(e, "label") == 1),
                        b -> b.replace("stars", when("label_source", "explicit", integer(1, 5)))),
                new Invariant(
                        "only samples to train with have a weight",
                        e -> text(e, "split").equals("train") == has(e, "sample_weight"),
                        b -> b.replace("sample_weight", when("label", "1", decimal("1.50", "3.00")))),
                new Invariant(
                        "positive samples weigh more",
                        e -> !has(e, "sample_weight") || number(e, "sample_weight") > 1 == (number(e, "label") == 1),
                        b -> b.replace("sample_weight", when("split", "train", decimal("0.50", "3.00")))));
    }

    static List<Invariant> modelTelemetry() {
        return List.of(
                new Invariant(
                        "an answer has a confidence, a failure has none",
                        e -> text(e, "outcome").equals("ok") == has(e, "confidence"),
                        b -> b.replace("confidence", decimal("0.5000", "0.9999"))),
                new Invariant(
                        "an error has a name, nothing else has",
                        e -> text(e, "outcome").equals("error") == has(e, "error"),
                        b -> b.replace("error", when("outcome", "timeout", constant("bad_input")))),
                new Invariant(
                        "what took a second is a timeout",
                        e -> text(e, "outcome").equals("timeout") == number(e, "latency_ms") >= 1000,
                        b -> b.replace("latency_ms", decimal("1.00", "1040.00"))),
                new Invariant(
                        "the drift's score lies in its band",
                        e -> switch (text(e, "drift")) {
                            case "none" -> within(e, "drift_score", 0, 0.0995);
                            case "warning" -> within(e, "drift_score", 0.1, 0.2495);
                            default -> within(e, "drift_score", 0.25, 1);
                        },
                        b -> b.replace("drift_score", decimal("0.000", "0.900"))),
                new Invariant(
                        "only a gpu takes large batches",
                        e -> text(e, "accelerator").equals("gpu") == number(e, "batch_size") >= 8,
                        b -> b.replace("batch_size", anyOf(1, 2, 4, 8))),
                new Invariant(
                        "the version is one of the model",
                        e -> VERSIONS.getOrDefault(text(e, "model"), Set.of()).contains(major(e, "model_version")),
                        b -> b.replace("model_version", anyOf("4.2.0", "1.4.0"))));
    }

    /** The first number of a version. */
    private static String major(Map<String, Object> event, String path) {
        String version = text(event, path);
        return version.substring(0, Math.max(0, version.indexOf('.')));
    }

    /** Replaces one of the features. */
    private static StreamDefinition.Builder feature(StreamDefinition.Builder b, String name, Field field) {
        Kind.ObjectOf features =
                (Kind.ObjectOf) b.build().fields().get("features").kind();
        Map<String, Field> changed = new LinkedHashMap<>(features.fields());
        changed.replace(name, field);
        return b.replace("features", new Field(new Kind.ObjectOf(changed)));
    }
}
