package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.schedule.Schedule;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.ExpectedDeliveries.Standing;
import io.dataflux.verify.RunComparison.Example;
import io.dataflux.verify.RunComparison.Kind;
import io.dataflux.verify.RunComparison.Opened;
import io.dataflux.verify.RunComparison.Target;
import io.dataflux.verify.SinkVerification.Arrival;
import io.dataflux.verify.SinkVerification.Witness;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two runs left, in up to three steps. The first reading of each notes in bits which events are there, how often, whether they
 * are as they were sent and in order: an event that is as sent in both is the same in both, so that no value has to be kept. Only events
 * that differ from what was sent in both runs are read again and compared by digests, a bounded number at a time. Where there are
 * differences, a last reading fetches the examples. Long because the steps share what the first one found. Used by one thread.
 */
final class ComparedRuns {

    private static final int DIGESTS = 1 << 19;
    private static final ArrivedSet NONE = new ArrivedSet();

    private record Name(int stream, long sequence) implements Comparable<Name> {
        @Override
        public int compareTo(Name other) {
            return stream != other.stream
                    ? Integer.compare(stream, other.stream)
                    : Long.compare(sequence, other.sequence);
        }
    }

    /** The record of an event that is shown: the first that differs from what was sent, or the first. */
    private record Kept(
            Arrival arrival,
            @Nullable Difference difference,
            @Nullable String disorder) {
        Kept and(Kept next) {
            boolean first = difference != null || next.difference == null;
            String late = disorder != null ? disorder : next.disorder;
            return first ? new Kept(arrival, difference, late) : new Kept(next.arrival, next.difference, late);
        }
    }

    private final Target[] targets;
    private final int most;
    private final int digests;
    private final SeenRun[] runs = new SeenRun[2];
    private final JudgedRun[] judged = new JudgedRun[2];
    private final SinkVerification[] verifications = new SinkVerification[2];
    private final List<List<Untagged>> untagged = new ArrayList<>();
    private final Map<Kind, Long> counts = new EnumMap<>(Kind.class);
    private final Map<Kind, NavigableSet<Name>> chosen = new EnumMap<>(Kind.class);
    private final Schedule.Slot slot = new Schedule.Slot();
    private final long[] notSent = new long[2];
    private final long[] unanswered = new long[2];
    private long removed;
    private long announced;
    private long alike;
    private long gone;
    private long inBoth;
    private @Nullable String anyOrder;

    ComparedRuns(Target a, Target b, int examples) {
        this(a, b, examples, DIGESTS);
    }

    /** @param digests how many events that are altered in both runs are compared at a time */
    ComparedRuns(Target a, Target b, int examples, int digests) {
        targets = new Target[] {a, b};
        most = examples;
        this.digests = digests;
        for (Kind kind : Kind.values()) {
            counts.put(kind, 0L);
            chosen.put(kind, new TreeSet<>());
        }
    }

    RunComparison compare() throws Exception {
        try (SinkReader a = open(0);
                SinkReader b = open(1)) {
            checkStreams();
            for (int i = 0; i < 2; i++) {
                JudgedRun other = judged[1 - i];
                Tracer tracer = new Tracer(other.streams(), other.ledger().tag());
                runs[i] = new SeenRun(verifications[i].observed(), tracer);
                verifications[i].witnessedBy(runs[i]).readAll(i == 0 ? a : b);
                untagged.add(judged[i].streams().stream().map(Untagged::new).toList());
            }
        }
        Observed a = runs[0].observed();
        Observed b = runs[1].observed();
        anyOrder = a.orderNotJudged() != null ? a.orderNotJudged() : b.orderNotJudged();
        a.removals.begin();
        b.removals.begin();
        for (int stream = 0; stream < a.states.length; stream++) {
            for (int shard = 0; shard < a.states[stream].stream.shards(); shard++) {
                compare(stream, shard);
            }
        }
        compareAltered();
        return new RunComparison(
                judged[0].sink().name(),
                judged[0].tag(),
                judged[1].tag(),
                a.records(),
                b.records(),
                inBoth,
                counts,
                examples(),
                notes());
    }

    private SinkReader open(int run) throws Exception {
        Opened opened = targets[run].open();
        verifications[run] = opened.verification();
        judged[run] = opened.verification().observed().judged;
        return opened.reader();
    }

    private void checkStreams() {
        List<Ledger.Stream> a = judged[0].ledger().streams();
        List<Ledger.Stream> b = judged[1].ledger().streams();
        boolean same = a.size() == b.size();
        for (int i = 0; same && i < a.size(); i++) {
            same = a.get(i).name().equals(b.get(i).name())
                    && a.get(i).fingerprint() == b.get(i).fingerprint()
                    && a.get(i).seed() == b.get(i).seed();
        }
        if (!same) {
            throw new IllegalArgumentException(
                    "the runs have other streams: the same definitions and seeds are needed, in the same order");
        }
    }

    // the first reading

    private void compare(int stream, int shard) {
        int set = runs[0].set(stream, shard);
        ArrivedSet a = runs[0].seen(set);
        ArrivedSet b = runs[1].seen(set);
        long[] only = new long[1];
        without(a, b, local -> only[0] += missing(stream, shard, local, 0));
        inBoth += a.count() - only[0];
        without(b, a, local -> missing(stream, shard, local, 1));
        without(runs[0].repeated(set), NONE, local -> copies(stream, shard, local));
        without(runs[1].repeated(set), runs[0].repeated(set), local -> copies(stream, shard, local));
        for (int i = 0; i < 2; i++) {
            ArrivedSet other = runs[1 - i].seen(set);
            without(runs[i].altered(set), runs[1 - i].altered(set), local -> {
                if (other.contains(local)) {
                    differs(Kind.VALUES, stream, shard, local);
                }
            });
            if (!runs[0].observed().acceptsAnyOrder() && !runs[1].observed().acceptsAnyOrder()) {
                without(runs[i].late(set), runs[1 - i].late(set), local -> {
                    if (other.contains(local)) {
                        differs(Kind.ORDER, stream, shard, local);
                    }
                });
            }
        }
    }

    /** Hands over what is in one set and not in another. */
    private static void without(ArrivedSet in, ArrivedSet other, LongConsumer each) {
        for (long from = in.nextPresent(0); from != Long.MAX_VALUE; ) {
            long to = in.nextAbsent(from);
            for (long local = other.nextAbsent(from); local < to; local = other.nextAbsent(local + 1)) {
                each.accept(local);
            }
            from = in.nextPresent(to);
        }
    }

    private long sequence(int stream, int shard, long local) {
        return judged[0].streams().get(stream).schedule().sequenceOf(shard, local);
    }

    /** Locates an event in {@link #slot}, and returns its sequence. */
    private long locate(int stream, int shard, long local) {
        judged[0].streams().get(stream).schedule().locateLocal(shard, local, slot);
        return sequence(stream, shard, local);
    }

    /** Takes an event that only the run {@code in} has. Returns 1, for counting. */
    private int missing(int stream, int shard, long local, int in) {
        long sequence = locate(stream, shard, local);
        SeenRun other = runs[1 - in];
        if (runs[in].sent(stream, sequence, slot) && !other.sent(stream, sequence, slot)) {
            notSent[1 - in]++;
        } else if (runs[in].sent(stream, sequence, slot) && other.state(stream).standing(slot) == Standing.UNKNOWN) {
            unanswered[1 - in]++;
        } else if (other.sent(stream, sequence, slot)
                && other.observed().removals.explain(stream, slot)) {
            removed++;
        } else {
            differs(in == 0 ? Kind.ONLY_A : Kind.ONLY_B, stream, sequence);
        }
        return 1;
    }

    private void copies(int stream, int shard, long local) {
        int set = runs[0].set(stream, shard);
        long a = runs[0].times(set, local);
        long b = runs[1].times(set, local);
        if (a == b || a == 0 || b == 0) {
            return;
        }
        long sequence = locate(stream, shard, local);
        Observed more = runs[a > b ? 0 : 1].observed();
        Observed fewer = runs[a > b ? 1 : 0].observed();
        StreamState in = fewer.states[stream];
        if (more.mayRepeat() && more.states[stream].sentAgain(slot)) {
            announced++;
        } else if (in.copies(slot) == 2 && in.sent.standingOfCopy(shard, local) == Standing.NOT_ISSUED) {
            notSent[a > b ? 1 : 0]++;
        } else if (fewer.removals.explainCopy(stream, slot)) {
            removed++;
        } else {
            differs(Kind.COPIES, stream, sequence);
        }
    }

    private void differs(Kind kind, int stream, int shard, long local) {
        differs(kind, stream, sequence(stream, shard, local));
    }

    private void differs(Kind kind, int stream, long sequence) {
        counts.merge(kind, 1L, Long::sum);
        NavigableSet<Name> lowest = chosen.getOrDefault(kind, new TreeSet<>());
        lowest.add(new Name(stream, sequence));
        if (lowest.size() > most) {
            lowest.pollLast();
        }
    }

    // what is altered in both runs

    private void compareAltered() throws Exception {
        Map<Name, Long> batch = new HashMap<>(); // order never seen
        for (int stream = 0; stream < judged[0].streams().size(); stream++) {
            for (int shard = 0; shard < judged[0].streams().get(stream).shards(); shard++) {
                ArrivedSet a = runs[0].altered(runs[0].set(stream, shard));
                ArrivedSet b = runs[1].altered(runs[1].set(stream, shard));
                for (long local = a.nextPresent(0); local != Long.MAX_VALUE; local = a.nextPresent(local + 1)) {
                    if (b.contains(local)) {
                        batch.put(new Name(stream, sequence(stream, shard, local)), 0L);
                        if (batch.size() == digests) {
                            compareDigests(batch);
                        }
                    }
                }
            }
        }
        if (!batch.isEmpty()) {
            compareDigests(batch);
        }
    }

    /** Compares the first altered record of each of these events, and leaves none of them. */
    private void compareDigests(Map<Name, Long> batch) throws Exception {
        Map<Name, Long> ofA = new HashMap<>(); // order never seen
        read(0, (name, arrival, difference, disorder) -> {
            if (difference != null && batch.containsKey(name) && !ofA.containsKey(name)) {
                ofA.put(name, digest(0, name, arrival));
            }
        });
        read(1, (name, arrival, difference, disorder) -> {
            Long of = difference == null ? null : ofA.get(name);
            if (of != null && batch.remove(name) != null) {
                if (of == digest(1, name, arrival)) {
                    alike++;
                } else {
                    differs(Kind.VALUES, name.stream, name.sequence);
                }
            }
        });
        gone += batch.size();
        batch.clear();
    }

    private long digest(int run, Name name, Arrival arrival) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] key = arrival.key();
            byte[] value = plain(run, name, arrival);
            digest.update(ByteBuffer.allocate(8)
                    .putInt(key == null ? -1 : key.length)
                    .putInt(value == null ? -1 : value.length)
                    .flip());
            digest.update(key == null ? new byte[0] : key);
            digest.update(value == null ? new byte[0] : value);
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private byte @Nullable [] plain(int run, Name name, Arrival arrival) {
        byte[] value = arrival.value();
        return value == null ? null : untagged.get(run).get(name.stream).of(name.sequence, value);
    }

    /** Hears of each event of a run. */
    private interface Each {
        void event(Name name, Arrival arrival, @Nullable Difference difference, @Nullable String disorder);
    }

    private void read(int run, Each each) throws Exception {
        Opened opened = targets[run].open();
        try (SinkReader reader = opened.reader()) {
            opened.verification()
                    .witnessedBy(new Witness() {
                        @Override
                        public void event(
                                int stream,
                                long sequence,
                                Schedule.Slot at,
                                Arrival arrival,
                                @Nullable Difference difference,
                                @Nullable String disorder) {
                            each.event(new Name(stream, sequence), arrival, difference, disorder);
                        }

                        @Override
                        public void stranger(Arrival arrival) {} // was counted
                    })
                    .readAll(reader);
        }
    }

    // the examples

    private List<Example> examples() throws Exception {
        Set<Name> wanted = new HashSet<>(); // order never seen
        chosen.values().forEach(wanted::addAll);
        List<Map<Name, Kept>> kept = new ArrayList<>();
        for (int run = 0; run < 2 && !wanted.isEmpty(); run++) {
            Map<Name, Kept> of = new HashMap<>(); // order never seen
            kept.add(of);
            read(run, (name, arrival, difference, disorder) -> {
                if (wanted.contains(name)) {
                    of.merge(name, new Kept(arrival, difference, disorder), Kept::and);
                }
            });
        }
        List<Example> examples = new ArrayList<>();
        chosen.forEach((kind, names) -> {
            for (Name name : names) {
                CompiledStream stream = judged[0].streams().get(name.stream);
                stream.schedule().locate(name.sequence, slot);
                String text =
                        text(kind, name, kept.get(0).get(name), kept.get(1).get(name));
                String replay = verifications[kind == Kind.ONLY_B ? 1 : 0].replay(name.stream, name.sequence);
                examples.add(new Example(kind, stream.name(), name.sequence, text, replay));
            }
        });
        return examples;
    }

    private String text(Kind kind, Name name, @Nullable Kept a, @Nullable Kept b) {
        int set = runs[0].set(name.stream, slot.shard);
        return switch (kind) {
            case ONLY_A -> place(a) + "; " + outcome("B", 1, name);
            case ONLY_B -> place(b) + "; " + outcome("A", 0, name);
            case COPIES ->
                times(runs[0].times(set, slot.local)) + " in A, " + times(runs[1].times(set, slot.local)) + " in B";
            case ORDER ->
                a != null && a.disorder != null
                        ? "in A it " + a.disorder + ", in B it did not"
                        : "in B it " + (b == null ? "came too late" : b.disorder) + ", in A it did not";
            case VALUES ->
                a == null || b == null ? "it was not there any more when it was read again" : values(name, a, b);
        };
    }

    private static String place(@Nullable Kept at) {
        return at == null
                ? "it was not there any more when it was read again"
                : "at " + at.arrival.source() + " offset " + at.arrival.offset();
    }

    private static String times(long number) {
        return number == 1 ? "once" : number == 2 ? "twice" : number + " times";
    }

    private String outcome(String word, int run, Name name) {
        Standing standing = runs[run].state(name.stream).standing(slot);
        return !runs[run].sent(name.stream, name.sequence, slot)
                ? "neither run should have sent it"
                : standing == Standing.ACKNOWLEDGED
                        ? word + " acknowledged it"
                        : standing == Standing.FAILED
                                ? word + " reported it as failed"
                                : word + " got no answer for it";
    }

    private String values(Name name, Kept a, Kept b) {
        byte[] ofA = plain(0, name, a.arrival);
        byte[] ofB = plain(1, name, b.arrival);
        if (ofA == null || ofB == null) {
            if (ofA != ofB) {
                return "the record in " + (ofA == null ? "A" : "B") + " has no value";
            }
        } else if (!Arrays.equals(ofA, ofB)) {
            return Difference.ofBytes(ofA, ofB, "").text();
        }
        if (!Arrays.equals(a.arrival.key(), b.arrival.key())) {
            return "key expected " + key(a) + " but was " + key(b);
        }
        Difference own = a.difference != null ? a.difference : b.difference;
        return "in " + (a.difference != null ? "A " : "B ") + (own == null ? "other copies differ" : own.text());
    }

    private static String key(Kept of) {
        byte[] key = of.arrival.key();
        return key == null ? "none" : Excerpt.quoted(new String(key, StandardCharsets.UTF_8));
    }

    // what else to say

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            note(notes, notSent[run], "that only " + (run == 0 ? "B" : "A") + " sent", "not compared");
            String word = run == 0 ? "A" : "B";
            note(notes, unanswered[run], "that " + word + " may not have sent, because it was killed", "not compared");
        }
        note(notes, alike, "the same in both but not as sent", "no difference");
        note(notes, announced, "there more often because a resumed run sent them again", "no difference");
        note(notes, removed, "that a target may have removed by its own rules", "not compared");
        note(notes, gone, "not there any more when they were read again", "not compared");
        String order = anyOrder;
        if (order != null) {
            notes.add("order per key is not compared, or not of all keys: " + order);
        }
        for (int run = 0; run < 2; run++) {
            long other = runs[run].ofOther();
            long foreign = runs[run].foreign();
            if (other + foreign > 0) {
                notes.add("where " + (run == 0 ? "A" : "B") + " is read there are " + Wording.count(other)
                        + " records of the other run and " + Wording.count(foreign)
                        + " of neither; they are not compared");
            }
        }
        return notes;
    }

    private static void note(List<String> notes, long count, String which, String what) {
        if (count > 0) {
            notes.add(what + ": " + Wording.count(count) + (count == 1 ? " event " : " events ") + which);
        }
    }
}
