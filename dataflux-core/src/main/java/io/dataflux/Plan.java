package io.dataflux;

import io.dataflux.ledger.Ledger;
import io.dataflux.spi.RegionRouter;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.RunComparison;
import io.dataflux.verify.Verdict;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A run that has been checked and is ready to start: streams, regions, sinks, limits. Immutable; making a plan opens nothing. All mistakes
 * in a configuration are reported when its plan is made, in one {@link ConfigurationException}.
 */
public interface Plan {

    List<EventStream> streams();

    /** The names of the sinks, in their order. */
    List<String> sinks();

    /**
     * The plan as text: that it is valid, each stream with its rate, entities and hottest shard, each setting with its source, and last the
     * warnings.
     */
    String describe();

    /**
     * What a run of this plan sends, where to and until when, in one sentence for people, such as {@code "20,000 events of clicks to lake
     * (file) as fast as possible"}.
     */
    String summary();

    /**
     * Opens the sinks and starts the run. If the plan has a fixed tag and the output folder has the checkpoint of an earlier run with that
     * tag, that run is resumed: exactly the events that are not acknowledged yet are sent, see {@link Run#resumption}.
     *
     * @throws DeliveryException if a sink cannot be opened; sinks that are already open are closed again
     * @throws ConfigurationException if the earlier run cannot be resumed because this plan differs from it
     */
    Run start();

    /**
     * The same plan, whose runs are watched by a monitor as well, such as a live page. Monitors are told of a run in the order in which
     * they were given.
     */
    Plan monitoredBy(RunMonitor monitor);

    /** The folder in which each run has a folder, named by its tag, for its report and what its sinks keep. */
    Path output();

    /** What a run of this plan has to reach, and what its verdicts may find; {@link Thresholds#NONE} if nothing was asked for. */
    Thresholds thresholds();

    /** The names of the sinks whose target can be read back. */
    List<String> readableSinks();

    /**
     * The reports in the output folder of the run with this plan's fixed tag: one, or one per part.
     *
     * @throws ConfigurationException if there is none
     * @throws IllegalStateException if the tag is not fixed
     */
    List<Path> reports();

    /**
     * The combined ledger of a run of this plan that was shared by several processes.
     *
     * @param reports the reports of all parts, in any order, or the only report of a run in one process
     * @throws ConfigurationException if a part is missing or given twice, if the parts are of different runs, if they are of a run
     *     with other streams than this plan's, or if a file is not a report
     */
    Ledger ledger(List<Path> reports);

    /**
     * Reads back what a sink's target holds of a run of this plan and compares it with the run's ledger.
     *
     * @param sink one of {@link #readableSinks}
     * @param ledger the ledger of that run, see {@link RunReport#ledger} and {@link DataFlux#ledger}
     * @param between wraps the reader, for instance to simulate faults; {@link UnaryOperator#identity} to change nothing
     * @throws ConfigurationException if the ledger is not that of a run of this plan, or the sink cannot be read
     * @throws DeliveryException if reading fails
     */
    Verdict verify(String sink, Ledger ledger, UnaryOperator<SinkReader> between);

    /**
     * Reads back what a sink's target holds of a run of this plan (A) and of another run of the same streams (B), and compares them event by
     * event. Neither has to be what was sent.
     *
     * @param sink one of {@link #readableSinks} of both plans
     * @param ledger the ledger of this plan's run
     * @param other the plan of the other run, which may have its sinks elsewhere
     * @param others the ledger of the other run
     * @param betweenOther wraps each reader of the other run; {@link UnaryOperator#identity} to change nothing
     * @param examples how many events are kept of each kind of difference
     * @throws ConfigurationException if a ledger is not that of a run of its plan, or the sink cannot be read
     * @throws IllegalArgumentException if the runs do not have the same streams with the same seeds
     * @throws DeliveryException if reading fails
     */
    RunComparison compare(
            String sink,
            Ledger ledger,
            Plan other,
            Ledger others,
            UnaryOperator<SinkReader> betweenOther,
            int examples);

    /**
     * Builds a plan in code; see {@link DataFlux#plan(EventStream)} and {@link DataFlux#plan(List)}. Not thread-safe.
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

        /**
         * Sends the events {@code [from, to)} of the only stream. By default the whole stream is sent, until the run is stopped. Several
         * streams have a {@link #limit} instead.
         */
        Builder events(long from, long to);

        /** Ends the run after that many events over all streams. By default they are sent until the run is stopped. */
        Builder limit(long events);

        /**
         * Adds a region with its weight among all of them; without any there is one, named {@code default}. Each key belongs to one region
         * for ever, unless a {@link #routing} says something else.
         */
        Builder region(String name, double weight);

        /** Says which of the {@linkplain #region regions} an event belongs to, by their order. */
        Builder routing(RegionRouter router);

        /** Says which sinks get the events of a region; by default all. */
        Builder regionSinks(String region, String... sinks);

        /** Adds a sink on one lane. It gets every event, unless {@link #regionSinks} leave it out. */
        Builder sink(String name, SinkConnector connector);

        /** Adds a sink on several lanes: each sends its own shards, so the order per key stays. */
        Builder sink(String name, SinkConnector connector, int lanes);

        /** How fast to send: 1 is as scheduled, 10 is ten times as fast, infinity is as fast as possible. */
        Builder speed(double speed);

        /** Sends events that were due in the past as fast as the sinks take them, then continues live: each later event when it is due. */
        Builder backfill();

        /** Lets the run continue when deliveries fail. By default the first failure ends it. Failures are counted either way. */
        Builder continueOnFailure();

        /** The run's tag; by default a fresh one. */
        Builder tag(int tag);

        /** The run's tag as text, as {@link Run#tag} and reports have it, such as {@code 5f3a90c1}. */
        default Builder tag(String tag) {
            return tag(TagText.ofRun(tag));
        }

        /**
         * Resumes an earlier run with the plan's tag if the output folder has its checkpoint, as plans of configuration files do, see
         * {@link Plan#start}. By default the plan starts a new run.
         */
        Builder resumable();

        /**
         * The folder in which each run has a folder, named by its tag, for its report and what its sinks keep; by default
         * {@code dataflux-out}.
         */
        Builder output(Path folder);

        /** What a run has to reach, and what its verdicts may find, see {@link Plan#thresholds}. It changes nothing in the run itself. */
        Builder thresholds(Thresholds thresholds);

        /** @throws ConfigurationException with every problem that was found */
        Plan build();
    }
}
