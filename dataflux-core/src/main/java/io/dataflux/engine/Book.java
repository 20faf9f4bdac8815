package io.dataflux.engine;

import io.dataflux.verify.Ledger.ShardLedger;
import io.dataflux.verify.Ranges;

/** What became of the events of one shard at one sink. Used by the lane that owns the shard; read by others once it has ended. */
final class Book {

    private final Ranges acknowledged = new Ranges();
    private final Ranges failed = new Ranges();
    private final Ranges unknown = new Ranges();
    private long acknowledgedEvents;
    private long failedEvents;
    private long unknownEvents;

    /** Notes one event; its outcome also speaks for the places from {@code first} on that were not for this sink. */
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

    ShardLedger ledger() {
        return new ShardLedger(acknowledged, failed, unknown);
    }
}
