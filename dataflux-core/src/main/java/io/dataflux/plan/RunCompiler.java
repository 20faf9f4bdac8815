package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.plan.StreamsDraft.Stream;
import io.dataflux.problem.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Compiles the streams of what was read, each with its share of the rate. Stateless; opens nothing. */
public final class RunCompiler {

    private RunCompiler() {}

    /** The run as it is to be planned. @throws ConfigurationException with every problem, those of reading included */
    public static RunConfig compile(RunDraft draft) {
        RunConfig run = draft.run();
        Problems problems = draft.streams().problems();
        List<CompiledStream> streams = compileAll(draft.streams());
        Regions.checkFaults(streams, run.regions(), problems::add);
        problems.throwIfAny(run.source());
        return run.withStreams(in(run, streams));
    }

    /** Other streams of the same run. @throws ConfigurationException with every problem, those of reading included */
    public static List<CompiledStream> compile(StreamsDraft draft, RunConfig run) {
        List<CompiledStream> streams = compileAll(draft);
        Regions.checkFaults(streams, run.regions(), draft.problems()::add);
        draft.problems().throwIfAny(draft.source());
        return in(run, streams);
    }

    private static List<CompiledStream> in(RunConfig run, List<CompiledStream> streams) {
        return streams.stream()
                .map(stream -> stream.in(run.regions(), run.router()))
                .toList();
    }

    /** The streams as they are outside of a run. @throws ConfigurationException with every problem, those of reading included */
    public static List<CompiledStream> compile(StreamsDraft draft) {
        List<CompiledStream> streams = compileAll(draft);
        draft.problems().throwIfAny(draft.source());
        return streams;
    }

    /** Streams that have problems are left out, after the others have been looked at as well. */
    private static List<CompiledStream> compileAll(StreamsDraft draft) {
        Problems problems = draft.problems();
        RateProfile whole = draft.rate();
        List<BigDecimal> weights = draft.streams().stream()
                .map(Stream::weight)
                .filter(Objects::nonNull)
                .toList();
        String problem = weights.isEmpty() ? null : CompiledStream.rateProblem(whole, draft.start());
        if (problem != null) {
            problems.add("events_per_second", whole + ": " + problem);
            return List.of();
        }
        List<CompiledStream> streams = new ArrayList<>();
        for (Stream stream : draft.streams()) {
            BigDecimal weight = stream.weight();
            StreamDefinition definition = stream.definition();
            RateProfile share = weight == null ? null : Shares.of(whole, weight, weights);
            if (weight != null && share == null) {
                problems.add(
                        stream.path(),
                        "its share of events_per_second (weight " + weight.toPlainString()
                                + ") is too fine a fraction; use weights with fewer digits");
            } else if (definition != null) {
                CompiledStream compiled = CompiledStream.compile(
                        definition.toBuilder()
                                .start(draft.start())
                                .rate(share == null ? definition.rate() : share)
                                .build(),
                        code(stream),
                        draft.seed(),
                        stream.path(),
                        problems);
                if (compiled != null) {
                    streams.add(compiled);
                }
            }
        }
        return streams;
    }

    private static CompiledStream.@Nullable Code code(Stream stream) {
        return stream.generator() == null ? null : new CompiledStream.Code(stream.generator(), stream.version());
    }
}
