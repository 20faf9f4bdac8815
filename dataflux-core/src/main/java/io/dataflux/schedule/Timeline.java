package io.dataflux.schedule;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Time as an index: when event {@code n} of a stream is due, and how many events are due before a time, in exact integers.
 *
 * <p>A timeline is a curve of knots (nanoseconds since the origin, amount); the amount grows linearly between knots, {@code unit} amounts
 * make one event, and the part from knot {@code loop} on repeats forever. Event {@code n} is due at the first nanosecond by which the
 * amount has reached {@code n * unit}, so event 0 is due at the origin. There is no rounded interval that could drift: for all n and x,
 *
 * <pre>{@code
 * sequenceAt(time(n)) <= n < sequenceAt(time(n) + 1)
 * time(sequenceAt(x) - 1) < x <= time(sequenceAt(x))
 * }</pre>
 *
 * and {@code sequenceAt(time(n)) == n} if no two events share a nanosecond. Times are whole seconds and nanoseconds since
 * the origin; sequences are in [0, 2^62].
 *
 * <p>On top of the curve there can be bursts, a {@link BurstWarp} that maps the curve's time to time, and jitter, by which each event
 * comes at a random nanosecond from its time up to that of the next. The inequalities hold for all of it.
 *
 * <p>Immutable and thread-safe. Direct access is two divisions and, with several knots, a binary search; a {@link Cursor} walks in
 * sequence by additions, with a division or two more per event within bursts, and allocates nothing.
 *
 * <p>Long because direct access and the cursor are the same arithmetic in two forms, to be read side by side.
 */
public final class Timeline {
    static final long LAST_SEQUENCE = 1L << 62;
    private static final long SECOND = 1_000_000_000L;
    private static final long MAX_KNOT = 1L << 62;

    private final long[] nanos;
    private final long[] amounts;
    private final long unit;
    /** Index of the knot from which on the curve repeats. */
    private final int loop;
    /** Events whose amounts lie in the part before the loop. */
    private final long prefix;
    /** The rest of the amount at the loop's knot after these events. */
    private final long prefixRest;

    private final long periodSeconds;
    private final long periodAmount;
    private final long lastRepetition;
    private final @Nullable BurstWarp bursts;
    private final @Nullable Jitter jitter;

    /** The key from which the words for jitter are mixed. */
    private record Jitter(long key) {
        /** Longer gaps between two events are cut to this. */
        private static final long LONGEST = (1L << 62) - 1;

        /** Moves {@code m}, the time of event n, to a random nanosecond before {@code next}, the time of event n + 1. */
        void stray(long n, BurstWarp.Moment m, BurstWarp.Moment next) {
            if (next.seconds == Long.MAX_VALUE) {
                return;
            }
            long seconds = next.seconds - m.seconds;
            long gap = seconds >= LONGEST / SECOND ? LONGEST : seconds * SECOND + next.nanos - m.nanos;
            if (gap > 1) {
                m.add(Mix.bound(Mix.mix(key + Mix.GAMMA * n), gap));
            }
        }
    }

    private Timeline(Timeline line, @Nullable BurstWarp bursts, @Nullable Jitter jitter) {
        nanos = line.nanos;
        amounts = line.amounts;
        unit = line.unit;
        loop = line.loop;
        prefix = line.prefix;
        prefixRest = line.prefixRest;
        periodSeconds = line.periodSeconds;
        periodAmount = line.periodAmount;
        lastRepetition = line.lastRepetition;
        this.bursts = bursts;
        this.jitter = jitter;
    }

    private Timeline(long[] nanos, long[] amounts, int loop, long unit) {
        bursts = null;
        jitter = null;
        this.nanos = nanos;
        this.amounts = amounts;
        this.loop = loop;
        this.unit = unit;
        int last = nanos.length - 1;
        prefix = amounts[loop] / unit;
        prefixRest = amounts[loop] % unit;
        periodSeconds = (nanos[last] - nanos[loop]) / SECOND;
        periodAmount = amounts[last] - amounts[loop];
        lastRepetition = (Long.MAX_VALUE - nanos[last] / SECOND) / periodSeconds;
    }

    /**
     * A constant rate of {@code events} per {@code seconds} seconds.
     *
     * @throws IllegalArgumentException if one is not positive, events exceeds 2^62 or seconds 2^62 nanoseconds
     */
    public static Timeline constant(long events, long seconds) {
        if (events < 1 || seconds < 1) {
            throw new IllegalArgumentException(events + " events per " + seconds + " seconds: both must be at least 1");
        }
        long divisor = gcd(events, seconds);
        if (seconds / divisor > MAX_KNOT / SECOND) {
            throw new IllegalArgumentException(events + " events per " + seconds + " seconds: at most "
                    + MAX_KNOT / SECOND + " seconds are possible");
        }
        // with whole events as the unit every number stays small; a finer unit gives the same times
        return knots(new long[] {0, seconds / divisor * SECOND}, new long[] {0, events / divisor}, 0, 1);
    }

    /**
     * A curve through knots. The first knot is (0, 0), times increase, amounts do not decrease; from knot {@code loop} to
     * the last are whole seconds and at least one unit.
     *
     * @throws IllegalArgumentException if a condition is not met, or a number exceeds 2^62
     */
    public static Timeline knots(long[] nanos, long[] amounts, int loop, long unit) {
        int last = nanos.length - 1;
        boolean good = last >= 1 && amounts.length == nanos.length && loop >= 0 && loop < last && unit >= 1;
        good = good && nanos[0] == 0 && amounts[0] == 0 && nanos[last] <= MAX_KNOT && amounts[last] <= MAX_KNOT;
        for (int i = 0; good && i < last; i++) {
            good = nanos[i] < nanos[i + 1] && amounts[i] <= amounts[i + 1];
        }
        good = good && (nanos[last] - nanos[loop]) % SECOND == 0 && amounts[last] - amounts[loop] >= unit;
        if (!good) {
            throw new IllegalArgumentException("no curve: knots " + Arrays.toString(nanos) + ", "
                    + Arrays.toString(amounts) + " with loop " + loop + " and unit " + unit);
        }
        return new Timeline(nanos.clone(), amounts.clone(), loop, unit);
    }

    /**
     * The same events, in every period {@code speed} times as fast for {@code lengthNanos} from a random moment on.
     *
     * @param key a mixed word; other keys give other moments
     * @throws IllegalArgumentException unless speed is above 1 and {@code speed * length} below the period
     */
    public Timeline bursts(long key, long everySeconds, long lengthNanos, Fraction speed) {
        return new Timeline(this, BurstWarp.of(key, everySeconds, lengthNanos, speed), jitter);
    }

    /** The same events, each at a random nanosecond from its time up to that of the next. */
    public Timeline jittered(long key) {
        return new Timeline(this, bursts, new Jitter(key));
    }

    /** How many events come per second, on average over the repeating part. */
    public double meanPerSecond() {
        return (double) periodAmount / unit / periodSeconds;
    }

    /**
     * The whole seconds from the origin to event {@code n}; {@code Long.MAX_VALUE} if there are more.
     *
     * @param n 0 to 2^62
     */
    public long seconds(long n) {
        return isPlain() ? curveSeconds(n) : at(n).seconds;
    }

    /** The nanoseconds, 0 to 999,999,999, that follow {@link #seconds} up to event {@code n}. */
    public int nanos(long n) {
        return isPlain() ? curveNanos(n) : at(n).nanos;
    }

    private boolean isPlain() {
        return bursts == null && jitter == null;
    }

    /** When an event is due, see {@link #seconds} and {@link #nanos}. Mutable, for one thread. */
    public static final class Due {
        private final BurstWarp.Moment at = new BurstWarp.Moment();
        private final BurstWarp.Moment next = new BurstWarp.Moment();

        public long seconds() {
            return at.seconds;
        }

        public int nanos() {
            return at.nanos;
        }
    }

    /**
     * Both {@link #seconds} and {@link #nanos} of event {@code n}; with bursts or jitter at the cost of one of them. Allocates nothing.
     *
     * @param n 0 to 2^62
     */
    public void locate(long n, Due due) {
        beforeJitter(n, due.at);
        if (jitter != null && n < LAST_SEQUENCE) {
            beforeJitter(n + 1, due.next);
            jitter.stray(n, due.at, due.next);
        }
    }

    private BurstWarp.Moment at(long n) {
        Due due = new Due();
        locate(n, due);
        return due.at;
    }

    private void beforeJitter(long n, BurstWarp.Moment at) {
        at.set(curveSeconds(n), curveNanos(n));
        if (bursts != null) {
            bursts.down(at);
        }
    }

    private long curveSeconds(long n) {
        long repetition = repetition(n);
        return seconds(repetition, offset(level(n, repetition)));
    }

    private int curveNanos(long n) {
        return (int) (offset(level(n, repetition(n))) % SECOND);
    }

    /**
     * The number of events due before a time: {@code #{n : time(n) < x}}, at most 2^62.
     *
     * @param seconds since the origin, may be negative
     * @param nanos 0 to 999,999,999
     */
    public long sequenceAt(long seconds, int nanos) {
        if (seconds < 0 || (seconds == 0 && nanos == 0)) {
            return 0;
        }
        // the last nanosecond before the time
        long second = nanos > 0 ? seconds : seconds - 1;
        long nano = nanos > 0 ? nanos - 1 : SECOND - 1;
        if (bursts != null) {
            BurstWarp.Moment source = new BurstWarp.Moment();
            source.set(second, (int) nano);
            bursts.up(source);
            second = source.seconds;
            nano = source.nanos;
        }
        long before = countUpTo(second, nano);
        if (jitter == null || before == 0) {
            return before;
        }
        BurstWarp.Moment last = at(before - 1);
        return last.seconds < seconds || last.seconds == seconds && last.nanos < nanos ? before : before - 1;
    }

    /** The events of the curve up to a nanosecond, itself included. */
    private long countUpTo(long second, long nano) {
        long loopStart = this.nanos[loop];
        long sinceSecond = second - loopStart / SECOND;
        long sinceNano = nano - loopStart % SECOND;
        if (sinceNano < 0) {
            sinceSecond--;
            sinceNano += SECOND;
        }
        if (sinceSecond < 0) {
            return amount(second * SECOND + nano) / unit + 1;
        }
        long repetition = sinceSecond / periodSeconds;
        long offset = loopStart + sinceSecond % periodSeconds * SECOND + sinceNano;
        return eventsUpTo(repetition, amount(offset));
    }

    /** A cursor that stands at event {@code n}. */
    public Cursor cursor(long n) {
        Cursor cursor = new Cursor(this, isPlain() ? null : new Bent(this));
        cursor.skipTo(n);
        return cursor;
    }

    /** A curve walked in sequence, with bursts or jitter: it is one event ahead, because jitter needs the time of the next. */
    private static final class Bent {
        private final Timeline line;
        private final Cursor ahead;
        private final BurstWarp.Moment at = new BurstWarp.Moment();
        private final BurstWarp.Moment next = new BurstWarp.Moment();

        Bent(Timeline line) {
            this.line = line;
            ahead = new Cursor(line, null);
        }

        /** Goes to the next event, or to event {@code n}. */
        void go(long n, boolean inSequence) {
            if (line.jitter == null) {
                step(n, inSequence);
                at.set(next.seconds, next.nanos);
                return;
            }
            if (!inSequence) {
                step(n, false);
            }
            at.set(next.seconds, next.nanos);
            if (n < LAST_SEQUENCE) {
                step(n + 1, true);
                line.jitter.stray(n, at, next);
            }
        }

        private void step(long n, boolean inSequence) {
            if (inSequence) {
                ahead.next();
            } else {
                ahead.skipTo(n);
            }
            next.set(ahead.seconds, ahead.nanos);
            if (line.bursts != null) {
                line.bursts.down(next);
            }
        }
    }

    private long eventsUpTo(long repetition, long amount) {
        long whole = periodAmount / unit;
        long rest = periodAmount % unit;
        long carried = rest == 0 ? 0 : Wide.mulDiv(repetition, rest, unit);
        long left = repetition * rest - carried * unit;
        long events = repetition * whole;
        if (Math.multiplyHigh(repetition, whole) != 0
                || events < 0
                || events > LAST_SEQUENCE
                || carried > LAST_SEQUENCE) {
            return LAST_SEQUENCE;
        }
        // two terms of at most 2^62 cannot overflow; the rest is compared before it is added
        events = Math.min(events + carried, LAST_SEQUENCE);
        return events + Math.min((left + amount) / unit + 1, LAST_SEQUENCE - events);
    }

    /** The repetition of the loop in which event n's amount is reached; also 0 for the part before the loop. */
    private long repetition(long n) {
        if (n <= prefix) {
            return 0;
        }
        long m = n - prefix;
        long q = unit == 1 ? m / periodAmount : Wide.mulDiv(m, unit, periodAmount);
        // products may wrap: their difference is below the period
        return m * unit - q * periodAmount > prefixRest ? q : q - 1;
    }

    /** The amount at event n, reduced to the first repetition. */
    private long level(long n, long repetition) {
        return n * unit - repetition * periodAmount;
    }

    /** The first nanosecond at which the amount reaches a level. */
    private long offset(long level) {
        return level == 0 ? 0 : offset(level, segment(level));
    }

    private long offset(long level, int i) {
        return nanos[i] + Wide.mulDivCeil(level - amounts[i], nanos[i + 1] - nanos[i], amounts[i + 1] - amounts[i]);
    }

    private long seconds(long repetition, long offset) {
        return repetition > lastRepetition ? Long.MAX_VALUE : repetition * periodSeconds + offset / SECOND;
    }

    /** The segment i with amounts[i] < level <= amounts[i + 1], for a level above 0. */
    private int segment(long level) {
        int low = 1;
        int high = amounts.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (amounts[middle] < level) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low - 1;
    }

    /** The amount reached at a nanosecond of the prefix or the first repetition. */
    private long amount(long offset) {
        int found = nanos.length == 2 ? 0 : Arrays.binarySearch(nanos, offset);
        int i = found >= 0 ? found : -found - 2;
        return amounts[i] + Wide.mulDiv(offset - nanos[i], amounts[i + 1] - amounts[i], nanos[i + 1] - nanos[i]);
    }

    private static long gcd(long a, long b) {
        while (b != 0) {
            long rest = a % b;
            a = b;
            b = rest;
        }
        return a;
    }

    /**
     * A position on a timeline that advances in sequence: it gives the same integers as direct access, using only additions as long as the
     * rate does not change. Also the cheapest way to get seconds and nanoseconds of one event. Not thread-safe.
     *
     * <pre>{@code
     * for (Timeline.Cursor c = timeline.cursor(from); c.sequence() < to; c.next()) {
     *     emit(c.sequence(), c.seconds(), c.nanos());
     * }
     * }</pre>
     */
    public static final class Cursor {
        private final Timeline line;
        private long sequence;
        private long seconds;
        private int nanos;
        /** The amount at this event. */
        private long level;

        /** The amount at which the current segment ends. */
        private long levelEnd;

        /** What rounding up has added to the dividend whose quotient is the time, in [0, segmentAmount). */
        private long excess;

        private long segmentAmount;
        private long stepSeconds;
        private int stepNanos;
        private long stepExcess;

        private final @Nullable Bent bent;

        private Cursor(Timeline line, @Nullable Bent bent) {
            this.line = line;
            this.bent = bent;
        }

        public long sequence() {
            return sequence;
        }

        /** See {@link Timeline#seconds}. */
        public long seconds() {
            return seconds;
        }

        /** See {@link Timeline#nanos}. */
        public int nanos() {
            return nanos;
        }

        /** Goes to the next event. */
        public void next() {
            if (bent != null) {
                bend(bent, sequence + 1, true);
                return;
            }
            if (line.unit > levelEnd - level || seconds == Long.MAX_VALUE) {
                skipTo(sequence + 1);
                return;
            }
            sequence++;
            level += line.unit;
            long total = nanos + (long) stepNanos;
            excess += stepExcess;
            if (excess >= segmentAmount) {
                excess -= segmentAmount;
                total--;
            }
            seconds += stepSeconds;
            if (total >= SECOND) {
                total -= SECOND;
                seconds++;
            } else if (total < 0) {
                total += SECOND;
                seconds--;
            }
            nanos = (int) total;
        }

        /** Goes to event {@code n}, forwards or backwards. */
        public void skipTo(long n) {
            if (bent != null) {
                bend(bent, n, false);
                return;
            }
            long repetition = line.repetition(n);
            sequence = n;
            level = line.level(n, repetition);
            if (level == 0) {
                seconds = 0;
                nanos = 0;
                levelEnd = 0;
                return;
            }
            int i = line.segment(level);
            long offset = line.offset(level, i);
            seconds = line.seconds(repetition, offset);
            nanos = (int) (offset % SECOND);
            segmentAmount = line.amounts[i + 1] - line.amounts[i];
            levelEnd = line.amounts[i + 1];
            long duration = line.nanos[i + 1] - line.nanos[i];
            excess = (offset - line.nanos[i]) * segmentAmount - (level - line.amounts[i]) * duration;
            if (line.unit <= levelEnd - level) {
                long step = Wide.mulDivCeil(line.unit, duration, segmentAmount);
                stepExcess = step * segmentAmount - line.unit * duration;
                stepSeconds = step / SECOND;
                stepNanos = (int) (step % SECOND);
            }
        }

        private void bend(Bent by, long n, boolean inSequence) {
            by.go(n, inSequence);
            sequence = n;
            seconds = by.at.seconds;
            nanos = by.at.nanos;
        }
    }
}
