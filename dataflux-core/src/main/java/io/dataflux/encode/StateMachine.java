package io.dataflux.encode;

import io.dataflux.model.Sessions;
import io.dataflux.problem.Problems;
import io.dataflux.problem.Suggestions;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The states that a session goes through: a walk of exactly the session's length, drawn step by step from the session's words.
 *
 * <p>A walk of a given length has to leave at its end and not earlier, so each transition is weighted with the probability that the rest
 * leaves in time: the resulting walks have the probabilities of the plain machine, given that length. The weights are tables by remaining
 * steps and state, made while planning, so that a walk costs one look-up a step and remembers nothing.
 *
 * <p>A session that is under way when the stream begins is a whole walk of which the first steps are not looked at.
 */
record StateMachine(List<String> names, Rows rows) {

    static final int MOST_STATES = 64;
    static final long SALT = Compiler.salt("?state");

    /** Probabilities are cut to this many binary digits, relative to the largest of a choice. */
    private static final int DIGITS = 50;

    /** The definition in numbers: probabilities of transitions; the last column is that of leaving. */
    record Chances(List<String> names, double[] start, double[][] to) {

        /** For each length, the share of walks that have it. */
        double[] lengths() {
            double[] lengths = new double[Sessions.LONGEST + 1];
            double[] here = start.clone();
            for (int n = 1; n <= Sessions.LONGEST; n++) {
                double[] there = new double[here.length];
                for (int s = 0; s < here.length; s++) {
                    lengths[n] += here[s] * to[s][here.length];
                    for (int t = 0; t < here.length; t++) {
                        there[t] += here[s] * to[s][t];
                    }
                }
                here = there;
            }
            return lengths;
        }
    }

    /** The chances of a definition with states, or null if problems were noted under {@code path}. */
    static @Nullable Chances chances(Sessions sessions, String path, Problems problems) {
        int before = problems.count();
        List<String> names = List.copyOf(sessions.states().keySet());
        if (names.size() > MOST_STATES) {
            problems.add(path + ".states", "has " + names.size() + " states; at most " + MOST_STATES + " are possible");
            return null;
        }
        double[][] to = new double[names.size()][];
        for (int s = 0; s < to.length; s++) {
            String name = names.get(s);
            String place = path + ".states." + name;
            if (name.equals(Sessions.LEAVE)) {
                problems.add(place, "'leave' stands for the end of a session; give the state another name");
            }
            Map<String, BigDecimal> given = sessions.states().get(name);
            Map<String, BigDecimal> weights = new LinkedHashMap<>();
            if (given == null || given.isEmpty()) {
                weights.put(Sessions.LEAVE, BigDecimal.ONE);
            } else {
                weights.putAll(given);
            }
            to[s] = chances(weights, names, true, place, problems);
        }
        Map<String, BigDecimal> begin = new LinkedHashMap<>(sessions.start());
        if (begin.isEmpty()) {
            begin.put(names.get(0), BigDecimal.ONE);
        }
        double[] start = chances(begin, names, false, path + ".start", problems);
        if (problems.count() > before) {
            return null;
        }
        checkWays(names, start, to, path, problems);
        return problems.count() > before ? null : new Chances(names, start, to);
    }

    private static double[] chances(
            Map<String, BigDecimal> weights, List<String> names, boolean leaves, String place, Problems problems) {
        double[] chances = new double[names.size() + (leaves ? 1 : 0)];
        double sum = 0;
        int before = problems.count();
        for (Map.Entry<String, BigDecimal> entry : weights.entrySet()) {
            String name = entry.getKey();
            BigDecimal weight = entry.getValue();
            int to = leaves && name.equals(Sessions.LEAVE) ? names.size() : names.indexOf(name);
            if (to < 0) {
                List<String> known = new ArrayList<>(names);
                if (leaves) {
                    known.add(Sessions.LEAVE);
                }
                problems.add(
                        place + "." + name,
                        "there is no state '" + name + "'"
                                + Suggestions.hint(name, known, "; write one of " + String.join(", ", known)));
            } else if (!ChoiceKinds.isWeight(weight)) {
                problems.add(
                        place + "." + name, "the weight " + weight.toPlainString() + " is not " + ChoiceKinds.WEIGHT);
            } else {
                chances[to] = weight.doubleValue();
                sum += chances[to];
            }
        }
        if (sum == 0 && problems.count() == before) {
            problems.add(place, "all weights are 0; at least one must be above 0");
        }
        for (int i = 0; i < chances.length; i++) {
            chances[i] /= sum;
        }
        return chances;
    }

    /** Checks that every state can be reached, and that a session can end from every state. */
    private static void checkWays(List<String> names, double[] start, double[][] to, String path, Problems problems) {
        int n = names.size();
        boolean[] entered = new boolean[n];
        boolean[] ends = new boolean[n];
        for (int s = 0; s < n; s++) {
            entered[s] = start[s] > 0;
            ends[s] = to[s][n] > 0;
        }
        for (int round = 0; round < n; round++) {
            for (int s = 0; s < n; s++) {
                for (int t = 0; t < n; t++) {
                    entered[t] |= entered[s] && to[s][t] > 0;
                    ends[s] |= ends[t] && to[s][t] > 0;
                }
            }
        }
        for (int s = 0; s < n; s++) {
            if (!entered[s]) {
                problems.add(
                        path + ".states." + names.get(s),
                        "no session reaches this state; add a transition to it from a state that is reached, add it to"
                                + " 'start', or remove it");
            } else if (!ends[s]) {
                problems.add(
                        path + ".states." + names.get(s),
                        "a session in this state never ends; add 'leave' to it, or to a state that it leads to");
            }
        }
    }

    /** The machine for walks of the given lengths, or null if a problem was noted. */
    static @Nullable StateMachine of(Chances chances, int[] lengths, String path, Problems problems) {
        int n = chances.names.size();
        int longest = Arrays.stream(lengths).max().orElseThrow();
        double[][] leaves = new double[longest][n]; // probability to leave after this many more transitions, scaled
        Alias[] next = new Alias[longest * n];
        Alias[] first = new Alias[longest];
        for (int rest = 0; rest < longest; rest++) {
            double most = 0;
            for (int s = 0; s < n; s++) {
                double[] weights = new double[n];
                for (int t = 0; t < n && rest > 0; t++) {
                    weights[t] = chances.to[s][t] * leaves[rest - 1][t];
                    leaves[rest][s] += weights[t];
                }
                if (rest == 0) {
                    leaves[0][s] = chances.to[s][n];
                } else {
                    next[rest * n + s] = alias(weights);
                }
                most = Math.max(most, leaves[rest][s]);
            }
            double[] weights = new double[n];
            for (int s = 0; s < n; s++) {
                leaves[rest][s] /= most == 0 ? 1 : most;
                weights[s] = chances.start[s] * leaves[rest][s];
            }
            first[rest] = alias(weights);
        }
        TreeSet<Integer> without = new TreeSet<>();
        for (int length : lengths) {
            if (first[length - 1] == null) {
                without.add(length);
            }
        }
        if (!without.isEmpty()) {
            problems.add(
                    path + ".length",
                    "no path through the states has exactly " + without.first()
                            + (without.first() == 1 ? " event" : " events")
                            + "; leave 'length' out to use the lengths of the existing paths, or change the states");
            return null;
        }
        return new StateMachine(chances.names, Rows.of(n, first, next));
    }

    /**
     * The choices at all steps of a walk in two tables, so that a step depends on the previous one by a single look-up.
     *
     * @param states how many there are
     * @param begin the row of the first choice with no steps left; rows with more steps left follow it, transitions precede it
     * @param threshold by row and column, as {@link Alias} has it
     * @param alias by row and column; negative where no walk goes
     */
    record Rows(int states, int begin, long[] threshold, byte[] alias) {
        static Rows of(int n, @Nullable Alias[] first, @Nullable Alias[] next) {
            Rows rows = new Rows(
                    n,
                    next.length,
                    new long[(next.length + first.length) * n],
                    new byte[(next.length + first.length) * n]);
            for (int row = 0; row < next.length + first.length; row++) {
                Alias choice = row < next.length ? next[row] : first[row - next.length];
                for (int column = 0; column < n; column++) {
                    rows.threshold[row * n + column] = choice == null ? 0 : choice.threshold()[column];
                    rows.alias[row * n + column] = (byte) (choice == null ? -1 : choice.alias()[column]);
                }
            }
            return rows;
        }

        /** The same as {@link Alias#index}, without a branch that would be hard to predict. */
        int choose(int row, long word) {
            long fraction = word >>> 1;
            long columns = (long) states << 1;
            int column = (int) Math.multiplyHigh(fraction, columns);
            int at = row * states + column;
            int other = alias[at];
            long below = ((fraction * columns >>> 1) - threshold[at]) >> 63;
            int state = other ^ ((other ^ column) & (int) below);
            if (state < 0) {
                throw new IllegalStateException("the walk reached a state that no walk of this length passes");
            }
            return state;
        }
    }

    /** A choice by chances, or null if all are 0. */
    private static @Nullable Alias alias(double[] chances) {
        double most = 0;
        for (double chance : chances) {
            most = Math.max(most, chance);
        }
        if (most == 0) {
            return null;
        }
        List<BigInteger> weights = new ArrayList<>();
        for (double chance : chances) {
            long weight = (long) (chance / most * (1L << DIGITS));
            weights.add(BigInteger.valueOf(chance > 0 ? Math.max(1, weight) : 0));
        }
        return Alias.of(weights);
    }

    /** Fills in the states of a session from the step {@code missed} on, up to the one that is {@code step} further. */
    void walk(long sessionWord, int length, int missed, int step, byte[] path) {
        int rest = length - 1;
        int n = rows.states;
        long seed = sessionWord + SALT;
        int state = rows.choose(rows.begin + rest, SessionNodes.word(seed, 0));
        path[0] = (byte) state;
        for (int i = 1; i <= missed + step; i++) {
            state = rows.choose(rest-- * n + state, SessionNodes.word(seed, i));
            path[Math.max(0, i - missed)] = (byte) state;
        }
    }
}
