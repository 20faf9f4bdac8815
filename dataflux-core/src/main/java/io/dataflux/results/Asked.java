package io.dataflux.results;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.RunReport;
import io.dataflux.results.Results.Duplicates;
import io.dataflux.results.Results.Late;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.DeliveredEvents.Delivery;
import io.dataflux.verify.Verification.Replay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What {@link Results} were asked for, as far as it has been said. Times are in milliseconds. Not thread-safe. */
final class Asked<T> {

    private static final long MOST = 5_000_000;

    private final EventStream stream;
    private final Supplier<RunReport> sent;
    private final Function<? super Event, ? extends T> decode;
    final List<Aggregate<T>> aggregates = new ArrayList<>();
    Predicate<? super T> filter = event -> true;
    boolean filters;

    @Nullable
    Function<? super T, ?> key;

    @Nullable
    Function<? super T, Instant> time;

    @Nullable
    Windows windows;
    /** On disorder; negative if windows are never closed. */
    long bound = -1;

    long allowed;
    /** Negative if it was not said. */
    long slack = -1;

    Late late = Late.DROPPED;
    Duplicates duplicates = Duplicates.ONCE;
    boolean lastMayBeMissing;
    long most = MOST;
    String seedSource = "";

    @Nullable
    Replay replay;

    Consumer<? super Arrivals<?>> opened = arrivals -> {};

    Asked(EventStream stream, Supplier<RunReport> sent, Function<? super Event, ? extends T> decode) {
        this.stream = stream;
        this.sent = sent;
        this.decode = decode;
    }

    /** @throws IllegalStateException that says what is missing or does not go together */
    void check() {
        if (windows == null) {
            throw new IllegalStateException(
                    "results have no windows yet: add tumbling(...), hopping(...), session(...),"
                            + " byCount(...) or wholeRun()");
        }
        if (aggregates.isEmpty()) {
            throw new IllegalStateException("results have no value yet: add count(), sum(...) or another aggregate");
        }
        boolean timed = windows instanceof Windows.Slices || windows instanceof Windows.Sessions;
        if (bound < 0 && (allowed > 0 || slack >= 0 || late != Late.DROPPED || lastMayBeMissing)) {
            throw new IllegalStateException(
                    "allowedLateness, late, slack and lastMayBeMissing need outOfOrderness(...): it"
                            + " says when windows are closed");
        }
        if (bound >= 0 && !timed) {
            throw new IllegalStateException(
                    "outOfOrderness(...) is about windows of time, but these are wholeRun() or byCount(...): leave it out");
        }
    }

    Rules rules() {
        return new Rules(
                Objects.requireNonNull(windows), late, duplicates == Duplicates.COUNTED, filters, false, false);
    }

    EventStream stream() {
        return stream;
    }

    RunReport report() {
        return sent.get();
    }

    T decode(Event event) {
        return decode.apply(event);
    }

    boolean keeps(T event) {
        return filter.test(event);
    }

    boolean isKeyed() {
        return key != null;
    }

    @Nullable
    Object keyOf(T event) {
        return key == null ? null : Normal.of(key.apply(event));
    }

    long timeOf(T event, Delivery delivery) {
        if (time == null) {
            return delivery.timeMillis();
        }
        long millis = time.apply(event).toEpochMilli();
        if (bounded() && millis > delivery.sentMillis()) {
            throw new IllegalStateException("timedBy(...) gives event " + delivery.sequence() + " the time "
                    + Instant.ofEpochMilli(millis) + ", but it is sent before that, at "
                    + Instant.ofEpochMilli(delivery.sentMillis())
                    + ": a watermark would run ahead of the schedule, and nothing could be said about late events");
        }
        return millis;
    }

    @Nullable
    Object[] valuesOf(T event) {
        @Nullable Object[] values = new Object[aggregates.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = aggregates.get(i).value(event);
        }
        return values;
    }

    /** Whether windows are ever closed. */
    boolean bounded() {
        return bound >= 0;
    }

    long boundMillis() {
        return Math.max(0, bound);
    }

    /** How long after a window's end it is closed for good. */
    long graceMillis() {
        return boundMillis() + allowed;
    }

    long slackMillis() {
        return Math.max(0, slack);
    }

    boolean slackIsKnown() {
        return slack >= 0;
    }
}
