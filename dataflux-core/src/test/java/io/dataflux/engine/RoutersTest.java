package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.dataflux.config.SettingsReader;
import io.dataflux.plan.FieldRouter;
import io.dataflux.plan.StickyRouter;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Mix;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.RegionRouter.RoutedEvent;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

class RoutersTest {

    private static final List<Region> REGIONS =
            List.of(new Region("eu", 2), new Region("us", 1), new Region("default", 0.5));
    private final Problems problems = new Problems();

    @Test
    void stickyGivesEachRegionItsShareOfTheKeys() {
        RegionRouter router = sticky(REGIONS);
        int[] keys = new int[REGIONS.size()];
        for (long key = 0; key < 700_000; key++) {
            keys[router.regionOf(new Routed(Mix.hash("user_" + key), null))]++;
        }

        assertThat(keys[0]).isCloseTo(400_000, within(2_000));
        assertThat(keys[1]).isCloseTo(200_000, within(2_000));
        assertThat(keys[2]).isCloseTo(100_000, within(2_000));
    }

    @Test
    void stickyKeepsAKeyInItsRegion() {
        RegionRouter one = sticky(REGIONS);
        RegionRouter other = sticky(REGIONS);

        for (long key = 0; key < 1_000; key++) {
            Routed event = new Routed(key * Mix.GAMMA, null);
            assertThat(one.regionOf(event)).isEqualTo(other.regionOf(event));
        }
        assertThat(sticky(List.of(new Region("all", 3))).regionOf(new Routed(-1, null)))
                .isZero();
    }

    @Test
    void stickyAllocatesNothing() {
        RegionRouter router = sticky(REGIONS);
        Routed event = new Routed(42, null);
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            sum += router.regionOf(event);
        }
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 1_000_000; i++) {
            sum += router.regionOf(event);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(sum).isNotNegative();
        assertThat(allocated).isLessThan(100_000);
    }

    @Test
    void aFieldNamesTheRegion() {
        RegionRouter router = field(Map.of("field", "country"));

        assertThat(router.regionOf(new Routed(1, "eu"))).isZero();
        assertThat(router.regionOf(new Routed(1, "us"))).isEqualTo(1);
    }

    @Test
    void aMapNamesTheRegionOfAValue() {
        RegionRouter router = field(Map.of("field", "country", "map", Map.of("NO", "eu", "7", "us", "us", "eu")));

        assertThat(router.regionOf(new Routed(1, "NO"))).isZero();
        assertThat(router.regionOf(new Routed(1, 7L))).isEqualTo(1);
        assertThat(router.regionOf(new Routed(1, "us"))).isZero();
    }

    @Test
    void aValueWithoutRegionGoesToDefaultOrElseToTheFirst() {
        assertThat(field(Map.of("field", "country")).regionOf(new Routed(1, "mars")))
                .isEqualTo(2);
        assertThat(field(Map.of("field", "country")).regionOf(new Routed(1, null)))
                .isEqualTo(2);
        assertThat(configure(new FieldRouter.Type(), Map.of("field", "country"), REGIONS.subList(0, 2))
                        .regionOf(new Routed(1, "mars")))
                .isZero();
    }

    @Test
    void aMapToARegionThatIsNotThereIsRefused() {
        new FieldRouter.Type()
                .configure(
                        SettingsReader.of("routing", Map.of("field", "c", "map", Map.of("NO", "north")), problems),
                        REGIONS);

        assertThatThrownBy(() -> problems.throwIfAny("config.yaml")).hasMessage("""
                        config.yaml: 1 problem
                          routing.map: there is no region 'north' for the value 'NO'; the regions are eu, us, default""");
    }

    @Test
    void bothAreFoundByTheirTypes() {
        assertThat(ServiceLoader.load(RegionRouter.Provider.class))
                .extracting(RegionRouter.Provider::type)
                .contains("sticky", "field");
    }

    private RegionRouter sticky(List<Region> regions) {
        return configure(new StickyRouter.Type(), Map.of(), regions);
    }

    private RegionRouter field(Map<String, ?> settings) {
        return configure(new FieldRouter.Type(), settings, REGIONS);
    }

    private RegionRouter configure(RegionRouter.Provider provider, Map<String, ?> settings, List<Region> regions) {
        SettingsReader reader = SettingsReader.of("routing", settings, problems);
        RegionRouter router = provider.configure(reader, regions);
        reader.finish();
        assertThat(problems.none()).isTrue();
        return router;
    }

    private record Routed(long keyHash, Object field) implements RoutedEvent {
        @Override
        public String stream() {
            return "orders";
        }

        @Override
        public long sequence() {
            return 0;
        }

        @Override
        public long entity() {
            return 0;
        }

        @Override
        public String key() {
            return "";
        }

        @Override
        public Object field(String path) {
            return path.equals("country") ? field : null;
        }
    }
}
