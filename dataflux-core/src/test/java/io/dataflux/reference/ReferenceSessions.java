package io.dataflux.reference;

import io.dataflux.model.Key;
import io.dataflux.model.Kind;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Sessions by their definition: lengths are quantiles, dealt to tables; states a walk that leaves exactly at the end. */
final class ReferenceSessions {

    private static final int TABLES = 256;
    private static final int QUANTILES = 16;
    private static final int LONGEST = 256;

    private final StreamDefinition definition;
    private final Sessions sessions;
    private final long wordSeed;
    private final long idSeed;
    private final List<String> names;
    private final double[] start;
    private final double[][] to;
    private final int[][] lengths;
    private final List<double[]> leaves = new ArrayList<>();
    private final Map<List<Integer>, Object> choices = new HashMap<>();

    ReferenceSessions(StreamDefinition definition, long streamSeed) {
        this.definition = definition;
        sessions = definition.sessions();
        wordSeed = Words64.sub(streamSeed, 4);
        idSeed = Words64.sub(streamSeed, 5);
        names = List.copyOf(sessions.states().keySet());
        Map<String, BigDecimal> begin = sessions.start();
        start = names.isEmpty()
                ? new double[0]
                : shares(begin.isEmpty() ? Map.of(names.get(0), BigDecimal.ONE) : begin);
        to = names.stream()
                .map(name -> sessions.states().get(name))
                .map(next -> shares(next.isEmpty() ? Map.of(Sessions.LEAVE, BigDecimal.ONE) : next))
                .toArray(double[][]::new);
        lengths = tables(sessions.length() == null ? walks() : wanted(sessions.length()));
    }

    /** By state, and last that of leaving. */
    private double[] shares(Map<String, BigDecimal> weights) {
        double[] shares = new double[names.size() + 1];
        double sum = 0;
        for (Map.Entry<String, BigDecimal> entry : weights.entrySet()) {
            int at = entry.getKey().equals(Sessions.LEAVE) ? names.size() : names.indexOf(entry.getKey());
            shares[at] = entry.getValue().doubleValue();
            sum += shares[at];
        }
        double all = sum;
        return java.util.Arrays.stream(shares).map(share -> share / all).toArray();
    }

    static double[] wanted(Kind.Length length) {
        double[] shares = new double[length.max() + 1];
        double share = 1;
        for (int n = length.min(); n <= length.max(); n++) {
            shares[n] = share;
            if (length.geometric() != null) {
                share *= 1 - length.geometric().doubleValue();
            }
        }
        return shares;
    }

    /** By length, how many walks have it. */
    private double[] walks() {
        double[] shares = new double[LONGEST + 1];
        double[] here = start;
        for (int n = 1; n <= LONGEST; n++) {
            double[] there = new double[names.size()];
            for (int s = 0; s < names.size(); s++) {
                shares[n] += here[s] * to[s][names.size()];
                for (int t = 0; t < names.size(); t++) {
                    there[t] += here[s] * to[s][t];
                }
            }
            here = there;
        }
        return shares;
    }

    /** Each table has a length of each sixteenth of them: those of neighbours are 157 of 256 apart, upwards or downwards. */
    private static int[][] tables(double[] shares) {
        int[] quantiles = quantiles(shares, TABLES * QUANTILES);
        long key = Words64.hash("runs");
        int[][] tables = new int[TABLES][QUANTILES];
        for (int t = 0; t < TABLES; t++) {
            ReferenceShuffle order = new ReferenceShuffle(Words64.sub(key, -1L - t), QUANTILES);
            for (int part = 0; part < QUANTILES; part++) {
                long choice = Words64.sub(key, part) + (part % 2 == 0 ? 157 * t : -157 * t);
                tables[t][(int) order.of(part)] = quantiles[part * TABLES + (int) Math.floorMod(choice, (long) TABLES)];
            }
        }
        return tables;
    }

    static int[] quantiles(double[] shares) {
        return quantiles(shares, QUANTILES);
    }

    private static int[] quantiles(double[] shares, int parts) {
        double sum = 0;
        for (double share : shares) {
            sum += share;
        }
        int[] quantiles = new int[parts];
        double passed = 0;
        int length = 0;
        for (int i = 0; i < parts; i++) {
            while (passed < sum * (i + 0.5) / parts || shares[length] == 0) {
                length++;
                passed += shares[length];
            }
            quantiles[i] = length;
        }
        return quantiles;
    }

    ReferenceSchedule schedule(long scheduleKey, double perSecond) {
        Key key = definition.key();
        double seconds = sessions.think().toSeconds() + sessions.think().toNanosPart() / 1e9;
        double active = seconds * perSecond;
        return new ReferenceSchedule(
                scheduleKey,
                key.count(),
                key.skew().doubleValue(),
                key.shards(),
                1,
                new ReferenceBursts(lengths, sessions.begin() == Sessions.Begin.FRESH),
                active);
    }

    private long sessionWord(ReferenceSchedule.Place place) {
        return Words64.sub(wordSeed, number(place));
    }

    long word(ReferenceSchedule.Place place, int step) {
        return ReferenceEncoder.word(sessionWord(place), step);
    }

    String id(ReferenceSchedule.Place place) {
        String hex = Long.toHexString(Words64.mix(idSeed + number(place)));
        return "0".repeat(16 - hex.length()) + hex;
    }

    private long number(ReferenceSchedule.Place place) {
        return place.session() * definition.key().count() + place.entity();
    }

    /** The states of a session from its first event in the stream up to a step. */
    List<String> walk(ReferenceSchedule.Place place, int step) {
        int missed = place.missed();
        int length = missed + place.length();
        List<String> walk = new ArrayList<>();
        for (int i = 0; i <= missed + step; i++) {
            Object table = i == 0 ? start(length) : next(names.indexOf(walk.get(i - 1)), length - i);
            long word = ReferenceEncoder.word(sessionWord(place) + Words64.hash("?state"), i);
            walk.add((String) ReferenceDraw.of(word, table));
        }
        return walk.subList(missed, walk.size());
    }

    private Object start(int length) {
        return choices.computeIfAbsent(List.of(-1, length), k -> {
            double[] leave = leave(length - 1);
            return table(IntStream.range(0, names.size())
                    .mapToDouble(s -> start[s] * leave[s])
                    .toArray());
        });
    }

    /** The next state where {@code rest} transitions are left, this one included. */
    private Object next(int state, int rest) {
        return choices.computeIfAbsent(List.of(state, rest), k -> {
            double[] leave = leave(rest - 1);
            return table(IntStream.range(0, names.size())
                    .mapToDouble(t -> to[state][t] * leave[t])
                    .toArray());
        });
    }

    /** By state, the chance to leave after exactly so many more transitions, in parts of the largest. */
    private double[] leave(int rest) {
        while (leaves.size() <= rest) {
            double[] leave = new double[names.size()];
            for (int s = 0; s < leave.length; s++) {
                if (leaves.isEmpty()) {
                    leave[s] = to[s][names.size()];
                } else {
                    for (int t = 0; t < leave.length; t++) {
                        leave[s] += to[s][t] * leaves.get(leaves.size() - 1)[t];
                    }
                }
            }
            double most = java.util.Arrays.stream(leave).max().getAsDouble();
            leaves.add(java.util.Arrays.stream(leave)
                    .map(chance -> most == 0 ? chance : chance / most)
                    .toArray());
        }
        return leaves.get(rest);
    }

    private Object table(double[] chances) {
        double most = java.util.Arrays.stream(chances).max().getAsDouble();
        return most == 0 ? null : ReferenceDraw.chances(names, chances, most);
    }
}
