package io.dataflux.verify;

import org.jspecify.annotations.Nullable;

/** One event or record that has a finding, as it was noted when it was seen. */
final class Noticed {

    static final int NO_STREAM = -1;

    final int stream;
    final long sequence;
    final @Nullable String source;
    final long offset;
    /** In words, without naming the event. */
    final String what;
    /** The arrived bytes, as long as there is room for them. */
    final byte @Nullable [] actual;
    /** How often it came; counts on for duplicates. */
    int times = 1;

    Noticed(int stream, long sequence, @Nullable String source, long offset, String what, byte @Nullable [] actual) {
        this.stream = stream;
        this.sequence = sequence;
        this.source = source;
        this.offset = offset;
        this.what = what;
        this.actual = actual;
    }
}
