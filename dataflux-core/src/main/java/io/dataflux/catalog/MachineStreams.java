package io.dataflux.catalog;

import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.bool;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.when;

import io.dataflux.model.StreamDefinition;

/** What devices and models report about themselves, and what models learn from. */
final class MachineStreams {

    private MachineStreams() {}

    static StreamDefinition deviceTelemetry() {
        return StreamDefinition.named("device_telemetry")
                .key("device_{}", AudienceStreams.USERS)
                .identity("event_id")
                .field("event_id", uuid())
                .field("user_id", key("user_{}"))
                .field("device_id", key())
                .field("timestamp", time())
                .field("stream", constant("device_telemetry"))
                .field("platform", perKey(pick("android", 46, "ios", 31, "fireos", 13, "linux", 10)))
                .field(
                        "firmware",
                        when(
                                "platform",
                                "android",
                                perKey(pick("14.2.1", 6, "14.2.0", 3, "13.9.8", 1)),
                                "ios",
                                perKey(pick("18.1.1", 7, "18.1.0", 2, "17.6.4", 1)),
                                "fireos",
                                perKey(pick("8.3.2", 8, "8.3.1", 2)),
                                "linux",
                                perKey(pick("6.8.12", 5, "6.6.51", 5))))
                .field("status", pick("healthy", 90, "degraded", 8, "critical", 2))
                .field(
                        "cpu_pct",
                        when(
                                "status",
                                "healthy",
                                decimal("2.0", "69.9"),
                                "degraded",
                                decimal("55.0", "89.9"),
                                "critical",
                                decimal("90.0", "100.0")))
                .field(
                        "temperature_c",
                        when(
                                "status",
                                "healthy",
                                decimal("21.0", "54.9"),
                                "degraded",
                                decimal("45.0", "74.9"),
                                "critical",
                                decimal("75.0", "96.0")))
                .field("memory_total_mb", perKey(pick(2048, 15, 4096, 40, 6144, 15, 8192, 30)))
                .field("memory_used_mb", integer(512, "memory_total_mb"))
                .field("charging", bool("35%"))
                .field("battery_pct", when("charging", "true", integer(1, 99), "false", integer(3, 100)))
                .field("network", pick("wifi", 68, "5g", 21, "4g", 11))
                .field(
                        "signal_dbm",
                        when("network", "wifi", integer(-82, -32), "5g", integer(-112, -66), "4g", integer(-118, -72)))
                .build();
    }

    static StreamDefinition trainingData() {
        return AudienceStreams.ofUsers("training_data")
                .field("sample_id", text("smp_[0-9a-f]{10}"))
                .field("feature_version", pick("v7", 9, "v6", 1))
                .field("split", pick("train", 80, "validation", 10, "test", 10))
                .field("label_source", pick("implicit", 85, "explicit", 15))
                .field("label", pick(0, 7, 1, 3))
                .field("stars", when("label_source", "explicit", when("label", "0", anyOf(1, 2, 3), "1", anyOf(4, 5))))
                .field(
                        "sample_weight",
                        when(
                                "split",
                                "train",
                                when("label", "0", decimal("0.50", "1.00"), "1", decimal("1.50", "3.00"))))
                .field(
                        "features",
                        object(
                                "account_age_days",
                                perKey(integer(0, 3650)),
                                "subscriber",
                                perKey(bool("30%")),
                                "plan",
                                when("subscriber", "true", perKey(pick("basic", 5, "standard", 4, "premium", 1))),
                                "impressions_7d",
                                integer(1, 900),
                                "clicks_7d",
                                integer(0, "impressions_7d"),
                                "watch_minutes_7d",
                                integer(0, 2400),
                                "watch_minutes_30d",
                                integer("watch_minutes_7d", 9600),
                                "favourite_genre",
                                perKey(pick(
                                        "drama", 25, "comedy", 22, "news", 14, "sport", 14, "science", 12, "music",
                                        13)),
                                "hour_of_day",
                                integer(0, 23)))
                .build();
    }

    static StreamDefinition modelTelemetry() {
        return AudienceStreams.ofUsers("model_telemetry")
                .field("model", pick("ranker", 55, "retriever", 25, "thumbnailer", 12, "abuse_filter", 8))
                .field(
                        "model_version",
                        when(
                                "model",
                                "ranker",
                                pick("4.2.0", 8, "4.3.0-rc1", 2),
                                "retriever",
                                pick("2.11.3", 9, "2.11.2", 1),
                                "thumbnailer",
                                constant("1.4.0"),
                                "abuse_filter",
                                pick("7.0.1", 5, "7.0.0", 5)))
                .field("accelerator", pick("gpu", 60, "cpu", 40))
                .field("batch_size", when("accelerator", "gpu", anyOf(8, 16, 32, 64), "cpu", anyOf(1, 2, 4)))
                .field("outcome", pick("ok", 970, "timeout", 18, "error", 12))
                .field(
                        "latency_ms",
                        when(
                                "outcome",
                                "ok",
                                decimal("4.00", "180.00"),
                                "timeout",
                                decimal("1000.00", "1040.00"),
                                "error",
                                decimal("1.00", "60.00")))
                .field("confidence", when("outcome", "ok", decimal("0.5000", "0.9999")))
                .field(
                        "error",
                        when("outcome", "error", pick("bad_input", 6, "out_of_memory", 3, "model_not_loaded", 1)))
                .field("drift", pick("none", 94, "warning", 5, "alarm", 1))
                .field(
                        "drift_score",
                        when(
                                "drift",
                                "none",
                                decimal("0.000", "0.099"),
                                "warning",
                                decimal("0.100", "0.249"),
                                "alarm",
                                decimal("0.250", "0.900")))
                .build();
    }
}
