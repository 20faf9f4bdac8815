package io.dataflux.model;

import java.util.Locale;

/** What can be wrong with how an event arrives, on purpose. */
public enum FaultKind {
    /** Its event time lies some time before it is due. */
    LATE,
    /** It is delivered twice, with the same bytes. */
    DUPLICATE,
    /** It is never delivered. */
    DROP,
    /** It is delivered some places later than its number says. */
    REORDER,
    /** It is delivered with broken bytes, or without its key; see {@link Corruption}. */
    CORRUPT;

    /** The word that configurations use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
