package io.dataflux.engine;

import io.dataflux.ledger.Ledger;
import io.dataflux.plan.RunConfig;
import io.dataflux.spi.DeliveryUnit;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What a run has on disk about itself while it is running: enough to resume it after it was killed, and to name what may then be sent
 * twice. Immutable as long as nobody changes the ranges of its ledger.
 *
 * @param ledger of all attempts so far
 * @param attempt the one that wrote this
 * @param start the origin of the streams, so that {@code start: now} means the same again
 * @param sinks in the order of the ledger
 */
record Checkpoint(Ledger ledger, int attempt, Instant start, List<SinkMark> sinks) {

    /** The file of a run in one process; that of a part has a name like {@code checkpoint-3of8.json}. */
    static final String FILE = "checkpoint.json";

    private static final long MICROS = 1_000_000;

    static String file(RunConfig.Part part) {
        return LedgerFile.name(FILE, part.number(), part.of());
    }

    /** The scheduled time that the run had reached: that of its slowest incomplete lane; empty if all are complete. */
    Optional<Instant> reached() {
        return sinks.stream()
                .flatMap(sink -> sink.lanes().stream())
                .filter(lane -> lane.stage() != Stage.COMPLETE)
                .map(LaneMark::reachedMicros)
                .min(Long::compare)
                .map(Checkpoint::instant);
    }

    /** A time in microseconds, rounded down. */
    static long micros(Instant time) {
        return time.getEpochSecond() * MICROS + time.getNano() / 1000;
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
    }

    /**
     * What must be the same when a sink is resumed, and where its lanes are.
     *
     * @param destination what {@link io.dataflux.spi.Resume#destination} returned
     * @param routing a hash of which events go to it; empty if it is not known
     * @param facts what {@link io.dataflux.spi.Resume#facts} returned when the run began, by name
     */
    record SinkMark(
            DeliveryUnit unit,
            String destination,
            String routing,
            SortedMap<String, String> facts,
            List<LaneMark> lanes) {}

    /** How far a lane has got. */
    enum Stage {
        /** It has more to send, or the process died. */
        RUNNING,
        /** It was stopped, and knows what became of all that it handed over. */
        STOPPED,
        /** It reached its limit, and knows what became of everything. */
        COMPLETE
    }

    /**
     * Where a lane is. Times are scheduled times in microseconds since 1970.
     *
     * @param reachedMicros the time of the last event that it made ready
     * @param horizonMicros a time that no event that was handed over has reached
     * @param cuts per stream the sequences at which it was stopped in good order, which end a unit of delivery
     */
    record LaneMark(long reachedMicros, long horizonMicros, Stage stage, List<List<Long>> cuts) {}
}
