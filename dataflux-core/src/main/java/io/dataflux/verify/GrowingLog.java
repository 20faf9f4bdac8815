package io.dataflux.verify;

import java.util.Collection;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.RandomAccess;

/** A collection that grows at its end, read from where it ended when this was made. Not thread-safe. */
final class GrowingLog<R> implements Arrivals<R> {

    private static final String SOURCE = "log";

    private final Iterable<? extends R> records;
    private long next;

    GrowingLog(Iterable<? extends R> records) {
        this.records = records;
        next = records instanceof Collection<?> collection ? collection.size() : count(records);
    }

    @Override
    public boolean isLog() {
        return true;
    }

    @Override
    public long read(Visitor<? super R> visitor) {
        try {
            return records instanceof List<? extends R> list && list instanceof RandomAccess
                    ? readList(list, visitor)
                    : readOn(visitor);
        } catch (ConcurrentModificationException e) {
            throw new IllegalStateException(
                    "the collection changed while it was read: use one that allows that, such as ConcurrentLinkedQueue or"
                            + " CopyOnWriteArrayList",
                    e);
        }
    }

    private long readList(List<? extends R> list, Visitor<? super R> visitor) {
        int end = list.size();
        check(end);
        long from = next;
        while (next < end) {
            visitor.record(SOURCE, next, list.get((int) next));
            next++;
        }
        return next - from;
    }

    private long readOn(Visitor<? super R> visitor) {
        Iterator<? extends R> iterator = records.iterator();
        long at = 0;
        while (at < next && iterator.hasNext()) {
            iterator.next();
            at++;
        }
        check(at);
        while (iterator.hasNext()) {
            visitor.record(SOURCE, at, iterator.next());
            at++;
        }
        long count = at - next;
        next = at;
        return count;
    }

    private void check(long end) {
        if (end < next) {
            throw new IllegalStateException("the log had " + next + " records and now has " + end
                    + ": a log only grows; use Arrivals.snapshot for data that changes");
        }
    }

    private static long count(Iterable<?> records) {
        long count = 0;
        for (Iterator<?> iterator = records.iterator(); iterator.hasNext(); iterator.next()) {
            count++;
        }
        return count;
    }
}
