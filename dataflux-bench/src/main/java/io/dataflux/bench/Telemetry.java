package io.dataflux.bench;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dataflux.Event;
import java.math.BigDecimal;
import java.util.Objects;

/** The telemetry event as an application would hold it; doubles for decimals, as most do and as is fastest for Jackson. */
record Telemetry(
        @JsonProperty("event_id") String eventId,
        @JsonProperty("user_id") String userId,
        @JsonProperty("device_id") String deviceId,
        @JsonProperty("timestamp") String timestamp,
        @JsonProperty("stream") String stream,
        @JsonProperty("platform") String platform,
        @JsonProperty("firmware") String firmware,
        @JsonProperty("status") String status,
        @JsonProperty("cpu_pct") double cpuPct,
        @JsonProperty("temperature_c") double temperatureC,
        @JsonProperty("memory_total_mb") long memoryTotalMb,
        @JsonProperty("memory_used_mb") long memoryUsedMb,
        @JsonProperty("charging") boolean charging,
        @JsonProperty("battery_pct") long batteryPct,
        @JsonProperty("network") String network,
        @JsonProperty("signal_dbm") long signalDbm) {

    static Telemetry of(Event e) {
        return new Telemetry(
                text(e, "event_id"),
                text(e, "user_id"),
                text(e, "device_id"),
                text(e, "timestamp"),
                text(e, "stream"),
                text(e, "platform"),
                text(e, "firmware"),
                text(e, "status"),
                decimal(e, "cpu_pct"),
                decimal(e, "temperature_c"),
                number(e, "memory_total_mb"),
                number(e, "memory_used_mb"),
                (Boolean) Objects.requireNonNull(e.field("charging")),
                number(e, "battery_pct"),
                text(e, "network"),
                number(e, "signal_dbm"));
    }

    private static String text(Event e, String path) {
        return String.valueOf(e.field(path));
    }

    private static double decimal(Event e, String path) {
        return new BigDecimal(text(e, path)).doubleValue();
    }

    private static long number(Event e, String path) {
        Object value = e.field(path);
        return value instanceof Number number ? number.longValue() : 0;
    }
}
