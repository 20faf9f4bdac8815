package io.dataflux.model;

import java.util.Locale;

/** A kind of planned fault: what is wrong with how an event arrives. */
public enum FaultKind {
    /** Its event time is some time before it is due. */
    LATE,
    /** It is delivered twice, with the same bytes. */
    DUPLICATE,
    /** It is never delivered. */
    DROP,
    /** It is delivered a few events later than its number says. */
    REORDER,
    /** It is delivered with broken bytes, or without its key; see {@link Corruption}. */
    CORRUPT;

    /** The word that configurations use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
