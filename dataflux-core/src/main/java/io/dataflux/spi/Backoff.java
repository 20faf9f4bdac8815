package io.dataflux.spi;

import io.dataflux.schedule.Mix;
import java.time.Duration;

/**
 * The waiting times between the attempts of one delivery: they double from retry to retry, and a hash shortens each by up to half, so that
 * deliveries that failed together are not retried together. Immutable. No random numbers are used: the same delivery waits the same time in
 * every run.
 *
 * <pre>{@code
 * Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));
 * Thread.sleep(backoff.pause(retry, key.hashCode()).toMillis());
 * }</pre>
 *
 * @param first the wait before the first retry
 * @param longest the longest wait
 */
public record Backoff(Duration first, Duration longest) {

    /**
     * The wait before a retry.
     *
     * @param retry from 1
     * @param seed the seed of the hash, such as the hash code of the delivery's name
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
