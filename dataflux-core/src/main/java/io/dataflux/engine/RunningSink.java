package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DeliveryException;
import io.dataflux.Run.SinkProgress;
import io.dataflux.RunSnapshot.Sample;
import io.dataflux.RunSnapshot.SinkSnapshot;
import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Checkpoint.LaneMark;
import io.dataflux.engine.Checkpoint.SinkMark;
import io.dataflux.engine.Checkpoint.Stage;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.plan.Extent;
import io.dataflux.plan.History;
import io.dataflux.plan.LaneShare;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Resume;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One sink of a running run: what earlier attempts did at it, its lanes and its failures. Thread-safe once the lanes run. */
final class RunningSink {

    private final SinkConfig config;
    private final List<CompiledStream> streams;
    private final Runnable endRun;
    private final SinkFailures failures;
    private final EarlierAttempts past;
    private final List<List<LaneShare>> shares;
    private final List<List<List<Long>>> cuts = new ArrayList<>();
    private final List<LaneSnapshot> snapshots = new ArrayList<>();
    private final List<Sink> opened = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private final long routing;
    /** About how many events it gets in all attempts; 0 if the run has no limit. */
    private final long planned;
    /** What the target was when the run began. */
    private final SortedMap<String, String> facts = new TreeMap<>();

    private String position = "";

    /** @param endRun ends the whole run; called from any thread */
    RunningSink(RunConfig run, History history, SinkConfig config, Runnable endRun) {
        Extent extent = history.whole();
        this.config = config;
        this.endRun = endRun;
        streams = extent.streams();
        failures = new SinkFailures(config.name(), this::deliveryFailed);
        past = new EarlierAttempts(run, history, config.name());
        Regions regions = new Regions(run);
        routing = regions.digest(config.name(), extent);
        planned = run.limits().none()
                ? 0
                : regions.eventsFor(config.name(), extent) / run.part().of();
        shares = LaneShare.deal(history, past.done(), config.lanes(), run.part());
        List<List<Long>> none = Collections.nCopies(streams.size(), List.of());
        shares.forEach(lane -> cuts.add(none));
    }

    private void deliveryFailed() {
        switch (config.onFailure()) {
            case STOP -> endRun.run();
            case ISOLATE -> end();
            case CONTINUE -> {}
        }
    }

    /** Takes over what the last attempt left. */
    void takeOver(SinkLedger ledger, SinkMark mark) {
        position = ledger.position();
        facts.putAll(mark.facts());
        past.takeCounts(ledger.streams());
        for (int lane = 0; lane < shares.size(); lane++) {
            past.take(ledger.streams(), shares.get(lane), mark.lanes().get(lane));
            cuts.set(lane, mark.lanes().get(lane).cuts());
        }
    }

    /**
     * How the target differs from what it was when the run began.
     *
     * @throws DeliveryException if it cannot be found out
     */
    List<Problem> changes(Attempt attempt) {
        List<Problem> changes = new ArrayList<>();
        tried(() -> config.connector()
                .resume()
                .facts(attempt.context(config, 0))
                .forEach((name, now) -> {
                    String then = facts.putIfAbsent(name, now);
                    if (then != null && !then.equals(now)) {
                        changes.add(new Problem(
                                "sinks." + name(), name + " was " + then + " when the run began, and is " + now));
                    }
                }));
        return changes;
    }

    /**
     * Checks the target, and asks it what it knows about earlier attempts.
     *
     * @throws DeliveryException if it is not as it should be
     * @throws ConfigurationException if the run must not be resumed
     */
    void prepare(Attempt attempt) {
        tried(() -> {
            SinkConnector connector = config.connector();
            connector.prepare(attempt.context(config, 0));
            if (attempt.number() == 0) {
                ReadBack target = connector.readBack().orElse(null);
                position = target == null ? "" : target.position(attempt.context(config, 0));
                facts.putAll(connector.resume().facts(attempt.context(config, 0)));
                return;
            }
            Resume resume = connector.resume();
            for (int lane = 0; lane < shares.size(); lane++) {
                resume.recover(attempt.context(config, lane), new TargetMemory(past, shares.get(lane)));
                if (!resume.unit().equals(DeliveryUnit.NONE)) {
                    for (LaneShare share : shares.get(lane)) {
                        past.roundDown(share, resume.unit(), cuts.get(lane).get(share.stream()));
                    }
                }
            }
            past.seal();
        });
    }

    /** Whether what is sent again is in the target once, wherever the last attempt ended. */
    boolean exactlyOnceOnResume() {
        return config.connector().resume().exactlyOnce();
    }

    /** What that takes for granted; empty if nothing. */
    String onceProvided() {
        return config.connector().resume().provided();
    }

    /** Makes the snapshots of the lanes, which have nothing to send before this scheduled time. */
    void beginAt(LaneSnapshot.Writer writer, long micros) {
        for (List<List<Long>> lane : cuts) {
            snapshots.add(new LaneSnapshot(writer, micros, lane));
        }
    }

    /** Opens the sink for every lane. @throws DeliveryException if it cannot; the caller then closes what was opened */
    void open(Attempt attempt) {
        tried(() -> {
            for (int lane = 0; lane < config.lanes(); lane++) {
                opened.add(config.connector().open(attempt.context(config, lane)));
            }
        });
    }

    private interface Call {
        void make() throws Exception;
    }

    private void tried(Call call) {
        try {
            call.make();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryException("sink '" + name() + "': interrupted while it was being opened", e);
        } catch (ConfigurationException e) {
            throw e;
        } catch (Exception e) {
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new DeliveryException("sink '" + name() + "': " + why, e);
        }
    }

    /** Closes what {@link #open} opened, before there are lanes; what goes wrong is added to {@code why}. */
    void closeAgain(Throwable why) {
        for (Sink sink : opened) {
            try {
                sink.close();
            } catch (Exception e) {
                why.addSuppressed(e);
            }
        }
    }

    /** Makes the lanes; each closes its sink when it ends. */
    void makeLanes(Attempt attempt, Lane.Listener listener) {
        boolean watched = !attempt.config().monitors().isEmpty();
        for (int lane = 0; lane < opened.size(); lane++) {
            LaneMeter meter = watched ? new LaneMeter(config.name(), streams.size(), attempt.regions()) : null;
            lanes.add(new Lane(
                    attempt,
                    config,
                    lane,
                    shares.get(lane),
                    opened.get(lane),
                    snapshots.get(lane),
                    failures,
                    meter,
                    this::slowest,
                    listener));
        }
    }

    String name() {
        return config.name();
    }

    SinkFailures failures() {
        return failures;
    }

    /** What its lanes send, all together. */
    List<LaneShare> shares() {
        return shares.stream().flatMap(List::stream).toList();
    }

    EarlierAttempts past() {
        return past;
    }

    List<Lane> lanes() {
        return lanes;
    }

    List<LaneSnapshot> snapshots() {
        return snapshots;
    }

    /** Asks the lanes to end after their batch. */
    void end() {
        lanes.forEach(Lane::end);
    }

    /** Whether nothing is left to send. */
    boolean complete() {
        for (List<LaneShare> lane : shares) {
            for (LaneShare share : lane) {
                if (share.firstLeft() < share.limit()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** How many events were acknowledged, over all attempts. */
    long acknowledged() {
        long sum = 0;
        for (int stream = 0; stream < streams.size(); stream++) {
            sum += past.events(stream);
        }
        for (Lane lane : lanes) {
            sum += lane.books().acknowledged.get();
        }
        return sum;
    }

    /** When the next event of the slowest lane is due, in a backfill. */
    private long slowest() {
        long slowest = Long.MAX_VALUE;
        for (int i = 0; i < lanes.size(); i++) {
            slowest = Math.min(slowest, lanes.get(i).catchUp().reached());
        }
        return slowest;
    }

    SinkProgress progress() {
        long[] sums = new long[5];
        long ownLag = 0;
        long sinkLag = 0;
        long behind = 0;
        boolean done = true;
        long before = 0;
        for (int stream = 0; stream < streams.size(); stream++) {
            before += past.events(stream);
        }
        for (Lane lane : lanes) {
            Books books = lane.books();
            // what became of events before how many there were: the parts never exceed the whole
            sums[1] += books.acknowledged.get();
            sums[2] += books.failed.get();
            sums[3] += books.unknown.get();
            sums[4] += books.bytes.get();
            sums[0] += books.issued.get();
            ownLag = Math.max(ownLag, lane.lateness().own());
            sinkLag = Math.max(sinkLag, lane.lateness().sinks());
            behind = Math.max(behind, lane.hasEnded() ? 0 : lane.catchUp().behind());
            done &= lane.hasEnded();
        }
        return new SinkProgress(
                name(),
                before + sums[0],
                before + sums[1],
                sums[2],
                sums[3],
                sums[4],
                planned,
                ownLag,
                sinkLag,
                behind,
                done);
    }

    /**
     * What those who watch the run are shown.
     *
     * @param wantedPerSecond of a sink that gets every event, in this process
     */
    SinkSnapshot snapshot(double wantedPerSecond, List<Sample> samples) {
        LaneMeter.Sum sum = new LaneMeter.Sum();
        long retries = 0;
        long reached = Long.MIN_VALUE;
        for (int lane = 0; lane < lanes.size(); lane++) {
            LaneMeter meter = lanes.get(lane).books().meter();
            if (meter != null) {
                sum.add(meter);
                reached = meter.batches() == 0
                        ? reached
                        : Math.max(reached, snapshots.get(lane).reached());
            }
            retries += lanes.get(lane).retries();
        }
        SinkProgress progress = progress(); // after the outcomes: they never exceed what was issued
        samples.addAll(sum.samples());
        return new SinkSnapshot(
                progress,
                wantedPerSecond * sum.share(),
                lanes.size(),
                sum.batches(),
                retries,
                reached == Long.MIN_VALUE ? null : Instant.EPOCH.plus(reached, ChronoUnit.MICROS),
                sum.latencies(),
                sum.flows(streams),
                failures.sentences(List.of(), past));
    }

    /** What this attempt and those before it did, once all lanes have ended. */
    SinkLedger ledger() {
        List<@Nullable Book> books = new ArrayList<>(Collections.nCopies(firsts()[firsts().length - 1], null));
        for (Lane lane : lanes) {
            for (int i = 0; i < books.size(); i++) {
                Book book = lane.books().bookOrNull(i);
                if (book != null) {
                    books.set(i, book);
                }
            }
        }
        return ledger(books, true);
    }

    /** The same as far as the lanes' last copies say it, at any time. */
    SinkLedger lastKnown(List<LaneSnapshot.@Nullable Copy> copies) {
        List<@Nullable Book> books = new ArrayList<>(Collections.nCopies(firsts()[firsts().length - 1], null));
        for (LaneSnapshot.Copy copy : copies) {
            if (copy != null) {
                copy.books().forEach(book -> books.set(book.index(), book));
            }
        }
        return ledger(books, false);
    }

    private SinkLedger ledger(List<@Nullable Book> books, boolean exact) {
        int[] first = firsts();
        List<StreamLedger> streams = new ArrayList<>();
        for (int stream = 0; stream + 1 < first.length; stream++) {
            streams.add(past.with(stream, books.subList(first[stream], first[stream + 1]), exact));
        }
        return new SinkLedger(name(), config.type(), position, streams);
    }

    /** How many events of the ledger are unknown only because an earlier attempt may have sent them. */
    long unsent(SinkLedger ledger) {
        long sum = ledger.streams().stream().mapToLong(StreamLedger::unknown).sum();
        for (Lane lane : lanes) {
            for (int i = 0; i < firsts()[firsts().length - 1]; i++) {
                Book book = lane.books().bookOrNull(i);
                sum -= book == null ? 0 : book.unknownEvents();
            }
        }
        return sum;
    }

    private int[] firsts() {
        return Books.firsts(streams);
    }

    /** Where the lanes are, by their last copies and with these horizons. */
    SinkMark mark(List<LaneSnapshot.@Nullable Copy> copies, long[] horizons) {
        List<LaneMark> marks = new ArrayList<>();
        for (int lane = 0; lane < snapshots.size(); lane++) {
            LaneSnapshot snapshot = snapshots.get(lane);
            LaneSnapshot.Copy copy = copies.get(lane);
            marks.add(new LaneMark(
                    snapshot.reached(),
                    horizons[lane],
                    copy == null ? Stage.RUNNING : copy.stage(),
                    copy == null ? snapshot.firstCuts() : copy.cuts()));
        }
        Resume resume = config.connector().resume();
        return new SinkMark(resume.unit(), resume.destination(), Long.toHexString(routing), facts, marks);
    }
}
