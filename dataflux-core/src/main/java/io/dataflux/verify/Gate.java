package io.dataflux.verify;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Lets records through to whoever judges them until it is shut, after which reading fails with {@link Shut}. So a reading that does not
 * end can be given up at any moment between two records, and what was judged by then is whole. Thread-safe.
 */
final class Gate {

    /** Ends a reading. An error, so that a source which goes on after exceptions ends, too. */
    static final class Shut extends Error {
        private static final long serialVersionUID = 1L;

        Shut() {
            super("nothing more is read", null, false, false);
        }
    }

    private final ReentrantLock passing = new ReentrantLock();
    private final AtomicLong passed = new AtomicLong();
    private volatile boolean shut;

    /** No further record passes. Returns at once, while a record may still be judged. */
    void shut() {
        shut = true;
    }

    boolean isShut() {
        return shut;
    }

    /** Shuts and returns whether no record is being judged any more; waits that long for the one that is. */
    boolean shutAndClear(long nanos) throws InterruptedException {
        shut = true;
        if (!passing.tryLock(nanos, TimeUnit.NANOSECONDS)) {
            return false;
        }
        passing.unlock();
        return true;
    }

    /** Whether something holds of what was judged so far; false if that cannot be seen between two records at once. */
    boolean ask(BooleanSupplier question) {
        if (!passing.tryLock()) {
            return false;
        }
        try {
            return question.getAsBoolean();
        } finally {
            passing.unlock();
        }
    }

    /** How many records were let through. */
    long passed() {
        return passed.get();
    }

    <R> Arrivals.Visitor<R> before(Arrivals.Visitor<R> judge) {
        return new Arrivals.Visitor<>() {
            @Override
            public void record(String source, long offset, @Nullable R record) {
                enter();
                try {
                    judge.record(source, offset, record);
                } finally {
                    passing.unlock();
                }
            }

            @Override
            public void keyed(String source, long offset, @Nullable Object key, @Nullable R record) {
                enter();
                try {
                    judge.keyed(source, offset, key, record);
                } finally {
                    passing.unlock();
                }
            }

            @Override
            public void stored(
                    String source, long offset, Arrivals.Stored stored, Function<byte[], ? extends R> decode) {
                enter();
                try {
                    judge.stored(source, offset, stored, decode);
                } finally {
                    passing.unlock();
                }
            }

            @Override
            public void unreadable(String source, long offset, byte @Nullable [] value, String why) {
                enter();
                try {
                    judge.unreadable(source, offset, value, why);
                } finally {
                    passing.unlock();
                }
            }
        };
    }

    private void enter() {
        passing.lock();
        if (shut) {
            passing.unlock();
            throw new Shut();
        }
        passed.lazySet(passed.get() + 1); // by one thread at a time
    }
}
