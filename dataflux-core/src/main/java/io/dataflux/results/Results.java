package io.dataflux.results;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.RunReport;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Verification.Replay;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The results that a system should compute from the events of a run: per key and window, some aggregates. They are computed from the
 * definition of the stream and the ledger of the run; no event is stored.
 *
 * <pre>{@code
 * clicks.results().keyedBy(Click::page).tumbling(ofMinutes(1)).outOfOrderness(ofSeconds(5)).late(DROPPED).count()
 *         .verify(counts).key(PageCount::page).window(PageCount::start).value(PageCount::views).await();
 * }</pre>
 *
 * <p><em>What counts</em> are the events that the run's sink acknowledged. An event that was planned to be dropped was never sent and does
 * not count, nor does one that was sent broken, since it cannot be read. One that was sent twice counts once, unless {@link #duplicates} says
 * otherwise. One whose delivery is unknown may count. Times are the events' times in whole milliseconds, as Flink, Kafka Streams and
 * Beam have them.
 *
 * <p><em>Late events.</em> Without {@link #outOfOrderness} every event counts in its windows. With it, a window is closed when an event has
 * been seen whose time is its end plus this bound plus {@link #allowedLateness}; what comes later for it is {@link #late}. Which
 * events came later is known only as far as the order and the pace of sending tell:
 *
 * <ul>
 *   <li>An event <em>must</em> count if it was sent before the window could be closed. The order of sending of one lane is the
 *       order of scheduled times; a {@link #slack} widens it.
 *   <li>It must <em>not</em> if late events are dropped, the run was paced and valid, and the event was sent later than the window was closed by
 *       at least the slack, which has to be stated.
 *   <li>Otherwise it <em>may</em>. Then a result has bounds: a count or a sum is within a range, and so are a least or greatest value, an average and
 *       a number of distinct values; a first or last value is one of several; the order of a ranking is one that some choice of
 *       these events gives. Each value of a result is judged by itself.
 * </ul>
 *
 * <p>The verdict says whether all results are exact, and why not. Used by one thread. Memory: one entry per result and per distinct value,
 * and for sessions one per event, at most {@link #atMost}.
 *
 * @param <T> an event as the test sees it
 */
public final class Results<T> {

    /** What a system does with an event that comes after its window was closed. */
    public enum Late {
        /** It does not count. */
        DROPPED,
        /** It counts; windows are never closed for good. */
        COUNTED,
        /** It may count or not. */
        EITHER
    }

    /** What a system does with an event that was planned to be sent twice. */
    public enum Duplicates {
        /** It counts once: the system drops repeats. */
        ONCE,
        /** It counts each time. */
        COUNTED
    }

    private static final int LARGEST_TOP = 1000;

    private final Asked<T> asked;

    private Results(Asked<T> asked) {
        this.asked = asked;
    }

    /**
     * Begins to say what is expected of a run with one stream and one sink.
     *
     * @param stream the run's stream, under any tag
     * @param sent returns the run's report, if necessary after waiting for the run's end
     * @param decode what the test sees of an event
     */
    public static <T> Results<T> of(
            EventStream stream, Supplier<RunReport> sent, Function<? super Event, ? extends T> decode) {
        return new Results<>(new Asked<>(stream, sent, decode));
    }

    /** Only these events count; a further filter applies as well. */
    public Results<T> where(Predicate<? super T> predicate) {
        Predicate<? super T> before = asked.filter;
        asked.filter = asked.filters ? event -> before.test(event) && predicate.test(event) : predicate;
        asked.filters = true;
        return this;
    }

    /** One result per value of this function and window, null being a value; {@code List.of(...)} for several. By default there is one for all events. */
    public Results<T> keyedBy(Function<? super T, ?> itsKey) {
        asked.key = itsKey;
        return this;
    }

    /**
     * The time of an event that decides about its window; by default {@link Event#time}, which of a late event is the earlier one. With
     * {@link #outOfOrderness} it must not be later than the event is sent.
     */
    public Results<T> timedBy(Function<? super T, Instant> itsTime) {
        asked.time = itsTime;
        return this;
    }

    /** Windows that follow each other, aligned to 1970 in UTC. */
    public Results<T> tumbling(Duration size) {
        return tumbling(size, Duration.ZERO);
    }

    /** Windows that follow each other, beginning that much after multiples of their size. */
    public Results<T> tumbling(Duration size, Duration offset) {
        return sliced(millis("tumbling", size), millis("tumbling", size), offset.toMillis());
    }

    /**
     * Windows that follow each other and begin anew at each midnight of a zone: of whole days, or of a part of a day. On a day with another
     * number of hours, whole days are shorter or longer, and of the others the last one may be.
     */
    public Results<T> tumbling(Duration size, ZoneId zone) {
        long millis = millis("tumbling", size);
        if (millis % Windows.DAY != 0 && Windows.DAY % millis != 0) {
            throw new IllegalArgumentException("tumbling(" + size + ", " + zone
                    + "): windows in a zone are whole days or divide a day, such as PT1H; for others give an offset");
        }
        asked.windows = new Windows.Slices(millis, millis, 0, zone, Windows.Edge.START);
        return this;
    }

    /** Windows of a size, of which one begins after each slide; an event is in several of them, or in none if the slide is larger. */
    public Results<T> hopping(Duration size, Duration slide) {
        return sliced(millis("hopping", size), millis("hopping", slide), 0);
    }

    /**
     * Windows that end when a key has no event for longer than a gap; they begin at their first event and end a gap after their last one. A
     * session whose extent depends on events that may count is not judged, and the verdict says so.
     */
    public Results<T> session(Duration gap) {
        asked.windows = new Windows.Sessions(millis("session", gap));
        return this;
    }

    /** One result for the whole run, whatever the events' times are. */
    public Results<T> wholeRun() {
        asked.windows = new Windows.Whole();
        return this;
    }

    /** One result for every so many events of a key in the order of sending, numbered from 0; none for a rest. */
    public Results<T> byCount(int events) {
        if (events < 1) {
            throw new IllegalArgumentException("byCount(" + events + "): write 1 or more");
        }
        asked.windows = new Windows.Counted(events);
        return this;
    }

    private Results<T> sliced(long size, long slide, long offset) {
        asked.windows = new Windows.Slices(size, slide, Math.floorMod(offset, slide), null, Windows.Edge.START);
        return this;
    }

    /** By how much the system lets an event's time be behind the greatest one seen, before it closes windows: the delay of its watermark. */
    public Results<T> outOfOrderness(Duration longest) {
        asked.bound = notNegative("outOfOrderness", longest);
        return this;
    }

    /** For how long after that the system still counts events in a window; none by default. */
    public Results<T> allowedLateness(Duration longest) {
        asked.allowed = notNegative("allowedLateness", longest);
        return this;
    }

    /** What the system does with events that come later; by default it drops them. */
    public Results<T> late(Late treatment) {
        asked.late = treatment;
        return this;
    }

    /**
     * How far the system's view of time may differ from the schedule, in time of events: the interval of its watermarks, the gap between
     * events, what one lane or source is ahead of another. Without it no event is certainly late.
     */
    public Results<T> slack(Duration most) {
        asked.slack = notNegative("slack", most);
        return this;
    }

    /** What the system makes of planned duplicates; by default it counts each event once. */
    public Results<T> duplicates(Duplicates treatment) {
        asked.duplicates = treatment;
        return this;
    }

    /**
     * Does not insist on results of windows that nothing closes: those that end later than the last event of some shard, less {@link
     * #outOfOrderness} and {@link #slack}. By default all windows are expected, as of a system that emits updates or reads to an end.
     */
    public Results<T> lastMayBeMissing() {
        asked.lastMayBeMissing = true;
        return this;
    }

    /** How many values may be held in memory at the same time, at some 100 bytes each; five million by default. Nothing is put on disk. */
    public Results<T> atMost(long values) {
        asked.most = values;
        return this;
    }

    /** The number of events, named {@code count}. */
    public Results<T> count() {
        return count("count");
    }

    /** The number of events. */
    public Results<T> count(String name) {
        return with(name, Aggregate.Kind.COUNT, null, 0, RoundingMode.UNNECESSARY);
    }

    /** The exact sum of whole numbers or {@code BigDecimal}s. Null adds nothing; of no values it is 0 or null. */
    public Results<T> sum(String name, Function<? super T, ? extends Number> value) {
        return with(name, Aggregate.Kind.SUM, value, 0, RoundingMode.UNNECESSARY);
    }

    /** The least value that is not null. */
    public Results<T> min(String name, Function<? super T, ?> value) {
        return with(name, Aggregate.Kind.MIN, value, 0, RoundingMode.UNNECESSARY);
    }

    /** The greatest value that is not null. */
    public Results<T> max(String name, Function<? super T, ?> value) {
        return with(name, Aggregate.Kind.MAX, value, 0, RoundingMode.UNNECESSARY);
    }

    /** The exact sum of the values that are not null, divided by their number and rounded once. */
    public Results<T> average(String name, Function<? super T, ? extends Number> value, int scale, RoundingMode mode) {
        return with(name, Aggregate.Kind.AVERAGE, value, scale, mode);
    }

    /** The exact number of different values that are not null. */
    public Results<T> distinct(String name, Function<? super T, ?> value) {
        return with(name, Aggregate.Kind.DISTINCT, value, 0, RoundingMode.UNNECESSARY);
    }

    /** The value of the event with the least time, null included; of any of them if several have it. */
    public Results<T> first(String name, Function<? super T, ?> value) {
        return with(name, Aggregate.Kind.FIRST, value, 0, RoundingMode.UNNECESSARY);
    }

    /** The value of the event with the greatest time, null included; of any of them if several have it. */
    public Results<T> last(String name, Function<? super T, ?> value) {
        return with(name, Aggregate.Kind.LAST, value, 0, RoundingMode.UNNECESSARY);
    }

    /**
     * The values that most events have, most frequent first, as a list; null is none of them. Of equally frequent ones any may come first, and
     * any may be among the first.
     */
    public Results<T> top(String name, int first, Function<? super T, ?> value) {
        if (first < 1 || first > LARGEST_TOP) {
            throw new IllegalArgumentException("top(\"" + name + "\", " + first + ", ...): write 1 to " + LARGEST_TOP);
        }
        return with(name, Aggregate.Kind.TOP, value, first, RoundingMode.UNNECESSARY);
    }

    private Results<T> with(
            String name, Aggregate.Kind kind, @Nullable Function<? super T, ?> of, int number, RoundingMode mode) {
        if (asked.aggregates.stream().anyMatch(each -> each.name().equals(name))) {
            throw new IllegalArgumentException("there are two values named '" + name + "': give each its own name");
        }
        asked.aggregates.add(new Aggregate<>(name, kind, of, number, mode));
        return this;
    }

    /** Hands over the arrivals that are to be judged, for whoever closes them. */
    public Results<T> opening(Consumer<? super Arrivals<?>> listener) {
        asked.opened = listener;
        return this;
    }

    /** Where the seed came from, such as {@code @DataFluxStream}; shown in the headline. */
    public Results<T> seedFrom(String source) {
        asked.seedSource = source;
        return this;
    }

    /** How the events of a finding can be computed again, for the last line of the verdict. */
    public Results<T> replayWith(Replay line) {
        asked.replay = line;
        return this;
    }

    /**
     * Begins to judge what a system put out.
     *
     * @param arrivals what the system puts out; the caller closes it
     * @throws IllegalStateException that says what is missing
     */
    public <R> ResultVerification<T, R> verify(Arrivals<R> arrivals) {
        asked.check();
        asked.opened.accept(arrivals);
        return new ResultVerification<>(asked, arrivals);
    }

    private static long millis(String what, Duration length) {
        if (length.toMillis() <= 0 || !Duration.ofMillis(length.toMillis()).equals(length)) {
            throw new IllegalArgumentException(
                    what + "(" + length + "): write whole milliseconds, at least one, such as Duration.ofMinutes(1)");
        }
        return length.toMillis();
    }

    private static long notNegative(String what, Duration length) {
        if (length.isNegative()) {
            throw new IllegalArgumentException(what + "(" + length + "): write zero or more");
        }
        return length.toMillis();
    }

    Asked<T> asked() {
        return asked;
    }
}
