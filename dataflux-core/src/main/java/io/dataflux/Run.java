package io.dataflux;

import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.model.FaultKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run in progress. Thread-safe. Closing it stops it. */
public interface Run extends AutoCloseable {

    /** The run's tag, eight hexadecimal digits: it marks every event, object and key of this run. */
    String tag();

    /** The file of the report, which is there when the run has ended; other files of the run are beside it. */
    Path report();

    /**
     * What a resumed run starts from, in sentences for people: per sink and stream, what is already acknowledged, and which events are sent
     * again although they may have arrived. Empty for the first attempt of a run.
     */
    List<String> resumption();

    /**
     * Where the run can be watched, in sentences for people, such as the address of a live page; empty if no monitor says so. An address
     * may hold a secret.
     */
    List<String> monitors();

    /**
     * Calls {@code action} once, on a thread of its own, once that many events are acknowledged, over all sinks and attempts. Returns this
     * run.
     */
    Run after(long acknowledged, Runnable action);

    /**
     * Pauses the run: nothing more is handed over to the sinks once their lanes have ended their current batches. What is in flight is
     * settled, but a sink that gathers events up to a scheduled time, as those of S3 and HTTP can, keeps what it has gathered until the run
     * goes on, so that the latencies of those events have the pause in them. The paused time makes nothing late. It moves no byte: the same events follow, only later. The report and the ledger say
     * so. False if the run is paused already, or has ended.
     */
    boolean pause();

    /** Lets a paused run go on. False if it is not paused, or has ended. */
    boolean resume();

    /**
     * Changes the run's speed from now on, as if the plan had another one: events follow that many times faster than scheduled. It moves no
     * byte. The report and the ledger say so; a resumed run begins with the plan's speed again. False if the run has this speed already, or has ended.
     *
     * @param speed from 0.001 to a million
     * @throws IllegalArgumentException if the speed is not allowed
     * @throws IllegalStateException if the run is as fast as possible, or a backfill
     */
    boolean speed(double speed);

    /**
     * Goes over to other definitions of the run's streams, from some event of each on, as soon as possible: the events before it are by the
     * old definition, those from it on by the new one, at every sink. Fields and faults can change. What says which events there are, whom
     * they are about, what identifies them and when they are due cannot, nor any setting that is not about streams. The definitions are
     * kept in the run's folder; report, ledger and checkpoint say where each begins, and a verdict judges each event by its own. If
     * anything is refused, the run goes on as it was. A moved or repeated event stays on its side of the change.
     *
     * @param changed a plan made from a configuration file, as this run's was
     * @return per stream the first event that has the new definition, as {@code [42, 17]} in the order of the run; empty if nothing has
     *     changed, or the run has ended
     * @throws ConfigurationException with each change that a running run cannot take, and what to do instead
     * @throws DeliveryException if the definitions cannot be written to the run's folder
     * @throws IllegalStateException if this run cannot be changed: its plan was made in code, it is a part of a run, or a lane has sent
     *     everything
     */
    List<Long> reload(Plan changed);

    /**
     * Switches planned faults of one kind off, or on again, from some event of each stream on, as soon as possible; see {@link #reload}.
     *
     * @param stream its name; empty for all streams that have such faults
     * @return per stream the first event of the change, in the order of the run; empty if they are switched like that already, or the run
     *     has ended
     * @throws IllegalArgumentException if there is no such stream, or its definition has no such faults
     * @throws IllegalStateException if this run cannot be changed: it is a part of a run, or a lane has sent everything
     */
    List<Long> faults(String stream, FaultKind kind, boolean on);

    /** The planned faults that can be switched, by stream and kind in their orders. */
    List<FaultSwitch> switches();

    /** How the streams have been changed so far, over all attempts, as sentences without an end; see {@link Ledger#changes}. */
    List<String> changes();

    /** What somebody has done to the run so far, over all its attempts, oldest first. */
    List<Touch> touches();

    /** The progress so far. Cheap enough to call several times a second. */
    Progress progress();

    /** Waits for the end of the run; its sinks are then flushed and closed. */
    RunReport await() throws InterruptedException;

    /** Asks the lanes to end after their current batch, then waits like {@link #await}. */
    RunReport stop() throws InterruptedException;

    /**
     * Asks the lanes to end and returns at once; the report says that somebody did. A second request interrupts what the sinks are doing.
     */
    void requestStop();

    @Override
    void close();

    /** Whether planned faults of one kind are on in a stream. */
    record FaultSwitch(String stream, FaultKind kind, boolean on) {}

    /**
     * What a run has done so far.
     *
     * @param elapsedNanos since the first lane started; negative before {@code --start-at}
     * @param wantedPerSecond how many events are due per second now, over all streams and parts, at each sink that gets every event; 0 if
     *     the run is as fast as possible or paused
     * @param speed the run's speed now, also while it is paused; infinite for as fast as possible
     * @param paused whether the run is paused
     * @param scheduledEnd when the last event up to the run's limit is due, counted as {@code elapsedNanos} is; {@code null} if the run has
     *     no limit or is as fast as possible
     * @param sinks one entry per sink, in their order
     */
    record Progress(
            long elapsedNanos,
            double wantedPerSecond,
            double speed,
            boolean paused,
            @Nullable Duration scheduledEnd,
            List<SinkProgress> sinks) {}

    /**
     * What one sink has done so far. Events that earlier attempts of the run had acknowledged count as issued and acknowledged.
     *
     * @param issued handed to the sink, which may not have acknowledged it yet
     * @param planned about how many events it gets up to the run's limit, exact if every event goes to it; 0 if the run has no limit
     * @param ownLagNanos how late its latest lane is through its own fault, 0 if it is on time
     * @param sinkLagNanos how late its latest lane is because the sink was slow
     * @param behindNanos in a backfill, how long ago the last event that was sent was due; 0 once all lanes are live
     * @param done whether all its lanes have ended
     */
    record SinkProgress(
            String name,
            long issued,
            long acknowledged,
            long failed,
            long unknown,
            long bytes,
            long planned,
            long ownLagNanos,
            long sinkLagNanos,
            long behindNanos,
            boolean done) {}
}
