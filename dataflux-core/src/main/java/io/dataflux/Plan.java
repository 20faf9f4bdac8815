package io.dataflux;

import io.dataflux.ledger.Ledger;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Verdict;
import java.nio.file.Path;
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
     * Opens the sinks and starts. If the plan has a fixed tag, and a run with it has begun before and left its checkpoint in the output
     * folder, this is its next attempt: it sends exactly what is not acknowledged yet, see {@link Run#resumption}.
     *
     * @throws DeliveryException if a sink cannot be opened; what was opened is closed again
     * @throws ConfigurationException if the run that has begun was of something else
     */
    Run start();

    /** The names of the sinks whose target can be read back. */
    List<String> readableSinks();

    /**
     * The reports that lie in the output folder of the run with this plan's fixed tag: one, or one per part.
     *
     * @throws ConfigurationException if there is none
     * @throws IllegalStateException if the tag is not fixed
     */
    List<Path> reports();

    /**
     * The ledger of a run of this plan that several processes shared.
     *
     * @param reports the reports of all parts, in any order; or the one of a run in one process
     * @throws ConfigurationException if a part is missing or there twice, if they are of different runs, or one is no report
     */
    Ledger ledger(List<Path> reports);

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

    /**
     * Plans a run of one stream in code; see {@link DataFlux#plan(EventStream)}. Used by one thread.
     *
     * <pre>{@code
     * RunReport report = DataFlux.plan(clicks)
     *         .events(0, 10_000)
     *         .sink("topic", KafkaSink.topic("localhost:9092", "clicks"))
     *         .build()
     *         .start()
     *         .await();
     * }</pre>
     */
    interface Builder {

        /** Sends the events {@code [from, to)}; otherwise all of the stream, until the run is stopped. */
        Builder events(long from, long to);

        /** Adds a sink, which gets every event on one lane. */
        Builder sink(String name, SinkConnector connector);

        /** How fast: 1 as scheduled, 10 ten times as fast, infinite for as fast as possible. */
        Builder speed(double speed);

        /** Sends what is scheduled in the past as fast as the sinks take it, and goes on live: the rest when its time has come. */
        Builder backfill();

        /** Lets the run go on when deliveries fail; otherwise the first failure ends it. Either way all is counted. */
        Builder continueOnFailure();

        /** The run's tag; otherwise a fresh one. */
        Builder tag(int tag);

        /**
         * Lets the plan resume a run of its tag that has begun and left its checkpoint in the output folder, as plans of configuration
         * files do, see {@link Plan#start}. Otherwise it starts anew.
         */
        Builder resumable();

        /** The folder for the run's report and what its sinks keep, in a folder named by its tag; otherwise {@code dataflux-out}. */
        Builder output(Path folder);

        /** @throws ConfigurationException with everything that does not fit together */
        Plan build();
    }
}
