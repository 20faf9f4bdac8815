package io.dataflux.catalog;

import io.dataflux.model.StreamDefinition;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The built-in streams by name. Immutable and thread-safe; a definition is made anew at each call, in microseconds, so a program pays only
 * for the streams it uses.
 *
 * <pre>{@code
 * StreamDefinition clicks = Catalog.definition("clickstream");
 * }</pre>
 */
public final class Catalog {

    private static final List<Entry> ENTRIES = List.of(
            new Entry(
                    "video_logs",
                    "Video playback: start, pause, buffer, bitrate, position, end",
                    AudienceStreams::videoLogs),
            new Entry(
                    "user_interactions",
                    "What users do in an app: click, like, share, search, comment, follow",
                    AudienceStreams::userInteractions),
            new Entry(
                    "device_telemetry",
                    "Status and health of a million devices; 16 fields, the event of the benchmarks",
                    MachineStreams::deviceTelemetry),
            new Entry(
                    "recommendation_feedback",
                    "What was recommended, at which rank, and what the user did with it",
                    AudienceStreams::recommendationFeedback),
            new Entry("training_data", "Samples for a model: features, label, split", MachineStreams::trainingData),
            new Entry(
                    "model_telemetry",
                    "Model inference: latency, confidence, version, drift",
                    MachineStreams::modelTelemetry),
            new Entry("ingest", "Sensor readings as bodies for an ingestion API", SensorStreams::ingest),
            new Entry("parking", "Free and total spaces in the parking garages of a town", PlatformStreams::parking),
            new Entry(
                    "data_quality_alerts",
                    "Data quality checks that fail or pass again: observed and expected",
                    PlatformStreams::dataQualityAlerts),
            new Entry("system_metrics", "Host metrics: host, metric, value, unit", PlatformStreams::systemMetrics),
            new Entry("clickstream", "Events of a web shop with data by event type", ClickStreams::clickstream),
            new Entry("pageviews", "Page views: url, referrer, user agent", ClickStreams::pageviews),
            new Entry("cdc", "Changes of a table of customers: action and row", ChangeStreams::cdc),
            new Entry(
                    "cdc_debezium",
                    "The same changes as Debezium writes them: before, after, source, op",
                    ChangeStreams::debezium),
            new Entry("iot", "Climate, battery and signal of devices at sites", SensorStreams::iot));

    private Catalog() {}

    /** All names, in the order in which they are listed to users. */
    public static List<String> names() {
        return ENTRIES.stream().map(Entry::name).toList();
    }

    /** The definition of a built-in stream, or {@code null} if there is none of this name. */
    public static @Nullable StreamDefinition definition(String name) {
        for (Entry entry : ENTRIES) {
            if (entry.name.equals(name)) {
                return entry.definition.get();
            }
        }
        return null;
    }

    /**
     * A built-in stream described in half a line.
     *
     * @throws IllegalArgumentException if there is no stream of this name
     */
    public static String summary(String name) {
        return ENTRIES.stream()
                .filter(entry -> entry.name.equals(name))
                .map(Entry::summary)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no built-in stream '" + name
                        + "'; the built-in streams are " + String.join(", ", names())));
    }

    private record Entry(String name, String summary, Supplier<StreamDefinition> definition) {}
}
