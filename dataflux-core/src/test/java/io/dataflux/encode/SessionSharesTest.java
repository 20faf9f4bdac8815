package io.dataflux.encode;

import static io.dataflux.model.Fields.uuid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.dataflux.model.Key;
import io.dataflux.model.Sessions;
import io.dataflux.model.Sessions.Begin;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions do what their definition says: lengths, states and transitions by counting, at the beginning as at any other time. */
class SessionSharesTest {

    private static final long[] WINDOWS = {0, 1_000_000, 1_000_000_000};

    /** Rides, most of which are paid for. */
    private static final Sessions RIDES = Sessions.thinking(Duration.ofSeconds(1))
            .state("open", "ride", 9, "leave", 1)
            .state("ride", "ride", 2, "dock", 7, "leave", 1)
            .state("dock", "pay", 9, "leave", 1)
            .state("pay");

    /** Two lengths, of which one is rare. */
    private static final Sessions TRIALS = Sessions.thinking(Duration.ofSeconds(1))
            .start("look", 97, "try", 3)
            .state("look")
            .state("try", "buy", 1)
            .state("buy");

    /** Long, and of even lengths only. */
    private static final Sessions TURNS =
            Sessions.thinking(Duration.ofSeconds(1)).state("ask", "answer", 1).state("answer", "ask", 19, "leave", 1);

    private static Stream<Sessions> machines() {
        return Stream.of(RIDES, TRIALS, TURNS);
    }

    private static CompiledStream stream(Sessions sessions, int seats, int keysOfASeat, String skew, int seed) {
        return Checked.compiled(
                StreamDefinition.named("rides")
                        .key("user_{}", (long) seats * keysOfASeat, skew)
                        .rate(seats, 1)
                        .sessions(new Sessions(
                                sessions.think(),
                                true,
                                sessions.length(),
                                sessions.begin(),
                                sessions.start(),
                                sessions.states()))
                        .identity("id")
                        .field("id", uuid())
                        .build(),
                seed);
    }

    /** The share of each transition among all, the last column being that of leaving: visits times chances. */
    private static double[][] wanted(StateMachine.Chances chances) {
        int n = chances.names().size();
        double[] visits = new double[n];
        double[] here = chances.start().clone();
        for (int step = 0; step < Sessions.LONGEST; step++) {
            double[] there = new double[n];
            for (int s = 0; s < n; s++) {
                visits[s] += here[s];
                for (int t = 0; t < n; t++) {
                    there[t] += here[s] * chances.to()[s][t];
                }
            }
            here = there;
        }
        double all = Arrays.stream(visits).sum();
        double[][] wanted = new double[n][];
        for (int s = 0; s < n; s++) {
            double share = visits[s] / all;
            wanted[s] =
                    Arrays.stream(chances.to()[s]).map(chance -> chance * share).toArray();
        }
        return wanted;
    }

    /** The share of each transition from an event of the window to the next event of its key, wherever that is. */
    private static double[][] seen(CompiledStream stream, long from, int events) {
        EventState event = new EventState();
        EventState next = new EventState();
        int n = stream.definition().sessions().states().size();
        double[][] seen = new double[n][n + 1];
        for (long e = from; e < from + events; e++) {
            stream.locate(e, event);
            int state = event.path[event.step];
            int to = n;
            if (event.step + 1 < event.slot.length) {
                stream.locate(stream.sequenceOfOccurrence(event.slot.entity, event.slot.occurrence + 1), next);
                to = next.path[next.step];
            }
            seen[state][to] += 1.0 / events;
        }
        return seen;
    }

    @ParameterizedTest
    @MethodSource("machines")
    void transitionsAreWithinAPercentagePointOver20000(Sessions sessions) {
        double[][] wanted = wanted(StateMachine.chances(sessions, "", new Problems()));
        for (int seats : new int[] {256, 4096}) {
            for (long from : WINDOWS) {
                double[][] seen = seen(stream(sessions, seats, 50, "0", 42), from, 20_000);
                for (int s = 0; s < seen.length; s++) {
                    for (int t = 0; t < seen[s].length; t++) {
                        assertThat(seen[s][t])
                                .as("%d seats from %d on: %d to %d", seats, from, s, t)
                                .isCloseTo(wanted[s][t], within(0.01));
                    }
                    assertThat(Arrays.stream(seen[s]).sum())
                            .as("%d seats from %d on: %d", seats, from, s)
                            .isCloseTo(Arrays.stream(wanted[s]).sum(), within(0.01));
                }
            }
        }
    }

    /** Those of which a million has more than 50,000; of rarer ones chance alone takes or adds more than a percent. */
    @ParameterizedTest
    @MethodSource("machines")
    void transitionsAreWithinAPercentOfThemselvesOverAMillion(Sessions sessions) {
        double[][] wanted = wanted(StateMachine.chances(sessions, "", new Problems()));
        double[][] seen = seen(stream(sessions, 1024, 100, "0.5", 42), 0, 1_000_000);
        for (int s = 0; s < seen.length; s++) {
            for (int t = 0; t < seen[s].length; t++) {
                assertThat(seen[s][t])
                        .as("%d to %d", s, t)
                        .isCloseTo(wanted[s][t], within(wanted[s][t] * (wanted[s][t] > 0.05 ? 0.01 : 0.05)));
            }
        }
    }

    /**
     * The lengths of 5,000 sessions that begin in a window, where at least 5 are expected, by chi-square. The 64 seats pass their tables
     * some five times meanwhile, so that a rare length comes as often for each table that has it; there only the first window is even.
     */
    @ParameterizedTest
    @ValueSource(ints = {64, 256, 1024, 4096})
    void lengthsAreDistributedAsWanted(int seats) {
        for (Sessions sessions : new Sessions[] {RIDES, TRIALS, RIDES.begin(Begin.FRESH)}) {
            double[] lengths =
                    StateMachine.chances(sessions, "", new Problems()).lengths();
            for (String skew : new String[] {"0", "0.5"}) {
                for (int keys : new int[] {20, 500}) {
                    CompiledStream stream = stream(sessions, seats, keys, skew, 42);
                    for (long from : seats == 64 && sessions.equals(TRIALS) ? new long[] {0} : WINDOWS) {
                        Chance chance = new Chance();
                        long[] seen = beginning(stream, from, 5_000, lengths.length);
                        int longest = 1;
                        while (5_000
                                                * Arrays.stream(lengths, longest + 1, lengths.length)
                                                        .sum()
                                        >= 5
                                && 5_000 * lengths[longest] >= 5) {
                            longest++;
                        }
                        double[] shares = Arrays.copyOfRange(lengths, 1, longest + 1);
                        shares[longest - 1] =
                                1 - Arrays.stream(shares, 0, longest - 1).sum();
                        long[] counts = Arrays.copyOfRange(seen, 1, longest + 1);
                        counts[longest - 1] =
                                5_000 - Arrays.stream(counts, 0, longest - 1).sum();
                        chance.counts("lengths", counts, shares);
                        assertThat(chance.rejected(from == 0 ? 0.00001 : 0.001))
                                .as(
                                        "%d seats of %d keys, skew %s, from %d on: %s",
                                        seats, keys, skew, from, Arrays.toString(counts))
                                .isEmpty();
                    }
                }
            }
        }
    }

    private static long[] beginning(CompiledStream stream, long from, int sessions, int longest) {
        long[] lengths = new long[longest];
        Schedule.Slot slot = new Schedule.Slot();
        int seen = 0;
        for (long n = from; seen < sessions; n++) {
            stream.schedule().locate(n, slot);
            if (slot.step == 0 && slot.missed == 0) {
                lengths[slot.length]++;
                seen++;
            }
        }
        return lengths;
    }

    @Test
    void freshSessionsAllBeginWithTheStream() {
        CompiledStream fresh = stream(RIDES.begin(Begin.FRESH), 1024, 10, "0.5", 42);
        CompiledStream underWay = stream(RIDES, 1024, 10, "0.5", 42);
        EventState state = new EventState();
        int cut = 0;
        for (long entity = 0; entity < 10_240; entity++) {
            fresh.locate(fresh.sequenceOfOccurrence(entity, 0), state);
            assertThat(state.slot.missed).isZero();
            assertThat(state.path[0]).as("the first state").isZero();
            underWay.locate(underWay.sequenceOfOccurrence(entity, 0), state);
            cut += state.slot.missed > 0 ? 1 : 0;
        }
        assertThat(cut).isBetween(300, 1024);
        assertThat(fresh.fingerprint()).isNotEqualTo(underWay.fingerprint());
    }

    private static Stream<Arguments> rates() {
        return Stream.of("0", "1")
                .flatMap(skew -> Stream.of(1, 7, 64)
                        .flatMap(shards -> Stream.of(0.05, 0.3, 1.0, 2.0, 30.0, 64.0, 150.0, 5_000.0)
                                .map(active -> Arguments.of(skew, shards, active))));
    }

    /** The plan warns exactly where the measured time between two events of a session is off by more than it says. */
    @ParameterizedTest
    @MethodSource("rates")
    void aThinkThatIsNotKeptIsSaid(String skew, int shards, double active) {
        StreamDefinition.Builder talks = StreamDefinition.named("talks")
                .key(key(skew, shards))
                .rate(Math.round(active * 100), 200)
                .sessions(Sessions.thinkingAtMost(Duration.ofSeconds(2)).length(2, 9))
                .identity("id")
                .field("id", uuid());
        CompiledStream stream = Checked.compiled(talks.build(), 42);
        double longer = meanPause(stream) / 2;
        String said = stream.thinkNotKept();
        assertThat(said != null).as("%s times as long, said: %s", longer, said).isEqualTo(longer > SessionPlan.KEPT);
        if (said == null) {
            return;
        }
        assertThat(said).startsWith("2s will be ").contains("shards: ");
        String wayOut = said.replaceAll(".*shards: ([0-9]+).*", "$1");
        boolean otherThink = said.contains("think: ");
        CompiledStream mended = Checked.compiled(
                talks.key(key(skew, Integer.parseInt(wayOut)))
                        .sessions(Sessions.thinkingAtMost(
                                        otherThink
                                                ? Duration.ofMillis(
                                                        Long.parseLong(said.replaceAll(".*think: ([0-9]+)ms.*", "$1")
                                                                .replaceAll(".*think: ([0-9]+)s.*", "$1000")))
                                                : Duration.ofSeconds(2))
                                .length(2, 9))
                        .build(),
                42);
        assertThat(mended.thinkNotKept()).isNull();
    }

    private static Key key(String skew, int shards) {
        return new Key("line_{}", 20_000, new BigDecimal(skew), shards, 1);
    }

    /** In seconds. */
    private static double meanPause(CompiledStream stream) {
        Schedule.Slot slot = new Schedule.Slot();
        Timeline.Due due = new Timeline.Due();
        double sum = 0;
        int pauses = 0;
        for (long n = 100_000; n < 120_000; n++) {
            stream.schedule().locate(n, slot);
            if (slot.step > 0) {
                stream.timeline().locate(n, due);
                double at = due.seconds() + due.nanos() / 1e9;
                stream.timeline().locate(stream.sequenceOfOccurrence(slot.entity, slot.occurrence - 1), due);
                sum += at - due.seconds() - due.nanos() / 1e9;
                pauses++;
            }
        }
        return sum / pauses;
    }
}
