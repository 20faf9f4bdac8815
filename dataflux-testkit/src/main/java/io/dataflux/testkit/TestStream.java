package io.dataflux.testkit;

import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.model.Faults;
import io.dataflux.model.RateProfile;
import io.dataflux.results.Results;
import io.dataflux.spi.SinkConnector;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Verification;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/**
 * Some events of a stream: to send into the system under test, and to judge what that system produces from them.
 *
 * <pre>{@code
 * EventStream stream = DataFlux.stream("clickstream", 42);
 * TestStream<Click> clicks = TestStream.of(stream, 0, 10_000, Decoder.json(Click.class));
 * Arrivals<Click> out = Arrivals.log(consumed);
 * clicks.sendTo(KafkaSink.topic(servers, "clicks"));
 * assertThat(clicks.verify(out).tracedBy(Click::eventId).await()).deliveredExactlyOnce();
 * }</pre>
 *
 * <p>It is one run: its events carry the ids of that run, so it is sent once, and what other runs left behind is never taken for
 * one of them. Without a {@link #rate} it is sent as fast as the sink takes it. Used by the test's thread.
 *
 * <p>Its report and its verdict are in {@code target/dataflux/<test>}, where the test is named by class, method and number of the
 * invocation; a further stream of the same test has a number behind a plus. What an earlier run of the test left there is deleted.
 *
 * @param <T> an event as the test sees it, see {@link Decoder}
 */
public final class TestStream<T> implements AutoCloseable {

    static final String TAG_PROPERTY = "dataflux.tag";
    private static final String SINK = "sink";
    private static final String FASTEST = "max";

    private final long from;
    private final Decoder<T> decoder;
    private final StreamOrigin origin;
    private final List<Arrivals<?>> opened = new ArrayList<>();
    private EventStream stream;
    private long to;
    private boolean toTheEnd;
    private int tag = tagByDefault();
    private double speed = Double.POSITIVE_INFINITY;
    private String rate = "";
    private String faults = "";
    private boolean used;
    private @Nullable Run run;

    private TestStream(EventStream stream, long from, long to, Decoder<T> decoder, StreamOrigin origin) {
        this.from = from;
        this.to = to;
        this.decoder = decoder;
        this.origin = origin;
        this.stream = stream.withTag(tag);
        if (from < 0 || to < from || to > stream.end()) {
            throw new IllegalArgumentException("events [" + from + ", " + to + ") are not within [0, " + stream.end()
                    + ") of stream '" + stream.name() + "'");
        }
        if (decoder instanceof JsonDecoder<T> json) {
            json.checkComponents(stream, from);
        }
    }

    /** The events {@code [from, to)} of a stream, under a fresh tag, or that of {@code -Ddataflux.tag}. */
    public static <T> TestStream<T> of(EventStream stream, long from, long to, Decoder<T> decoder) {
        return of(stream, from, to, decoder, StreamOrigin.ofCode(stream));
    }

    static <T> TestStream<T> of(EventStream stream, long from, long to, Decoder<T> decoder, StreamOrigin origin) {
        return new TestStream<>(stream, from, to, decoder, origin);
    }

    /** The stream, with the ids of this run. */
    public EventStream stream() {
        used = true;
        return stream;
    }

    /** The events in their order, each without delivery faults. The list computes an event each time it is asked for and stores none. */
    public List<T> events() {
        used = true;
        return new Events<>(stream, from, Math.toIntExact(to - from), decoder);
    }

    /** The run's tag, eight hexadecimal digits. */
    public String tag() {
        return HexFormat.of().toHexDigits(tag);
    }

    /**
     * Sets the run's tag, to get the same ids again. Call it before the first use of an event.
     *
     * @param hex up to eight hexadecimal digits, not 0
     */
    public TestStream<T> tag(String hex) {
        checkUnused("tag");
        tag = parsed(hex);
        stream = stream.withTag(tag);
        return this;
    }

    /**
     * The rate to send at, such as {@code 2000/s} or {@code steps 500/s..4000/s by 500/s each 20s}, or {@code max} for as fast as the
     * sink takes it. The rate belongs to the stream: it sets how far apart the events' times are. Call it before the first use of an event.
     *
     * @see RateProfile#of
     */
    public TestStream<T> rate(String rate) {
        checkUnused("rate");
        if (rate.equals(FASTEST)) {
            speed = Double.POSITIVE_INFINITY;
            return this;
        }
        RateProfile profile = RateProfile.of(rate);
        this.rate = rate;
        stream = stream.with(definition -> definition.rate(profile)).withTag(tag);
        speed = 1;
        if (toTheEnd) {
            Duration length = profile.length();
            to = length.isZero()
                    ? to
                    : Math.max(from + 1, stream.sequenceAt(stream.timeOf(0).plus(length)));
        }
        return this;
    }

    /**
     * What goes wrong on purpose, such as {@code late 2% by 8s..30s, duplicate 0.5%, drop 0.1%, corrupt 0.1% as truncated}. {@link #events}
     * still has each event once and intact; {@link #plannedFaults} lists which are affected, and {@link #verify} takes it into account.
     * Call it before the first use of an event.
     *
     * @see Faults#of
     * @throws IllegalArgumentException that says what to write instead
     */
    public TestStream<T> faults(String faults) {
        checkUnused("faults");
        Faults planned = Faults.of(faults);
        stream = stream.with(definition -> definition.faults(planned)).withTag(tag);
        this.faults = faults;
        return this;
    }

    /** What goes wrong on purpose with the events, by sequence. */
    public List<PlannedFault> plannedFaults() {
        used = true;
        return stream.faults(from, to);
    }

    /** Where the reports and verdicts of this stream are. */
    Path folder() {
        return origin.folder();
    }

    /** Takes the number of events from the rate, which must end. */
    void toTheEndOfItsRate() {
        toTheEnd = true;
    }

    /**
     * Sends the events and returns when the run has ended. Deliveries that fail do not end it: the report counts them, and {@link
     * #verify} expects what was acknowledged.
     *
     * @throws DeliveryException if the sink cannot be opened
     */
    public RunReport sendTo(SinkConnector sink) {
        return await(startSendingTo(sink));
    }

    /** Starts sending the events; {@link Run#after} makes something happen on the way, and {@link #verify} waits for the end. */
    public Run startSendingTo(SinkConnector sink) {
        if (run != null) {
            throw new IllegalStateException("stream '" + stream.name() + "' was already sent, as run " + tag()
                    + ": make another TestStream to send it again under another tag");
        }
        used = true;
        Run started = DataFlux.plan(stream)
                .events(from, to)
                .sink(SINK, sink)
                .speed(speed)
                .continueOnFailure()
                .tag(tag)
                .output(origin.folder())
                .build()
                .start();
        run = started;
        return started;
    }

    /**
     * Judges what the system produced from the events. What was acknowledged is expected, and nothing else; {@link Verification} has the
     * details, including what is expected where {@link #faults} are planned.
     *
     * @param arrivals what the system puts out; closed with this stream. A log is for one verification only, as its records are read once
     */
    public <R> Verification<T, R> verify(Arrivals<R> arrivals) {
        Run sent = sent();
        open(arrivals);
        return Verification.of(stream, () -> await(sent).ledger(), decoder::decode, arrivals)
                .seedFrom(origin.seedSource())
                .replayWith((first, count) -> origin.call().range(first, count, rate, faults, tag()))
                .reportTo(origin.folder());
    }

    /**
     * Begins to say which results a system should compute from the events, by key and window: counts, sums and other aggregates, to be
     * judged by {@link Results#verify}. {@link Results} has the details, including what counts where {@link #faults} are planned.
     *
     * <pre>{@code
     * assertThat(clicks.results().keyedBy(Click::page).tumbling(ofMinutes(1)).count()
     *                 .verify(counts).key(PageCount::page).window(PageCount::start).value(PageCount::views).await())
     *         .agrees();
     * }</pre>
     */
    public Results<T> results() {
        used = true;
        return Results.<T>of(stream, () -> await(sent()), decoder::decode)
                .opening(this::open)
                .seedFrom(origin.seedSource())
                .replayWith((first, count) -> origin.call().range(first, count, rate, faults, tag()));
    }

    private Run sent() {
        if (run == null) {
            throw new IllegalStateException(
                    "stream '" + stream.name() + "' has not been sent yet: send it with sendTo(...)");
        }
        return run;
    }

    private void open(Arrivals<?> arrivals) {
        for (Arrivals<?> each : opened) {
            if (each == arrivals && arrivals.isLog()) {
                throw new IllegalStateException("these arrivals were already given to verify(...): a log is read once."
                        + " Ask the same verification again, or open other arrivals before sending");
            }
        }
        opened.add(arrivals);
    }

    /** Stops the run if it is still running, and closes the arrivals that were judged. */
    @Override
    public void close() throws IOException {
        if (run != null) {
            run.close();
        }
        for (Arrivals<?> each : opened) {
            each.close();
        }
    }

    /** What the events are, and how to get them again. */
    @Override
    public String toString() {
        return "stream '" + stream.name() + "' (seed " + stream.seed() + " from " + origin.seedSource() + ", run "
                + tag() + "), events [" + from + ", " + to + "): "
                + origin.call().range(from, to - from, rate, faults, tag());
    }

    private void checkUnused(String what) {
        if (used) {
            throw new IllegalStateException(
                    what + "(...) changes the events: call it before events(), stream() and sendTo(...)");
        }
    }

    private RunReport await(Run sent) {
        try {
            return sent.await();
        } catch (InterruptedException e) {
            sent.requestStop();
            Thread.currentThread().interrupt();
            throw new DeliveryException("interrupted while sending stream '" + stream.name() + "'", e);
        }
    }

    private static int tagByDefault() {
        String given = System.getProperty(TAG_PROPERTY);
        return given != null ? parsed(given) : new SecureRandom().nextInt() | 1;
    }

    private static int parsed(String hex) {
        if (!hex.matches("[0-9a-fA-F]{1,8}") || hex.matches("0+")) {
            throw new IllegalArgumentException(
                    "'" + hex + "' is not a tag: write up to eight hexadecimal digits, not 0, such as 5f3a90c1");
        }
        return Integer.parseUnsignedInt(hex, 16);
    }

    private static final class Events<T> extends AbstractList<T> implements RandomAccess {

        private final EventStream stream;
        private final long from;
        private final int size;
        private final Decoder<T> decoder;

        Events(EventStream stream, long from, int size, Decoder<T> decoder) {
            this.stream = stream;
            this.from = from;
            this.size = size;
            this.decoder = decoder;
        }

        @Override
        public T get(int index) {
            Event event = stream.event(from + java.util.Objects.checkIndex(index, size));
            return decoder.decode(event);
        }

        @Override
        public int size() {
            return size;
        }
    }
}
