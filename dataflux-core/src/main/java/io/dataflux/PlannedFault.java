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
 * @param behind by how many events of its shard the event ({@code REORDER}) or its copy ({@code DUPLICATE}) is delayed; can be 0 for the
 *     last event of a block, which cannot move further
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

    /** The fault without the event's number, such as {@code late by 8.25 s} or {@code corrupt (truncated)}. */
    public String text() {
        return kind.text()
                + switch (kind) {
                    case LATE ->
                        " by "
                                + BigDecimal.valueOf(late.toMillis(), 3)
                                        .stripTrailingZeros()
                                        .toPlainString() + " s";
                    case DUPLICATE -> ", the copy " + behind + " later";
                    case DROP -> "";
                    case REORDER -> " " + behind + " later";
                    case CORRUPT -> " (" + (corruption == null ? "" : corruption.word()) + ")";
                };
    }

    /** Such as {@code 117 late by 8.25 s} or {@code 4711 corrupt (truncated)}. */
    @Override
    public String toString() {
        return sequence + " " + text();
    }
}
