package io.dataflux.results;

import io.dataflux.EventStream;
import io.dataflux.MemorySink;
import io.dataflux.results.SentSales.Sale;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** A system that counts and adds up sales per page in windows of ten seconds, from which its heirs differ in one way each. */
class PageCounter {

    static final Duration SIZE = Duration.ofSeconds(10);

    /** What it puts out. */
    record Result(String page, Instant start, long count, BigDecimal cents, BigDecimal average) {
        Result with(Instant other) {
            return new Result(page, other, count, cents, average);
        }

        Result plus(long more) {
            return new Result(page, start, count + more, cents, average);
        }
    }

    /** The sales of one page and window. */
    record Pane(String page, long start, List<Long> cents) {}

    private final Map<String, Pane> panes = new TreeMap<>();
    private final Set<String> seen = new HashSet<>();
    private long latest = Long.MIN_VALUE / 2;

    List<Result> results(SentSales sent) {
        EventStream stream = sent.stream().withTag(sent.report().tag());
        for (MemorySink.Entry entry : sent.entries()) {
            byte[] json = Objects.requireNonNull(entry.value());
            Sale.read(json).ifPresentOrElse(this::consume, () -> unreadable(json, stream));
        }
        return emitted(new ArrayList<>(panes.values().stream().map(this::result).toList()));
    }

    @SuppressWarnings("UnusedVariable") // an heir reads it
    void unreadable(byte[] json, EventStream stream) {}

    void consume(Sale sale) {
        long time = sale.at().toEpochMilli();
        if (isNew(sale) && counts(sale)) {
            for (long start : windows(time)) {
                if (isInTime(start + SIZE.toMillis(), latest)) {
                    panes.computeIfAbsent(start + sale.page(), its -> new Pane(sale.page(), start, new ArrayList<>()))
                            .cents
                            .add(sale.cents() == null ? 0 : sale.cents());
                }
            }
        }
        latest = Math.max(latest, time);
    }

    boolean isNew(Sale sale) {
        return seen.add(sale.id());
    }

    boolean counts(Sale sale) {
        return sale.cents() == null || sale.cents() > 0;
    }

    List<Long> windows(long time) {
        return List.of(Math.floorDiv(time, SIZE.toMillis()) * SIZE.toMillis());
    }

    boolean isInTime(long end, long greatest) {
        return true;
    }

    Result result(Pane pane) {
        return new Result(pane.page, Instant.ofEpochMilli(pane.start), pane.cents.size(), sum(pane), average(pane));
    }

    BigDecimal sum(Pane pane) {
        return BigDecimal.valueOf(pane.cents.stream().mapToLong(Long::longValue).sum());
    }

    BigDecimal average(Pane pane) {
        return sum(pane).divide(BigDecimal.valueOf(pane.cents.size()), 2, RoundingMode.HALF_UP);
    }

    List<Result> emitted(List<Result> results) {
        return results;
    }

    long latest() {
        return latest;
    }
}
