package io.dataflux.plan;

import io.dataflux.schedule.Mix;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.Settings;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;

/**
 * Assigns each key to one region for ever, the regions by their weights ({@code routing: {type: sticky}}). A function of the key's
 * hash alone; allocates nothing.
 */
public final class StickyRouter implements RegionRouter {

    /** Keeps regions apart from whatever else is derived from a key's hash, such as partitions. */
    private static final long SALT = Mix.hash("region");

    /** For each region but the last, the unsigned hash at which the next region begins. */
    private final long[] ends;

    /** @param regions at least one, with weights above 0 */
    public StickyRouter(List<Region> regions) {
        BigDecimal total = BigDecimal.ZERO;
        for (Region region : regions) {
            total = total.add(new BigDecimal(region.weight()));
        }
        BigDecimal hashes = new BigDecimal(BigInteger.ONE.shiftLeft(Long.SIZE));
        BigDecimal before = BigDecimal.ZERO;
        ends = new long[regions.size() - 1];
        for (int i = 0; i < ends.length; i++) {
            before = before.add(new BigDecimal(regions.get(i).weight()));
            ends[i] = before.multiply(hashes)
                    .divide(total, 0, RoundingMode.DOWN)
                    .toBigInteger()
                    .longValue();
        }
    }

    @Override
    public int regionOf(RoutedEvent event) {
        long hash = Mix.sub(SALT, event.keyHash());
        int region = 0;
        while (region < ends.length && Long.compareUnsigned(hash, ends[region]) >= 0) {
            region++;
        }
        return region;
    }

    /** Makes routers of the type {@code sticky}, which has no settings. */
    public static final class Type implements RegionRouter.Provider {

        @Override
        public String type() {
            return "sticky";
        }

        @Override
        public RegionRouter configure(Settings settings, List<Region> regions) {
            return new StickyRouter(regions);
        }
    }
}
