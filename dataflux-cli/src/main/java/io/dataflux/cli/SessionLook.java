package io.dataflux.cli;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.model.Fields;
import io.dataflux.model.Kind.SessionPart;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that begin among some events of a stream, each followed to its end. Its later events need not be among them, as any
 * event of a key can be computed at once.
 */
final class SessionLook {

    private static final int MOST_SESSIONS = 4_000;
    private static final String NUMBER = "__number";
    private static final String STEP = "__step";
    private static final String MISSED = "__missed";
    private static final String STATE = "__state";

    private final EventStream stream;
    private final boolean hasStates;
    private final Map<Integer, Long> lengths = new TreeMap<>();
    private final List<Double> thinkSeconds = new ArrayList<>();
    private final List<Double> pauseSeconds = new ArrayList<>();
    private final Map<String, Map<String, Long>> transitions = new LinkedHashMap<>();
    private long sessions;

    private SessionLook(EventStream stream, Sessions definition) {
        this.stream = stream;
        this.hasStates = !definition.states().isEmpty();
        transitions.put("", new LinkedHashMap<>());
        definition.states().keySet().forEach(state -> transitions.put(state, new LinkedHashMap<>()));
    }

    /** The sessions that begin with an event of the range; null if the stream has none. */
    static @Nullable SessionLook at(EventStream stream, long from, long count) {
        StreamDefinition definition = definition(stream);
        Sessions sessions = definition.sessions();
        if (sessions == null) {
            return null;
        }
        // an added field changes no other field: these are the same events with more in them
        EventStream asked = stream.with(d -> {
            d.field(NUMBER, Fields.session(SessionPart.NUMBER))
                    .field(STEP, Fields.session(SessionPart.STEP))
                    .field(MISSED, Fields.session(SessionPart.MISSED));
            return sessions.states().isEmpty() ? d : d.field(STATE, Fields.session(SessionPart.STATE));
        });
        SessionLook look = new SessionLook(asked, sessions);
        for (long n = from; n < from + count && look.sessions < MOST_SESSIONS; n++) {
            Event event = asked.event(n);
            if (number(event, STEP) == 0 && number(event, MISSED) == 0) {
                look.walk(event);
            }
        }
        return look;
    }

    static StreamDefinition definition(EventStream stream) {
        StreamDefinition[] read = new StreamDefinition[1];
        stream.with(d -> {
            read[0] = d.build();
            return d;
        });
        return read[0];
    }

    private void walk(Event first) {
        sessions++;
        int length = 1;
        Event last = first;
        count("", state(first));
        for (Event next = after(last); next != null; next = after(next)) {
            double seconds = seconds(stream.timeOf(last.sequence()), stream.timeOf(next.sequence()));
            if (number(next, NUMBER) != number(first, NUMBER)) {
                pauseSeconds.add(seconds);
                break;
            }
            thinkSeconds.add(seconds);
            count(state(last), state(next));
            length++;
            last = next;
        }
        count(state(last), Sessions.LEAVE);
        lengths.merge(length, 1L, Long::sum);
    }

    /** The key's next event, or null at the end of the stream. */
    private @Nullable Event after(Event event) {
        long next = stream.sequenceOfOccurrence(event.entity(), event.occurrence() + 1);
        return next < 0 || next >= stream.end() ? null : stream.event(next);
    }

    private void count(String from, String to) {
        if (hasStates) {
            transitions.computeIfAbsent(from, s -> new LinkedHashMap<>()).merge(to, 1L, Long::sum);
        }
    }

    private static long number(Event event, String field) {
        return event.field(field) instanceof Number number ? number.longValue() : -1;
    }

    private static String state(Event event) {
        return String.valueOf(event.field(STATE));
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toNanos() / 1e9;
    }

    long sessions() {
        return sessions;
    }

    /** Sessions by their number of events. */
    Map<Integer, Long> lengths() {
        return lengths;
    }

    double meanLength() {
        long events = 0;
        for (Map.Entry<Integer, Long> length : lengths.entrySet()) {
            events += length.getKey() * length.getValue();
        }
        return (double) events / Math.max(1, sessions);
    }

    /** Between two events of a session. */
    List<Double> thinkSeconds() {
        return thinkSeconds;
    }

    /** From the last event of a session to the first of the key's next one. */
    List<Double> pauseSeconds() {
        return pauseSeconds;
    }

    /** How often each transition occurred: from a state, or "" for the start, to a state or the end. Empty without states. */
    Map<String, Map<String, Long>> transitions() {
        return hasStates ? transitions : Map.of(); // order never seen
    }
}
