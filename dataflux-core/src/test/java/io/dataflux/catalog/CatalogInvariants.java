package io.dataflux.catalog;

import static io.dataflux.catalog.Invariant.suffix;
import static io.dataflux.catalog.Invariant.text;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.key;

import java.util.List;
import java.util.stream.Stream;

/** The invariants of the built-in streams as data. */
final class CatalogInvariants {

    private CatalogInvariants() {}

    /** The invariants of a stream; some of them remember events, so a list is for one pass over one stream. */
    static List<Invariant> of(String stream) {
        return switch (stream) {
            case "video_logs" -> common(stream, AudienceInvariants.videoLogs());
            case "user_interactions" -> common(stream, AudienceInvariants.userInteractions());
            case "recommendation_feedback" -> common(stream, AudienceInvariants.recommendationFeedback());
            case "device_telemetry" -> common(stream, MachineInvariants.deviceTelemetry());
            case "training_data" -> common(stream, MachineInvariants.trainingData());
            case "model_telemetry" -> common(stream, MachineInvariants.modelTelemetry());
            case "ingest" -> SensorInvariants.ingest();
            case "iot" -> SensorInvariants.iot();
            case "parking" -> PlatformInvariants.parking();
            case "data_quality_alerts" -> PlatformInvariants.dataQualityAlerts();
            case "system_metrics" -> PlatformInvariants.systemMetrics();
            case "clickstream" -> ClickInvariants.clickstream();
            case "cdc" -> ChangeInvariants.cdc();
            case "cdc_debezium" -> ChangeInvariants.debezium();
            case "pageviews" -> ClickInvariants.pageviews();
            default -> throw new IllegalArgumentException("no invariants of '" + stream + "'");
        };
    }

    /** What the six streams about users and their devices share, and what is special about one. */
    private static List<Invariant> common(String stream, List<Invariant> special) {
        return Stream.concat(
                        Stream.of(
                                new Invariant(
                                        "user N holds device N",
                                        e -> text(e, "user_id").startsWith("user_")
                                                && text(e, "device_id").startsWith("device_")
                                                && suffix(text(e, "user_id")).equals(suffix(text(e, "device_id"))),
                                        b -> b.replace("user_id", key("user_{}7"))),
                                new Invariant(
                                        "an event names its stream",
                                        e -> text(e, "stream").equals(stream),
                                        b -> b.replace("stream", constant("other")))),
                        special.stream())
                .toList();
    }
}
