package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which events a command shows: of a stream in a configuration, or of a built-in one, from a number on. */
final class StreamOptions {

    static final long DEFAULT_SEED = 42;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "STREAM", description = "the name of the stream")
    private String name = "";

    @Option(
            names = "--seed",
            paramLabel = "S",
            converter = WholeNumber.Any.class,
            description = "the seed (default: the configuration's, or " + DEFAULT_SEED + ")")
    private @Nullable Long seed;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "takes the stream from this configuration instead of the built-in streams")
    private @Nullable Path config;

    @Option(
            names = SetOption.NAME,
            paramLabel = "PATH=VALUE",
            converter = SetOption.class,
            description = SetOption.MEANING + "; with --config")
    private List<Map.Entry<String, String>> settings = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "N",
            converter = WholeNumber.FromZero.class,
            description = "the number of the first event (default 0)")
    private long from;

    /** The number of the first event. */
    long from() {
        return from;
    }

    EventStream find() {
        if (config == null && !settings.isEmpty()) {
            throw mistake(SetOption.NAME + " is for a configuration; name one with --config");
        }
        if (config == null) {
            return DataFlux.stream(name, seed == null ? DEFAULT_SEED : seed);
        }
        Map<String, String> flags = new LinkedHashMap<>();
        RunOptions.put(flags, "seed", seed == null ? null : seed.toString());
        flags.putAll(SetOption.flags(settings, command));
        List<EventStream> streams = DataFlux.streams(config, flags, System.getenv());
        List<String> names = streams.stream().map(EventStream::name).toList();
        return streams.stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow(() -> mistake("there is no stream '" + name + "' in " + config + "; it has "
                        + String.join(", ", names) + Nearest.hint("", name, names)));
    }

    /** Refuses a range that goes beyond the end of the stream. */
    void check(EventStream stream, long count) {
        if (from > stream.end() || count > stream.end() - from) {
            throw mistake("--from " + from + " --count " + count + " goes beyond the end of '" + stream.name()
                    + "', which has " + stream.end() + " events");
        }
    }

    private ParameterException mistake(String what) {
        return new ParameterException(command.commandLine(), what);
    }
}
