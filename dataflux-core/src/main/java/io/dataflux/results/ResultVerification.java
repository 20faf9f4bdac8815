package io.dataflux.results;

import io.dataflux.DeliveryException;
import io.dataflux.results.Outputs.Mode;
import io.dataflux.results.Outputs.Shape;
import io.dataflux.results.Outputs.Value;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.PatientReading;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges the results that a system put out. Arrivals that are a log hold each result once, unless {@link #updates} or {@link #retractions}
 * says otherwise; a snapshot, such as a table, holds each once as well. Used by one thread.
 *
 * @param <T> an event as the test sees it
 * @param <R> a result as the system puts it out
 */
public final class ResultVerification<T, R> {

    private static final Duration SETTLE = Duration.ofMillis(500);
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private final Asked<T> asked;
    private final Arrivals<R> arrivals;
    private final List<Value<R>> values = new ArrayList<>();
    private @Nullable Function<? super R, ?> key;
    private @Nullable Function<? super R, ?> window;
    private @Nullable Function<? super R, ?> end;
    private Mode mode = Mode.ONCE;
    private Predicate<? super R> retracts = record -> false;
    private Duration settle = SETTLE;
    private Duration deadline = DEADLINE;
    private @Nullable ResultVerdict verdict;

    ResultVerification(Asked<T> asked, Arrivals<R> arrivals) {
        this.asked = asked;
        this.arrivals = arrivals;
    }

    /** The key of a result; {@code List.of(...)} for several. Numbers are compared by value, enums and UUIDs as text. */
    public ResultVerification<T, R> key(Function<? super R, ?> itsKey) {
        key = itsKey;
        return this;
    }

    /** The beginning of a result's window, an {@code Instant} or milliseconds since 1970; with {@code byCount} the window's number for its key. */
    public ResultVerification<T, R> window(Function<? super R, ?> itsStart) {
        window = itsStart;
        return this;
    }

    /** The end of a result's window, which is compared as well; that of a session is a gap after its last event. */
    public ResultVerification<T, R> windowEnd(Function<? super R, ?> itsEnd) {
        end = itsEnd;
        return this;
    }

    /** The value of a result, if only one is expected. */
    public ResultVerification<T, R> value(Function<? super R, ?> itsValue) {
        if (asked.aggregates.size() != 1) {
            throw new IllegalStateException("value(...) needs the name of one of " + names() + " before the function");
        }
        return value(asked.aggregates.get(0).name(), itsValue);
    }

    /**
     * The value of a result that is expected under this name: compared by value, so 12 is 12.0. What a system rounds otherwise than
     * expected, such as a {@code double}, has to be rounded here. A ranking is a list of its items.
     */
    public ResultVerification<T, R> value(String name, Function<? super R, ?> itsValue) {
        int index = names().indexOf(name);
        if (index < 0) {
            throw new IllegalArgumentException("no value '" + name + "' is expected; there are " + names());
        }
        values.add(new Value<>(name, index, itsValue));
        return this;
    }

    /** Of several records of a key and window the last one is the result; if they come from several sources, the last of any. */
    public ResultVerification<T, R> updates() {
        mode = Mode.UPDATES;
        return this;
    }

    /** Some records take back an earlier one that is equal to them; what is left is the result. */
    public ResultVerification<T, R> retractions(Predicate<? super R> isRetraction) {
        mode = Mode.RETRACTIONS;
        retracts = isRetraction;
        return this;
    }

    /** How long to wait for anything unexpected once everything expected has arrived; 500 ms by default. */
    public ResultVerification<T, R> settle(Duration quiet) {
        settle = quiet;
        return this;
    }

    /** How long to wait at most once the run has ended and the results are computed; 30 s by default. */
    public ResultVerification<T, R> deadline(Duration longest) {
        deadline = longest;
        return this;
    }

    private List<String> names() {
        return asked.aggregates.stream().map(Aggregate::name).toList();
    }

    /**
     * Computes the expected results, waits until they have arrived or the deadline has passed, and judges. Asked again, returns the same
     * verdict. It decodes each event once, and once more if results differ.
     *
     * @throws DeliveryException if the arrivals cannot be read, or the thread was interrupted
     * @throws IllegalStateException if a function is missing or fails, or there are more results than may be held
     */
    public ResultVerdict await() {
        ResultVerdict before = verdict;
        if (before != null) {
            return before;
        }
        checkShape();
        Computation<T> computation = new Computation<>(asked, asked.report());
        Expected<T> expected = computation.expected();
        Shape<R> shape = new Shape<>(mode, key, window, end, values, retracts);
        PatientReading.Outcome<Outputs<R>> outcome = new PatientReading<R, Outputs<R>>(
                        arrivals, () -> new Outputs<>(expected, shape, asked.most), settle, deadline)
                .read();
        Outputs<R> outputs = outcome.judge() == null ? new Outputs<>(expected, shape, 0) : outcome.judge();
        ResultVerdict made = new Judgement<T, R>(asked, computation).verdict(outputs, outcome);
        verdict = made;
        return made;
    }

    private void checkShape() {
        Windows windows = asked.rules().windows();
        if (asked.isKeyed() != (key != null)) {
            throw new IllegalStateException(
                    key == null
                            ? "results have keys, by keyedBy(...): say where the key of a result is, by key(...)"
                            : "key(...) is given, but the results have no keys: add keyedBy(...) to what is expected");
        }
        if (windows instanceof Windows.Whole == (window != null)) {
            throw new IllegalStateException(
                    window == null
                            ? "results have windows: say where the beginning of a result's window is, by window(...)"
                            : "window(...) is given, but there is one result for the whole run: leave it out");
        }
        if (end != null && !(windows instanceof Windows.Slices) && !(windows instanceof Windows.Sessions)) {
            throw new IllegalStateException("windowEnd(...) is given, but these windows have no end: leave it out");
        }
        if (values.isEmpty()) {
            throw new IllegalStateException("say which value of a result to compare, by value(\""
                    + asked.aggregates.get(0).name() + "\", ...)");
        }
    }
}
