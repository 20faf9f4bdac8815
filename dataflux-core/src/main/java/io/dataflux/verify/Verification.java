package io.dataflux.verify;

import io.dataflux.DeliveryException;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.verify.Verdict.Aspect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Judges what a system produced from the events of a run. It traces each output to its event by arithmetic, computes what the system should
 * have produced for that event, and compares. So a system may filter, rename, enrich and split, and nothing that was sent needs to be
 * stored. The events that the run's ledger counts as acknowledged are expected; if there are none, the verdict is not clean.
 *
 * <p>For a stream with planned faults the expectation is the same as without, as far as the system can know. An event that is sent twice
 * should have its outputs once; a system that does not drop repeats gets a {@link Finding#DUPLICATE}, and delivers at least once. An
 * event that is sent late or out of order should have its outputs, and order per key is the order of sending. A dropped event should have
 * no outputs. A broken one should have none either, and be among the {@link #deadLetters}.
 *
 * <p>Waiting ends when everything expected has arrived and nothing new has come for {@link #settle}, or at the {@link #deadline}. What is
 * missing then is {@link Finding#LOST} if nothing arrived in the last third of the time, else {@link Finding#PENDING}. Order is judged
 * per key, by first arrivals, if the arrivals are a log.
 *
 * <pre>{@code
 * Verdict verdict = orders.verify(invoices)
 *         .tracedBy(Invoice::orderId)
 *         .expecting(o -> o.status().equals("TEST") ? Stream.empty() : Stream.of(new Invoice(o.orderId(), o.total())))
 *         .await();
 * }</pre>
 *
 * <p>Used by one thread. An output costs about what computing and decoding its event costs; the state is a bit per event at worst.
 *
 * @param <T> an event as the test sees it
 * @param <R> an output of the system
 */
public final class Verification<T, R> {

    private static final Duration SETTLE = Duration.ofMillis(500);
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    /** How many expected outputs are looked at to find the fields that they have. */
    private static final int LOOKED_AT = 1000;

    /** The line that computes the events [from, from + count) again. */
    @FunctionalInterface
    public interface Replay {
        String line(long from, long count);
    }

    private final EventStream stream;
    private final Supplier<Ledger> sent;
    private final Function<? super Event, ? extends T> decode;
    private final Arrivals<R> arrivals;
    private @Nullable Function<? super R, ?> tracedBy;
    private @Nullable Function<? super T, ? extends Stream<?>> outputs;
    private @Nullable Function<? super T, ?> keyedBy;
    private @Nullable Arrivals<byte[]> deadLetters;
    private Comparison comparison = new Comparison(List.of());
    private Duration settle = SETTLE;
    private Duration deadline = DEADLINE;
    private String seedSource = "";
    private @Nullable Replay replay;
    private @Nullable Path folder;
    private Waiting.Clock clock = Waiting.Clock.SYSTEM;
    private boolean fieldsChecked;
    private @Nullable Verdict verdict;

    private Verification(
            EventStream stream,
            Supplier<Ledger> sent,
            Function<? super Event, ? extends T> decode,
            Arrivals<R> arrivals) {
        this.stream = stream;
        this.sent = sent;
        this.decode = decode;
        this.arrivals = arrivals;
    }

    /**
     * Prepares to judge what a system produced from a run with one stream and one sink.
     *
     * @param stream the run's stream, under any tag
     * @param sent returns the run's ledger, if necessary after waiting for the run's end; called once per {@link #await}
     * @param decode what the test sees of an event
     * @throws IllegalArgumentException if the stream declares no identity
     */
    public static <T, R> Verification<T, R> of(
            EventStream stream,
            Supplier<Ledger> sent,
            Function<? super Event, ? extends T> decode,
            Arrivals<R> arrivals) {
        if (stream.event(0).identity().isEmpty()) {
            throw new IllegalArgumentException(
                    "stream '" + stream.name()
                            + "' declares no identity, so an output cannot be traced back to its event: declare one to judge it");
        }
        return new Verification<>(stream, sent, decode, arrivals);
    }

    /**
     * What identifies the event that an output belongs to: the value of the stream's identity field, or {@code List.of(...)} of the values
     * if it has several. Without this the output itself must have fields of those names.
     */
    public Verification<T, R> tracedBy(Function<? super R, ?> identity) {
        this.tracedBy = identity;
        return this;
    }

    /**
     * What the system should produce for an event: no output, one, or many. Each is an object of any kind that has fields: its fields are
     * compared with those of the same names, {@code orderId} and {@code order_id} being the same. The function must depend on the event
     * alone; it is called again for each output that arrives. Without this, each event should come out once, unchanged.
     */
    public Verification<T, R> expecting(Function<? super T, ? extends Stream<?>> outputs) {
        this.outputs = outputs;
        return this;
    }

    /**
     * The key under which the outputs of an event should be stored, as text or bytes; null for none. It is judged in targets that keep
     * keys, such as topics. Without this, and without {@link #expecting}, it is the key of the event; with {@link #expecting}, keys are
     * not judged.
     */
    public Verification<T, R> keyedBy(Function<? super T, ?> key) {
        keyedBy = key;
        return this;
    }

    /**
     * Compares only these fields of what is expected, such as {@code "total", "address.zip"}; by default all of them. A field that only some
     * outputs should have is expected to be null or missing in the others; one that none of the first thousand has is taken for a mistake.
     */
    public Verification<T, R> comparing(String... fields) {
        comparison = new Comparison(List.of(fields));
        return this;
    }

    /**
     * Where the system puts what it cannot process. Events that were sent broken are expected there, once and with the bytes that were
     * sent, and no other events are. Without this, broken events are only checked to have no output.
     *
     * <p>A dead letter is traced by the identity in it, which is intact even in a broken event. The caller closes the queue.
     */
    public Verification<T, R> deadLetters(Arrivals<byte[]> queue) {
        deadLetters = queue;
        return this;
    }

    /**
     * How long to wait for anything unexpected once everything expected has arrived: the wait ends when nothing new came for this long; 500
     * ms by default.
     */
    public Verification<T, R> settle(Duration quiet) {
        settle = Waiting.checked("settle", quiet);
        return this;
    }

    /**
     * How long to wait at most once the run has ended, 30 s by default. It includes reading and judging what has already arrived, so give
     * more of it to verify many millions of events.
     */
    public Verification<T, R> deadline(Duration longest) {
        deadline = Waiting.checked("deadline", longest);
        return this;
    }

    /** Where the seed came from, such as {@code @DataFluxStream}; shown in the headline. */
    public Verification<T, R> seedFrom(String source) {
        seedSource = source;
        return this;
    }

    /** How the events of a finding can be computed again, for the last line of the verdict. */
    public Verification<T, R> replayWith(Replay line) {
        replay = line;
        return this;
    }

    /** Also writes {@code verdict.json} and {@code events.jsonl} into this folder. */
    public Verification<T, R> reportTo(Path folder) {
        this.folder = folder;
        return this;
    }

    Verification<T, R> clock(Waiting.Clock other) {
        clock = other;
        return this;
    }

    /**
     * Waits until everything has arrived or the deadline has passed, and judges. Asked again, returns the same verdict. Does not close the
     * arrivals.
     *
     * <p>Reading, judging and the functions of the test run in a thread of their own, a daemon. At the deadline it is stopped between two
     * records, and interrupted if that does not help; so there is a verdict at most a second later, whatever they do. It says what was not
     * read.
     *
     * @throws DeliveryException if the arrivals cannot be read at all, or the thread was interrupted
     */
    public Verdict await() {
        Verdict before = verdict;
        if (before != null) {
            return before;
        }
        Ledger ledger = sent.get();
        JudgedRun judged = JudgedRun.of(ledger, ledger.sinks().get(0).name(), List.of(stream));
        Expectation<T> expectation = new Expectation<>(decode, outputs);
        DeadLetters letters = deadLetters == null ? null : new DeadLetters(deadLetters, judged);
        OutputKeys<T> keys = new OutputKeys<>(expectation, keyedBy);
        Verdict made = new TimedJudging<T, R>(
                        judged,
                        expectation,
                        arrivals,
                        letters,
                        () -> judge(judged, expectation, keys),
                        words(judged, expectation, keys),
                        new Waiting(settle, deadline, clock))
                .verdict();
        made = keys.judged() ? made.withKeysJudged() : made;
        Verdict kept = folder == null ? made : VerdictFiles.write(made, judged, folder);
        verdict = kept;
        return kept;
    }

    private TimedJudging.Words words(JudgedRun judged, Expectation<T> expectation, OutputKeys<T> keys) {
        return new TimedJudging.Words() {
            @Override
            public Wording of(Expectation.Count count, String ended, boolean readToEnd, String heldBack) {
                return wording(judged, expectation, keys, count, ended, readToEnd, heldBack);
            }

            @Override
            public Verdict unfinished(String why, long records) {
                return Verdict.unfinished(
                        "Not judged: the verification of " + judged.streamNames() + " did not come to an end ("
                                + judged.origin(seedSource) + ")",
                        records,
                        why);
            }
        };
    }

    private OutputJudge<T, R> judge(JudgedRun judged, Expectation<T> expectation, OutputKeys<T> keys) {
        if (comparison.chooses() && !fieldsChecked) {
            comparison.check(expectation.first(judged, LOOKED_AT));
            fieldsChecked = true;
        }
        return new OutputJudge<>(
                judged, expectation, comparison, tracedBy, keys, arrivals.isLog(), deadLetters != null);
    }

    private Wording wording(
            JudgedRun judged,
            Expectation<T> expectation,
            OutputKeys<T> keys,
            Expectation.Count count,
            String ended,
            boolean readToEnd,
            String heldBack) {
        String streams = judged.streamNames();
        long acknowledged = judged.acknowledged();
        long counted = count.events() + (deadLetters == null ? 0 : count.broken());
        Replay line = replay;
        return new Wording(
                acknowledged == 0
                        ? "Nothing to judge: the run acknowledged no event of " + streams
                        : "Nothing to judge: none of the " + Wording.count(acknowledged) + " acknowledged events of "
                                + streams
                                + " should have an output",
                "Delivery agrees with " + streams,
                "Delivery agrees with " + streams,
                "Delivery differs from " + streams,
                judged.origin(seedSource),
                counted,
                expected -> "expecting(...) gave outputs for " + Wording.count(counted) + " events, and for "
                        + Wording.count(expected) + " when asked again: it must depend on the event alone",
                moreExpected(judged, count),
                "came without some of its outputs",
                "is not among the dead letters",
                (index, sequence) -> expectation.text(judged, sequence),
                line == null
                        ? (in, from, events) -> "./dataflux sample " + in.name() + " --seed " + in.seed() + " --from "
                                + from + " --count " + events + " --tag " + judged.tag()
                        : (in, from, events) -> line.line(from, events),
                ended,
                readToEnd,
                heldBack,
                aspects(keys));
    }

    private List<Aspect> aspects(OutputKeys<T> keys) {
        return List.of(
                outputs == null
                        ? new Aspect(
                                "values",
                                true,
                                "those of the event; expecting(...) says what else an output should have")
                        : new Aspect("values", true, "the fields that expecting(...) gives, or comparing(...) names"),
                new Aspect("record keys", keys.judged(), keys.how()),
                deadLetters == null
                        ? new Aspect("dead letters", false, "deadLetters(...) would say where they are")
                        : new Aspect("dead letters", true, "exactly the events that were sent broken"));
    }

    private String moreExpected(JudgedRun judged, Expectation.Count count) {
        String outputsOf =
                count.outputs() == count.events() ? "an output" : Wording.count(count.outputs()) + " outputs";
        String broken = deadLetters == null ? "" : ", " + Wording.count(count.broken()) + " corrupt, as dead letters";
        return outputs == null && count.broken() == 0 && count.events() == judged.acknowledged()
                ? broken
                : ", " + Wording.count(count.events()) + " of them with " + outputsOf + broken;
    }
}
