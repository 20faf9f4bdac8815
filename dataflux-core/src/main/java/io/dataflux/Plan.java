package io.dataflux;

import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.RunConfig;
import io.dataflux.engine.RunConfig.Limits;
import io.dataflux.engine.RunConfig.OnFailure;
import io.dataflux.engine.RunConfig.Part;
import io.dataflux.engine.RunConfig.SinkConfig;
import io.dataflux.engine.RunPlan;
import io.dataflux.spi.RegionRouter.Region;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Ledger;
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
 * A run that has been checked and is ready to start: streams, regions, sinks, limits. Immutable; making a plan opens nothing. All mistakes
 * in a configuration are reported when its plan is made, in one {@link ConfigurationException}.
 */
public interface Plan {

    List<EventStream> streams();

    /** The names of the sinks, in their order. */
    List<String> sinks();

    /** The plan as text: each stream with its rate, entities and hottest shard, and each setting with its source. */
    String describe();

    /**
     * Opens the sinks and starts the run. If the plan has a fixed tag and the output folder has the checkpoint of an earlier run with that
     * tag, that run is resumed: exactly the events that are not acknowledged yet are sent, see {@link Run#resumption}.
     *
     * @throws DeliveryException if a sink cannot be opened; sinks that are already open are closed again
     * @throws ConfigurationException if the earlier run cannot be resumed because this plan differs from it
     */
    Run start();

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
     * @throws ConfigurationException if a part is missing or given twice, if the parts are of different runs, or if a file is not a report
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
     * Builds a plan in code that runs one stream; see {@link DataFlux#plan(EventStream)}. Not thread-safe.
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

        /** Sends the events {@code [from, to)}. By default the whole stream is sent, until the run is stopped. */
        public Builder events(long from, long to) {
            this.from = from;
            this.to = to;
            return this;
        }

        /** Adds a sink, which gets every event, on one lane. */
        public Builder sink(String name, SinkConnector connector) {
            if (sinks.put(name, connector) != null) {
                throw new IllegalArgumentException("sink '" + name + "' is defined twice");
            }
            return this;
        }

        /** How fast to send: 1 is as scheduled, 10 is ten times as fast, infinity is as fast as possible. */
        public Builder speed(double speed) {
            this.speed = speed;
            return this;
        }

        /** Sends events that were due in the past as fast as the sinks take them, then continues live: each later event when it is due. */
        public Builder backfill() {
            backfill = true;
            return this;
        }

        /** Lets the run continue when deliveries fail. By default the first failure ends it. Failures are counted either way. */
        public Builder onWhenDeliveryFails() {
            onFailure = OnFailure.CONTINUE;
            return this;
        }

        /** The run's tag; by default a fresh one. */
        public Builder tag(int tag) {
            this.tag = tag;
            return this;
        }

        /**
         * Resumes the earlier run with the plan's tag if the output folder has its checkpoint, as plans of configuration files do, see
         * {@link Plan#start}. By default the plan starts a new run.
         */
        public Builder goingOn() {
            goingOn = true;
            return this;
        }

        /**
         * The folder in which each run has a folder, named by its tag, for its report and what its sinks keep; by default
         * {@code dataflux-out}.
         */
        public Builder output(Path folder) {
            output = folder;
            return this;
        }

        /** @throws ConfigurationException with every problem that was found */
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
