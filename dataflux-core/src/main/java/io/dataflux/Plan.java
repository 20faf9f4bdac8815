package io.dataflux;

import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Ledger;
import io.dataflux.verify.Verdict;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A run that was checked and can start: streams, regions, sinks, limits. Immutable; making it opens nothing. Every mistake in a
 * configuration shows here, all in one {@link ConfigurationException}.
 */
public interface Plan {

    List<EventStream> streams();

    /** The names of the sinks, in their order. */
    List<String> sinks();

    /** The plan in words: each stream with its rate, entities and hottest shard, each setting with where it came from. */
    String describe();

    /**
     * Opens the sinks and starts.
     *
     * @throws DeliveryException if a sink cannot be opened; what was opened is closed again
     */
    Run start();

    /** The names of the sinks whose target can be read back. */
    List<String> readableSinks();

    /**
     * Reads back what a sink's target holds of a run of this plan, and judges it against the run's ledger.
     *
     * @param sink one of {@link #readableSinks}
     * @param ledger of the run that is judged, see {@link RunReport#ledger} and {@link DataFlux#ledger}
     * @param between stands between the target and the judge, such as {@link UnaryOperator#identity}
     * @throws ConfigurationException if the ledger is not that of a run of this plan, or the sink cannot be read
     * @throws DeliveryException if reading fails
     */
    Verdict verify(String sink, Ledger ledger, UnaryOperator<SinkReader> between);
}
