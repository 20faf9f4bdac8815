package io.dataflux.engine;

import io.dataflux.ledger.Ranges;

/** What became of the events of one shard at one sink. Used by the lane that owns the shard; read by others once it has ended. */
final class Book {

    private final int index;
    private final Ranges acknowledged;
    private final Ranges failed;
    private final Ranges unknown;
    private long acknowledgedEvents;
    private long failedEvents;
    private long unknownEvents;

    /** @param index see {@link Books#index} */
    Book(int index) {
        this(index, new Ranges[] {new Ranges(), new Ranges(), new Ranges()}, new long[3]);
    }

    /** A book with these ranges and events acknowledged, failed and unknown. */
    Book(int index, Ranges[] ranges, long[] events) {
        this.index = index;
        acknowledged = ranges[0];
        failed = ranges[1];
        unknown = ranges[2];
        acknowledgedEvents = events[0];
        failedEvents = events[1];
        unknownEvents = events[2];
    }

    int index() {
        return index;
    }

    /** Notes one event; its outcome also covers the places from {@code first} on that were not for this sink. */
    void acknowledged(long first, long place) {
        acknowledged.add(first, place + 1);
        acknowledgedEvents++;
    }

    void failed(long first, long place) {
        failed.add(first, place + 1);
        failedEvents++;
    }

    void unknown(long first, long place) {
        unknown.add(first, place + 1);
        unknownEvents++;
    }

    long acknowledgedEvents() {
        return acknowledgedEvents;
    }

    long failedEvents() {
        return failedEvents;
    }

    long unknownEvents() {
        return unknownEvents;
    }

    Ranges acknowledged() {
        return acknowledged;
    }

    Ranges failed() {
        return failed;
    }

    Ranges unknown() {
        return unknown;
    }
}
