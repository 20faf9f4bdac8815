package io.dataflux.bench;

import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * One benchmark method in one JVM of its own.
 *
 * @param nanos per operation
 * @param allocated bytes per operation
 */
record Forked(double nanos, double allocated) {

    /** How much of a limit the short form requires: it should notice a regression, but not fail because of other processes. */
    static final double SHORT_FORM = 0.6;

    private static final double MOST_BYTES_ALLOCATED = 0.01;

    static Forked run(Class<?> benchmark, String method, Map<String, String> parameters) throws RunnerException {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(benchmark.getName() + "." + method + "$")
                .forks(1)
                .warmupIterations(5)
                .measurementIterations(5)
                .warmupTime(TimeValue.seconds(2))
                .measurementTime(TimeValue.seconds(2))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        parameters.forEach(options::param);
        RunResult result = new Runner(options.build()).run().iterator().next();
        return new Forked(result.getPrimaryResult().getScore(), allocatedBytes(result));
    }

    /** Prints how much was allocated per event, and returns whether that is within the limit. */
    static boolean allocatesLittle(String what, double bytes) {
        boolean little = bytes <= MOST_BYTES_ALLOCATED;
        System.out.printf(
                Locale.ROOT,
                "%-46s %8.4f bytes per event, at most %.2f%s%n",
                "allocated by " + what,
                bytes,
                MOST_BYTES_ALLOCATED,
                little ? "" : "  NOT good enough");
        return little;
    }

    private static double allocatedBytes(RunResult result) {
        for (Map.Entry<String, ? extends Result<?>> secondary :
                secondaries(result).entrySet()) {
            if (secondary.getKey().endsWith("gc.alloc.rate.norm")) {
                return secondary.getValue().getScore();
            }
        }
        throw new IllegalStateException("no allocation was measured");
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static Map<String, ? extends Result<?>> secondaries(RunResult result) {
        return (Map) result.getSecondaryResults();
    }
}
