package io.dataflux.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Compares computing an event with copying a ready one, and with Jackson writing a filled object; see {@link CoreBenchmark}. */
final class CoreRatios {

    private static final double LEAST_OF_COPYING = 0.10;
    private static final double LEAST_OF_JACKSON = 3;
    private static final List<String> SIDES = List.of("copyReady", "compute", "jacksonFilled");

    private CoreRatios() {}

    /** Returns whether the ratios are good enough. */
    static boolean measure(boolean brief) throws Exception {
        int rounds = brief ? 1 : Turns.rounds(5);
        Map<String, List<Double>> times = new LinkedHashMap<>();
        double allocated = 0;
        for (int round = 0; round < rounds; round++) {
            for (String side : SIDES) {
                Forked result = brief
                        ? Quick.run(CoreBenchmark.class.getSimpleName(), side)
                        : Forked.run(CoreBenchmark.class, side, Map.of());
                times.computeIfAbsent(side, s -> new ArrayList<>()).add(result.nanos());
                if (side.equals("compute")) {
                    allocated = Math.max(allocated, result.allocated());
                }
                System.out.printf(Locale.ROOT, "round %d  %-14s %8.1f ns/event%n", round + 1, side, result.nanos());
            }
        }
        double part = brief ? Forked.SHORT_FORM : 1;
        List<Double> ours = times.get("compute");
        boolean nearCopying = Turns.print(
                "compute / copyReady, speed",
                Turns.ratios(times.get("copyReady"), ours),
                part * LEAST_OF_COPYING,
                true);
        boolean aboveJackson = Turns.print(
                "compute / jacksonFilled, speed",
                Turns.ratios(times.get("jacksonFilled"), ours),
                part * LEAST_OF_JACKSON,
                true);
        boolean little = Forked.allocatesLittle("compute", allocated); // print all three, whichever fails
        return nearCopying && aboveJackson && little;
    }
}
