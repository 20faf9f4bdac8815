package io.dataflux.results;

import io.dataflux.results.Results.Late;
import io.dataflux.verify.DeliveredEvents.Delivery;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The results that are right by some {@link Rules}, from all deliveries of a run. An event <em>must</em> count in a window if it was
 * certainly sent before the window could be closed, or lateness does not matter. It does not if the window was certainly closed. Else it
 * <em>may</em>. A window is closed when the greatest time seen is its end plus the bound on disorder plus the allowed lateness; as events
 * are sent in the order of their scheduled time, the greatest time seen is about the scheduled time of what is being sent. Not thread-safe.
 */
final class Expected<T> {

    private enum Standing {
        MUST,
        MAY,
        NOT
    }

    /** An event of a session that is not known yet. */
    private record Visit(
            long time, long sent, boolean certain, @Nullable Object[] values) {}

    private static final int PER_VISIT = 2;
    private static final long SUPPOSED_SLACK = 1_000;

    final Rules rules;
    private final Asked<T> of;
    private final boolean paced;
    private final long firstSent;
    private final Map<Cell.Id, Cell> cells = new HashMap<>(); // order never seen
    private final Map<@Nullable Object, List<Visit>> visits = new HashMap<>(); // order never seen
    /** Per key the beginnings and ends of times of which nothing can be said. */
    private final Map<@Nullable Object, List<long[]>> undecided = new HashMap<>(); // order never seen

    private final Map<@Nullable Object, long[]> numbers = new HashMap<>(); // order never seen
    /** Per shard the greatest time of an event that certainly arrived. */
    private final Map<Integer, Long> latest = new HashMap<>(); // order never seen

    private long held;
    private long counted;
    private long dropped;
    private long undecidedEvents;
    private boolean abandoned;

    /**
     * @param paced whether the run kept to its schedule
     * @param firstSent when its first event was sent, by schedule
     */
    Expected(Asked<T> of, Rules rules, boolean paced, long firstSent) {
        this.of = of;
        this.rules = rules;
        this.paced = paced;
        this.firstSent = firstSent;
    }

    /** Takes a delivery and its event, unless that has failed before. */
    void tryToAdd(Delivery delivery, T event) {
        try {
            if (!abandoned) {
                add(delivery, event);
            }
        } catch (RuntimeException e) {
            abandoned = true;
            cells.clear();
            visits.clear();
        }
    }

    /** Whether not all could be added. */
    boolean abandoned() {
        return abandoned;
    }

    /** Takes a delivery and its event. */
    void add(Delivery delivery, T event) {
        if (!takes(delivery, event)) {
            return;
        }
        Object key = of.keyOf(event);
        long time = of.timeOf(event, delivery);
        @Nullable Object[] values = of.valuesOf(event);
        counted++;
        if (delivery.certain()) {
            latest.merge(delivery.shard(), time, Math::max);
        }
        if (rules.windows() instanceof Windows.Slices slices) {
            slices.each(time, start -> {
                long end = slices.end(start);
                put(new Cell.Id(key, start), end, standing(delivery, end), values, time);
            });
        } else if (rules.windows() instanceof Windows.Sessions) {
            hold(PER_VISIT + values.length);
            visits.computeIfAbsent(key, its -> new ArrayList<>())
                    .add(new Visit(time, closes() ? delivery.sentMillis() : 0, delivery.certain(), values));
        } else if (rules.windows() instanceof Windows.Counted windows) {
            count(delivery, key, windows.events(), values, time);
        } else {
            put(new Cell.Id(key, 0), Cell.NO_END, delivery.certain() ? Standing.MUST : Standing.MAY, values, time);
        }
    }

    /** Whether an event is among those that count at all. */
    boolean takes(Delivery delivery, T event) {
        return (rules.copies() || !delivery.again())
                && (rules.broken() || !delivery.broken())
                && (!rules.filtered() || of.keeps(event));
    }

    /** Whether it matters when a window is closed. */
    private boolean closes() {
        return rules.late() == Late.EITHER || (of.bounded() || rules.follows()) && rules.late() == Late.DROPPED;
    }

    private Standing standing(Delivery delivery, long end) {
        return closes()
                ? standing(delivery.sentMillis(), delivery.certain(), end, end)
                : delivery.certain() ? Standing.MUST : Standing.MAY;
    }

    /**
     * @param end of the window that the event is in at least
     * @param latestEnd of the window that it may be in
     */
    private Standing standing(long sent, boolean certain, long end, long latestEnd) {
        if (!certain) {
            return Standing.MAY;
        }
        long slack = of.slackIsKnown() || !rules.follows() ? of.slackMillis() : SUPPOSED_SLACK;
        if (!closes() || sent + slack < end + of.graceMillis()) {
            return Standing.MUST;
        }
        boolean closed = sent - slack >= Math.max(firstSent, latestEnd + of.graceMillis());
        boolean known = rules.follows() || paced && of.slackIsKnown();
        return closed && known && rules.late() == Late.DROPPED ? Standing.NOT : Standing.MAY;
    }

    private void put(Cell.Id id, long end, Standing standing, @Nullable Object[] values, long time) {
        if (standing == Standing.NOT) {
            dropped++;
            return;
        }
        undecidedEvents += standing == Standing.MAY ? 1 : 0;
        Cell cell = cells.get(id);
        if (cell == null) {
            cell = new Cell(id, end, of.aggregates);
            cells.put(id, cell);
            hold(1);
        }
        hold(cell.add(values, time, standing == Standing.MUST));
    }

    private void count(Delivery delivery, @Nullable Object key, int each, @Nullable Object[] values, long time) {
        long[] number = numbers.computeIfAbsent(key, its -> new long[] {0, delivery.shard()});
        if (number[1] != delivery.shard()) {
            throw new IllegalStateException("byCount(" + each + ") needs the order of the events of key '"
                    + Normal.text(key) + "', but these come from several shards of the stream, between which nothing"
                    + " is ordered: group by the key of the stream, or use windows of time");
        }
        if (!delivery.certain()) {
            undecided(key, number[0] / each, Long.MAX_VALUE); // nobody knows in which window the following ones are
            undecidedEvents++;
        }
        put(new Cell.Id(key, number[0] / each), Cell.NO_END, Standing.MUST, values, time);
        number[0]++;
    }

    private void hold(int more) {
        held += more;
        if (held > of.most) {
            throw new IllegalStateException("the expected results hold more than " + of.most
                    + " values in memory (results, distinct values, ranked items, events of sessions): expect fewer"
                    + " keys or longer windows, or allow more by atMost(...), at some 100 bytes each; nothing is"
                    + " put on disk");
        }
    }

    /** Ends the computation, when all deliveries have been added. */
    void finish() {
        if (rules.windows() instanceof Windows.Sessions sessions) {
            visits.forEach((key, its) -> formSessions(key, its, sessions.gap()));
            visits.clear();
        }
        if (rules.windows() instanceof Windows.Counted windows) {
            numbers.forEach((key, number) -> cells.remove(
                    new Cell.Id(key, number[0] % windows.events() == 0 ? -1 : number[0] / windows.events())));
        }
        if (!undecided.isEmpty()) {
            cells.keySet().removeIf(this::isUndecided);
        }
        if (of.lastMayBeMissing) {
            long closed = closedUpTo();
            for (Cell cell : cells.values()) {
                if (cell.end > closed) {
                    cell.excuse();
                }
            }
        }
    }

    /** Windows that end by then have certainly been closed. */
    private long closedUpTo() {
        return latest.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE / 2)
                - of.boundMillis()
                - of.slackMillis();
    }

    /** Windows that end by then may have been closed. */
    long maybeClosedUpTo() {
        return latest.values().stream().mapToLong(Long::longValue).max().orElse(Long.MIN_VALUE / 2) - of.boundMillis();
    }

    private void formSessions(@Nullable Object key, List<Visit> all, long gap) {
        all.sort(Comparator.comparingLong(Visit::time));
        List<Visit> kept = new ArrayList<>(all.size());
        each(all, gap, (session, end) -> {
            for (Visit visit : session) {
                if (standing(visit, gap, end) == Standing.NOT) {
                    dropped++;
                } else {
                    kept.add(visit);
                }
            }
        });
        each(kept, gap, (session, end) -> {
            List<Visit> sure = session.stream()
                    .filter(visit -> standing(visit, gap, end) == Standing.MUST)
                    .toList();
            undecidedEvents += session.size() - sure.size();
            boolean same = !sure.isEmpty()
                    && sure.get(0).time == session.get(0).time
                    && last(sure).time == last(session).time
                    && isOne(sure, gap);
            if (!same && sure.size() < session.size()) {
                undecided(key, session.get(0).time, end);
                return;
            }
            Cell cell = new Cell(new Cell.Id(key, session.get(0).time), end, of.aggregates);
            cells.put(cell.id, cell);
            for (Visit visit : session) {
                hold(cell.add(visit.values, visit.time, standing(visit, gap, end) == Standing.MUST));
            }
        });
    }

    private Standing standing(Visit visit, long gap, long end) {
        return standing(visit.sent, visit.certain, visit.time + gap, end);
    }

    private interface Session {
        void of(List<Visit> visits, long end);
    }

    private static void each(List<Visit> sorted, long gap, Session session) {
        int from = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            if (i == sorted.size() || sorted.get(i).time - sorted.get(i - 1).time > gap) {
                session.of(sorted.subList(from, i), sorted.get(i - 1).time + gap);
                from = i;
            }
        }
    }

    private static boolean isOne(List<Visit> sorted, long gap) {
        int[] sessions = {0};
        each(sorted, gap, (visits, end) -> sessions[0]++);
        return sessions[0] == 1;
    }

    private static Visit last(List<Visit> visits) {
        return visits.get(visits.size() - 1);
    }

    private void undecided(@Nullable Object key, long from, long to) {
        undecided.computeIfAbsent(key, its -> new ArrayList<>(1)).add(new long[] {from, to});
    }

    private static boolean isWithin(List<long[]> spans, long start) {
        return spans.stream().anyMatch(span -> start >= span[0] && start < span[1]);
    }

    /** Whether nothing can be said about what results there are at that place. */
    boolean isUndecided(Cell.Id id) {
        List<long[]> spans = undecided.get(id.key());
        return spans != null && isWithin(spans, id.start());
    }

    long undecidedPlaces() {
        return undecided.values().stream().mapToLong(List::size).sum();
    }

    @Nullable
    Cell cell(Cell.Id id) {
        return cells.get(id);
    }

    Collection<Cell> cells() {
        return Collections.unmodifiableCollection(cells.values());
    }

    /** How many values are held in memory. */
    long held() {
        return held;
    }

    /** How many deliveries belong to the results, however late. */
    long counted() {
        return counted;
    }

    /** How often an event was certainly too late for a window. */
    long dropped() {
        return dropped;
    }

    /** How often an event may have been too late for a window, or may not have arrived. */
    long undecidedEvents() {
        return undecidedEvents;
    }
}
