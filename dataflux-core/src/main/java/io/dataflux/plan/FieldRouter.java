package io.dataflux.plan;

import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.Settings;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Sends an event to the region that a field names ({@code routing: {field: country}}), or that {@code map} names for the field's
 * value. A value that names no region, a null and a missing field go to the region {@code default}, or to the first one if there is none.
 */
public final class FieldRouter implements RegionRouter {

    private static final String DEFAULT = "default";

    private final String field;
    private final Map<String, Integer> regions;
    private final int otherwise;

    private FieldRouter(String field, Map<String, Integer> regions, int otherwise) {
        this.field = field;
        this.regions = new HashMap<>(regions); // order never seen
        this.otherwise = otherwise;
    }

    @Override
    public int regionOf(RoutedEvent event) {
        Object value = event.field(field);
        return value == null ? otherwise : regions.getOrDefault(value.toString(), otherwise);
    }

    /**
     * Makes routers of the type {@code field}. Settings: {@code field}, the path of a field; {@code map}, regions by value for
     * values that are not themselves names of regions.
     */
    public static final class Type implements RegionRouter.Provider {

        @Override
        public String type() {
            return "field";
        }

        @Override
        public RegionRouter configure(Settings settings, List<Region> regions) {
            Map<String, Integer> indexes = new LinkedHashMap<>();
            for (Region region : regions) {
                indexes.put(region.name(), indexes.size());
            }
            int otherwise = indexes.getOrDefault(DEFAULT, 0);
            Map<String, Integer> byValue = new LinkedHashMap<>(indexes);
            settings.textMap("map").forEach((value, region) -> {
                Integer index = indexes.get(region);
                if (index == null) {
                    settings.problem(
                            "map",
                            "there is no region '" + region + "' for the value '" + value + "'; the regions are "
                                    + String.join(", ", indexes.keySet()));
                } else {
                    byValue.put(value, index);
                }
            });
            return new FieldRouter(settings.text("field"), byValue, otherwise);
        }
    }
}
