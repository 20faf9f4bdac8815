package io.dataflux.schedule;

/**
 * A deal of visits 0, 1, 2, ... to k members of equal weight, in which a member comes several times in a row and then pauses: its sessions.
 * It replaces {@link TurnDeal} in a cell whose members have sessions.
 *
 * <p>There are {@code a} seats, a power of two; member {@code m} sits at seat {@code m mod a}, and only one member of a seat is active at a
 * time. The visits go round the seats, each round in an order of its own, so that inside a session 0 to 2 rounds pass between two visits. A
 * seat's members have their sessions one after another, each once per round of the seat: the members are divided into as many classes as
 * there are lengths, and from round to round the lengths move on by one class. Over a window of as many rounds every member has had every
 * length once, which is why session, step and occurrence have closed forms. Seats begin in the middle of their first round, so that their
 * sessions do not start together; a session that is cut by this is shorter, but still begins at step 0.
 *
 * <p>All calls are pure functions and allocate nothing. Members are 1 to 2^48, seats at most as many.
 */
final class BurstDeal {
    private final RunTable runs;
    private final int d;
    private final int sum;
    /** (Shift * d + rest) * d + round to the visits that the members beyond full groups have had before that round. */
    private final int[] extra;

    BurstDeal(RunTable runs) {
        this.runs = runs;
        d = runs.runs();
        sum = runs.sum();
        extra = new int[d * d * d];
        for (int shift = 0; shift < d; shift++) {
            for (int rest = 0; rest < d; rest++) {
                int at = (shift * d + rest) * d;
                for (int j = 1; j < d; j++) {
                    extra[at + j] = extra[at + j - 1] + runs.start((j - 1 + shift) % d, rest);
                }
            }
        }
    }

    RunTable runs() {
        return runs;
    }

    /** Fills in member (as the entity), occurrence, session, step and length of a visit. */
    void locate(long key, long members, int seatBits, long visit, Schedule.Slot slot) {
        long seats = 1L << seatBits;
        long u = visit >>> seatBits;
        long seat = Shuffle.shuffle(Mix.sub(key, u), seats, visit & (seats - 1));
        long seatKey = Mix.sub(key, ~seat);
        long size = (members - seat + seats - 1) >>> seatBits;
        long groups = divide(size, d);
        int rest = (int) (size - groups * d);
        long begin = Mix.sub(seatKey, 0);
        int firstShift = runs.rotation(begin);
        long phase = phase(begin, groups, rest, firstShift);
        long x = u + phase;
        long w = divide(x, size * sum);
        x -= w * size * sum;
        int shift = shift(seatKey, firstShift, w);
        int j = round(shift, rest, groups * sum, x);
        x -= roundStart(shift, rest, groups * sum, j);
        int h = runs.rotated(j, shift);
        long block = divide(x, sum);
        int cut = runs.cut(h, (int) (x - block * sum));
        int c = RunTable.runOf(cut);
        long rho = w * d + j;
        long group = rho == 0 ? block : Shuffle.shuffle(orderKey(seatKey, c, rho), groups + (c < rest ? 1 : 0), block);
        int cutoff = group == 0 ? cutoff(firstShift, c, phase) : 0;
        slot.entity = ((group * d + c) << seatBits) + seat;
        slot.occurrence = w * sum + runs.start(runs.rotated(c, shift), j) + RunTable.stepOf(cut) - cutoff;
        boolean first = rho == 0;
        slot.session = cutoff == runs.length(firstShift, c) ? rho - 1 : rho;
        slot.step = RunTable.stepOf(cut) - (first ? cutoff : 0);
        slot.length = runs.length(h, c) - (first ? cutoff : 0);
    }

    /** The visit that is a member's occurrence number {@code occurrence}. */
    long visit(long key, long members, int seatBits, long member, long occurrence) {
        long seats = 1L << seatBits;
        long seat = member & (seats - 1);
        long seatKey = Mix.sub(key, ~seat);
        long size = (members - seat + seats - 1) >>> seatBits;
        long groups = divide(size, d);
        int rest = (int) (size - groups * d);
        long group = divide(member >>> seatBits, d);
        int c = (int) ((member >>> seatBits) - group * d);
        long begin = Mix.sub(seatKey, 0);
        int firstShift = runs.rotation(begin);
        long phase = phase(begin, groups, rest, firstShift);
        long o = occurrence + (group == 0 ? cutoff(firstShift, c, phase) : 0);
        long w = divide(o, sum);
        int shift = shift(seatKey, firstShift, w);
        int cut = runs.cut(runs.rotated(c, shift), (int) (o - w * sum));
        int j = RunTable.runOf(cut);
        int h = runs.rotated(j, shift);
        long block = block(seatKey, c, w * d + j, groups + (c < rest ? 1 : 0), group);
        long u = Math.multiplyExact(w, size * sum)
                + roundStart(shift, rest, groups * sum, j)
                + block * sum
                + runs.start(h, c)
                + RunTable.stepOf(cut)
                - phase;
        return Math.addExact(Math.multiplyExact(u, seats), Shuffle.unshuffle(Mix.sub(key, u), seats, seat));
    }

    /** The number of visits below {@code visit} that are a member's. */
    long count(long key, long members, int seatBits, long member, long visit) {
        long seats = 1L << seatBits;
        long seat = member & (seats - 1);
        long seatKey = Mix.sub(key, ~seat);
        long size = (members - seat + seats - 1) >>> seatBits;
        long groups = divide(size, d);
        int rest = (int) (size - groups * d);
        long group = divide(member >>> seatBits, d);
        int c = (int) ((member >>> seatBits) - group * d);
        long begin = Mix.sub(seatKey, 0);
        int firstShift = runs.rotation(begin);
        long phase = phase(begin, groups, rest, firstShift);
        long u = visit >>> seatBits;
        boolean passed = Shuffle.unshuffle(Mix.sub(key, u), seats, seat) < (visit & (seats - 1));
        long x = u + (passed ? 1 : 0) + phase;
        long w = divide(x, size * sum);
        x -= w * size * sum;
        int shift = shift(seatKey, firstShift, w);
        int j = round(shift, rest, groups * sum, x);
        x -= roundStart(shift, rest, groups * sum, j);
        int h = runs.rotated(j, shift);
        long block = block(seatKey, c, w * d + j, groups + (c < rest ? 1 : 0), group);
        long inRun = Math.min(runs.length(h, c), Math.max(0, x - block * sum - runs.start(h, c)));
        int cutoff = group == 0 ? cutoff(firstShift, c, phase) : 0;
        return w * sum + runs.start(runs.rotated(c, shift), j) + inRun - cutoff;
    }

    private long block(long seatKey, int c, long rho, long groups, long group) {
        return rho == 0 ? group : Shuffle.unshuffle(orderKey(seatKey, c, rho), groups, group);
    }

    /** How many visits the first members of a class lack, because the seat began in the middle of their session. */
    private int cutoff(int firstShift, int c, long phase) {
        return (int) Math.min(runs.length(firstShift, c), Math.max(0, phase - runs.start(firstShift, c)));
    }

    private int round(int shift, int rest, long full, long x) {
        int low = 0;
        int high = d;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (roundStart(shift, rest, full, middle) <= x) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private long roundStart(int shift, int rest, long full, int j) {
        return j * full + extra[(shift * d + rest) * d + j];
    }

    /** The first window's shift takes the upper bits of the word, the phase the lower ones. */
    private long phase(long begin, long groups, int rest, int firstShift) {
        return Mix.bound(Long.rotateLeft(begin, 32), groups > 0 ? sum : runs.start(firstShift, rest));
    }

    private int shift(long seatKey, int firstShift, long w) {
        return w == 0 ? firstShift : runs.rotation(Mix.sub(seatKey, w));
    }

    private long orderKey(long seatKey, int c, long rho) {
        return Mix.sub(seatKey, ~(rho * d + c));
    }

    /** A 32-bit division takes a fraction of the time, and is nearly always enough. */
    private static long divide(long x, long y) {
        return (x | y) >>> 31 == 0 ? (int) x / (int) y : x / y;
    }
}
