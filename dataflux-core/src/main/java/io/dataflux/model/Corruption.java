package io.dataflux.model;

import java.util.Locale;

/** A way to break an event. None of them touches the event's identity, which comes first in it. */
public enum Corruption {
    /** The event is cut off somewhere after its identity. */
    TRUNCATED,
    /** One byte, within a text if the event has one, is not valid in UTF-8. */
    INVALID_UTF8,
    /** A field has an object where a plain value is expected, or a number where an object or a list is expected. */
    WRONG_TYPE,
    /** A field that every event has is left out. */
    MISSING_FIELD,
    /** A field with a fixed set of values has a value that is not in the set. */
    UNKNOWN_ENUM,
    /** An additional field makes the event larger than any event of the stream can be. */
    OVERSIZE,
    /** Its bytes are intact, but it is sent without its key. */
    NULL_KEY;

    /** The word that configurations use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
