package io.dataflux.verify;

import java.util.Locale;

/**
 * A way in which what arrived differs from what should have arrived. The order is that of a verdict's lines: the most harmful
 * comes first.
 */
public enum Finding {

    /** Acknowledged and meant for this target, but not found there, or not as often as planned. Counts events. */
    LOST,

    /** Like {@link #LOST}, but events were still arriving when the waiting ended, so it may only be late. Counts events. */
    PENDING,

    /** In the target more often than it should be. Counts events, not copies. */
    DUPLICATE,

    /** Arrived after a later event of its key in the same source; judged by first arrivals and the order of sending. Counts events. */
    REORDERED,

    /** In the target, but with other bytes, other values or under another key. Counts records. */
    CORRUPTED,

    /** Belongs to another run or stream, or cannot be identified. Counts records. */
    FOREIGN,

    /**
     * An event of this run's streams that the run never issued, such as a dropped one, or an output of an event that should have none,
     * such as a broken one. Counts records.
     */
    PHANTOM,

    /** Issued, but meant for other targets, or a dead letter although it was sent intact. Counts records. */
    MISROUTED,

    /** Reported as failed, but in the target. Counts events. */
    RESURRECTED;

    /** The word in a verdict's lines. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
