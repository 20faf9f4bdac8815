package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Corruption;
import io.dataflux.schedule.Schedule;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.Sources.Source;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What has been observed of a run's events at one target: which arrived, how often, in which order, and what was wrong with them. The
 * caller says which event each record is; this class compares that with the ledger. Its state is a bit per event at worst, and next to
 * nothing for what arrived completely. Not thread-safe.
 */
final class Observed {

    private static final int BETWEEN_LOOKS = 64;

    final JudgedRun judged;
    final StreamState[] states;
    private final boolean log;
    private final Map<Finding, FindingTally> tallies = new EnumMap<>(Finding.class);
    private final Sources sources;
    private final Map<List<Long>, Noticed> repeated = new HashMap<>(); // order never seen
    private final Schedule.Slot slot = new Schedule.Slot();
    /** What the target may have removed. */
    final Removals removals;

    private long records;
    private long copies;
    private long repeats;
    private boolean mayRepeat;
    private boolean anyOrder;
    private @Nullable String disorder;

    /**
     * @param meant whether an event should arrive here
     * @param log whether what comes later in a source happened later, so that order can be judged
     */
    Observed(JudgedRun judged, Routing meant, boolean log) {
        this.judged = judged;
        this.log = log;
        List<CompiledStream> streams = judged.streams();
        states = new StreamState[streams.size()];
        for (int i = 0; i < states.length; i++) {
            int stream = i;
            states[i] = new StreamState(judged.sent(i), n -> meant.goesTo(stream, n));
        }
        sources = new Sources(streams.stream().mapToInt(CompiledStream::shards).toArray());
        removals = new Removals(states, sources);
    }

    /** Counts a record and names where it came from; to be called with each. */
    Source record(String source) {
        records++;
        return sources.of(source);
    }

    long records() {
        return records;
    }

    Sources sources() {
        return sources;
    }

    /** Why order per key was not judged, or not of all keys, as a clause such as {@code the stream has no keys}; null if it was. */
    @Nullable
    String orderNotJudged() {
        if (!log) {
            return "a snapshot has no order";
        }
        if (anyOrder) {
            return "the sink does not promise it";
        }
        if (Stream.of(states).noneMatch(state -> state.keyed)) {
            return states.length == 1 ? "the stream has no keys" : "the streams have no keys";
        }
        if (scatteredKeys() > 0) {
            return Wording.count(scatteredKeys()) + " of " + Wording.count(keys())
                    + " keys came in more than one source, and nothing says which source comes first";
        }
        return sources.gaps() || unwatchedKeys()
                ? "there were more sources or keys than fit into the memory set aside for it"
                : null;
    }

    /** How many keys came in more than one source, so that their order is judged within each source only. */
    long scatteredKeys() {
        return Stream.of(states).mapToLong(state -> state.homes.scattered()).sum();
    }

    /** Of how many keys events came. */
    long keys() {
        return Stream.of(states).mapToLong(state -> state.homes.keys()).sum();
    }

    private boolean unwatchedKeys() {
        return sources.count() > 1 && Stream.of(states).anyMatch(state -> state.homes.unwatched());
    }

    /** From now on an event that was planned to be sent twice should arrive twice; otherwise once. */
    void awaitCopies() {
        for (StreamState state : states) {
            state.awaitCopies();
        }
    }

    /** From now on events of one key may come in any order, without a finding. */
    void acceptAnyOrder() {
        anyOrder = true;
    }

    /** Whether order was judged for some of what came, although not for all of it. */
    boolean judgesOrderInParts() {
        return log && !anyOrder && (scatteredKeys() > 0 || sources.gaps() || unwatchedKeys());
    }

    boolean acceptsAnyOrder() {
        return anyOrder;
    }

    long copies() {
        return copies;
    }

    /** From now on what the run sent again may be there more than once, without being a finding. */
    void mayRepeatWhatWasSentAgain() {
        mayRepeat = true;
    }

    boolean mayRepeat() {
        return mayRepeat;
    }

    /** How the last {@link #event} came too late for its key; null if it did not. */
    @Nullable
    String disorder() {
        return disorder;
    }

    /** How many copies there were of what was sent again and may be. */
    long repeats() {
        return repeats;
    }

    Map<Finding, FindingTally> tallies() {
        return tallies;
    }

    long count(Finding finding) {
        FindingTally tally = tallies.get(finding);
        return tally == null ? 0 : tally.count();
    }

    /** How many arrivals have to do with the run and are not the first of an acknowledged event. */
    long ours() {
        long sum = seen(Standing.UNKNOWN) + seen(Standing.FAILED) + copies + repeats;
        for (Map.Entry<Finding, FindingTally> tally : tallies.entrySet()) {
            sum += tally.getKey() == Finding.FOREIGN ? 0 : tally.getValue().count();
        }
        return sum;
    }

    /** How many events of a standing came at least once. */
    long seen(Standing standing) {
        long sum = 0;
        for (StreamState state : states) {
            sum += state.seen(standing);
        }
        return sum;
    }

    /**
     * Notes an arrival of an event.
     *
     * @param at where the event is in its stream
     * @param further whether another arrival of the same event is correct, because some of its outputs have not arrived
     * @param difference from what the event should be; null if there is none
     * @param value what arrived, which is made text only if it is kept as an example
     */
    void event(
            Source source,
            long offset,
            int stream,
            long sequence,
            Schedule.Slot at,
            boolean further,
            @Nullable Difference difference,
            @Nullable Object value) {
        disorder = null;
        StreamState in = states[stream];
        if (in.copies(at) == 0) {
            note(Finding.PHANTOM, source, offset, stream, sequence, at, "was not expected", null, value);
            return;
        }
        Standing standing = in.standing(at);
        if (!in.meant(sequence)) {
            boolean issued = in.sent.anyPlace(at.shard, at.local, place -> judged.issued(stream, at.shard, place));
            Finding finding = issued ? Finding.MISROUTED : Finding.PHANTOM;
            note(finding, source, offset, stream, sequence, at, "", null, value);
            return;
        }
        if (standing == Standing.NOT_ISSUED) {
            note(Finding.PHANTOM, source, offset, stream, sequence, at, "", null, value);
            return;
        }
        if (in.arrived(at)) {
            first(source, offset, stream, sequence, at, standing, value);
        } else if (in.copyArrived(at)) {
            settle(source, offset, stream, sequence, at, in.sent.standingOfCopy(at.shard, at.local), value);
        } else if (!further) {
            copy(source, offset, stream, sequence, at, value);
        }
        if (difference != null) {
            String what = difference.text();
            note(Finding.CORRUPTED, source, offset, stream, sequence, at, what, difference.where(), value);
        }
    }

    /**
     * Notes an arrival of a broken event among the dead letters, which have no order.
     *
     * @param difference from what was sent; null if there is none
     */
    void deadLetter(
            Source source,
            long offset,
            int stream,
            long sequence,
            Schedule.Slot at,
            @Nullable Difference difference,
            @Nullable Object value) {
        StreamState in = states[stream];
        Standing standing = in.standing(at);
        if (standing == Standing.NOT_ISSUED) {
            note(Finding.PHANTOM, source, offset, stream, sequence, at, "", null, value);
            return;
        }
        if (in.arrived(at)) {
            settle(source, offset, stream, sequence, at, standing, value);
        } else {
            copy(source, offset, stream, sequence, at, value);
        }
        if (difference != null) {
            String what = difference.text();
            note(Finding.CORRUPTED, source, offset, stream, sequence, at, what, difference.where(), value);
        }
    }

    private void first(
            Source source,
            long offset,
            int stream,
            long sequence,
            Schedule.Slot at,
            Standing standing,
            @Nullable Object value) {
        settle(source, offset, stream, sequence, at, standing, value);
        if (!log) {
            return;
        }
        StreamState in = states[stream];
        RecentArrivals trail = source.trail(stream, at.shard);
        long place = in.sent.place(at.shard, at.local, false);
        if (in.keyed && in.corruption(at) != Corruption.NULL_KEY) {
            in.homes.add(at.entity, source.number);
            if (!anyOrder && place < trail.furthest()) {
                boolean alone = sources.count() == 1 || in.homes.of(at.entity) == source.number;
                long later = in.overtakenBy(at, place, trail, alone);
                long again = in.sent.place(at.shard, at.local, true);
                if (later >= 0
                        && (again < 0 || in.overtakenBy(at, again, trail, alone) >= 0)) { // else the planned copy
                    String what = "came after " + later + " of the same key (" + judged.key(stream, at.entity) + ")";
                    note(Finding.REORDERED, source, offset, stream, sequence, at, what, null, value);
                    disorder = what;
                }
            }
        }
        trail.add(at.local, place);
    }

    /** Counts an expected event; one that was reported as failed is there nevertheless. */
    private void settle(
            Source source,
            long offset,
            int stream,
            long sequence,
            Schedule.Slot at,
            Standing standing,
            @Nullable Object value) {
        states[stream].count(standing);
        if (standing == Standing.FAILED) {
            note(Finding.RESURRECTED, source, offset, stream, sequence, at, "", null, value);
        }
    }

    private void copy(Source source, long offset, int stream, long sequence, Schedule.Slot at, @Nullable Object value) {
        if (mayRepeat && states[stream].sentAgain(at)) {
            repeats++;
            return;
        }
        List<Long> name = List.of((long) stream, sequence);
        copies++;
        if (states[stream].repeated(at)) {
            Noticed sight = note(Finding.DUPLICATE, source, offset, stream, sequence, at, "", null, value);
            if (sight != null) {
                sight.times = states[stream].times(at);
                repeated.put(name, sight);
            }
        }
        Noticed sight = repeated.get(name);
        if (sight != null) {
            sight.times++;
        }
    }

    /** Counts a finding of an event; returns the example that was kept of it, if one was. */
    @Nullable
    Noticed note(
            Finding finding,
            Source source,
            long offset,
            int stream,
            long sequence,
            Schedule.Slot at,
            String what,
            @Nullable String difference,
            @Nullable Object value) {
        FindingTally tally = tally(finding);
        tally.event(stream, sequence, at.shard, at.entity, source.name, offset, difference, what);
        return tally.wantsSight()
                ? tally.sight(stream, sequence, source.name, offset, what, OutputJudge.text(value))
                : null;
    }

    /** Counts a record that is not an event of this run. */
    void stranger(Source source, long offset, Supplier<String> what, @Nullable Object value) {
        stranger(Finding.FOREIGN, source, offset, what, value);
    }

    /** Counts a record that is not an event, such as the deletion of a key. */
    void stranger(Finding finding, Source source, long offset, Supplier<String> what, @Nullable Object value) {
        FindingTally tally = tally(finding);
        tally.stranger(source.name, offset);
        if (tally.wantsSight()) {
            tally.sight(Noticed.NO_STREAM, -1, source.name, offset, what.get(), OutputJudge.text(value));
        }
    }

    /** The verdict on what has been observed so far, however long it takes to list what is missing. */
    Verdict verdict(Finding missing, Wording wording) {
        return verdict(missing, wording, () -> true);
    }

    /**
     * The verdict on what has been observed so far. Takes longer the more is missing; can be asked for again after more records.
     *
     * @param missing what it is when an event is not there: {@link Finding#LOST} or {@link Finding#PENDING}
     * @param time whether there is time to list more of what is missing; the rest is only counted
     */
    Verdict verdict(Finding missing, Wording wording, BooleanSupplier time) {
        FindingTally lost = new FindingTally(judged.streams());
        removals.begin();
        long[] neverSeen = new long[1];
        boolean all = true;
        for (int i = 0; i < states.length && all; i++) {
            int stream = i;
            all = states[i].missing(sequence -> {
                        String home = home(stream, sequence);
                        if (!removals.explain(stream, slot)) {
                            lost.missing(stream, sequence, slot.shard, slot.entity, home);
                        }
                        neverSeen[0] += states[stream].hasSeen(slot) ? 0 : 1;
                        return inTime(lost, time);
                    })
                    && states[i].missingCopies(sequence -> {
                        String home = home(stream, sequence);
                        neverSeen[0]++;
                        // else it is missing as a whole
                        if (states[stream].hasSeen(slot) && !removals.explainCopy(stream, slot)) {
                            lost.missing(stream, sequence, slot.shard, slot.entity, home);
                        }
                        return inTime(lost, time);
                    });
        }
        tallies.put(missing, lost);
        lost.sequences().forEach((stream, sequences) -> {
            for (long sequence :
                    sequences.lowest(FindingTally.EXAMPLES - lost.sights().size())) {
                String home = home(stream, sequence);
                String what = states[stream].hasSeen(slot)
                        ? wording.incomplete()
                        : states[stream].corruption(slot) == null ? "" : wording.corruptMissing();
                lost.sight(stream, sequence, home, -1, what, null);
            }
        });
        long seen = seen(Standing.ACKNOWLEDGED);
        if (!all) {
            lost.notListed(wording.counted() - seen - neverSeen[0]);
        }
        return new Summary(this, all ? seen + neverSeen[0] : wording.counted(), wording).verdict();
    }

    private static boolean inTime(FindingTally lost, BooleanSupplier time) {
        return lost.count() % BETWEEN_LOOKS != 0 || time.getAsBoolean();
    }

    /** Locates an event and names the source that its key's other events came in; null if there is no such one. */
    private @Nullable String home(int stream, long sequence) {
        judged.streams().get(stream).schedule().locate(sequence, slot);
        int home = states[stream].keyed ? states[stream].homes.of(slot.entity) : KeyHomes.NOWHERE;
        return home < 0 ? null : sources.name(home);
    }

    private FindingTally tally(Finding finding) {
        return tallies.computeIfAbsent(finding, f -> new FindingTally(judged.streams()));
    }
}
