package io.dataflux;

/**
 * How long many events took, as counts by size: each duration is known to within one part in 128. Immutable and thread-safe. Asking for
 * a quantile takes some microseconds.
 */
public interface Latencies {

    /** How many durations were counted. */
    long count();

    /** All durations together, in nanoseconds. */
    double sumNanos();

    /** The longest duration in nanoseconds; 0 if there are none. */
    long maxNanos();

    /**
     * The smallest duration that at least this share of the durations do not exceed, in nanoseconds; 0 if there are none.
     *
     * @param share in [0, 1], such as 0.999
     */
    long quantileNanos(double share);

    /**
     * What was counted since an earlier state of the same counts. Its maximum is known as exactly as its quantiles.
     *
     * @throws IllegalArgumentException if {@code earlier} is not such a state
     */
    Latencies since(Latencies earlier);
}
