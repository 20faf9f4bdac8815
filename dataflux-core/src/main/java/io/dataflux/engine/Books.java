package io.dataflux.engine;

import io.dataflux.encode.CompiledStream;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All that a lane writes down: a {@link Book} per shard that it owns, its latencies, and counters for those who watch. The counters
 * are read by any thread, the rest by the lane, which copies its books for others.
 */
final class Books {

    final Histogram latency = new Histogram();
    final Histogram ownLag = new Histogram();
    final Histogram sinkLag = new Histogram();
    final AtomicLong issued = new AtomicLong();
    final AtomicLong acknowledged = new AtomicLong();
    final AtomicLong failed = new AtomicLong();
    final AtomicLong unknown = new AtomicLong();
    /** Bytes of acknowledged events. */
    final AtomicLong bytes = new AtomicLong();

    /** How many events the lane looked at, for whatever sink they were. */
    long seen;

    /** When the lane had all outcomes, in nanoseconds since the run's start. */
    long elapsedNanos;

    /** Per stream the index of its first book. */
    private final int[] first;

    private final @Nullable Book[] books;

    Books(List<CompiledStream> streams, List<Portion> portions) {
        first = firsts(streams);
        books = new Book[first[streams.size()]];
        for (Portion portion : portions) {
            for (int shard = 0; shard < portion.owned().length; shard++) {
                int index = index(portion.stream(), shard);
                books[index] = portion.owned()[shard] ? new Book(index) : null;
            }
        }
    }

    /** Per stream the index of its first book, and the number of all books. */
    static int[] firsts(List<CompiledStream> streams) {
        int[] first = new int[streams.size() + 1];
        for (int stream = 0; stream < streams.size(); stream++) {
            first[stream + 1] = first[stream] + streams.get(stream).shards();
        }
        return first;
    }

    int index(int stream, int shard) {
        return first[stream] + shard;
    }

    /** The book of a shard of this lane. */
    Book book(int index) {
        Book book = books[index];
        if (book == null) {
            throw new IllegalStateException("book " + index + " belongs to another lane");
        }
        return book;
    }

    /** Adds what is left of a source's shards behind the sink's last event. */
    void complete(Source source) {
        for (int shard = 0; shard < source.stream.shards(); shard++) {
            Book book = bookOrNull(index(source.index, shard));
            if (book != null) {
                source.rest(shard, book.acknowledged());
            }
        }
    }

    /** How many books there are, those of other lanes as well. */
    int count() {
        return books.length;
    }

    /** The book of a shard, or {@code null} if another lane has it. */
    @Nullable
    Book bookOrNull(int index) {
        return books[index];
    }
}
