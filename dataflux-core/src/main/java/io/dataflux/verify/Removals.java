package io.dataflux.verify;

import io.dataflux.model.Corruption;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.Sources.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which of the missing events a target may have removed by its own rules. Where it keeps only the last record of a key, that is the last one
 * in the order of sending, after planned delays and copies; any other may be gone. Where the beginning of a source is gone, what was sent
 * before the first event that is still there may be gone with it, but not more than is gone. Not thread-safe.
 */
final class Removals {

    private static final int KEYS_ASKED = 1 << 16;

    private final StreamState[] states;
    private final Sources sources;
    private boolean lastPerKeyEverywhere;
    private final Set<String> lastPerKey = new HashSet<>(); // order never seen
    private final Map<String, Long> fromStart = new HashMap<>(); // order never seen
    private long gone;
    /** The lowest place that came of a shard in a source whose beginning is gone. */
    private final Map<List<Integer>, Long> lowest = new HashMap<>(); // order never seen

    private final Schedule.Slot other = new Schedule.Slot();
    private final Map<Integer, Set<Integer>> sourcesOf = new HashMap<>(); // order never seen
    private long superseded;
    private long before;

    Removals(StreamState[] states, Sources sources) {
        this.states = states;
        this.sources = sources;
    }

    void keepsLastPerKey() {
        lastPerKeyEverywhere = true;
    }

    /** @param in names of sources */
    void keepsLastPerKey(Set<String> in) {
        lastPerKey.addAll(in);
    }

    /** @param records per source, how many are gone from its beginning */
    void goneFromStart(Map<String, Long> records) {
        records.forEach((source, count) -> {
            if (count > 0) {
                fromStart.merge(source, count, Math::max);
            }
        });
        gone = fromStart.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Notes an event that is there. */
    void saw(Source source, int stream, Schedule.Slot at) {
        if (gone > 0 && fromStart.containsKey(source.name)) {
            long place = states[stream].sent.place(at.shard, at.local, false);
            lowest.merge(List.of(source.number, stream, at.shard), place, Math::min);
        }
    }

    /** Forgets what was counted for an earlier verdict. */
    void begin() {
        sourcesOf.clear();
        superseded = 0;
        before = 0;
    }

    /** Whether a missing event may have been removed; counts it then. */
    boolean explain(int stream, Schedule.Slot at) {
        if (keepsLast(stream, at.entity) && (isSuperseded(stream, at) || byOtherStream(stream, at.entity))) {
            superseded++;
            return true;
        }
        if (gone > before && wasBefore(stream, at)) {
            before++;
            return true;
        }
        return false;
    }

    /** Whether a second delivery that is missing, of an event that is there, may have been the one that is kept, or was removed. */
    boolean explainCopy(int stream, Schedule.Slot at) {
        boolean may = keepsLast(stream, at.entity);
        superseded += may ? 1 : 0;
        return may;
    }

    /** Whether the events of a key are where only the last one is kept for sure. */
    private boolean keepsLast(int stream, long entity) {
        if (lastPerKeyEverywhere || lastPerKey.isEmpty()) {
            return lastPerKeyEverywhere;
        }
        int home = states[stream].keyed ? states[stream].homes.of(entity) : KeyHomes.NOWHERE;
        Set<Integer> possible = home >= 0 ? Collections.singleton(home) : sourcesOf(stream);
        return !possible.isEmpty() && possible.stream().allMatch(source -> lastPerKey.contains(sources.name(source)));
    }

    /** How many missing events were not judged. */
    long notJudged() {
        return superseded + before;
    }

    /** What the target keeps, and what therefore was not judged; empty if it keeps everything. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        if (lastPerKeyEverywhere || !lastPerKey.isEmpty()) {
            words.add("the last record of each key (compaction); "
                    + (superseded == 0
                            ? "it has removed no event yet"
                            : Wording.count(superseded) + (superseded == 1 ? " event" : " events")
                                    + " that a later one of the key replaces " + (superseded == 1 ? "is" : "are")
                                    + " not there and not judged"));
        }
        if (gone > 0) {
            words.add("not the first " + Wording.count(gone) + (gone == 1 ? " record of " : " records of ")
                    + (fromStart.size() == 1
                            ? fromStart.keySet().iterator().next()
                            : Wording.count(fromStart.size()) + " sources")
                    + " (retention); " + Wording.count(before) + (before == 1 ? " event" : " events")
                    + " from there " + (before == 1 ? "is" : "are") + " not judged");
        }
        return words;
    }

    private boolean isSuperseded(int stream, Schedule.Slot at) {
        StreamState in = states[stream];
        if (!in.keyed || in.corruption(at) == Corruption.NULL_KEY) {
            return false;
        }
        Schedule schedule = in.stream.schedule();
        long place = in.sent.lastPlace(at.shard, at.local);
        long end = in.sent.endOfSent(at.shard);
        long block = in.sent.block();
        for (long occurrence = at.occurrence + 1; ; occurrence++) {
            long sequence = schedule.sequenceOfOccurrence(at.entity, occurrence);
            if (sequence >= in.stream.end()) {
                break;
            }
            schedule.locate(sequence, other);
            if (other.local >= end) {
                break;
            }
            if (replaces(in, sequence, place)) {
                return true;
            }
        }
        for (long occurrence = at.occurrence - 1; occurrence >= 0 && block > 1; occurrence--) {
            long sequence = schedule.sequenceOfOccurrence(at.entity, occurrence);
            schedule.locate(sequence, other);
            if (other.local / block != at.local / block) {
                break;
            }
            if (replaces(in, sequence, place)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the event in {@link #other} certainly came to the target, or is there, after a place. */
    private boolean replaces(StreamState in, long sequence, long place) {
        if (!in.meant(sequence) || in.corruption(other) == Corruption.NULL_KEY) {
            return false;
        }
        return in.sent.lastPlace(other.shard, other.local) > place
                || in.hasSeen(other) && in.sent.anyPlace(other.shard, other.local, each -> each > place)
                || in.hasSeen(other) && in.sent.sentAgain(other.shard, other.local);
    }

    /** Whether an event of another stream with the same key is where events of this stream are. */
    private boolean byOtherStream(int stream, long entity) {
        byte[] key = states.length == 1 ? null : states[stream].stream.key(entity);
        for (int i = 0; i < states.length && key != null; i++) {
            StreamState in = states[i];
            if (i != stream && in.keyed && entity < in.stream.schedule().entities()) {
                int home = in.homes.of(entity);
                if (home >= 0
                        && Arrays.equals(key, in.stream.key(entity))
                        && sourcesOf(stream).contains(home)) {
                    return true;
                }
            }
        }
        return false;
    }

    private Set<Integer> sourcesOf(int stream) {
        Set<Integer> known = sourcesOf.get(stream);
        if (known != null) {
            return known;
        }
        Set<Integer> of = new HashSet<>(); // order never seen
        sourcesOf.put(stream, of);
        long entities = Math.min(KEYS_ASKED, states[stream].stream.schedule().entities());
        for (long entity = 0; entity < entities && of.size() < sources.count(); entity++) {
            int home = states[stream].homes.of(entity);
            if (home >= 0) {
                of.add(home);
            }
        }
        return of;
    }

    private boolean wasBefore(int stream, Schedule.Slot at) {
        StreamState in = states[stream];
        long place = in.sent.lastPlace(at.shard, at.local);
        int home = in.keyed ? in.homes.of(at.entity) : KeyHomes.NOWHERE;
        if (home >= 0) {
            return fromStart.containsKey(sources.name(home)) && place < first(home, stream, at.shard);
        }
        for (int source = 0; source < sources.count(); source++) {
            if (fromStart.containsKey(sources.name(source)) && place < first(source, stream, at.shard)) {
                return true;
            }
        }
        return !fromStart.keySet().stream().allMatch(this::isKnown); // nothing is left of one of them
    }

    private boolean isKnown(String source) {
        for (int number = 0; number < sources.count(); number++) {
            if (sources.name(number).equals(source)) {
                return true;
            }
        }
        return false;
    }

    private long first(int source, int stream, int shard) {
        return lowest.getOrDefault(List.of(source, stream, shard), Long.MAX_VALUE);
    }
}
