package io.dataflux.encode;

import static io.dataflux.encode.RefusedDefinitionsTest.refused;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.copy;
import static io.dataflux.model.Fields.counter;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.linear;
import static io.dataflux.model.Fields.occurrence;
import static io.dataflux.model.Fields.perSession;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.sequence;
import static io.dataflux.model.Fields.session;
import static io.dataflux.model.Fields.sessionId;
import static io.dataflux.model.Fields.smooth;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.total;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.visits;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dataflux.Event;
import io.dataflux.catalog.Catalog;
import io.dataflux.model.Field;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.Kind.SessionPart;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Mix;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions of a stream: each event against the earlier ones of its session, and walks against all the walks that there are. */
class SessionsTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    private static final Sessions VISITS = Sessions.thinking(Duration.ofSeconds(5))
            .start("home", 3, "search", 1)
            .state("home", "home", 2, "search", 3, "leave", 1)
            .state("search", "cart", 1, "home", 1)
            .state("cart", "search", "0.5", "leave", 2);

    private static final StreamDefinition CLICKS = StreamDefinition.named("clicks")
            .key("user_{}", 3000)
            .rate(100, 1)
            .sessions(VISITS)
            .identity("id")
            .field("id", uuid())
            .field("session", sessionId("s{}"))
            .field("number", session(SessionPart.NUMBER))
            .field("step", session(SessionPart.STEP))
            .field("missed", session(SessionPart.MISSED))
            .field("state", session(SessionPart.STATE))
            .field("pause", session(SessionPart.PAUSE))
            .field("amount", whenElse("state", constant(0), "cart", integer(1, 99)))
            .field("sum", total("amount"))
            .field("carts", visits("cart"))
            .field("source", perSession(pick("a", 1, "b", 1, "c", 1)))
            .field("item", perSession(integer(0, 1_000_000), "search"))
            .build();

    /** Reduced 100 entities of 100 events, thorough 1000 of 1000: each entity's events as its history. */
    @Test
    void eachEventGoesOnWhereTheOneBeforeStopped() {
        CompiledStream stream = Checked.compiled(CLICKS, 42);
        int underWay = 0;
        for (long entity = 0; entity < (THOROUGH ? 1000 : 100); entity++) {
            Event before = null;
            for (long o = 0; o < (THOROUGH ? 1000 : 100); o++) {
                Event event = stream.event(stream.sequenceOfOccurrence(entity, o));
                boolean first = number(event, "step") == 0;
                if (before != null && !first) {
                    assertThat(event.field("session")).isEqualTo(before.field("session"));
                    assertThat(event.field("number")).isEqualTo(before.field("number"));
                    assertThat(event.field("missed")).isEqualTo(before.field("missed"));
                    assertThat(number(event, "step")).isEqualTo(number(before, "step") + 1);
                    assertThat(event.field("source")).isEqualTo(before.field("source"));
                    assertThat(number(event, "pause"))
                            .isEqualTo(
                                    event.time().toEpochMilli() - before.time().toEpochMilli());
                    if (!"search".equals(event.field("state"))) {
                        assertThat(event.field("item")).isEqualTo(before.field("item"));
                    }
                    assertThat(VISITS.states().get(before.field("state"))).containsKey((String) event.field("state"));
                } else {
                    assertThat(first).isTrue();
                    assertThat(event.field("pause")).isNull();
                    assertThat(number(event, "number")).isEqualTo(before == null ? 0 : number(before, "number") + 1);
                    if (number(event, "missed") == 0) {
                        assertThat(VISITS.start()).containsKey((String) event.field("state"));
                    } else {
                        assertThat(before)
                                .as("only the first session is under way")
                                .isNull();
                        underWay++;
                    }
                    if (before != null) {
                        assertThat(VISITS.states().get(before.field("state"))).containsKey("leave");
                    }
                }
                boolean cart = "cart".equals(event.field("state"));
                assertThat(number(event, "sum"))
                        .isEqualTo(number(event, "amount") + (first ? 0 : number(before, "sum")));
                assertThat(number(event, "carts")).isEqualTo((cart ? 1 : 0) + (first ? 0 : number(before, "carts")));
                before = event;
            }
        }
        assertThat(underWay).isPositive();
    }

    /** A start between two milliseconds, and events that are about earlier than they are due: neither is in a pause. */
    @Test
    void aPauseIsWhatLiesBetweenTheTimesAsTheyAreWritten() {
        CompiledStream stream = Checked.compiled(
                CLICKS.toBuilder()
                        .start(Instant.parse("2025-01-01T00:00:00.000700Z"))
                        .key("user_{}", 30_000)
                        .rate(997, 1)
                        .lateness(new StreamDefinition.Lateness(
                                400_000, Duration.ofMillis(1), Duration.ofSeconds(9), null))
                        .build(),
                42);
        int pauses = 0;
        for (long entity = 0; entity < 100; entity++) {
            for (long o = 1; o < 20; o++) {
                long sequence = stream.sequenceOfOccurrence(entity, o);
                Event event = stream.event(sequence);
                long before = stream.sequenceOfOccurrence(entity, o - 1);
                if (event.field("pause") != null) {
                    pauses++;
                    assertThat(number(event, "pause"))
                            .isEqualTo(stream.timeOf(sequence).toEpochMilli()
                                    - stream.timeOf(before).toEpochMilli());
                }
            }
        }
        assertThat(pauses).isGreaterThan(500);
        Checked.events(stream, 0, 1, 17, 999, 12_345);
    }

    @Test
    void whatBelongsToThisEventOnlyIsNotAddedUp() {
        String own =
                "s.fields.b: 'a' cannot be added up: it comes from the time or the number of the event, and those of the"
                        + " session's earlier events are not available; total needs a number that is drawn, or computed from such numbers";
        Field slow = smooth("0", "9", Duration.ofMinutes(5));
        for (Field field : List.of(
                slow,
                counter("5/s"),
                linear("slow", "2", "1", "0", "0", "100"),
                decimal(Bound.of("slow"), Bound.of(100), 2),
                integer(-5, "line"),
                sequence(0),
                occurrence(1),
                copy("nth"),
                time(),
                time(TimeFormat.EPOCH_MILLIS),
                when("state", "home", constant(1), "cart", copy("nth")),
                when("state", "home", constant(1), "cart", when("state", "cart", copy("line"))))) {
            assertThat(refused(CLICKS.toBuilder()
                            .field("slow", slow)
                            .field("nth", occurrence(0))
                            .field("line", linear("slow", "2", "1", "0", "0", "100"))
                            .field("a", field)
                            .field("b", total("a"))))
                    .isEqualTo(own);
        }
    }

    private static long number(Event event, String path) {
        return (Long) event.field(path);
    }

    @Test
    void sessionsHaveIdsOfTheirOwn() {
        CompiledStream stream = Checked.compiled(CLICKS, 42);
        Map<Object, String> sessions = new HashMap<>();
        for (Event event : stream.events(0, 60_000)) {
            String session = event.entity() + " " + event.field("number");
            assertThat(sessions.computeIfAbsent(event.field("session"), id -> session))
                    .isEqualTo(session);
        }
        assertThat(sessions).hasSizeGreaterThan(10_000);
    }

    /** Walks of five events by their frequency, against their shares among all walks of five events; 5 standard deviations. */
    @Test
    void walksOfALengthComeAsOftenAsAmongAllWalks() {
        Map<String, Double> expected = walks(VISITS);
        assertThat(expected).hasSizeGreaterThan(8);
        assertThat(comeAsOftenAs(expected)).isTrue();
        for (Sessions other : List.of(
                Sessions.thinking(Duration.ofSeconds(5))
                        .start("home", "3.15", "search", 1)
                        .state("home", "home", 2, "search", 3, "leave", 1)
                        .state("search", "cart", 1, "home", 1)
                        .state("cart", "search", "0.5", "leave", 2),
                Sessions.thinking(Duration.ofSeconds(5))
                        .start("home", 3, "search", 1)
                        .state("home", "home", 2, "search", "3.15", "leave", 1)
                        .state("search", "cart", 1, "home", 1)
                        .state("cart", "search", "0.5", "leave", 2),
                Sessions.thinking(Duration.ofSeconds(5))
                        .start("home", 3, "search", 1)
                        .state("home", "home", 2, "search", 3, "leave", 1)
                        .state("search", "cart", "1.05", "home", 1)
                        .state("cart", "search", "0.5", "leave", 2))) {
            assertThat(comeAsOftenAs(walks(other)))
                    .as("a weight that is 5 percent off: %s", other)
                    .isFalse();
        }
    }

    private static Map<String, Double> walks(Sessions sessions) {
        Map<String, Double> walks = new TreeMap<>();
        walks(StateMachine.chances(sessions, "", new Problems()), "", -1, 1, walks);
        return walks;
    }

    /** Reduced 400,000 walks of five states, thorough 2,000,000. */
    private static boolean comeAsOftenAs(Map<String, Double> expected) {
        Problems problems = new Problems();
        StateMachine machine = StateMachine.of(StateMachine.chances(VISITS, "", problems), new int[] {5}, "", problems);
        Map<String, Integer> seen = new TreeMap<>();
        byte[] path = new byte[io.dataflux.model.Sessions.LONGEST];
        for (int i = 0; i < (THOROUGH ? 2_000_000 : 400_000); i++) {
            machine.walk(Mix.sub(7, i), 5, 0, 4, path);
            StringBuilder walk = new StringBuilder();
            for (int step = 0; step < 5; step++) {
                walk.append(path[step]);
            }
            seen.merge(walk.toString(), 1, Integer::sum);
        }
        assertThat(expected.keySet()).containsAll(seen.keySet());
        double all = expected.values().stream().mapToDouble(p -> p).sum();
        List<String> walks = List.copyOf(expected.keySet());
        Chance chance = new Chance();
        chance.counts(
                "walks",
                walks.stream().mapToLong(walk -> seen.getOrDefault(walk, 0)).toArray(),
                walks.stream().mapToDouble(walk -> expected.get(walk) / all).toArray());
        return chance.rejected(1e-6).isEmpty();
    }

    private static void walks(
            StateMachine.Chances chances, String walk, int state, double p, Map<String, Double> walks) {
        int n = chances.names().size();
        if (walk.length() == 5) {
            if (chances.to()[state][n] > 0) {
                walks.put(walk, p * chances.to()[state][n]);
            }
            return;
        }
        for (int t = 0; t < n; t++) {
            double chance = state < 0 ? chances.start()[t] : chances.to()[state][t];
            if (chance > 0) {
                walks(chances, walk + t, t, p * chance, walks);
            }
        }
    }

    @Test
    void lengthsAreQuantiles() {
        assertThat(Quantiles.of(new Length(1, 8, null), 16))
                .containsExactly(1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8);
        assertThat(Quantiles.of(new Length(3, 3, null), 16)).containsOnly(3).hasSize(16);
        assertThat(Quantiles.of(new Length(2, 40, new java.math.BigDecimal("0.5")), 16))
                .containsExactly(2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 6);
        assertThat(Quantiles.of(new double[] {0, 0, 1, 0, 1}, 16))
                .containsExactly(2, 2, 2, 2, 2, 2, 2, 2, 4, 4, 4, 4, 4, 4, 4, 4);
    }

    @Test
    void eventsOfSessionsEqualThoseOfTheSecondImplementation() {
        CompiledStream clicks = Checked.compiled(CLICKS, 42);
        Checked.events(clicks, 0, 0, 1, 2, 17, 999, 12_345, 1L << 40);
        Checked.events(clicks.withTag(9), 9, 4, 1_000_003);
    }

    @ParameterizedTest
    @ValueSource(strings = {"clickstream", "video_logs", "user_interactions", "recommendation_feedback"})
    void builtInStreamsEqualTheSecondImplementation(String name) {
        CompiledStream stream = Checked.compiled(Catalog.definition(name), 42);
        Checked.events(stream, 0, 0, 1, 77, 123_456, 7_000_000_123L, 1L << 45);
    }

    /** Plays end before the shortest video does. */
    @Test
    void noPlayIsLongerThanItsVideo() {
        int longest = Catalog.definition("video_logs").sessions().length().max();
        assertThat((longest - 1) * 9).isLessThanOrEqualTo(308);
    }

    @Test
    void aWarmThreadAllocatesNothingPerEvent() {
        CompiledStream stream = Checked.compiled(CLICKS, 42);
        EventState state = new EventState();
        byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long bytes = encoded(stream, state, b, 20_000);
        long before = thread.getCurrentThreadAllocatedBytes();
        long again = encoded(stream, state, b, 200_000);
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;
        assertThat(again).isGreaterThan(bytes);
        assertThat(allocated / 200_000.0).as("bytes per event").isLessThan(0.01);
    }

    private static long encoded(CompiledStream stream, EventState state, byte[] b, int events) {
        long bytes = 0;
        for (int n = 10_000_000; n < 10_000_000 + events; n++) { // all sorts of events, from the first on
            stream.locate(n, state);
            bytes += stream.encode(state, b, 0);
        }
        return bytes;
    }
}
