package io.dataflux.encode;

import org.jspecify.annotations.Nullable;

/** What is known about a stream's events before they are broken: their nodes (null if code makes them) and how large they can be. */
record CleanEvent(StructureNodes.@Nullable Obj plan, int maxBytes) {}
