package io.dataflux.reference;

import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.StreamDefinition.Bursts;
import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * When events are due, by definition and in numbers without a width: rates as lists of what holds from when on, amounts as their
 * sums, and every time found by bisection as the first nanosecond at which enough has come. All times are nanoseconds since the start.
 */
public final class ReferenceTime {

    private static final BigInteger ONE = BigInteger.ONE;
    private static final BigInteger SECOND = big(1_000_000_000);
    private static final BigInteger DAY = SECOND.multiply(big(86_400));
    private static final BigInteger MOST = ONE.shiftLeft(62);

    /** Four times what the product takes: it keeps as one piece what goes on at the same rate, and this does not. */
    private static final int MOST_PIECES = 1 << 19;

    /** Unfolded, a rate changes too often for this implementation. */
    public static final class TooManyPieces extends RuntimeException {
        TooManyPieces() {
            super("more than " + MOST_PIECES + " pieces");
        }
    }

    private record Ratio(BigInteger over, BigInteger under) {
        static Ratio of(BigDecimal number) {
            return new Ratio(number.setScale(9).unscaledValue(), BigInteger.TEN.pow(9));
        }

        Ratio plus(Ratio o) {
            if (under.equals(o.under)) {
                return new Ratio(over.add(o.over), under);
            }
            return new Ratio(over.multiply(o.under).add(o.over.multiply(under)), under.multiply(o.under)).reduced();
        }

        Ratio times(Ratio o) {
            return new Ratio(over.multiply(o.over), under.multiply(o.under)).reduced();
        }

        Ratio reduced() {
            BigInteger gcd = over.gcd(under);
            return gcd.signum() == 0 ? this : new Ratio(over.divide(gcd), under.divide(gcd));
        }
    }

    /** What repeats: from {@code first} on, every {@code period}. */
    private record Cycle(BigInteger first, BigInteger period) {
        Cycle and(Cycle other) {
            BigInteger both = period.divide(period.gcd(other.period)).multiply(other.period);
            return new Cycle(first.max(other.first), both);
        }
    }

    private final Instant start;
    private final Bursts bursts;
    private final boolean jitter;
    private final long streamSeed;
    private final List<BigInteger> knots = new ArrayList<>();
    private final List<BigInteger> amounts = new ArrayList<>();
    private final BigInteger first;
    private BigInteger unit = big(1_000_000);

    public ReferenceTime(StreamDefinition definition, long seed) {
        start = definition.start();
        bursts = definition.arrivals().bursts();
        jitter = definition.arrivals().jitter();
        streamSeed = Words64.sub(Words64.mix(seed), Words64.hash(definition.name()));
        RateProfile profile = definition.rate();
        Cycle cycle = profile.accept(new Cycles());
        first = cycle.first;
        BigInteger end = first.add(cycle.period);
        NavigableMap<BigInteger, Ratio> rates = profile.accept(new Pieces(end));
        Ratio last = rates.lowerEntry(end).getValue();
        boolean constant =
                rates.subMap(first, false, end, false).values().stream().allMatch(last::equals)
                        && rates.floorEntry(first).getValue().equals(last);
        if (constant) {
            end = first.add(last.under.multiply(SECOND));
        }
        knots(rates, end);
        if (constant && first.signum() == 0) { // whole events are then exact without any parts of them
            unit = ONE;
            knots.set(knots.size() - 1, last.under.multiply(SECOND));
            amounts.set(knots.size() - 1, last.over);
        }
    }

    /** Where the rate changes, and how much has come by then, in parts of an event and rounded down. */
    private void knots(NavigableMap<BigInteger, Ratio> rates, BigInteger end) {
        List<Ratio> exact = new ArrayList<>();
        Ratio sum = new Ratio(BigInteger.ZERO, ONE);
        Ratio before = null;
        BigInteger from = BigInteger.ZERO;
        TreeMap<BigInteger, Ratio> all = new TreeMap<>(rates.headMap(end, false));
        all.putIfAbsent(first, rates.floorEntry(first).getValue());
        for (Map.Entry<BigInteger, Ratio> entry : all.entrySet()) {
            if (entry.getValue().equals(before) && !entry.getKey().equals(first)) {
                continue;
            }
            if (before != null) {
                sum = sum.plus(before.times(new Ratio(entry.getKey().subtract(from), SECOND)));
            }
            knots.add(entry.getKey());
            exact.add(sum);
            from = entry.getKey();
            before = entry.getValue();
        }
        knots.add(end);
        exact.add(sum.plus(before.times(new Ratio(end.subtract(from), SECOND))));
        Ratio most = exact.get(exact.size() - 1);
        while (unit.compareTo(ONE) > 0 && parts(most).compareTo(MOST) > 0) {
            unit = unit.divide(BigInteger.TEN);
        }
        exact.forEach(amount -> amounts.add(parts(amount)));
    }

    private BigInteger parts(Ratio amount) {
        return amount.over.multiply(unit).divide(amount.under);
    }

    /** What repeats in a profile. */
    private static final class Cycles implements RateProfile.Visitor<Cycle> {
        @Override
        public Cycle constant(Rate rate) {
            return new Cycle(BigInteger.ZERO, SECOND);
        }

        @Override
        public Cycle steps(RateProfile.Steps steps) {
            BigInteger each = nanos(steps.each());
            BigInteger all = each.multiply(big(steps.rates().size()));
            return steps.repeat() ? new Cycle(BigInteger.ZERO, all) : new Cycle(all.subtract(each), SECOND);
        }

        @Override
        public Cycle ramp(RateProfile.Ramp ramp) {
            return new Cycle(nanos(ramp.over()), SECOND);
        }

        @Override
        public Cycle daily(RateProfile.Daily daily) {
            return daily.of().accept(this).and(new Cycle(BigInteger.ZERO, DAY));
        }

        @Override
        public Cycle weekly(RateProfile.Weekly weekly) {
            return weekly.of().accept(this).and(new Cycle(BigInteger.ZERO, DAY.multiply(big(7))));
        }

        @Override
        public Cycle sum(RateProfile.Sum sum) {
            return sum.parts().stream()
                    .map(part -> part.accept(this))
                    .reduce(Cycle::and)
                    .orElseThrow();
        }

        @Override
        public Cycle warped(RateProfile.Warped warped) {
            Cycle slow = warped.of().accept(this);
            Ratio speed = Ratio.of(warped.speed());
            BigInteger period = slow.period.multiply(speed.under);
            BigInteger seconds = speed.over.multiply(SECOND);
            BigInteger times = seconds.divide(period.gcd(seconds));
            return new Cycle(
                    slow.first.multiply(speed.under).divide(speed.over),
                    period.multiply(times).divide(speed.over));
        }
    }

    /** What holds from when on, up to the end. */
    private final class Pieces implements RateProfile.Visitor<NavigableMap<BigInteger, Ratio>> {
        private final BigInteger end;

        Pieces(BigInteger end) {
            this.end = end;
        }

        @Override
        public NavigableMap<BigInteger, Ratio> constant(Rate rate) {
            return new TreeMap<>(Map.of(BigInteger.ZERO, ratio(rate)));
        }

        @Override
        public NavigableMap<BigInteger, Ratio> steps(RateProfile.Steps steps) {
            TreeMap<BigInteger, Ratio> rates = new TreeMap<>();
            BigInteger at = BigInteger.ZERO;
            for (int i = 0;
                    at.compareTo(end) < 0
                            && (steps.repeat() || i < steps.rates().size());
                    i++) {
                rates.put(at, ratio(steps.rates().get(i % steps.rates().size())));
                check(rates.size());
                at = at.add(nanos(steps.each()));
            }
            return rates;
        }

        @Override
        public NavigableMap<BigInteger, Ratio> ramp(RateProfile.Ramp ramp) {
            TreeMap<BigInteger, Ratio> rates = new TreeMap<>();
            BigInteger over = nanos(ramp.over());
            BigInteger cells = over.divide(big(1_000_000)).min(big(4096));
            Ratio growth = ratio(ramp.to())
                    .plus(new Ratio(big(-ramp.from().events()), big(ramp.from().seconds())));
            for (BigInteger i = BigInteger.ZERO; i.compareTo(cells) < 0; i = i.add(ONE)) {
                BigInteger from = over.multiply(i).divide(cells);
                BigInteger to = over.multiply(i.add(ONE)).divide(cells);
                rates.put(from, ratio(ramp.from()).plus(growth.times(new Ratio(from.add(to), over.multiply(big(2))))));
            }
            rates.put(over, ratio(ramp.to()));
            return rates;
        }

        @Override
        public NavigableMap<BigInteger, Ratio> daily(RateProfile.Daily daily) {
            return calendar(daily.of().accept(this), ChronoUnit.MINUTES, end, time -> minute(daily, time));
        }

        @Override
        public NavigableMap<BigInteger, Ratio> weekly(RateProfile.Weekly weekly) {
            return calendar(
                    weekly.of().accept(this),
                    ChronoUnit.DAYS,
                    end,
                    time -> Ratio.of(weekly.factors().get(time.getDayOfWeek().getValue() - 1)));
        }

        @Override
        public NavigableMap<BigInteger, Ratio> sum(RateProfile.Sum sum) {
            TreeMap<BigInteger, Ratio> rates = new TreeMap<>();
            sum.parts().forEach(part -> {
                NavigableMap<BigInteger, Ratio> own = part.accept(this);
                TreeMap<BigInteger, Ratio> before = new TreeMap<>(rates);
                own.keySet().forEach(at -> rates.putIfAbsent(at, null));
                check(rates.size());
                rates.replaceAll((at, x) -> before.isEmpty()
                        ? own.floorEntry(at).getValue()
                        : before.floorEntry(at)
                                .getValue()
                                .plus(own.floorEntry(at).getValue()));
            });
            return rates;
        }

        @Override
        public NavigableMap<BigInteger, Ratio> warped(RateProfile.Warped warped) {
            TreeMap<BigInteger, Ratio> rates = new TreeMap<>();
            Ratio speed = Ratio.of(warped.speed());
            BigInteger slowEnd =
                    end.add(ONE).multiply(speed.over).divide(speed.under).add(ONE);
            warped.of()
                    .accept(new Pieces(slowEnd))
                    .forEach((at, rate) -> rates.put(at.multiply(speed.under).divide(speed.over), rate.times(speed)));
            return rates;
        }
    }

    /** A profile times what a calendar says, asked at the beginning of each of its units. */
    private NavigableMap<BigInteger, Ratio> calendar(
            NavigableMap<BigInteger, Ratio> own,
            ChronoUnit each,
            BigInteger end,
            Function<ZonedDateTime, Ratio> factor) {
        TreeMap<BigInteger, Ratio> rates = new TreeMap<>();
        TreeMap<BigInteger, Ratio> factors = new TreeMap<>();
        ZonedDateTime time = start.atZone(ZoneOffset.UTC).truncatedTo(each);
        for (BigInteger at = BigInteger.ZERO; at.compareTo(end) < 0; at = since(time)) {
            factors.put(at, factor.apply(time));
            check(factors.size());
            time = time.plus(1, each);
        }
        TreeMap<BigInteger, Ratio> all = new TreeMap<>(own.headMap(end, false));
        all.putAll(factors);
        all.keySet()
                .forEach(at -> rates.put(
                        at,
                        own.floorEntry(at)
                                .getValue()
                                .times(factors.floorEntry(at).getValue())));
        return rates;
    }

    private static void check(int pieces) {
        if (pieces > MOST_PIECES) {
            throw new TooManyPieces();
        }
    }

    private BigInteger since(ZonedDateTime time) {
        return nanos(Duration.between(start, time.toInstant()));
    }

    /** The factor at the middle of a minute, on the line between the points around it. */
    private static Ratio minute(RateProfile.Daily daily, ZonedDateTime time) {
        int minute = time.getHour() * 60 + time.getMinute();
        int before = minute;
        while (!daily.factors().containsKey(Math.floorMod(before, 1440))) {
            before--;
        }
        int after = minute + 1;
        while (!daily.factors().containsKey(Math.floorMod(after, 1440))) {
            after++;
        }
        Ratio from = Ratio.of(daily.factors().get(Math.floorMod(before, 1440)));
        Ratio to = Ratio.of(daily.factors().get(Math.floorMod(after, 1440)));
        Ratio way = new Ratio(big(2L * (minute - before) + 1), big(2L * (after - before)));
        return from.times(new Ratio(way.under.subtract(way.over), way.under)).plus(to.times(way));
    }

    /** The amount that has come by x on the curve, before bursts and jitter. */
    private BigInteger value(BigInteger x) {
        int last = knots.size() - 1;
        BigInteger end = knots.get(last);
        if (x.compareTo(end) < 0) {
            int found = Collections.binarySearch(knots, x);
            int i = found < 0 ? -found - 2 : found;
            BigInteger more = amounts.get(i + 1).subtract(amounts.get(i));
            return amounts.get(i)
                    .add(x.subtract(knots.get(i))
                            .multiply(more)
                            .divide(knots.get(i + 1).subtract(knots.get(i))));
        }
        BigInteger[] parts = x.subtract(first).divideAndRemainder(end.subtract(first));
        BigInteger each = amounts.get(last).subtract(amounts.get(Collections.binarySearch(knots, first)));
        return value(first.add(parts[1])).add(parts[0].multiply(each));
    }

    /** The time of event n. */
    public BigInteger time(long n) {
        BigInteger time = beforeJitter(n);
        if (!jitter) {
            return time;
        }
        BigInteger gap = beforeJitter(n + 1).subtract(time).min(MOST.subtract(ONE));
        long word = Words64.mix(Words64.sub(streamSeed, 3) + Words64.GAMMA * n);
        return gap.signum() == 0 ? time : time.add(Words64.bound(word, gap));
    }

    private BigInteger beforeJitter(long n) {
        BigInteger level = big(n).multiply(unit);
        BigInteger source = least(x -> value(x).compareTo(level) >= 0);
        return bursts == null ? source : least(x -> burst(x).compareTo(source) >= 0);
    }

    /** The source's time at x: faster while a burst lasts, slower otherwise. */
    private BigInteger burst(BigInteger x) {
        BigInteger period = nanos(bursts.every());
        BigInteger length = nanos(bursts.length());
        BigInteger inBurst = bursts.speed().multiply(new BigDecimal(length)).toBigInteger();
        BigInteger[] parts = x.divideAndRemainder(period);
        long word = Words64.sub(Words64.sub(streamSeed, 2), parts[0].longValueExact());
        BigInteger begin = Words64.bound(word, period.subtract(length).add(ONE));
        BigInteger from = begin.multiply(period.subtract(inBurst)).divide(period.subtract(length));
        BigInteger[][] corners = {
            {BigInteger.ZERO, BigInteger.ZERO},
            {begin, from},
            {begin.add(length), from.add(inBurst)},
            {period, period}
        };
        int i = 2;
        while (corners[i][0].compareTo(parts[1]) > 0) {
            i--;
        }
        BigInteger inside = parts[1].subtract(corners[i][0])
                .multiply(corners[i + 1][1].subtract(corners[i][1]))
                .divide(corners[i + 1][0].subtract(corners[i][0]));
        return x.subtract(parts[1]).add(corners[i][1]).add(inside);
    }

    private static BigInteger least(Predicate<BigInteger> reached) {
        BigInteger low = big(-1);
        BigInteger high = ONE;
        while (!reached.test(high)) {
            low = high;
            high = high.shiftLeft(1);
        }
        while (high.subtract(low).compareTo(ONE) > 0) {
            BigInteger middle = low.add(high).shiftRight(1);
            if (middle.signum() >= 0 && reached.test(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return high;
    }

    private static Ratio ratio(Rate rate) {
        return new Ratio(big(rate.events()), big(rate.seconds())).reduced();
    }

    private static BigInteger nanos(Duration span) {
        return big(span.getSeconds()).multiply(SECOND).add(big(span.getNano()));
    }

    private static BigInteger big(long value) {
        return BigInteger.valueOf(value);
    }
}
