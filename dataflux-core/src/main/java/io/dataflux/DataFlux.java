package io.dataflux;

import io.dataflux.ConfigurationException.Problem;
import io.dataflux.catalog.Catalog;
import io.dataflux.config.ConfigReader;
import io.dataflux.config.ConfigSchema;
import io.dataflux.config.Overrides;
import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.PlanBuilder;
import io.dataflux.engine.ReportFile;
import io.dataflux.engine.RunPlan;
import io.dataflux.engine.StoredRuns;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.StreamDefinition;
import io.dataflux.plan.RunCompiler;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Suggestions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The entry point: makes streams by name or definition, and plans from configuration files.
 *
 * <pre>{@code
 * EventStream clicks = DataFlux.stream("clickstream", 42);
 * clicks.events(0, 3).forEach(System.out::println);
 * }</pre>
 */
public final class DataFlux {

    private DataFlux() {}

    /** The names of the built-in streams. */
    public static List<String> streamNames() {
        return Catalog.names();
    }

    /** A built-in stream described in one line. @throws ConfigurationException if there is no stream of this name */
    public static String summary(String name) {
        definition(name);
        return Catalog.summary(name);
    }

    /** The definition of a built-in stream. @throws ConfigurationException if there is no stream of this name */
    public static StreamDefinition definition(String name) {
        StreamDefinition definition = Catalog.definition(name);
        if (definition == null) {
            String known = "there is no built-in stream of this name; the built-in streams are "
                    + String.join(", ", Catalog.names());
            throw new ConfigurationException(
                    "stream '" + name + "'",
                    List.of(new Problem("", known + Suggestions.hint(name, Catalog.names(), ""))));
        }
        return definition;
    }

    /**
     * A built-in stream.
     *
     * @throws ConfigurationException if there is no stream of this name; the message lists all names
     */
    public static EventStream stream(String name, long seed) {
        return stream(definition(name), seed);
    }

    /**
     * A stream with a definition of your own.
     *
     * @throws ConfigurationException with every problem that was found
     */
    public static EventStream stream(StreamDefinition definition, long seed) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(definition, seed, "", problems);
        if (stream == null) {
            problems.throwIfAny("stream '" + definition.name() + "'");
            throw new IllegalStateException("stream '" + definition.name() + "' was refused without a reason");
        }
        return stream;
    }

    /**
     * Plans the run that a configuration file describes, with the environment of this process.
     *
     * @throws ConfigurationException with every problem that was found
     */
    public static Plan plan(Path config) {
        return plan(config, Map.of(), System.getenv()); // order never seen
    }

    /**
     * Plans the run that a configuration file describes.
     *
     * @param flags command-line flags that override the file, as typed: {@code seed}, {@code speed}, {@code events}, {@code for} (a time
     *     span), {@code tag}, {@code output}, {@code part} (such as {@code 3/8}), {@code start-at} (a time), {@code backfill}
     *     ({@code true}), {@code monitor} (the port of the live page); {@code set.PATH} with the dotted path of any other setting, such as
     *     {@code set.sinks.lake.dir}; also {@code default-seed}, for when neither a flag nor the file has a seed
     * @param environment the variables that <code>${env:NAME}</code> refers to, and those that override settings of sinks
     * @throws ConfigurationException with every problem that was found
     */
    public static Plan plan(Path config, Map<String, String> flags, Map<String, String> environment) {
        return RunPlan.of(ConfigReader.read(config, new Overrides(flags), environment, Instant.now()));
    }

    /**
     * A builder for a plan in code that runs one stream.
     *
     * @param stream a stream made by this class, with any tag
     */
    public static Plan.Builder plan(EventStream stream) {
        return plan(List.of(stream));
    }

    /**
     * A builder for a plan in code that runs several streams, whose events are sent merged by their scheduled times.
     *
     * @param streams at least one, made by this class, with any tag, of different names
     */
    public static Plan.Builder plan(List<? extends EventStream> streams) {
        List<CompiledStream> compiled = new ArrayList<>();
        for (EventStream stream : streams) {
            if (!(stream instanceof CompiledStream ours)) {
                throw new IllegalArgumentException("stream '" + stream.name() + "' was not made by DataFlux");
            }
            compiled.add(ours);
        }
        return new PlanBuilder(compiled);
    }

    /**
     * The streams that a configuration file describes, without its sinks.
     *
     * @param flags as for {@link #plan(Path, Map, Map)}
     * @throws ConfigurationException with every problem that was found
     */
    public static List<EventStream> streams(Path config, Map<String, String> flags, Map<String, String> environment) {
        return List.copyOf(RunCompiler.compile(
                ConfigReader.readStreams(config, new Overrides(flags), environment, Instant.now())));
    }

    /**
     * The JSON Schema of configuration files, for editors, with the settings of every sink on the class path that describes them. About
     * 100 KB; reads resources.
     *
     * @throws ConfigurationException if a sink's description of its settings cannot be read
     */
    public static String schema() {
        return ConfigSchema.text();
    }

    /**
     * The ledger of a run that has ended.
     *
     * @param report the run's {@code report.json}, or the folder that holds it
     * @throws ConfigurationException if the file is missing, damaged, or not a report
     */
    public static Ledger ledger(Path report) {
        return ReportFile.readLedger(report);
    }

    /**
     * The runs of which an output folder holds the files, the one that began last first. Reads their reports and the last verdicts; a folder
     * in it that is not of a run is left out. Empty if there is no such folder.
     *
     * @param output the folder in which each run has a folder, see {@link Plan#output}
     * @throws ConfigurationException if the folder cannot be read
     */
    public static List<StoredRun> runs(Path output) {
        return StoredRuns.in(output);
    }

    /**
     * Deletes the folder of a run and everything in it, such as its report and the files of its file sinks; not what its sinks stored
     * elsewhere. It cannot be resumed, verified or restored.
     *
     * @throws ConfigurationException if the run is running, if its folder is not that of a run any more, or cannot be deleted
     */
    public static void delete(StoredRun run) {
        StoredRuns.delete(run);
    }

    /**
     * Writes a run's report as JSON, first to a temporary file that is then renamed. The folder must exist. A pipe or device is written
     * through, a link is followed.
     */
    public static void writeReport(RunReport report, Path file) throws IOException {
        ReportFile.writeReport(report, file);
    }
}
