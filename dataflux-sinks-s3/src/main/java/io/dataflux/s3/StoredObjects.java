package io.dataflux.s3;

import io.dataflux.spi.Chunk;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The objects that earlier attempts of a run left. They decide where the objects of this attempt end: what is sent again is cut as before,
 * also where the end of a run had cut it, so that it is found in the bucket and nothing is stored twice. Filled by one thread, then
 * read by all lanes. Holds some hundred bytes per object.
 */
final class StoredObjects {

    /** The objects of one shard and partition follow one another. */
    private record Series(int stream, int shard, long partition) {}

    private final Map<Series, NavigableMap<Long, Long>> lastByFirst = new HashMap<>();
    private final KeyTemplate template;

    StoredObjects(KeyTemplate template) {
        this.template = template;
    }

    static StoredObjects list(S3Store store, KeyTemplate template, LaneContext run) {
        StoredObjects stored = new StoredObjects(template);
        for (int stream = 0; stream < run.streams().size(); stream++) {
            KeyTemplate.Parser parser = template.parser(run, stream);
            store.objects(
                    template.prefix(run, stream),
                    object -> parser.parse(object.key()).ifPresent(stored::add));
        }
        return stored;
    }

    void add(ObjectName name) {
        lastByFirst
                .computeIfAbsent(new Series(name.stream(), name.shard(), name.partition()), any -> new TreeMap<>())
                .put(name.first(), name.last());
    }

    boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    /** Whether a chunk ends before an event, because an object ended or begins there. */
    boolean endsBefore(Chunk open, EventBatch batch, int i) {
        NavigableMap<Long, Long> series = objects(series(open));
        if (series.isEmpty() || open.first() > series.lastKey()) {
            return false;
        }
        long place = batch.place(i);
        Long last = series.get(open.first());
        if (last != null) {
            return place > last;
        }
        Long next = series.higherKey(open.first());
        return next != null && place >= next;
    }

    /** An object that holds some of a chunk's events, but is another one. */
    Optional<ObjectName> inTheWayOf(Chunk chunk) {
        Series series = series(chunk);
        Map.Entry<Long, Long> before = objects(series).floorEntry(chunk.last());
        if (before == null
                || before.getValue() < chunk.first()
                || (before.getKey() == chunk.first() && before.getValue() == chunk.last())) {
            return Optional.empty();
        }
        return Optional.of(
                new ObjectName(series.stream, series.shard, series.partition, before.getKey(), before.getValue()));
    }

    /** Reports what is there, where names show it: the positions of objects divided by event time may interleave. */
    void tell(Delivered delivered) {
        if (template.partitioned()) {
            return; // the run sends it again and finds it there
        }
        lastByFirst.forEach((series, objects) ->
                objects.forEach((first, last) -> delivered.places(series.stream, series.shard, first, last + 1)));
    }

    private Series series(Chunk chunk) {
        return new Series(chunk.stream(), chunk.firstShard(), template.partition(chunk.firstTimeMillis()));
    }

    private NavigableMap<Long, Long> objects(Series series) {
        return lastByFirst.getOrDefault(series, new TreeMap<>());
    }
}
