package io.dataflux.model;

import java.util.Locale;

/** How an event is broken. None of them touches the identity of the event, which comes first in it. */
public enum Corruption {
    /** The event ends somewhere behind its identity. */
    TRUNCATED,
    /** One byte of it, within a text if it has one, can be in no UTF-8. */
    INVALID_UTF8,
    /** A field has an object where a plain value is expected, or a number where an object or a list is. */
    WRONG_TYPE,
    /** A field that every event has is left out. */
    MISSING_FIELD,
    /** A field that has one of a few values has another one. */
    UNKNOWN_ENUM,
    /** A further field makes it larger than any event of the stream can be. */
    OVERSIZE,
    /** Its bytes are whole, but it is sent without its key. */
    NULL_KEY;

    /** The word that configurations use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
