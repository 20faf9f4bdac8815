package io.dataflux;

import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong on purpose with one event of a stream, see {@link EventStream#faults}. An event can have several.
 *
 * @param sequence of the event
 * @param late by which the event time precedes the scheduled time; zero unless the kind is {@code LATE}
 * @param behind how many events of its shard lie between where it belongs and where it comes, for {@code REORDER}, or where its copy
 *     comes, for {@code DUPLICATE}; can be 0 for the last event of a block, which has nowhere to go
 * @param corruption how it is broken; null unless the kind is {@code CORRUPT}
 */
public record PlannedFault(
        long sequence,
        FaultKind kind,
        Duration late,
        int behind,
        @Nullable Corruption corruption) {

    /** How often the event is delivered because of this fault. */
    public int copies() {
        return kind == FaultKind.DROP ? 0 : kind == FaultKind.DUPLICATE ? 2 : 1;
    }

    /** Such as {@code 117 late by PT8.25S} or {@code 4711 corrupt (truncated)}. */
    @Override
    public String toString() {
        String what = switch (kind) {
            case LATE -> " late by " + late;
            case DUPLICATE -> " twice, again " + behind + " behind";
            case DROP -> " dropped";
            case REORDER -> " moved " + behind + " behind";
            case CORRUPT -> " corrupt (" + (corruption == null ? "" : corruption.word()) + ")";
        };
        return sequence + what;
    }
}
