package io.dataflux.verify;

import io.dataflux.PlannedFault;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.FaultKind;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The planned faults of one event as text. */
final class FaultWords {

    /** All that {@link #kinds} can be. */
    static final List<String> KINDS =
            Stream.of(FaultKind.values()).map(FaultWords::word).toList();

    private FaultWords() {}

    /** Such as {@code late by 8.2 s, twice}; empty if the event has none. */
    static String of(CompiledStream stream, long sequence) {
        return stream.faults(sequence, sequence + 1).stream()
                .map(FaultWords::words)
                .collect(Collectors.joining(", "));
    }

    /** Such as {@code late} and {@code twice}. */
    static Set<String> kinds(CompiledStream stream, long sequence) {
        return stream.faults(sequence, sequence + 1).stream()
                .map(fault -> word(fault.kind()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String words(PlannedFault fault) {
        String word = word(fault.kind());
        return switch (fault.kind()) {
            case LATE -> word + " by " + text(fault.late());
            case REORDER -> word + " " + Wording.count(fault.behind()) + " later";
            case CORRUPT ->
                word + " ("
                        + (fault.corruption() == null ? "" : fault.corruption().word()) + ")";
            case DUPLICATE, DROP -> word;
        };
    }

    private static String word(FaultKind kind) {
        return switch (kind) {
            case LATE -> "late";
            case DUPLICATE -> "twice";
            case DROP -> "dropped";
            case REORDER -> "moved";
            case CORRUPT -> "corrupt";
        };
    }

    private static String text(Duration late) {
        return Waiting.text(late.toNanos());
    }
}
