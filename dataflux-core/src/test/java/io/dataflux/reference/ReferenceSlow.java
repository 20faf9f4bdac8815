package io.dataflux.reference;

import io.dataflux.model.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** Values that belong to an entity's word and a time, from the words about them. All times are milliseconds since 1970. */
final class ReferenceSlow {

    private static final BigInteger MILLION = big(1_000_000);
    private static final BigInteger UNIT = BigInteger.ONE.shiftLeft(20);

    private ReferenceSlow() {}

    static BigDecimal smooth(Kind.Smooth k, long word, Instant time) {
        BigInteger over = big(k.over().toMillis());
        BigInteger at = big(time.toEpochMilli()).add(Words64.bound(Words64.sub(word, 0), over));
        BigInteger inside = at.mod(over);
        long number = at.subtract(inside).divide(over).longValueExact();
        BigInteger f = inside.multiply(UNIT).divide(over);
        BigInteger way = f.multiply(f)
                .multiply(UNIT.multiply(big(3)).subtract(f.multiply(big(2))))
                .shiftRight(40);
        BigInteger from = level(word, number);
        BigInteger to = level(word, number + 1);
        BigInteger noise = from.add(to.subtract(from).multiply(way).shiftRight(20));
        BigInteger daily = big(k.dailyPpm()).multiply(UNIT).divide(MILLION);
        BigInteger both = noise.multiply(UNIT.subtract(daily))
                .add(day(time, k.peakMinute()).multiply(daily));
        BigInteger min = k.min().movePointRight(k.scale()).toBigIntegerExact();
        BigInteger count = k.max()
                .movePointRight(k.scale())
                .toBigIntegerExact()
                .subtract(min)
                .add(BigInteger.ONE);
        return new BigDecimal(min.add(both.multiply(count).shiftRight(50)), k.scale());
    }

    private static BigInteger level(long word, long number) {
        return Words64.unsigned(Words64.sub(Words64.sub(word, 1), number)).shiftRight(34);
    }

    /** Half a cosine's wave around the peak by whole minutes, straight in between, of 2^30. */
    private static BigInteger day(Instant time, int peakMinute) {
        Instant shifted = time.minusSeconds(60L * peakMinute);
        LocalTime clock = shifted.atZone(ZoneOffset.UTC).toLocalTime();
        int minute = clock.getHour() * 60 + clock.getMinute();
        BigInteger millis = big(clock.getSecond() * 1000L + clock.getNano() / 1_000_000);
        BigDecimal way = new BigDecimal(wave(minute + 1).subtract(wave(minute)).multiply(millis))
                .divide(BigDecimal.valueOf(60_000), 0, RoundingMode.FLOOR);
        return wave(minute).add(way.toBigIntegerExact());
    }

    private static BigInteger wave(int minute) {
        double wave = (1 + StrictMath.cos(2 * StrictMath.PI * (minute % 1440) / 1440)) / 2;
        return new BigDecimal(StrictMath.floor(((1 << 30) - 1) * wave)).toBigIntegerExact();
    }

    static long counter(Kind.Counter k, long word, Instant time, Instant start) {
        long millis = time.toEpochMilli();
        long life = 0;
        long begin = start.toEpochMilli();
        if (k.reset() != null) {
            life = Math.floorDiv(millis, k.reset().toMillis());
            begin = begin(k, word, life);
            if (begin > millis) {
                begin = begin(k, word, --life);
            }
        }
        BigInteger mean = big(k.rate().events())
                .multiply(big(60))
                .multiply(MILLION)
                .divide(big(k.rate().seconds()))
                .multiply(UNIT.shiftRight(1).add(Words64.bound(Words64.sub(word, 1), UNIT)))
                .shiftRight(20);
        long own = Words64.sub(Words64.sub(word, 2), life);
        BigInteger since = big(Math.max(0, millis - begin));
        BigInteger minute = since.divide(big(60_000));
        BigInteger from = upTo(own, minute, mean);
        BigInteger to = upTo(own, minute.add(BigInteger.ONE), mean);
        BigInteger more = to.subtract(from).multiply(since.mod(big(60_000))).divide(big(60_000));
        return from.add(more).divide(MILLION).longValueExact();
    }

    private static long begin(Kind.Counter k, long word, long life) {
        long every = k.reset().toMillis();
        return life * every + Words64.bound(Words64.sub(Words64.sub(word, 0), life), every / 2 + 1);
    }

    /** What a life has counted by the beginning of a minute, in millionths. */
    private static BigInteger upTo(long own, BigInteger minute, BigInteger mean) {
        return minute.signum() == 0
                ? BigInteger.ZERO
                : minute.multiply(mean).add(Words64.bound(Words64.sub(own, minute.longValueExact()), mean));
    }

    static BigDecimal linear(Kind.Linear k, BigDecimal of, long word) {
        BigDecimal line =
                of.multiply(k.times()).setScale(k.scale(), RoundingMode.FLOOR).add(k.plus());
        BigInteger noise = k.noise().movePointRight(k.scale()).toBigIntegerExact();
        BigInteger drawn = Words64.bound(word, noise.multiply(big(2)).add(BigInteger.ONE));
        BigDecimal value = line.add(new BigDecimal(drawn.subtract(noise), k.scale()));
        return value.max(k.min()).min(k.max()).setScale(k.scale(), RoundingMode.UNNECESSARY);
    }

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }
}
