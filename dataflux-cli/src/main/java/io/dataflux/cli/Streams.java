package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Finds the stream that a command line names: in a configuration, or among the built-in streams. */
final class Streams {

    static final long DEFAULT_SEED = 42;

    private Streams() {}

    static Usage options(Usage usage) {
        return usage.option("seed", "S", "the seed (default: the configuration's, or " + DEFAULT_SEED + ")")
                .option("config", "FILE", "takes the stream from this configuration instead of the built-in streams");
    }

    static EventStream find(Arguments arguments) {
        String name = arguments.operand(0);
        OptionalLong seed = arguments.number("seed", Long.MIN_VALUE, Long.MAX_VALUE);
        Optional<String> config = arguments.text("config");
        if (config.isEmpty()) {
            return DataFlux.stream(name, seed.orElse(DEFAULT_SEED));
        }
        List<EventStream> streams =
                DataFlux.streams(arguments.path("config").orElseThrow(), Plans.flags(arguments), System.getenv());
        List<String> names = streams.stream().map(EventStream::name).toList();
        return streams.stream()
                .filter(stream -> stream.name().equals(name))
                .findFirst()
                .orElseThrow(() -> arguments.mistake("there is no stream '" + name + "' in " + config.get()
                        + "; it has " + String.join(", ", names) + Nearest.hint("", name, names)));
    }

    /** Refuses a range that goes beyond the end of the stream. */
    static void check(Arguments arguments, EventStream stream, long from, long count) {
        if (from > stream.end() || count > stream.end() - from) {
            throw arguments.mistake("--from " + from + " --count " + count + " goes beyond the end of '" + stream.name()
                    + "', which has " + stream.end() + " events");
        }
    }
}
