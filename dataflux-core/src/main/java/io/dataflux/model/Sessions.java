package io.dataflux.model;

import io.dataflux.model.Kind.Length;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a stream's entities: a few events in a row, then a long pause. Immutable; made by {@link #thinking} or read from YAML,
 * checked when a stream or plan is made.
 *
 * <p>With states, a session is a walk from one of the {@code start} states along weighted transitions until it leaves. Its length is drawn
 * first, from {@code length} if it is set, or else from the lengths of such walks. The walk is then drawn from all walks of that length,
 * with their relative probabilities. In the long run and at any time, states and transitions come as often as their weights say.
 *
 * <pre>{@code
 * Sessions visits = Sessions.thinking(Duration.ofSeconds(20))
 *         .state("landing", "page", 6, "leave", 4)
 *         .state("page", "page", 5, "cart", 2, "leave", 3)
 *         .state("cart", "purchase", 4, "leave", 6)
 *         .state("purchase");
 * }</pre>
 *
 * @param think the mean time between two events of a session
 * @param thinkAtMost whether entities with more events than {@code think} allows have shorter pauses, instead of being refused
 * @param length how many events a session has; null to take the lengths of walks through the states
 * @param begin whether sessions are under way when the stream begins
 * @param start weights of the states in which sessions begin; empty for the first state
 * @param states each state's transitions: weights by the next state, or {@link #LEAVE}; empty for a state that always leaves
 */
public record Sessions(
        Duration think,
        boolean thinkAtMost,
        @Nullable Length length,
        Begin begin,
        Map<String, BigDecimal> start,
        Map<String, Map<String, BigDecimal>> states) {

    /** The word for the end of a session among the transitions of a state. */
    public static final String LEAVE = "leave";

    /** The most events of a session. */
    public static final int LONGEST = 256;
    /** What the first sessions of a stream are like. */
    public enum Begin {
        /** As at any other time: sessions are under way, and the first events of a key may come from the midst of one. */
        UNDER_WAY,
        /** All begin with the stream, so that each session is in it from its first event on. */
        FRESH
    }

    /** The longest mean time between two events of a session. */
    public static final Duration LONGEST_THINK = Duration.ofDays(30);

    public Sessions {
        start = Collections.unmodifiableMap(new LinkedHashMap<>(start));
        Map<String, Map<String, BigDecimal>> copy = new LinkedHashMap<>();
        states.forEach((name, to) -> copy.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(to))));
        states = Collections.unmodifiableMap(copy);
    }

    /** Sessions with this time between two of their events; give them a length or states. */
    public static Sessions thinking(Duration think) {
        return new Sessions(think, false, null, Begin.UNDER_WAY, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** As {@link #thinking}, but entities with more events than this allows have shorter pauses. */
    public static Sessions thinkingAtMost(Duration think) {
        return new Sessions(think, true, null, Begin.UNDER_WAY, new LinkedHashMap<>(), new LinkedHashMap<>());
    }

    /** Sessions of {@code min} to {@code max} events, all lengths equally likely. */
    public Sessions length(int min, int max) {
        return length(new Length(min, max, null));
    }

    /** Sessions of such lengths. */
    public Sessions length(Length length) {
        return new Sessions(think, thinkAtMost, length, begin, start, states);
    }

    /** What the first sessions of the stream are like, {@link Begin#UNDER_WAY} by default. */
    public Sessions begin(Begin begin) {
        return new Sessions(think, thinkAtMost, length, begin, start, states);
    }

    /** The states in which sessions begin; alternating states and weights: {@code start("landing", 9, "search", 1)}. */
    public Sessions start(Object... statesAndWeights) {
        return new Sessions(think, thinkAtMost, length, begin, weights(statesAndWeights), states);
    }

    /** One more state; alternating next states and weights: {@code state("cart", "purchase", 4, "leave", 6)}. */
    public Sessions state(String name, Object... statesAndWeights) {
        Map<String, Map<String, BigDecimal>> more = new LinkedHashMap<>(states);
        if (more.put(name, weights(statesAndWeights)) != null) {
            throw new IllegalArgumentException("state '" + name + "' is defined twice");
        }
        return new Sessions(think, thinkAtMost, length, begin, start, more);
    }

    private static Map<String, BigDecimal> weights(Object... statesAndWeights) {
        if (statesAndWeights.length % 2 != 0) {
            throw new IllegalArgumentException("states and weights must alternate, such as \"page\", 6, \"leave\", 4");
        }
        Map<String, BigDecimal> weights = new LinkedHashMap<>();
        for (int i = 0; i < statesAndWeights.length; i += 2) {
            String name = statesAndWeights[i].toString();
            if (weights.put(name, new BigDecimal(statesAndWeights[i + 1].toString())) != null) {
                throw new IllegalArgumentException("state '" + name + "' is defined twice");
            }
        }
        return weights;
    }

    /** Sessions with the same states that can always be planned: what else is wrong with a stream is found with them if these are wrong. */
    public Sessions withStatesAlone() {
        Map<String, BigDecimal> each = new LinkedHashMap<>();
        Map<String, Map<String, BigDecimal>> left = new LinkedHashMap<>();
        for (String state : states.keySet()) {
            each.put(state, BigDecimal.ONE);
            left.put(state, Map.of(LEAVE, BigDecimal.ONE)); // order never seen
        }
        Length any = states.isEmpty() ? new Length(1, 2, null) : null;
        return new Sessions(Duration.ofMillis(1), true, any, begin, each, left);
    }
}
