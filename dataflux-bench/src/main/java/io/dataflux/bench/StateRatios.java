package io.dataflux.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares streams with state with the telemetry stream, in bytes per second, and random access with sequential; see {@link StateBenchmark}. */
final class StateRatios {

    private static final double LEAST_OF_TELEMETRY = 0.35;
    private static final double MOST_OF_SEQUENTIAL = 2.5;
    private static final String TELEMETRY = CoreBenchmark.STREAM;

    private record Side(String method, String stream) {
        @Override
        public String toString() {
            return stream + " " + method;
        }
    }

    private static final List<Side> SIDES = List.of(
            new Side("sequential", TELEMETRY),
            new Side("sequential", "clickstream"),
            new Side("scattered", "clickstream"),
            new Side("sequential", "cdc"),
            new Side("scattered", "cdc"),
            new Side("sequential", "cdc_debezium"));

    private StateRatios() {}

    /** Returns whether the ratios are good enough. */
    static boolean measure(boolean brief) throws Exception {
        int rounds = brief ? 1 : Turns.rounds(5);
        Map<Side, List<Double>> nanosPerByte = new LinkedHashMap<>();
        Map<String, Double> allocated = new LinkedHashMap<>();
        Map<String, Double> sizes = new LinkedHashMap<>();
        for (Side side : SIDES) {
            sizes.computeIfAbsent(side.stream, StateBenchmark::bytesPerEvent);
        }
        for (int round = 0; round < rounds; round++) {
            for (Side side : SIDES) {
                Forked result = brief
                        ? Quick.run(StateBenchmark.class.getSimpleName(), side.method, side.stream)
                        : Forked.run(StateBenchmark.class, side.method, Map.of("stream", side.stream));
                double size = sizes.get(side.stream);
                nanosPerByte.computeIfAbsent(side, s -> new ArrayList<>()).add(result.nanos() / size);
                allocated.merge(side.stream, result.allocated(), Math::max);
                System.out.printf(
                        Locale.ROOT,
                        "round %d  %-28s %8.1f ns/event of %5.1f bytes, %5.2f GB/s%n",
                        round + 1,
                        side,
                        result.nanos(),
                        size,
                        size / result.nanos());
            }
        }
        double part = brief ? Forked.SHORT_FORM : 1;
        boolean good = true;
        for (String stream : List.of("clickstream", "cdc_debezium")) {
            good &= Turns.print(
                    stream + " / telemetry, bytes per second",
                    Turns.ratios(of(nanosPerByte, "sequential", TELEMETRY), of(nanosPerByte, "sequential", stream)),
                    part * LEAST_OF_TELEMETRY,
                    true);
        }
        for (String stream : List.of("clickstream", "cdc")) {
            good &= Turns.print(
                    stream + " scattered / sequential, time",
                    Turns.ratios(of(nanosPerByte, "scattered", stream), of(nanosPerByte, "sequential", stream)),
                    MOST_OF_SEQUENTIAL / part,
                    false);
        }
        for (Map.Entry<String, Double> each : allocated.entrySet()) {
            good &= Forked.allocatesLittle(each.getKey(), each.getValue());
        }
        return good;
    }

    private static List<Double> of(Map<Side, List<Double>> all, String method, String stream) {
        return all.getOrDefault(new Side(method, stream), List.of());
    }
}
