package io.dataflux.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Several sides do the same work in turns, round by round, so that a machine whose speed drifts slows all of them. Each round gives one
 * ratio per pair, and the median counts. The order rotates from round to round; warm-up rounds come before the first.
 */
final class Turns {

    /** One way of doing the work. */
    interface Side {
        Turn take() throws Exception;
    }

    /**
     * The result of a turn.
     *
     * @param cost time or CPU time, which is compared
     * @param remark what is printed about the turn
     */
    record Turn(double cost, String remark) {}

    private static final long WARM_UP_NANOS = Long.getLong("warmup.seconds", 15) * 1_000_000_000;

    private final int rounds;
    private final Map<String, Side> sides = new LinkedHashMap<>();
    private final Map<String, List<Double>> costs = new LinkedHashMap<>();
    private boolean good = true;

    Turns(int rounds) {
        this.rounds = rounds;
    }

    /** The number of rounds that count: {@code -Drounds=n}, or this default. */
    static int rounds(int otherwise) {
        return Integer.getInteger("rounds", otherwise);
    }

    Turns side(String name, Side side) {
        sides.put(name, side);
        costs.put(name, new ArrayList<>());
        return this;
    }

    Turns take() throws Exception {
        List<String> names = new ArrayList<>(sides.keySet());
        long start = System.nanoTime();
        do {
            for (Side side : sides.values()) {
                side.take();
            }
        } while (System.nanoTime() - start < WARM_UP_NANOS);
        for (int round = 1; round <= rounds; round++) {
            for (int i = 0; i < names.size(); i++) {
                String name = names.get(round % 2 == 0 ? i : names.size() - 1 - i);
                Turn turn = sides.get(name).take();
                costs.get(name).add(turn.cost());
                System.out.printf(Locale.ROOT, "round %d  %-24s %s%n", round, name, turn.remark());
            }
        }
        return this;
    }

    /** Prints how many times as fast as another a side is, and records whether that reaches the limit; 0 is no limit. */
    Turns speed(String side, String of, double least) {
        good &= print(side + " / " + of + ", speed", ratios(of, side), least, true);
        return this;
    }

    /**
     * Prints the speed of a side as a share of another's, and records whether the lower bound of the median reaches the limit: with a
     * confidence of 95 %, whatever the distribution of the ratios.
     */
    Turns bounded(String side, String of, double least) {
        List<Double> sorted = ratios(of, side);
        print(side + " / " + of + ", speed", sorted, 0, true);
        double bound = sorted.get(lowerBound(sorted.size()));
        boolean keeps = bound >= least;
        System.out.printf(
                Locale.ROOT,
                "%-46s %8.3f lower bound of the median, at least %.2f%s%n",
                "",
                bound,
                least,
                keeps ? "" : "  NOT good enough");
        good &= keeps;
        return this;
    }

    /** The place among so many sorted values that the true median is below with a probability of at most 5 %; 0 if there are too few. */
    static int lowerBound(int size) {
        double term = Math.pow(0.5, size); // the probability that k of the values are below the median, for k = 0
        double sum = term;
        int place = 0;
        while (sum + term * (size - place) / (place + 1) <= 0.05) {
            term *= (double) (size - place) / (place + 1);
            sum += term;
            place++;
        }
        return place;
    }

    /** Prints the cost of a side relative to another, and records whether that is within the limit; 0 is no limit. */
    Turns cost(String side, String of, double most) {
        good &= print(side + " / " + of + ", cost", ratios(side, of), most, false);
        return this;
    }

    /** Whether all ratios were within their limits. */
    boolean good() {
        return good;
    }

    private List<Double> ratios(String above, String below) {
        return ratios(costs.get(above), costs.get(below));
    }

    /** Round by round, sorted. */
    static List<Double> ratios(List<Double> above, List<Double> below) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < below.size(); i++) {
            ratios.add(above.get(i) / below.get(i));
        }
        return ratios.stream().sorted().toList();
    }

    /** Prints the median and range of sorted ratios; returns whether the median is within the limit. */
    static boolean print(String what, List<Double> sorted, double limit, boolean least) {
        double median = sorted.get(sorted.size() / 2);
        boolean keeps = limit == 0 || (least ? median >= limit : median <= limit);
        System.out.printf(
                Locale.ROOT,
                "%-46s %8.3f median, %.3f to %.3f, %s%s%n",
                what,
                median,
                sorted.get(0),
                sorted.get(sorted.size() - 1),
                limit == 0
                        ? "for comparison"
                        : String.format(Locale.ROOT, "at %s %.2f", least ? "least" : "most", limit),
                keeps ? "" : "  NOT good enough");
        return keeps;
    }

    /** The CPU time that this process has used so far. */
    static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }
}
