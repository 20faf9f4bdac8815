package io.dataflux.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A kind of planned fault: what is wrong with how an event arrives. */
public enum FaultKind {
    /** Its event time is some time before it is due. */
    LATE("late"),
    /** It is delivered twice, with the same bytes. */
    DUPLICATE("twice"),
    /** It is never delivered. */
    DROP("dropped"),
    /** It is delivered a few events later than its number says. */
    REORDER("moved"),
    /** It is delivered with broken bytes, or without its key; see {@link Corruption}. */
    CORRUPT("corrupt");

    private final String text;

    FaultKind(String text) {
        this.text = text;
    }

    /** The word that configurations use. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind with the word that configurations use; empty if there is none. */
    public static Optional<FaultKind> of(String word) {
        return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
    }

    /** What an event with this fault is, in reports and verdicts: late, twice, dropped, moved, corrupt. */
    public String text() {
        return text;
    }
}
