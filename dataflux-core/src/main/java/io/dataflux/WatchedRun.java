package io.dataflux;

import io.dataflux.spi.TargetView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A run as a {@link RunMonitor} sees it. Thread-safe; what does not change is known from the beginning. */
public interface WatchedRun {

    /** The run, to be asked to stop. Its report is also told by {@link RunMonitor.Watch#ended}, which must not wait for it. */
    Run run();

    /** 0 for the first attempt of the run, 1 for its first resumption, and so on. */
    int attempt();

    /** Which part of the run this process sends, from 1. */
    int part();

    /** How many processes share the run; 1 if it has only this one. */
    int parts();

    /** Where the run was read from, such as its file. */
    String source();

    /** The streams with the identities of this run. */
    List<EventStream> streams();

    /**
     * A stream as it is defined at one of its events: its definition can be changed while the run goes on.
     *
     * @param index of the stream in {@link #streams}, which are as they were at first
     */
    EventStream stream(int index, long sequence);

    /** The planned faults of the events {@code [from, to)} of a stream, each by the definition that it has; see {@link #stream}. */
    List<PlannedFault> faults(int index, long from, long to);

    /** The file that has the definition of an event: {@link #source}, or one in the run's folder if the stream was changed. */
    String source(String stream, long sequence);

    /** The names of the regions. */
    List<String> regions();

    /** The scheduled time of the first event. */
    Instant start();

    /** How many times as fast as scheduled the run is; infinite for as fast as possible. */
    double speed();

    /** Beyond which lateness the run is called invalid, or its sink too slow, in nanoseconds. */
    long lagBudgetNanos();

    /** What the run sends, where to and until when, in one sentence. */
    String summary();

    /** The plan as text, see {@link Plan#describe}; secrets are hidden. Computed when asked for. */
    String plan();

    /**
     * Views of the systems behind the sinks, by the name of the sink, of those that can be looked at; new ones at each call, which whoever
     * asks closes.
     */
    Map<String, TargetView> targets();

    /**
     * What the run has done so far. Reads counters that the lanes keep and holds none of them up; costs some ten microseconds for each
     * lane, so once a second is plenty. Also possible after the end.
     */
    RunSnapshot snapshot();
}
