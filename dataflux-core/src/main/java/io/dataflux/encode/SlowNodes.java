package io.dataflux.encode;

import io.dataflux.encode.Node.Count;
import io.dataflux.encode.Node.Numeric;
import io.dataflux.schedule.Mix;
import io.dataflux.schedule.Wide;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * The nodes whose value belongs to an entity and changes with time: functions of both, so neither the order of events nor the events in
 * between matter. They read the event time; a late event has the value of the time at which it happened.
 */
final class SlowNodes {

    static final long MINUTE = 60_000;
    private static final long DAY = 1440 * MINUTE;
    private static final int FRACTION_BITS = 20;
    private static final long WHOLE = 1L << FRACTION_BITS;
    private static final int LEVEL_BITS = 30;

    /** For each minute after the peak, half of a cosine wave above its trough, in parts of 2^30; one more entry closes the day. */
    private static final long[] DAILY = new long[1441];

    static {
        for (int i = 0; i < DAILY.length; i++) {
            double wave = (1 + StrictMath.cos(2 * StrictMath.PI * (i % 1440) / 1440)) / 2;
            DAILY[i] = (long) StrictMath.floor(((1L << LEVEL_BITS) - 1) * wave);
        }
    }

    private SlowNodes() {}

    /** The subject of a value: the entity's word for a path. Streams without keys have one entity. */
    record Subject(long seed, long salt, boolean keyed) {
        long word(EventState s) {
            long entity = keyed ? s.slot.entity : 0;
            return Mix.mix(Mix.mix(seed + Mix.GAMMA * entity) + salt + Mix.GAMMA * s.element);
        }
    }

    private static long millis(EventState s) {
        return s.epochSecond * 1000 + s.nano / 1_000_000;
    }

    /**
     * A number that wanders between its bounds, about once back and forth in four times {@code over}, and follows the time of day by a
     * share of {@code daily / 2^20}.
     */
    record Smooth(Subject subject, long min, long max, int scale, long over, long daily, long peak) implements Numeric {
        @Override
        public long unscaled(EventState s) {
            long word = subject.word(s);
            long millis = millis(s);
            long level = noise(word, millis) * (WHOLE - daily);
            if (daily > 0) {
                level += day(millis - peak) * daily;
            }
            return min + Math.multiplyHigh(level << (63 - LEVEL_BITS - FRACTION_BITS), (max - min + 1) << 1);
        }

        /** The value between one random level and the next, on a curve that is flat at both; 30 bits. */
        private long noise(long word, long millis) {
            long at = millis + Mix.bound(Mix.sub(word, 0), over);
            long number = Math.floorDiv(at, over);
            long f = ((at - number * over) << FRACTION_BITS) / over;
            long way = f * f * (3 * WHOLE - 2 * f) >>> 2 * FRACTION_BITS;
            long levels = Mix.sub(word, 1);
            long from = Mix.sub(levels, number) >>> Long.SIZE - LEVEL_BITS;
            long to = Mix.sub(levels, number + 1) >>> Long.SIZE - LEVEL_BITS;
            return from + ((to - from) * way >> FRACTION_BITS);
        }

        private static long day(long millis) {
            long since = Math.floorMod(millis, DAY);
            int minute = (int) (since / MINUTE);
            return DAILY[minute] + Math.floorDiv((DAILY[minute + 1] - DAILY[minute]) * (since % MINUTE), MINUTE);
        }
    }

    /**
     * A number that only grows, until it begins at 0 again. A minute adds between nothing and twice the entity's own mean, which is between
     * a half and one and a half of {@code perMinute}, a count in parts of 10^-6.
     *
     * @param every how often it begins again, in milliseconds, or 0 for never; each time late by up to half of that
     * @param start when it began, if it never begins again
     */
    record Counter(Subject subject, long perMinute, long every, long start, long max) implements Count {
        static final long PARTS = 1_000_000;

        @Override
        public long unscaled(EventState s) {
            long word = subject.word(s);
            long millis = millis(s);
            long life = 0;
            long begin = start;
            if (every > 0) {
                long begins = Mix.sub(word, 0);
                life = Math.floorDiv(millis, every);
                begin = begin(begins, life);
                if (millis < begin) {
                    life--;
                    begin = begin(begins, life);
                }
            }
            long factor = (WHOLE >> 1) + Mix.bound(Mix.sub(word, 1), WHOLE);
            long mean = Math.multiplyHigh(perMinute, factor) << Long.SIZE - FRACTION_BITS
                    | perMinute * factor >>> FRACTION_BITS;
            return count(Mix.sub(Mix.sub(word, 2), life), mean, Math.max(0, millis - begin));
        }

        private long begin(long begins, long life) {
            return life * every + Mix.bound(Mix.sub(begins, life), every / 2 + 1);
        }

        /** At the end of minute j, j times the mean has been counted, plus a random part of the next. */
        private static long count(long word, long mean, long millis) {
            long minute = millis / MINUTE;
            long from = minute == 0 ? 0 : Mix.bound(Mix.sub(word, minute), mean);
            long to = mean + Mix.bound(Mix.sub(word, minute + 1), mean);
            long parts = minute * (mean % PARTS) + from + Wide.mulDiv(to - from, millis % MINUTE, MINUTE);
            return minute * (mean / PARTS) + parts / PARTS;
        }
    }

    /** Another number times a factor, plus a constant and noise, cut to bounds. All but the factor in units of the last digit. */
    record Linear(long salt, Numeric of, long times, long divisor, long plus, long noise, long min, long max, int scale)
            implements Numeric {
        @Override
        public long unscaled(EventState s) {
            long line = Math.floorDiv(of.unscaled(s) * times, divisor) + plus;
            long value = noise == 0 ? line : line - noise + Mix.bound(Node.draw(s, salt), 2 * noise + 1);
            return Math.max(min, Math.min(max, value));
        }
    }

    /** A decimal in units of its last digit. @throws ArithmeticException if it has more digits, or is too large */
    static long units(BigDecimal number, int scale) {
        return number.setScale(scale, RoundingMode.UNNECESSARY).unscaledValue().longValueExact();
    }
}
