package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.DeliveryException;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One delivery through a sink while something goes wrong: hands over events as a lane does, records what the sink reported for each, and
 * compares that with what the target holds. Used by one thread; see {@link FaultMatrix}.
 *
 * <pre>{@code
 * trial.open(connector);
 * trial.write(200);
 * trial.flush();                                               // connections are up
 * trial.during(proxy, Fault.reset().afterRequestBytes(500), proxy::heal);
 * trial.write(500);
 * trial.close();
 * trial.stored(target.lines());
 * }</pre>
 */
public final class FaultTrial {

    /** What can be wrong with a delivery. */
    public enum Breach {
        /** Events without an answer when the sink was flushed, or with two answers. */
        UNSETTLED,
        /** Acknowledged, and not in the target. */
        LOST,
        /** In the target more than once. */
        DUPLICATE,
        /** Reported as failed, and in the target. */
        RESURRECTED,
        /** After a later event of its key. */
        REORDERED,
        /** In the target, and never sent. */
        FOREIGN,
        /** Connections or the like that were left open, by {@link #leaked}. */
        LEAKED,
        /** Not acknowledged although the fault passed, or acknowledged although it did not. */
        ENDING
    }

    private static final int KEYS = 10;
    private static final int BATCH = 50;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final LaneContext lane;
    private final List<TestEvent> events = new ArrayList<>();
    private final List<RecordedOutcome> outcomes = new ArrayList<>();
    private final List<String> stored = new ArrayList<>();
    private final List<CompletableFuture<?>> running = new ArrayList<>();
    private final List<Hit> hits = new ArrayList<>();
    private int eventBytes = 128;
    private long startMillis = System.currentTimeMillis();
    private @Nullable Sink sink;
    private @Nullable DeliveryException complaint;
    private final AtomicLong otherHits = new AtomicLong();
    private final AtomicLong leaks = new AtomicLong();

    private record Hit(FaultProxy proxy, Fault fault) {}

    FaultTrial(int tag) {
        lane = new LaneContext(
                "trial", 0, 1, tag, 0, List.of(new LaneContext.Stream("events", 0x0102030405060708L, 1)), Path.of(""));
    }

    /** The lane that the sink is opened for; no two trials of a JVM have the same tag. */
    public LaneContext lane() {
        return lane;
    }

    /** The time of the first event; the next ones are a millisecond apart. By default, now. */
    public void eventsFrom(Instant time) {
        startMillis = time.toEpochMilli();
    }

    /** The size of the next events; 128 bytes by default. */
    public void eventBytes(int bytes) {
        eventBytes = bytes;
    }

    /** Prepares and opens a sink. */
    public void open(SinkConnector connector) throws Exception {
        connector.prepare(lane);
        sink = connector.open(lane);
    }

    /** Hands over the next events, in batches of {@value #BATCH}, with {@value #KEYS} keys. */
    public void write(int count) throws Exception {
        for (int written = 0; written < count; written += BATCH) {
            List<TestEvent> batch = new ArrayList<>();
            for (int i = written; i < Math.min(count, written + BATCH); i++) {
                long n = events.size();
                String head = "{\"n\":" + n + ",\"run\":\"" + lane.tagText() + "\",\"pad\":\"";
                String json = head + "x".repeat(Math.max(0, eventBytes - head.length() - 2)) + "\"}";
                TestEvent event = new TestEvent(0, n, 0, n, "key_" + n % KEYS, startMillis + n, "default", json);
                batch.add(event);
                events.add(event);
            }
            RecordedOutcome outcome = new RecordedOutcome(batch.size());
            outcomes.add(outcome);
            opened().write(TestBatch.of(lane, batch), outcome);
        }
    }

    /** Flushes the sink; what it throws is kept, see {@link #complaint}. */
    public void flush() throws Exception {
        try {
            opened().flush();
        } catch (DeliveryException e) {
            complaint = e;
        }
    }

    /**
     * Switches a fault on and, as soon as it has met work in flight, does something about it on a thread of its own, such as
     * {@code proxy::heal}. That it met work in flight is part of what the trial is judged by.
     */
    public void during(FaultProxy proxy, Fault fault, Runnable then) {
        hits.add(new Hit(proxy, fault));
        proxy.on(fault);
        meanwhile(() -> {
            proxy.awaitInFlight(fault, PATIENCE);
            then.run();
        });
    }

    /**
     * Resets connections in the middle of their requests until one of them had work in flight, and then accepts no connection for a
     * while: a network outage.
     */
    public void outage(FaultProxy proxy, Duration length) {
        CompletableFuture<Void> healed = new CompletableFuture<>();
        during(proxy, Fault.reset().afterRequestBytes(1_000), () -> {
            proxy.down();
            CompletableFuture.delayedExecutor(length.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(() -> {
                        proxy.heal();
                        healed.complete(null);
                    });
        });
        meanwhile(() -> healed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    /** Switches faults on that are to last. */
    public void under(FaultProxy proxy, Fault... faults) {
        for (Fault fault : faults) {
            hits.add(new Hit(proxy, fault));
            proxy.on(fault);
        }
    }

    /** Does something on a thread of its own while events are written; {@link #close} waits for it. */
    public void meanwhile(Task task) {
        CompletableFuture<Void> end = new CompletableFuture<>();
        running.add(end);
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                        end.complete(null);
                    } catch (Throwable e) {
                        end.completeExceptionally(e);
                    }
                },
                "fault-trial-" + lane.tagText());
        thread.setDaemon(true);
        thread.start();
    }

    /** Something that may fail. */
    @FunctionalInterface
    public interface Task {
        void run() throws Exception;
    }

    /** Counts work in flight met by a fault that is not a proxy's, such as an answer 503. */
    public void hit(long inFlight) {
        otherHits.addAndGet(inFlight);
    }

    /** Notes what the sink has open and should not have. */
    public void leaked(long count) {
        leaks.addAndGet(count);
    }

    /** Flushes and closes the sink, and waits for what runs {@linkplain #meanwhile beside it}. */
    public void close() throws Exception {
        flush();
        for (RecordedOutcome outcome : outcomes) {
            outcome.awaitSettled(Duration.ZERO);
        }
        try {
            opened().close();
        } catch (DeliveryException e) {
            complaint = e;
        } finally {
            sink = null;
        }
        for (CompletableFuture<?> each : running) {
            try {
                each.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                throw new AssertionError(String.valueOf(e.getCause()), e);
            }
        }
    }

    /** What the target holds, one event each, in its order. */
    public void stored(List<String> values) {
        stored.addAll(values);
    }

    /** What the target holds. */
    public void stored(SinkReader reader) throws Exception {
        try (reader) {
            reader.read((source, offset, key, value, header) ->
                    stored.add(value == null ? "null" : new String(value, UTF_8)));
        }
    }

    /** How many events were handed over. */
    public int issued() {
        return events.size();
    }

    public long acknowledged() {
        return outcomes.stream().mapToLong(RecordedOutcome::acknowledged).sum();
    }

    public long failed() {
        return outcomes.stream().mapToLong(RecordedOutcome::failed).sum();
    }

    public long unknown() {
        return outcomes.stream().mapToLong(RecordedOutcome::unknown).sum();
    }

    /** Why events were not acknowledged: one message per batch concerned. */
    public List<String> causes() {
        List<String> causes = new ArrayList<>();
        for (RecordedOutcome outcome : outcomes) {
            Throwable cause = outcome.firstCause();
            if (cause != null) {
                causes.add(String.valueOf(cause.getMessage()));
            }
        }
        return causes;
    }

    /** What the last flush or close threw for a delivery that failed. */
    public @Nullable DeliveryException complaint() {
        return complaint;
    }

    /** How many events have no answer yet. */
    public long unsettled() {
        return outcomes.stream().mapToLong(RecordedOutcome::unsettled).sum();
    }

    /** How often a fault met work in flight. */
    public long inFlight() {
        return otherHits.get()
                + hits.stream()
                        .mapToLong(hit -> hit.proxy.hits(hit.fault).inFlight())
                        .sum();
    }

    int storedCount() {
        return stored.size();
    }

    private Sink opened() {
        if (sink == null) {
            throw new IllegalStateException("call open(connector) first");
        }
        return sink;
    }

    /** Ends what a failed trial has left, without waiting for what is in flight. */
    void abandon() {
        if (sink != null) {
            Thread.currentThread().interrupt();
            try {
                sink.close();
            } catch (Exception e) {
                // it has failed already
            } finally {
                Thread.interrupted();
            }
        }
    }

    /** How many events each breach concerns; empty if everything is as it should be. */
    Map<Breach, Long> breaches(FaultMatrix.Ending ending) {
        Map<Breach, Long> found = new EnumMap<>(Breach.class);
        long unsettled = outcomes.stream()
                .mapToLong(outcome -> outcome.unsettled() + (outcome.misuse() == null ? 0 : 1))
                .sum();
        count(found, Breach.UNSETTLED, unsettled);
        count(found, Breach.LEAKED, leaks.get());
        Map<String, Integer> numbers = new HashMap<>();
        events.forEach(event -> numbers.put(event.json(), (int) event.sequence()));
        int[] times = new int[events.size()];
        int[] lastOfKey = new int[KEYS];
        for (String value : stored) {
            Integer n = numbers.get(value);
            if (n == null) {
                count(found, Breach.FOREIGN, 1);
            } else if (times[n]++ > 0) {
                count(found, Breach.DUPLICATE, 1);
            } else {
                count(found, Breach.REORDERED, n + 1 < lastOfKey[n % KEYS] ? 1 : 0);
                lastOfKey[n % KEYS] = Math.max(lastOfKey[n % KEYS], n + 1);
            }
        }
        int n = 0;
        for (RecordedOutcome outcome : outcomes) {
            for (int i = 0; i < outcome.size(); i++, n++) {
                count(found, Breach.LOST, outcome.isAcknowledged(i) && times[n] == 0 ? 1 : 0);
                count(found, Breach.RESURRECTED, outcome.isFailed(i) && times[n] > 0 ? 1 : 0);
            }
        }
        boolean asExpected = switch (ending) {
            case ALL_ACKNOWLEDGED -> acknowledged() == issued() && complaint == null;
            case SOME_UNKNOWN -> unknown() > 0;
            case SOME_FAILED -> failed() > 0;
            case ANY -> complaint == null || failed() + unknown() > 0;
        };
        count(found, Breach.ENDING, asExpected ? 0 : 1);
        return found;
    }

    private static void count(Map<Breach, Long> found, Breach breach, long events) {
        if (events > 0) {
            found.merge(breach, events, Long::sum);
        }
    }
}
