package io.dataflux.results;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The events of one key and window as one aggregate sees them: those that must count, and those that may. What is allowed is then every
 * value that some choice among the latter gives; where that is not a short list, it is the range from the least to the greatest of them.
 * Not thread-safe.
 */
abstract class Gathered {

    /**
     * Takes an event and returns how many values more are held.
     *
     * @param value in normal form
     * @param must whether it must count; otherwise it may
     */
    abstract int add(@Nullable Object value, long time, boolean must);

    abstract Allowed allowed();

    static Gathered of(Aggregate<?> aggregate) {
        return switch (aggregate.kind()) {
            case COUNT -> new Count();
            case SUM -> new Sum();
            case MIN -> new Extreme(false);
            case MAX -> new Extreme(true);
            case AVERAGE -> new Average(aggregate.number(), aggregate.rounding());
            case DISTINCT -> new Distinct();
            case FIRST -> new Earliest(1);
            case LAST -> new Earliest(-1);
            case TOP -> new Top(aggregate.number());
        };
    }

    private static final class Count extends Gathered {
        private long must;
        private long may;

        @Override
        int add(@Nullable Object value, long time, boolean mustCount) {
            must += mustCount ? 1 : 0;
            may += mustCount ? 0 : 1;
            return 0;
        }

        @Override
        Allowed allowed() {
            return new Allowed.Range(must, must + may, false);
        }
    }

    /** Adds whole and decimal numbers exactly; as long as they are whole and the sum fits, in a long. */
    private static final class ExactSum {
        private long whole;
        private BigDecimal rest = BigDecimal.ZERO;

        void add(Object number) {
            if (number instanceof Long next) {
                long sum = whole + next;
                if (((whole ^ sum) & (next ^ sum)) >= 0) {
                    whole = sum;
                    return;
                }
            }
            rest = rest.add(Normal.decimal(number));
        }

        BigDecimal value() {
            return rest.add(BigDecimal.valueOf(whole));
        }
    }

    private static Object normal(BigDecimal number) {
        return java.util.Objects.requireNonNull(Normal.of(number));
    }

    private static final class Sum extends Gathered {
        private final ExactSum must = new ExactSum();
        private final ExactSum less = new ExactSum();
        private final ExactSum more = new ExactSum();
        private boolean any;

        @Override
        int add(@Nullable Object value, long time, boolean mustCount) {
            if (value != null) {
                any |= mustCount;
                (mustCount ? must : Normal.decimal(value).signum() < 0 ? less : more).add(value);
            }
            return 0;
        }

        @Override
        Allowed allowed() {
            return new Allowed.Range(
                    normal(must.value().add(less.value())), normal(must.value().add(more.value())), !any);
        }
    }

    private static final class Extreme extends Gathered {
        private final boolean greatest;
        private @Nullable Object must;
        private @Nullable Object low;
        private @Nullable Object high;

        Extreme(boolean greatest) {
            this.greatest = greatest;
        }

        @Override
        int add(@Nullable Object value, long time, boolean mustCount) {
            if (value != null) {
                low = low == null || Normal.compare(value, low) < 0 ? value : low;
                high = high == null || Normal.compare(value, high) > 0 ? value : high;
                must = !mustCount || must != null && Normal.compare(value, must) > 0 != greatest ? must : value;
            }
            return 0;
        }

        @Override
        Allowed allowed() {
            return must == null
                    ? new Allowed.Range(low, high, true)
                    : greatest ? new Allowed.Range(must, high, false) : new Allowed.Range(low, must, false);
        }
    }

    private static final class Average extends Gathered {
        private final int scale;
        private final RoundingMode rounding;
        private final ExactSum sum = new ExactSum();
        private long count;
        private final List<Object> may = new ArrayList<>(0);

        Average(int scale, RoundingMode rounding) {
            this.scale = scale;
            this.rounding = rounding;
        }

        @Override
        int add(@Nullable Object value, long time, boolean mustCount) {
            if (value == null) {
                return 0;
            }
            if (mustCount) {
                sum.add(value);
                count++;
                return 0;
            }
            may.add(value);
            return 1;
        }

        @Override
        Allowed allowed() {
            may.sort(Normal::compare);
            Object low = extreme(-1);
            java.util.Collections.reverse(may);
            return new Allowed.Range(low, extreme(1), count == 0);
        }

        /** The least or greatest average: values are added, the most extreme first, as long as they move it. */
        private @Nullable Object extreme(int sign) {
            BigDecimal total = sum.value();
            long n = count;
            for (Object value : may) {
                BigDecimal next = Normal.decimal(value);
                if (n > 0 && next.multiply(BigDecimal.valueOf(n)).compareTo(total) * sign <= 0) {
                    break;
                }
                total = total.add(next);
                n++;
            }
            return n == 0 ? null : normal(total.divide(BigDecimal.valueOf(n), scale, rounding));
        }
    }

    private static final class Distinct extends Gathered {
        private final Set<Object> must = new HashSet<>(); // order never seen
        private final Set<Object> may = new HashSet<>(); // order never seen

        @Override
        int add(@Nullable Object value, long time, boolean mustCount) {
            return value != null && (mustCount ? must : may).add(value) ? 1 : 0;
        }

        @Override
        Allowed allowed() {
            long more = may.stream().filter(value -> !must.contains(value)).count();
            return new Allowed.Range((long) must.size(), must.size() + more, false);
        }
    }

    /** The value of the event with the least time, or with the greatest. */
    private static final class Earliest extends Gathered {

        private record Candidate(@Nullable Object value, long time) {}

        private final int sign;
        private final List<Candidate> candidates = new ArrayList<>(1);
        private long must = Long.MAX_VALUE;

        Earliest(int sign) {
            this.sign = sign;
        }

        @Override
        int add(@Nullable Object value, long time, boolean mustCount) {
            long at = sign * time;
            if (at > must) {
                return 0;
            }
            int before = candidates.size();
            if (mustCount && at < must) {
                must = at;
                candidates.removeIf(candidate -> candidate.time > at);
            }
            candidates.add(new Candidate(value, at));
            return candidates.size() - before;
        }

        @Override
        Allowed allowed() {
            return new Allowed.OneOf(candidates.stream()
                    .sorted(Comparator.comparingLong(Candidate::time))
                    .<@Nullable Object>map(Candidate::value)
                    .distinct()
                    .toList());
        }
    }

    private static final class Top extends Gathered {
        private final int first;
        private final Map<Object, long[]> counts = new HashMap<>(); // order never seen

        Top(int first) {
            this.first = first;
        }

        @Override
        int add(@Nullable Object value, long time, boolean mustCount) {
            if (value == null) {
                return 0;
            }
            int before = counts.size();
            long[] count = counts.computeIfAbsent(value, item -> new long[2]);
            count[0] += mustCount ? 1 : 0;
            count[1]++;
            return counts.size() - before;
        }

        @Override
        Allowed allowed() {
            Map<Object, long[]> sorted = new LinkedHashMap<>();
            counts.entrySet().stream()
                    .sorted(Comparator.<Map.Entry<Object, long[]>>comparingLong(entry -> -entry.getValue()[0])
                            .thenComparingLong(entry -> -entry.getValue()[1])
                            .thenComparing(entry -> Normal.text(entry.getKey())))
                    .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
            return new Allowed.Ranking(first, sorted);
        }
    }
}
