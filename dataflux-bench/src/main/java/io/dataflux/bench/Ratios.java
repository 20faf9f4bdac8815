package io.dataflux.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * The ratios that guard the speed: computing an event against copying a ready one and against Jackson on a filled object. The sides
 * take turns, one fork each, and each round gives one ratio, so that a machine whose speed drifts slows both; the median counts.
 *
 * <p>{@code dataflux-bench/run} is the full form, {@code dataflux-bench/run --short} the one for every change; {@code dataflux-bench/run
 * kafka} is about {@link KafkaRatios}.
 */
public final class Ratios {

    private static final double LEAST_OF_COPYING = 0.10;
    private static final double LEAST_OF_JACKSON = 3;

    /** What the short form asks of each ratio: it is to notice a step back, not to fail for a neighbour on the machine. */
    private static final double SHORT_FORM = 0.6;

    private static final double MOST_BYTES_ALLOCATED = 0.01;
    private static final List<String> SIDES = List.of("copyReady", "compute", "jacksonFilled");

    private Ratios() {}

    public static void main(String[] args) throws Exception {
        if (Arrays.asList(args).contains("kafka")) {
            KafkaRatios.measure();
            return;
        }
        boolean brief = Arrays.asList(args).contains("--short");
        int rounds = brief ? 3 : 5;
        Map<String, List<Double>> times = new LinkedHashMap<>();
        double allocated = 0;
        for (int round = 0; round < rounds; round++) {
            for (String side : SIDES) {
                RunResult result = run(side, brief);
                double nanos = result.getPrimaryResult().getScore();
                times.computeIfAbsent(side, s -> new ArrayList<>()).add(nanos);
                if (side.equals("compute")) {
                    allocated = Math.max(allocated, allocatedBytes(result));
                }
                System.out.printf(Locale.ROOT, "round %d  %-14s %8.1f ns/event%n", round + 1, side, nanos);
            }
        }
        List<Double> ofCopying = ratios(times.get("copyReady"), times.get("compute"));
        List<Double> ofJackson = ratios(times.get("jacksonFilled"), times.get("compute"));
        double part = brief ? SHORT_FORM : 1;
        boolean nearCopying = print("compute / copyReady, speed", ofCopying, part * LEAST_OF_COPYING);
        boolean aboveJackson = print("compute / jacksonFilled, speed", ofJackson, part * LEAST_OF_JACKSON);
        System.out.printf(
                Locale.ROOT,
                "%-32s %8.4f bytes per event, at most %.2f%n",
                "allocated by compute",
                allocated,
                MOST_BYTES_ALLOCATED);
        if (!nearCopying || !aboveJackson || allocated > MOST_BYTES_ALLOCATED) {
            System.out.println("NOT good enough");
            System.exit(1);
        }
    }

    private static RunResult run(String side, boolean brief) throws RunnerException {
        OptionsBuilder options = new OptionsBuilder();
        options.include(CoreBenchmark.class.getName() + "." + side + "$")
                .forks(1)
                .warmupIterations(brief ? 3 : 5)
                .measurementIterations(brief ? 3 : 5)
                .warmupTime(TimeValue.milliseconds(brief ? 1000 : 2000))
                .measurementTime(TimeValue.milliseconds(brief ? 500 : 2000))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT);
        Collection<RunResult> results = new Runner(options.build()).run();
        return results.iterator().next();
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

    /** Times of {@code other} over times of {@code ours}, round by round: how many times as fast ours is. */
    private static List<Double> ratios(List<Double> other, List<Double> ours) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < ours.size(); i++) {
            ratios.add(other.get(i) / ours.get(i));
        }
        return sorted(ratios);
    }

    static List<Double> sorted(List<Double> ratios) {
        return ratios.stream().sorted().toList();
    }

    static boolean print(String what, List<Double> sorted, double least) {
        double median = sorted.get(sorted.size() / 2);
        System.out.printf(
                Locale.ROOT,
                "%-32s %8.3f median, %.3f to %.3f, at least %.2f%n",
                what,
                median,
                sorted.get(0),
                sorted.get(sorted.size() - 1),
                least);
        return median >= least;
    }
}
