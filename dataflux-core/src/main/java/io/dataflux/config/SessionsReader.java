package io.dataflux.config;

import io.dataflux.config.Tree.Entry;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.model.Kind.Length;
import io.dataflux.model.Sessions;
import io.dataflux.model.Sessions.Begin;
import io.dataflux.plan.RunCompiler;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads how the entities of a stream come in sessions:
 *
 * <pre>
 * sessions:
 *   think: 20s                        mean time between two events of a session; {at_most: 20s} gives busy keys shorter pauses
 *   length: [1, 12]                   as for lists; with states, the default is the lengths of the paths through them
 *   begin: fresh                      all first sessions begin with the stream; under_way, the default, leaves them in progress
 *   start: {landing: 9, search: 1}    or one name; the default is the first state
 *   states:
 *     landing:  {product: 6, leave: 4}    next states and weights
 *     product:  {product: 5, cart: 2, leave: 3}
 *     cart:     {purchase: 4, leave: 6}
 *     purchase: leave                     or the only next state
 * </pre>
 */
final class SessionsReader {

    private static final Duration LEAST_THINK = Duration.ofMillis(1);

    private final Reading reading;

    SessionsReader(Reading reading) {
        this.reading = reading;
    }

    /** The sessions; after a problem some that only serve to find others, or null if there are none at all. */
    @Nullable
    Sessions read(Tree tree) {
        Mapping map = reading.map(tree, "write {think: 20s, length: [1, 12]}, or think and states");
        if (map == null) {
            return null;
        }
        int before = reading.problems().count();
        SettingsReader settings = new SettingsReader(map, reading);
        Tree think = settings.required("think", "the mean time between two events of a session, such as 20s");
        boolean atMost = think instanceof Mapping;
        Duration time = null;
        if (think instanceof Mapping limit) {
            SettingsReader about = new SettingsReader(limit, reading);
            time = about.duration("at_most", LEAST_THINK, LEAST_THINK, Sessions.LONGEST_THINK);
            about.required("at_most", "a time such as 20s");
            about.finish();
        } else if (think != null) {
            time = settings.duration("think", LEAST_THINK, LEAST_THINK, Sessions.LONGEST_THINK);
        }
        Tree length = settings.find("length");
        Length lengths = length == null ? null : new FieldReader(reading).length(length, 1, Sessions.LONGEST);
        boolean fresh =
                settings.oneOf("begin", "under_way", "under_way", "fresh").equals("fresh");
        Tree start = settings.find("start");
        Tree states = settings.find("states");
        Map<String, Map<String, BigDecimal>> all = states == null ? new LinkedHashMap<>() : states(states);
        Map<String, BigDecimal> first = start == null ? new LinkedHashMap<>() : weights(start);
        settings.finish();
        int wrong = reading.problems().count() - before;
        Sessions sessions = new Sessions(
                time == null ? LEAST_THINK : time, atMost, lengths, fresh ? Begin.FRESH : Begin.UNDER_WAY, first, all);
        boolean unknown = states != null && all.isEmpty();
        return wrong == 0 ? sessions : unknown ? null : RunCompiler.mended(sessions);
    }

    private Map<String, Map<String, BigDecimal>> states(Tree tree) {
        Map<String, Map<String, BigDecimal>> states = new LinkedHashMap<>();
        Mapping map = reading.map(tree, "write a map of states, such as {landing: {page: 6, leave: 4}, page: leave}");
        if (map != null) {
            if (map.entries().isEmpty()) {
                reading.problem(map, "has no states; write at least one, or leave 'states' out");
            }
            for (Entry entry : map.all()) {
                states.put(entry.key().text(), weights(entry.value()));
            }
        }
        return states;
    }

    /** States and weights, or one state. */
    private Map<String, BigDecimal> weights(Tree tree) {
        Map<String, BigDecimal> weights = new LinkedHashMap<>();
        if (tree instanceof Scalar) {
            String state = reading.text(tree);
            if (state != null) {
                weights.put(state, BigDecimal.ONE);
            }
            return weights;
        }
        Mapping map = reading.map(tree, "write states and weights, such as {page: 6, leave: 4}, or one state");
        if (map != null) {
            if (map.entries().isEmpty()) {
                reading.problem(map, "leads nowhere; write states and weights, such as {page: 6, leave: 4}, or leave");
            }
            for (Entry entry : map.all()) {
                BigDecimal weight = reading.decimal(entry.value(), NumberRange.WEIGHT_OR_0);
                if (weight != null) {
                    weights.put(entry.key().text(), weight);
                }
            }
        }
        return weights;
    }
}
