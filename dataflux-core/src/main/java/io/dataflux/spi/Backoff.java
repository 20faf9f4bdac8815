package io.dataflux.spi;

import io.dataflux.schedule.Mix;
import java.time.Duration;

/**
 * How long a sink waits between the tries of one delivery: twice as long from retry to retry, less up to half by a hash, so that
 * deliveries that failed together do not come back together. Immutable. No random numbers: the same delivery waits the same in every run.
 *
 * <pre>{@code
 * Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
 * Thread.sleep(backoff.pause(retry, key.hashCode()).toMillis());
 * }</pre>
 *
 * @param first the wait before the first retry
 * @param longest what it grows to
 */
public record Backoff(Duration first, Duration longest) {

    /**
     * The wait before a retry.
     *
     * @param retry from 1
     * @param seed of the hash, such as the hash code of the delivery's name
     */
    public Duration pause(int retry, long seed) {
        long most = longest.toNanos();
        long full = retry > 32 ? most : Math.min(most, doubled(first.toNanos(), retry - 1));
        long less = full < 2 ? 0 : Long.remainderUnsigned(Mix.sub(Mix.mix(seed), retry), full / 2);
        return Duration.ofNanos(full - less);
    }

    private static long doubled(long nanos, int times) {
        return nanos > Long.MAX_VALUE >> times ? Long.MAX_VALUE : nanos << times;
    }
}
