package io.dataflux;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/**
 * A run of which an output folder holds the files, as they were when it was looked at; see {@link DataFlux#runs}.
 *
 * @param tag such as {@code 5f3a90c1}
 * @param folder the folder of the run
 * @param begun when its last attempt began to send
 * @param changed when its files last changed
 * @param streams the names of its streams; empty if its files do not say
 * @param state how it ended, if it did
 * @param acknowledged how many events were acknowledged according to its reports, or without any its checkpoints, over all sinks
 *     and streams
 * @param verdicts the last verdict on each sink that was read back since the run ended, in the order of their names
 */
public record StoredRun(
        String tag,
        Path folder,
        Instant begun,
        Instant changed,
        List<String> streams,
        State state,
        long acknowledged,
        List<StoredVerdict> verdicts) {

    /** How a run ended. */
    public enum State {
        /** A process has it, or it cannot be told whether one has. */
        RUNNING,
        /** Everything up to its limit, or to its end if it had none, was acknowledged. */
        COMPLETE,
        /** It ended before its limit, in order. */
        STOPPED,
        /** Something was not acknowledged, or went wrong. */
        FAILED,
        /** A report is missing or damaged: it was killed, or a part of it is elsewhere. */
        UNREPORTED
    }

    /** A verdict in short; the whole is in the run's folder. */
    public record StoredVerdict(String sink, boolean clean, String headline) {}

    public StoredRun {
        streams = List.copyOf(streams);
        verdicts = List.copyOf(verdicts);
    }
}
