package io.dataflux;

import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.RunPlan;
import io.dataflux.ledger.Ledger;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.Limits;
import io.dataflux.plan.RunConfig.OnFailure;
import io.dataflux.plan.RunConfig.Part;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Verdict;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

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
    final class Builder {

        private final CompiledStream stream;
        private final Map<String, SinkConnector> sinks = new LinkedHashMap<>();
        private long from;
        private long to;
        private OnFailure onFailure = OnFailure.STOP;
        private double speed = 1;
        private boolean backfill;
        private @Nullable Integer tag;
        private boolean goingOn;
        private Path output = Path.of("dataflux-out");

        Builder(CompiledStream stream) {
            this.stream = stream;
            to = stream.end();
        }

        /** Sends the events {@code [from, to)}; otherwise all of the stream, until the run is stopped. */
        public Builder events(long from, long to) {
            this.from = from;
            this.to = to;
            return this;
        }

        /** Adds a sink, which gets every event on one lane. */
        public Builder sink(String name, SinkConnector connector) {
            if (sinks.put(name, connector) != null) {
                throw new IllegalArgumentException("sink '" + name + "' is there twice");
            }
            return this;
        }

        /** How fast: 1 as scheduled, 10 ten times as fast, infinite for as fast as possible. */
        public Builder speed(double speed) {
            this.speed = speed;
            return this;
        }

        /** Sends what is scheduled in the past as fast as the sinks take it, and goes on live: the rest when its time has come. */
        public Builder backfill() {
            backfill = true;
            return this;
        }

        /** Lets the run go on when deliveries fail; otherwise the first failure ends it. Either way all is counted. */
        public Builder onWhenDeliveryFails() {
            onFailure = OnFailure.CONTINUE;
            return this;
        }

        /** The run's tag; otherwise a fresh one. */
        public Builder tag(int tag) {
            this.tag = tag;
            return this;
        }

        /**
         * Lets the plan go on with a run of its tag that has begun and left its checkpoint in the output folder, as plans of configuration
         * files do, see {@link Plan#start}. Otherwise it starts anew.
         */
        public Builder goingOn() {
            goingOn = true;
            return this;
        }

        /** The folder for the run's report and what its sinks keep, in a folder named by its tag; otherwise {@code dataflux-out}. */
        public Builder output(Path folder) {
            output = folder;
            return this;
        }

        /** @throws ConfigurationException with everything that does not fit together */
        public Plan build() {
            String source = "stream '" + stream.name() + "'";
            if (from < 0 || to <= from || to > stream.end()) {
                String what = "[" + from + ", " + to + ") is not a range of at least one event within [0, "
                        + stream.end() + ")";
                throw new ConfigurationException(source, List.of(new ConfigurationException.Problem("events", what)));
            }
            RunConfig config = new RunConfig(
                    source,
                    List.of(stream),
                    List.of(new Region("default", 1)),
                    event -> 0,
                    sinks.entrySet().stream()
                            .map(sink -> new SinkConfig(sink.getKey(), "code", sink.getValue(), 1, onFailure))
                            .toList(),
                    Collections.emptyMap(),
                    new Limits(OptionalLong.of(to - from), null, OptionalLong.empty()),
                    speed,
                    output,
                    tag,
                    Part.WHOLE,
                    backfill,
                    null,
                    RunConfig.LAG_BUDGET,
                    List.of());
            RunPlan plan = RunPlan.of(config, from);
            return goingOn ? plan : plan.startingAnew();
        }
    }
}
