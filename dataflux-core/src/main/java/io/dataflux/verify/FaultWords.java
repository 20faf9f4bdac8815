package io.dataflux.verify;

import io.dataflux.PlannedFault;
import io.dataflux.encode.CompiledStream;
import io.dataflux.model.FaultKind;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The planned faults of one event as text. */
final class FaultWords {

    /** All that {@link #kinds} can be. */
    static final List<String> KINDS =
            Stream.of(FaultKind.values()).map(FaultKind::text).toList();

    private FaultWords() {}

    /** Such as {@code late by 8.25 s; dropped}; empty if the event has none. */
    static String of(CompiledStream stream, long sequence) {
        return stream.faults(sequence, sequence + 1).stream()
                .map(PlannedFault::text)
                .collect(Collectors.joining("; "));
    }

    /** Such as {@code late} and {@code twice}. */
    static Set<String> kinds(CompiledStream stream, long sequence) {
        return stream.faults(sequence, sequence + 1).stream()
                .map(fault -> fault.kind().text())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
