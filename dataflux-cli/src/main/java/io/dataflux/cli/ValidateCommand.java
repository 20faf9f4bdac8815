package io.dataflux.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Checks a configuration and prints the resolved plan, or every problem in it; or compares its streams with those of another one. */
@CommandLine.Command(
        header = "checks a configuration and prints the resolved plan",
        footer = {
            "Connects to nothing and reads only the configuration. If it has problems, prints each with its path and a fix,"
                    + " and the exit code is 2.",
            "${COMMAND-FULL-NAME} --diff OLD FILE, like diff OLD FILE, computes events of both configurations and compares"
                    + " them by number and path; it compares only streams. As with diff, the exit code is 0 if no event differs,"
                    + " 1 if any does, 2 if one file cannot be read."
        })
final class ValidateCommand extends JsonCommand {

    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--diff",
            paramLabel = "OLD",
            description = "prints instead what changes in the events from OLD to FILE: streams, times, keys, fields")
    private @Nullable Path old;

    @Override
    int run(ObjectNode document, Stdout out) {
        Map<String, String> flags = configuration.flags(options.flags());
        document.put("file", configuration.file().toString());
        if (old != null) {
            return ConfigurationDiff.of(old, configuration.file(), flags).print(document, json(), out);
        }
        Plan plan = DataFlux.plan(configuration.file(), flags, System.getenv());
        document.put("summary", plan.summary());
        ArrayNode streams = document.putArray("streams");
        plan.streams()
                .forEach(stream -> streams.addObject()
                        .put("name", stream.name())
                        .put("seed", stream.seed())
                        .put("fingerprint", HexFormat.of().toHexDigits(stream.fingerprint()))
                        .put("shards", stream.shards()));
        plan.sinks().forEach(document.putArray("sinks")::add);
        plan.describe().lines().forEach(document.putArray("text")::add);
        if (!json()) {
            out.line(plan.describe());
        }
        return GOOD;
    }
}
