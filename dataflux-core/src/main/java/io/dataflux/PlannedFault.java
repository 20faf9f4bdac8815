package io.dataflux;

import io.dataflux.model.Corruption;
import io.dataflux.model.FaultKind;
import java.math.BigDecimal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A planned fault of one event of a stream, see {@link EventStream#faults}. An event can have several.
 *
 * @param sequence the event's sequence
 * @param late by how much the event time precedes the scheduled time; zero unless the kind is {@code LATE}
 * @param behind how many events of its shard later the event comes, for {@code REORDER}, or its copy comes, for {@code DUPLICATE}; can be 0
 *     for the last event of a block, which cannot move further
 * @param corruption how it is broken; null unless the kind is {@code CORRUPT}
 */
public record PlannedFault(
        long sequence,
        FaultKind kind,
        Duration late,
        int behind,
        @Nullable Corruption corruption) {

    /** How often an event with this fault is delivered: 0, 1 or 2 times. */
    public int copies() {
        return kind == FaultKind.DROP ? 0 : kind == FaultKind.DUPLICATE ? 2 : 1;
    }

    /** Such as {@code 117 late by 8.25 s} or {@code 4711 corrupt (truncated)}. */
    @Override
    public String toString() {
        String what = switch (kind) {
            case LATE ->
                " late by "
                        + BigDecimal.valueOf(late.toMillis(), 3)
                                .stripTrailingZeros()
                                .toPlainString() + " s";
            case DUPLICATE -> " twice, the copy " + behind + " later";
            case DROP -> " dropped";
            case REORDER -> " moved " + behind + " later";
            case CORRUPT -> " corrupt (" + (corruption == null ? "" : corruption.word()) + ")";
        };
        return sequence + what;
    }
}
