package io.dataflux.schedule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The entity schedule of a stream: which entity an event is about and which of that entity's events it is, and back.
 *
 * <p>It is a chain of deals. The sequence is dealt to shards by their quotas, a shard's events to cells of entities of about the same
 * popularity, a cell's events to its members in turn, or in bursts if entities have sessions. Each deal is increasing in every cell, hence
 * so is the chain: the index that is left at its end is the exact number of the entity's earlier events, and the reversed chain is the
 * inverse.
 *
 * <p>Entities are numbered by popularity, 0 is the hottest; entity {@code e} always belongs to shard {@code e mod shards}. Sequences are in
 * [0, 2^62]; arguments of the hot calls are not checked.
 *
 * <p>Immutable and thread-safe. No call allocates except the inverse with a spread above 1; a call costs a few table look-ups and one
 * shuffle (as many as the spread says above 1). The tables take about 4 MB for a skewed schedule and next to nothing for a uniform one.
 *
 * <pre>{@code
 * Schedule orders = Schedule.of(key, 200_000, 1.0, 64, 1);
 * Schedule.Slot slot = new Schedule.Slot();
 * orders.locate(123_456_789_012L, slot);
 * // the event is number slot.occurrence of customer slot.entity
 * orders.sequenceOfOccurrence(slot.entity, slot.occurrence);   // 123456789012
 * }</pre>
 */
public final class Schedule {
    static final long MAX_ENTITIES = 1L << 48;
    static final int MAX_SHARDS = 255;
    static final double MAX_SKEW = 16;
    private static final int SHARD_FRAME = 1 << 16;
    private static final int EQUAL_QUOTA = 64;
    private static final int SMALLEST_QUOTA = 8;
    /** The only deal of its family. */
    private static final int SHARDS = 0;

    private final long entities;
    private final int shards;
    private final QuotaDeal shardDeal;
    private final EntityDeal entityDeal;

    /** The coordinates of one event; reused by the caller, not thread-safe. */
    public static final class Slot {
        public int shard;
        public long local;
        public long entity;
        public long occurrence;
        /** The number of the entity's earlier sessions; this and what follows are set only by a schedule with sessions. */
        public long session;
        /** The number of earlier events of the session. */
        public int step;
        /** The number of events of the session, without those missed. */
        public int length;
        /** How many steps the session had made before the stream began: above 0 only in the first session of an entity. */
        public int missed;

        /** Takes over all coordinates of another slot. */
        public void set(Slot other) {
            shard = other.shard;
            local = other.local;
            entity = other.entity;
            occurrence = other.occurrence;
            session = other.session;
            step = other.step;
            length = other.length;
            missed = other.missed;
        }
    }

    private Schedule(long entities, int shards, QuotaDeal shardDeal, EntityDeal entityDeal) {
        this.entities = entities;
        this.shards = shards;
        this.shardDeal = shardDeal;
        this.entityDeal = entityDeal;
    }

    /**
     * Plans a schedule.
     *
     * @param key a mixed word; other keys give other orders
     * @param entities how many entities there are, 1 to 2^48
     * @param skew exponent of the popularity {@code rank^-skew}, 0 (uniform) to 16; about 1 is usual
     * @param shards wanted number of shards, 1 to 255; never more than entities, and halved while the coldest shard would
     *     get fewer than 8 of 65,536 events
     * @param spread how irregularly an entity's events arrive, 1 (in turn) to 64 (nearly independent)
     * @throws IllegalArgumentException if a value is out of its range
     */
    public static Schedule of(long key, long entities, double skew, int shards, int spread) {
        return of(key, entities, skew, shards, spread, null, 0);
    }

    /**
     * Plans a schedule whose entities have sessions: several events in a row, then a long pause.
     *
     * @param key as in {@link #of}, like {@code entities}, {@code skew} and {@code shards}
     * @param sessions the lengths of sessions
     * @param fresh whether the first sessions all begin with the stream; otherwise they are under way then
     * @param active how many entities have a session at a time: events per second times the seconds between two events of a session. The
     *     number of seats is a power of two, and at least one for each cell, so pauses differ from the intended ones by up to a factor of
     *     1.5, and where seats are few, cells are widened at the expense of popularity
     * @throws IllegalArgumentException if a value is out of its range
     */
    public static Schedule withSessions(
            long key, long entities, double skew, int shards, RunFamily sessions, boolean fresh, double active) {
        check(active > 0 && active < 1L << 60, "active", active, "more than 0 and less than 2^60");
        return of(key, entities, skew, shards, 1, new BurstDeal(sessions, fresh), active);
    }

    private static Schedule of(
            long key, long entities, double skew, int shards, int spread, @Nullable BurstDeal bursts, double active) {
        check(entities >= 1 && entities <= MAX_ENTITIES, "entities", entities, "1 to " + MAX_ENTITIES);
        check(skew >= 0 && skew <= MAX_SKEW, "skew", skew, "0 to " + MAX_SKEW);
        check(shards >= 1 && shards <= MAX_SHARDS, "shards", shards, "1 to " + MAX_SHARDS);
        check(spread >= 1 && spread <= TurnDeal.MAX_SPREAD, "spread", spread, "1 to " + TurnDeal.MAX_SPREAD);
        int p = shards(entities, skew, shards);
        Popularity popularity = new Popularity(skew, p);
        QuotaDeal shardDeal = QuotaDeal.of(Mix.sub(key, 0), shardQuotas(entities, skew, popularity, p));
        double[] activeInShard = new double[p];
        Arrays.setAll(activeInShard, s -> active * shardDeal.share(SHARDS, s));
        EntityDeal entityDeal =
                EntityDeal.plan(Mix.sub(key, 1), popularity, members(entities, p), spread, bursts, activeInShard);
        return new Schedule(entities, p, shardDeal, entityDeal);
    }

    /** How many shards a schedule has of which so many are wanted; the arguments are those of {@link #of}. */
    public static int shards(long entities, double skew, int wanted) {
        int p = (int) Math.min(wanted, entities);
        while (p > 1 && smallest(shardQuotas(entities, skew, new Popularity(skew, p), p)) < SMALLEST_QUOTA) {
            p /= 2;
        }
        return p;
    }

    public int shards() {
        return shards;
    }

    public long entities() {
        return entities;
    }

    public int shardOf(long sequence) {
        return shardDeal.cell(SHARDS, sequence);
    }

    /** The number of earlier events in the same shard: the event's place in its shard as long as there are no faults. */
    public long localOf(long sequence) {
        return shardDeal.index(SHARDS, sequence);
    }

    /** The sequence of a shard's event number {@code local}. */
    public long sequenceOf(int shard, long local) {
        return shardDeal.position(SHARDS, shard, local);
    }

    /** The number of a shard's events before {@code sequence}. */
    public long localCount(int shard, long sequence) {
        return shardDeal.count(SHARDS, shard, sequence);
    }

    /** Fills the slot with the coordinates of an event. */
    public void locate(long sequence, Slot slot) {
        long looked = shardDeal.look(SHARDS, sequence);
        locateLocal(QuotaDeal.cellOf(looked), shardDeal.index(SHARDS, sequence, looked), slot);
    }

    /** Fills the slot with the coordinates of a shard's event number {@code local}. */
    public void locateLocal(int shard, long local, Slot slot) {
        entityDeal.locate(shard, local, slot);
        slot.entity = shard + shards * slot.entity;
        slot.shard = shard;
        slot.local = local;
    }

    /**
     * The sequence of an entity's event number {@code occurrence}.
     *
     * @throws ArithmeticException if it is beyond the range of a long
     * @throws IllegalArgumentException if there is no such entity or the occurrence is negative
     */
    public long sequenceOfOccurrence(long entity, long occurrence) {
        checkEntity(entity);
        if (occurrence < 0) {
            throw new IllegalArgumentException("occurrence " + occurrence + ": occurrences count from 0");
        }
        int s = (int) (entity % shards);
        return shardDeal.position(SHARDS, s, entityDeal.local(s, entity / shards, occurrence));
    }

    /** As {@link #sequenceOfOccurrence}, but the event's place in the entity's shard, see {@link #localOf}. */
    public long localOfOccurrence(long entity, long occurrence) {
        checkEntity(entity);
        return entityDeal.local((int) (entity % shards), entity / shards, occurrence);
    }

    /**
     * The number of an entity's events before {@code sequence}.
     *
     * @throws IllegalArgumentException if there is no such entity
     */
    public long count(long entity, long sequence) {
        checkEntity(entity);
        int s = (int) (entity % shards);
        return entityDeal.count(s, entity / shards, shardDeal.count(SHARDS, s, sequence));
    }

    /** The largest share of events that one shard gets: with key order kept, delivery is at most 1/share times as fast as with one lane. */
    public double hottestShardShare() {
        double hottest = 0;
        for (int s = 0; s < shards; s++) {
            hottest = Math.max(hottest, shardDeal.share(SHARDS, s));
        }
        return hottest;
    }

    /** The largest share of events that one entity gets. */
    public double hottestEntityShare() {
        double hottest = 0;
        for (int s = 0; s < shards; s++) {
            hottest = Math.max(hottest, shardDeal.share(SHARDS, s) * entityDeal.hottestShare(s));
        }
        return hottest;
    }

    /** How many entities have a session at a time; 0 without sessions. */
    public double activeEntities() {
        return entityDeal.seats();
    }

    /** How many events a session has on average; 0 without sessions. */
    public double meanSession() {
        return entityDeal.meanSession();
    }

    private static long[] members(long entities, int shards) {
        long[] members = new long[shards];
        Arrays.setAll(members, s -> (entities - s + shards - 1) / shards);
        return members;
    }

    private static int[] shardQuotas(long entities, double skew, Popularity popularity, int shards) {
        int[] equal = new int[shards];
        Arrays.fill(equal, EQUAL_QUOTA);
        if (shards == 1 || (skew == 0 && entities % shards == 0)) {
            return shards == 1 ? new int[] {1} : equal;
        }
        long[] members = members(entities, shards);
        double[] mass = new double[shards];
        Arrays.setAll(mass, s -> popularity.mass(s, 0, members[s]));
        return QuotaDeal.quotas(mass, SHARD_FRAME);
    }

    private static int smallest(int[] quota) {
        return Arrays.stream(quota).min().orElseThrow();
    }

    private void checkEntity(long entity) {
        if (entity < 0 || entity >= entities) {
            throw new IllegalArgumentException(
                    "there is no entity " + entity + "; the entities are 0 to " + (entities - 1));
        }
    }

    private static void check(boolean good, String name, Number value, String allowed) {
        if (!good) {
            throw new IllegalArgumentException(name + " " + value + ": " + allowed + " is possible");
        }
    }
}
