package io.dataflux.verify;

import java.util.Locale;

/**
 * A way in which what arrived differs from what was to arrive. The order is the order of a verdict's lines: what harms most
 * comes first.
 */
public enum Finding {

    /** Acknowledged, meant for this target, and not there, or not as often as was planned. Counts events. */
    LOST,

    /** As {@link #LOST}, but when waiting ended things were still arriving: it may only be late. Counts events. */
    PENDING,

    /** There more often than it should. Counts events, not copies. */
    DUPLICATE,

    /** Came after a later event of its key, in the same source, judged on first sights by the order of sending. Counts events. */
    REORDERED,

    /** There, but with other bytes, other values or under another key. Counts records. */
    CORRUPTED,

    /** Of another run or stream, or of nothing that can be told. Counts records. */
    FOREIGN,

    /**
     * An event of this run's streams that the run never issued, such as one that was to be dropped, or an output of an event that was to
     * have none, such as a broken one. Counts records.
     */
    PHANTOM,

    /** Issued, but meant for other targets, or a dead letter although it was sent whole. Counts records. */
    MISROUTED,

    /** Reported as failed, yet there. Counts events. */
    RESURRECTED;

    /** The word in a verdict's lines. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
