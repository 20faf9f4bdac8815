package io.dataflux.schedule;

/**
 * A deal of visits 0, 1, 2, ... to k members of equal weight, in which a member comes several times in a row and then pauses: its sessions.
 * It replaces {@link TurnDeal} in a cell whose members have sessions.
 *
 * <p>There are {@code a} seats, a power of two; member {@code m} sits at seat {@code m mod a}, and only one member of a seat is active at a
 * time. The visits go round the seats, each round in an order of its own, so that inside a session 0 to 2 rounds pass between two visits. A
 * seat's members have their sessions one after another, each once per round of the seat: the members are divided into as many classes as a
 * table has lengths, and from round to round the lengths move on by one class. Over a window of as many rounds every member has had every
 * length of the table once, which is why session, step and occurrence have closed forms. The next window takes the next table; a seat
 * begins with the table of its number, so that the seats at any time use all tables.
 *
 * <p>Seats begin in the midst of a session, and in any round of their first window: neither do their sessions start together, nor their
 * windows, and at all times lengths are distributed as they are in the long run. The session that is under way keeps its length, and what it
 * lacks is said in {@link Schedule.Slot#missed}. Fresh seats begin with a session instead.
 *
 * <p>All calls are pure functions and allocate nothing. Members are 1 to 2^48, seats at most as many.
 */
final class BurstDeal {
    private final RunFamily runs;
    private final boolean fresh;
    /** The number of lengths of a table, and of classes of members; its binary logarithm. */
    private final int d;

    private final int bits;

    BurstDeal(RunFamily runs, boolean fresh) {
        this.runs = runs;
        this.fresh = fresh;
        bits = runs.runBits();
        d = 1 << bits;
    }

    RunFamily runs() {
        return runs;
    }

    /** Fills in member (as the entity), occurrence, session, step, length and what was missed, of a visit. */
    void locate(long key, long members, int seatBits, int seatNumber, long visit, Schedule.Slot slot) {
        long seats = 1L << seatBits;
        long u = visit >>> seatBits;
        long seat = Shuffle.shuffle(Mix.sub(key, u), seats, visit & (seats - 1));
        long seatKey = Mix.sub(key, ~seat);
        long size = (members - seat + seats - 1) >>> seatBits;
        long groups = size >>> bits;
        int rest = (int) size & d - 1;
        int firstTable = runs.table(seatNumber + seat);
        int firstShift = runs.rotation(seatKey);
        long started = started(seatKey, groups, rest, firstTable, firstShift);
        long x = u + visitsMissed(started, groups, rest, firstTable, firstShift);
        long visits = divide(x, size);
        long period = periods(visits);
        int table = runs.tableAt(runs.after(firstTable, visits - period * runs.sum()));
        long had = period * runs.sum() + runs.between(firstTable, table);
        x -= had * size;
        long w = window(period, firstTable, table);
        int sum = runs.sum(table);
        int shift = shift(seatKey, firstShift, w);
        int j = round(table, shift, rest, groups * sum, x);
        x -= roundStart(table, shift, rest, groups * sum, j);
        int h = runs.rotated(j, shift);
        long block = divide(x, sum);
        int within = (int) (x - block * sum);
        int c = runs.run(table, h, within);
        int firstRound = roundOf(started);
        int firstRotation = runs.rotated(firstRound, firstShift);
        long rho = (w << bits) + j;
        long group = rho == firstRound
                ? block
                : Shuffle.shuffle(orderKey(seatKey, c, rho), groups + (c < rest ? 1 : 0), block);
        int cutoff = group == 0 ? cutoff(firstTable, firstRotation, c, started) : 0;
        int missed = rho == firstRound ? cutoff : 0;
        int step = within - runs.start(table, h, c);
        slot.entity = ((group << bits) + c << seatBits) + seat;
        slot.occurrence = had
                + runs.start(table, runs.rotated(c, shift), j)
                + step
                - runs.start(firstTable, runs.rotated(c, firstShift), firstRound)
                - cutoff;
        slot.session = rho - firstRound - (cutoff == runs.length(firstTable, firstRotation, c) ? 1 : 0);
        slot.step = step - missed;
        slot.length = runs.length(table, h, c) - missed;
        slot.missed = missed;
    }

    /** The visit that is a member's occurrence number {@code occurrence}. */
    long visit(long key, long members, int seatBits, int seatNumber, long member, long occurrence) {
        long seats = 1L << seatBits;
        long seat = member & (seats - 1);
        long seatKey = Mix.sub(key, ~seat);
        long size = (members - seat + seats - 1) >>> seatBits;
        long groups = size >>> bits;
        int rest = (int) size & d - 1;
        long group = member >>> seatBits >>> bits;
        int c = (int) (member >>> seatBits) & d - 1;
        int firstTable = runs.table(seatNumber + seat);
        int firstShift = runs.rotation(seatKey);
        long started = started(seatKey, groups, rest, firstTable, firstShift);
        long o = occurrence + memberMissed(started, group, c, firstTable, firstShift);
        long period = periods(o);
        int index = runs.after(firstTable, o - period * runs.sum());
        int table = runs.tableAt(index);
        long had = period * runs.sum() + runs.between(firstTable, table);
        long w = window(period, firstTable, table);
        int sum = runs.sum(table);
        int shift = shift(seatKey, firstShift, w);
        int within = runs.within(table, index);
        int own = runs.rotated(c, shift);
        int j = runs.run(table, own, within);
        int h = runs.rotated(j, shift);
        long block = block(seatKey, c, (w << bits) + j, roundOf(started), groups + (c < rest ? 1 : 0), group);
        long inWindow = roundStart(table, shift, rest, groups * sum, j)
                + block * sum
                + runs.start(table, h, c)
                + (within - runs.start(table, own, j))
                - visitsMissed(started, groups, rest, firstTable, firstShift);
        long u = Math.addExact(Math.multiplyExact(had, size), inWindow);
        return Math.addExact(Math.multiplyExact(u, seats), Shuffle.unshuffle(Mix.sub(key, u), seats, seat));
    }

    /** The number of visits below {@code visit} that are a member's. */
    long count(long key, long members, int seatBits, int seatNumber, long member, long visit) {
        long seats = 1L << seatBits;
        long seat = member & (seats - 1);
        long seatKey = Mix.sub(key, ~seat);
        long size = (members - seat + seats - 1) >>> seatBits;
        long groups = size >>> bits;
        int rest = (int) size & d - 1;
        long group = member >>> seatBits >>> bits;
        int c = (int) (member >>> seatBits) & d - 1;
        int firstTable = runs.table(seatNumber + seat);
        int firstShift = runs.rotation(seatKey);
        long started = started(seatKey, groups, rest, firstTable, firstShift);
        long u = visit >>> seatBits;
        boolean passed = Shuffle.unshuffle(Mix.sub(key, u), seats, seat) < (visit & (seats - 1));
        long x = u + (passed ? 1 : 0) + visitsMissed(started, groups, rest, firstTable, firstShift);
        long visits = divide(x, size);
        long period = periods(visits);
        int table = runs.tableAt(runs.after(firstTable, visits - period * runs.sum()));
        long had = period * runs.sum() + runs.between(firstTable, table);
        x -= had * size;
        long w = window(period, firstTable, table);
        int sum = runs.sum(table);
        int shift = shift(seatKey, firstShift, w);
        int j = round(table, shift, rest, groups * sum, x);
        x -= roundStart(table, shift, rest, groups * sum, j);
        int h = runs.rotated(j, shift);
        long block = block(seatKey, c, (w << bits) + j, roundOf(started), groups + (c < rest ? 1 : 0), group);
        long inRun = Math.min(runs.length(table, h, c), Math.max(0, x - block * sum - runs.start(table, h, c)));
        return had
                + runs.start(table, runs.rotated(c, shift), j)
                + inRun
                - memberMissed(started, group, c, firstTable, firstShift);
    }

    /** In the first round the members come in order, which tells at once whom it misses. */
    private long block(long seatKey, int c, long rho, int firstRound, long groups, long group) {
        return rho == firstRound ? group : Shuffle.unshuffle(orderKey(seatKey, c, rho), groups, group);
    }

    /**
     * Where a seat is when the stream begins: a round of its first window, and a visit of the round's first block, in {@link #roundOf} and
     * {@link #visitOf}. Both are as likely as at any other time: a round is the likelier the longer it is, which matters if it is less than
     * a block. Shift, round and visit are drawn from different bits of the seat's word.
     */
    private long started(long seatKey, long groups, int rest, int firstTable, int firstShift) {
        long low = Long.rotateLeft(seatKey, 32);
        if (groups > 0 || fresh) {
            long round = runs.rotation(Long.rotateLeft(seatKey, 16));
            return round << 32 | (fresh ? 0 : Mix.bound(low, runs.sum(firstTable)));
        }
        long visit = Mix.bound(low, (long) rest * runs.sum(firstTable));
        int round = round(firstTable, firstShift, rest, 0, visit);
        return (long) round << 32 | visit - roundStart(firstTable, firstShift, rest, 0, round);
    }

    private static int roundOf(long started) {
        return (int) (started >>> 32);
    }

    private static int visitOf(long started) {
        return (int) started;
    }

    /** How many visits of its first window a seat lacks. */
    private long visitsMissed(long started, long groups, int rest, int firstTable, int firstShift) {
        return roundStart(firstTable, firstShift, rest, groups * runs.sum(firstTable), roundOf(started))
                + visitOf(started);
    }

    /** How many visits of the first window a member lacks. */
    private int memberMissed(long started, long group, int c, int firstTable, int firstShift) {
        return runs.start(firstTable, runs.rotated(c, firstShift), roundOf(started))
                + (group == 0 ? cutoff(firstTable, runs.rotated(roundOf(started), firstShift), c, started) : 0);
    }

    /** How many visits of their first session the first members of a class lack; all of them if it is over. */
    private int cutoff(int firstTable, int firstRotation, int c, long started) {
        int lacking = visitOf(started) - runs.start(firstTable, firstRotation, c);
        return Math.min(runs.length(firstTable, firstRotation, c), Math.max(0, lacking));
    }

    /** The last round that begins at the visit or before. Rounds are of about the same length, so it is sought where it then would be. */
    private int round(int table, int shift, int rest, long full, long visit) {
        long mean = full + (rest * runs.sum(table) >>> bits);
        int round = (int) Math.min(d - 1, divide(visit, mean));
        while (roundStart(table, shift, rest, full, round) > visit) {
            round--;
        }
        while (round < d - 1 && roundStart(table, shift, rest, full, round + 1) <= visit) {
            round++;
        }
        return round;
    }

    /** The visits of full groups in earlier rounds, and of the members beyond them. */
    private long roundStart(int table, int shift, int rest, long full, int j) {
        return j * full + runs.starts(table, shift, j, rest);
    }

    private int shift(long seatKey, int firstShift, long w) {
        return w == 0 ? firstShift : runs.rotation(Mix.sub(seatKey, w));
    }

    private long orderKey(long seatKey, int c, long rho) {
        return Mix.sub(seatKey, ~((rho << bits) + c));
    }

    /** How often all tables were passed; seldom ever. */
    private long periods(long visits) {
        return visits < runs.sum() ? 0 : visits / runs.sum();
    }

    private long window(long period, int firstTable, int table) {
        return period * runs.tables() + runs.table(table - firstTable);
    }

    /** A 32-bit division takes a fraction of the time, and is nearly always enough. */
    private static long divide(long x, long y) {
        return (x | y) >>> 31 == 0 ? (int) x / (int) y : x / y;
    }
}
