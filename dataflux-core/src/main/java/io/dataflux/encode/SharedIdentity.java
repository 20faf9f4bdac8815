package io.dataflux.encode;

import io.dataflux.Event;
import io.dataflux.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Fields that should be unique together and are not, such as a key and a time in whole seconds where a key has many events in a second.
 *
 * @param fields the identity fields
 * @param values what several events have in common
 * @param events how many of the run's events do
 * @param first one of these events
 * @param second the next one
 * @param alike whether the two have the same bytes, so that nothing tells them apart
 */
public record SharedIdentity(
        List<String> fields, List<String> values, long events, long first, long second, boolean alike) {

    /** Two events that have the same identity now and then are told apart by their other values; more are not. */
    private static final int TOLERATED = 2;

    private static final int ALL = 20_000;
    private static final int WINDOWS = 16;
    private static final int ENTITIES = 12;
    private static final int OCCURRENCES = 16;
    private static final int LARGEST_GROUP = 10_000;
    private static final Duration HORIZON = Duration.ofDays(28);

    /** Whether a verdict that has only the identity to go by would say what is not so. */
    public boolean forbidsVerdict() {
        return events > TOLERATED;
    }

    /** Such as {@code 200 events share who=m1, at=...}, with what to do. */
    public String words() {
        StringBuilder shared = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            shared.append(i == 0 ? "" : ", ").append(fields.get(i)).append('=').append(values.get(i));
        }
        return fields + " is not unique: " + String.format(Locale.ROOT, "%,d", events) + " events share " + shared
                + " (" + first + ", " + second + (events > 2 ? ", ..." : "") + "), so "
                + (forbidsVerdict()
                        ? "what comes out of a system cannot be judged"
                        : "a verdict may name the other one")
                + "; name an id field ({id: \"evt_{}\"}), a finer time format, or an occurrence field";
    }

    /** All of few events; of many the hottest keys and some others, in windows over the whole range. */
    static @Nullable SharedIdentity search(CompiledStream stream, long from, long to) {
        Search search = new Search(stream, from, to);
        if (to - from <= ALL) {
            for (long n = from; n < to; n++) {
                search.add(n);
            }
        } else {
            Schedule schedule = stream.schedule();
            long end = Math.min(
                    to, Math.max(from + 1, stream.sequenceAt(stream.timeOf(from).plus(HORIZON))));
            for (int window = 0; window < WINDOWS; window++) {
                long begin = from + (end - from) / WINDOWS * window;
                for (long entity : entities(stream, begin, to)) {
                    long occurrence = schedule.count(entity, begin);
                    for (int i = 0; i < OCCURRENCES; i++) {
                        long n = schedule.sequenceOfOccurrence(entity, occurrence + i);
                        if (n < to) {
                            search.add(n);
                        }
                    }
                }
                search.forget();
            }
        }
        return search.worst;
    }

    private static Set<Long> entities(CompiledStream stream, long begin, long to) {
        Set<Long> entities = new LinkedHashSet<>();
        for (long entity = 0; entity < Math.min(ENTITIES / 3, stream.schedule().entities()); entity++) {
            entities.add(entity);
        }
        Schedule.Slot slot = new Schedule.Slot();
        for (long n = begin; n < Math.min(to, begin + ENTITIES) && entities.size() < ENTITIES; n++) {
            stream.schedule().locate(n, slot);
            entities.add(slot.entity);
        }
        return entities;
    }

    /** The identities met so far, and the one that most events share. */
    private static final class Search {

        private final CompiledStream stream;
        private final long from;
        private final long to;
        private final Map<List<Object>, Long> seen = new HashMap<>(); // order never seen
        private int groups;
        private @Nullable SharedIdentity worst;

        Search(CompiledStream stream, long from, long to) {
            this.stream = stream;
            this.from = from;
            this.to = to;
        }

        void add(long n) {
            List<Object> identity = List.copyOf(stream.event(n).identity());
            Long other = seen.putIfAbsent(identity, n);
            if (other != null && other != n && (worst == null || groups < WINDOWS)) {
                groups++;
                SharedIdentity found = group(identity, other);
                worst = worst == null || found.events > worst.events ? found : worst;
            }
        }

        void forget() {
            seen.clear();
        }

        /** How many events around a first one have its identity. */
        private SharedIdentity group(List<Object> identity, long one) {
            Schedule schedule = stream.schedule();
            Schedule.Slot slot = new Schedule.Slot();
            schedule.locate(one, slot);
            List<Long> members = new ArrayList<>(List.of(one));
            for (int step : new int[] {-1, 1}) {
                int misses = 0;
                for (long at = slot.occurrence + step;
                        at >= 0 && misses < OCCURRENCES && members.size() < LARGEST_GROUP;
                        at += step) {
                    long n = schedule.sequenceOfOccurrence(slot.entity, at);
                    if (n < from || n >= to) {
                        break;
                    }
                    boolean same = stream.event(n).identity().equals(identity);
                    misses = same ? 0 : misses + 1;
                    if (same) {
                        members.add(n);
                    }
                }
            }
            members.sort(null);
            Event first = stream.event(members.get(0));
            boolean alike =
                    Arrays.equals(first.bytes(), stream.event(members.get(1)).bytes());
            return new SharedIdentity(
                    stream.definition().identity(),
                    identity.stream().map(String::valueOf).toList(),
                    members.size(),
                    members.get(0),
                    members.get(1),
                    alike);
        }
    }
}
