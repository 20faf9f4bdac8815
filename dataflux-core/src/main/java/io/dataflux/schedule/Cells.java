package io.dataflux.schedule;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;

/**
 * A rate that changes: cells of time, each with one rate in events per second (or one factor), of which those from {@code loop} on repeat
 * forever. Rates can be added and multiplied, cell by cell over their common period, and made into a {@link Timeline}. Exact, immutable,
 * and for planning only.
 *
 * <p>{@code nanos} has one entry more than {@code rates}: the cells' beginnings and the end of the last. It begins with 0 and increases;
 * the repeating part is a whole number of seconds.
 */
public final class Cells {

    /** More cells than this are refused: the curve of a plan would take more than some megabytes. */
    public static final int MOST = 1 << 17;

    private static final long SECOND = 1_000_000_000L;
    private static final long MOST_NANOS = 1L << 62;
    private static final BigInteger MOST_AMOUNT = BigInteger.ONE.shiftLeft(62);
    private static final long FINEST_UNIT = 1_000_000;

    private final long[] nanos;
    private final List<Fraction> rates;
    private final int loop;

    private Cells(long[] nanos, List<Fraction> rates, int loop) {
        this.nanos = nanos;
        this.rates = rates;
        this.loop = loop;
    }

    /** @throws IllegalArgumentException with a reason that users can read, if these are not valid cells */
    public static Cells of(long[] nanos, List<Fraction> rates, int loop) {
        check(rates.size() <= MOST, "it has " + rates.size() + " pieces, more than " + MOST);
        for (int i = 0; i < rates.size(); i++) {
            if (nanos[i] >= nanos[i + 1]) {
                throw new IllegalArgumentException("a part of it has a length of 0");
            }
        }
        check(nanos[rates.size()] <= MOST_NANOS, "it lasts longer than 146 years before it repeats");
        check(
                (nanos[rates.size()] - nanos[loop]) % SECOND == 0,
                "the part that repeats does not last a whole number of seconds; use times that do");
        return new Cells(nanos.clone(), List.copyOf(rates), loop);
    }

    /** The same rate forever. */
    public static Cells constant(Fraction rate) {
        return new Cells(new long[] {0, SECOND}, List.of(rate), 0);
    }

    public Cells plus(Cells other) {
        return with(other, Fraction::plus);
    }

    /** The product: one of the two is a factor without a unit. */
    public Cells times(Cells other) {
        return with(other, Fraction::times);
    }

    /** The same, with time running {@code speed} times as fast: what took {@code speed} seconds takes one. */
    public Cells faster(Fraction speed) {
        // as many repetitions as needed to last whole seconds
        Fraction period = Fraction.of(period(), SECOND).over(speed);
        long repetitions = exact(period.denominator(), "it repeats too rarely once it is sped up");
        boolean constant = endsConstant();
        long cells = constant ? rates.size() : Math.multiplyExact(repetitions, (long) (rates.size() - loop)) + loop;
        check(cells <= MOST, "sped up, it has " + cells + " pieces, more than " + MOST);
        List<Long> at = new ArrayList<>();
        List<Fraction> faster = new ArrayList<>();
        Walk walk = new Walk(this);
        while (faster.size() < cells) {
            at.add(Fraction.of(walk.from()).over(speed).floor().longValueExact());
            faster.add(walk.rate().times(speed));
            walk.next();
        }
        long seconds = period.times(Fraction.of(repetitions)).floor().longValueExact();
        at.add(at.get(loop) + Math.multiplyExact(seconds, SECOND));
        return of(at.stream().mapToLong(t -> t).toArray(), faster, loop);
    }

    /** Whether the repeating part is one cell: a constant rate. */
    private boolean endsConstant() {
        return loop == rates.size() - 1;
    }

    private long period() {
        return nanos[rates.size()] - nanos[loop];
    }

    private Cells with(Cells other, BinaryOperator<Fraction> how) {
        long start = Math.max(nanos[loop], other.nanos[other.loop]);
        BigInteger a = BigInteger.valueOf(period());
        BigInteger b = BigInteger.valueOf(other.period());
        long end = exact(
                BigInteger.valueOf(start).add(a.divide(a.gcd(b)).multiply(b)),
                "its parts repeat together only after more than 146 years");
        List<Long> at = new ArrayList<>();
        List<Fraction> both = new ArrayList<>();
        int first = 0;
        Walk mine = new Walk(this);
        Walk others = new Walk(other);
        for (long t = 0; t < end; ) {
            if (t == start) {
                first = both.size();
            }
            check(both.size() < MOST, "its parts make more than " + MOST + " pieces; use times that divide each other");
            at.add(t);
            both.add(how.apply(mine.rate(), others.rate()));
            long next = Math.min(Math.min(mine.to(), others.to()), end);
            next = t < start ? Math.min(next, start) : next;
            mine.upTo(next);
            others.upTo(next);
            t = next;
        }
        at.add(end);
        return of(at.stream().mapToLong(t -> t).toArray(), both, first);
    }

    /** Cells one after another, including repetitions. */
    private static final class Walk {
        private final Cells cells;
        private int at;
        private long shift;

        Walk(Cells cells) {
            this.cells = cells;
        }

        long from() {
            return cells.nanos[at] + shift;
        }

        long to() {
            return at == cells.loop && cells.endsConstant() ? Long.MAX_VALUE : cells.nanos[at + 1] + shift;
        }

        Fraction rate() {
            return cells.rates.get(at);
        }

        void next() {
            at++;
            if (at == cells.rates.size()) {
                at = cells.loop;
                shift += cells.period();
            }
        }

        void upTo(long time) {
            if (to() == time) {
                next();
            }
        }
    }

    /**
     * The curve of these rates. Its knots are where the rate changes; amounts are counted in parts of an event, a million
     * if they fit, and rounded down at each knot. A rate that in the end is constant stays exact.
     *
     * @throws IllegalArgumentException with a reason that users can read, if no stream can have this curve
     */
    public Timeline timeline() {
        Fraction last = rates.get(rates.size() - 1);
        boolean constant = rates.subList(loop, rates.size()).stream().allMatch(last::equals);
        check(!constant || last.signum() > 0, "it ends with 0/s, and no event would ever follow");
        if (constant && loop == 0) {
            return Timeline.constant(
                    exact(last.numerator(), "it is too fast"), exact(last.denominator(), "it is too slow"));
        }
        List<Long> at = new ArrayList<>();
        List<Fraction> changed = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < (constant ? loop + 1 : rates.size()); i++) {
            if (i == loop) {
                first = changed.size();
            }
            if (i == 0 || i == loop || !rates.get(i).equals(rates.get(i - 1))) {
                at.add(nanos[i]);
                changed.add(rates.get(i));
            }
        }
        at.add(
                constant
                        ? exact(
                                last.denominator()
                                        .multiply(BigInteger.valueOf(SECOND))
                                        .add(BigInteger.valueOf(nanos[loop])),
                                "it ends too slowly")
                        : nanos[rates.size()]);
        return curve(at, changed, first);
    }

    private static Timeline curve(List<Long> at, List<Fraction> rates, int loop) {
        BigInteger denominator = BigInteger.ONE;
        for (Fraction rate : rates) {
            denominator =
                    denominator.divide(denominator.gcd(rate.denominator())).multiply(rate.denominator());
        }
        BigInteger[] sums = new BigInteger[at.size()];
        sums[0] = BigInteger.ZERO;
        for (int i = 0; i < rates.size(); i++) {
            BigInteger perSecond = denominator
                    .divide(rates.get(i).denominator())
                    .multiply(rates.get(i).numerator());
            sums[i + 1] = sums[i].add(perSecond.multiply(BigInteger.valueOf(at.get(i + 1) - at.get(i))));
        }
        BigInteger one = denominator.multiply(BigInteger.valueOf(SECOND));
        long unit = FINEST_UNIT;
        while (unit > 1
                && sums[rates.size()]
                                .multiply(BigInteger.valueOf(unit))
                                .divide(one)
                                .compareTo(MOST_AMOUNT)
                        > 0) {
            unit /= 10;
        }
        long[] nanos = new long[at.size()];
        long[] amounts = new long[at.size()];
        for (int i = 0; i < nanos.length; i++) {
            nanos[i] = at.get(i);
            amounts[i] = exact(
                    sums[i].multiply(BigInteger.valueOf(unit)).divide(one), "it has too many events before it repeats");
        }
        check(
                amounts[nanos.length - 1] - amounts[loop] >= unit,
                "the part that repeats has less than one event; raise the rate, or make it last longer");
        return Timeline.knots(nanos, amounts, loop, unit);
    }

    private static long exact(BigInteger number, String otherwise) {
        check(number.compareTo(MOST_AMOUNT) <= 0, otherwise);
        return number.longValueExact();
    }

    private static void check(boolean good, String otherwise) {
        if (!good) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
