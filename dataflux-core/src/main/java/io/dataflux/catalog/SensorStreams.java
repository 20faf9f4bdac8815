package io.dataflux.catalog;

import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.perKey;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.smooth;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.when;

import io.dataflux.model.Field;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Readings of sensors. Their bodies have no id field: the source and the time together identify a reading, which is why times have
 * milliseconds. At the 1000 events a second of these definitions no two events share a millisecond. At higher rates, two events of one
 * source could share one only if they are neighbours in the schedule, which is rare with many, equally frequent sources.
 */
final class SensorStreams {

    private static final long SENSORS = 1_000_000;

    private static final List<Site> SITES = List.of(
            new Site("warehouse", 40, "5.0", "24.9", "30.0", "64.9", "25%"),
            new Site("office", 25, "18.0", "26.9", "25.0", "59.9", "35%"),
            new Site("cold_store", 15, "-25.0", "-15.0", "60.0", "90.0", "5%"),
            new Site("greenhouse", 15, "16.0", "38.0", "65.0", "98.0", "60%"),
            new Site("server_room", 5, "17.0", "28.0", "20.0", "45.0", "10%"));

    /** In UTC: what follows the sun is warmest then. */
    private static final int AFTERNOON = 14 * 60;

    private SensorStreams() {}

    static StreamDefinition ingest() {
        return StreamDefinition.named("ingest")
                .key("sensor-{}", SENSORS)
                .rate(1000, 1)
                .identity("sourceId", "timestamp")
                .field("sourceId", key())
                .field("timestamp", time())
                .field(
                        "payload",
                        object(
                                "temperature",
                                decimal("8.0", "34.0"),
                                "humidity",
                                decimal(Bound.of("temperature"), Bound.of(new BigDecimal("85.0")), 1)))
                .build();
    }

    static StreamDefinition iot() {
        return StreamDefinition.named("iot")
                .key("device-{}", SENSORS)
                .rate(1000, 1)
                .identity("device_id", "ts")
                .field("device_id", key())
                .field("site", perKey(pick(bySite(site -> site.weight))))
                .field(
                        "temp_c",
                        when(
                                "site",
                                bySite(site -> smooth(
                                        site.coldest, site.warmest, Duration.ofHours(6), site.daily, AFTERNOON))))
                .field("humidity", when("site", bySite(site -> smooth(site.driest, site.dampest, Duration.ofHours(9)))))
                .field("battery", smooth("1", "100", Duration.ofDays(12)))
                .field("signal_strength", signal())
                .field("ts", time())
                .build();
    }

    /** Thick walls dampen the signal. */
    private static Field signal() {
        return when("site", bySite(site -> site.name.equals("cold_store") ? integer(-118, -85) : integer(-95, -40)));
    }

    private static Object[] bySite(Function<Site, Object> value) {
        return SITES.stream()
                .flatMap(site -> Stream.of(site.name, value.apply(site)))
                .toArray();
    }

    /** @param daily the share of the temperature that follows the time of day */
    private record Site(
            String name, int weight, String coldest, String warmest, String driest, String dampest, String daily) {}
}
