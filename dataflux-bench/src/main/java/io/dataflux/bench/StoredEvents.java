package io.dataflux.bench;

import io.dataflux.DataFlux;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.schedule.Schedule;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.SinkReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * What a target holds after a run of some streams at the same rate, in memory: events interleaved by time and spread over sources by shard,
 * read in turns of some hundred records of a source, as from a broker.
 */
final class StoredEvents {

    static final int TAG = 0x5f3a90c1;
    static final int SOURCES = 6;
    private static final int FETCHED = 500;
    static final String SINK = "target";

    /** One stored record; key and header are null where the target keeps none. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Stored(String source, long offset, byte[] key, byte[] value, byte[] header) {}

    final List<CompiledStream> streams;
    final Ledger ledger;
    private final List<Stored> records;

    private StoredEvents(List<CompiledStream> streams, Ledger ledger, List<Stored> records) {
        this.streams = streams;
        this.ledger = ledger;
        this.records = records;
    }

    /** The first events of each stream, without keys and headers. */
    static StoredEvents of(List<String> names, int eventsPerStream) {
        List<CompiledStream> streams = names.stream()
                .map(name -> (CompiledStream) DataFlux.stream(name, 42).withTag(TAG))
                .toList();
        List<Ledger.Stream> known = new ArrayList<>();
        List<StreamLedger> sent = new ArrayList<>();
        for (CompiledStream stream : streams) {
            List<ShardLedger> shards = IntStream.range(0, stream.shards())
                    .mapToObj(shard -> new ShardLedger(
                            Ranges.of(0, stream.schedule().localCount(shard, eventsPerStream)),
                            new Ranges(),
                            new Ranges()))
                    .toList();
            known.add(new Ledger.Stream(
                    stream.name(), stream.seed(), stream.fingerprint(), stream.shards(), 0, eventsPerStream));
            sent.add(new StreamLedger(stream.name(), eventsPerStream, 0, 0, shards));
        }
        Ledger ledger = new Ledger(TAG, known, List.of(new SinkLedger(SINK, "memory", "", sent)));
        List<String> sources =
                IntStream.range(0, SOURCES).mapToObj(i -> "events-" + i).toList();
        Schedule.Slot slot = new Schedule.Slot();
        List<Stored> records = new ArrayList<>(eventsPerStream * streams.size());
        for (int n = 0; n < eventsPerStream; n++) {
            for (CompiledStream stream : streams) {
                stream.schedule().locate(n, slot);
                byte[] value = stream.event(n).bytes();
                records.add(new Stored(sources.get(slot.shard % SOURCES), 0, null, value, null));
            }
        }
        return new StoredEvents(streams, ledger, fetched(records));
    }

    /** The same in a target that keeps keys and the identifying headers. */
    StoredEvents keyed() {
        List<Stored> keyed = new ArrayList<>(records.size());
        for (Stored record : records) {
            for (int i = 0; i < streams.size(); i++) {
                long n = sequence(streams.get(i), record.value);
                if (n >= 0) {
                    byte[] key = streams.get(i).key(streams.get(i).event(n).entity());
                    keyed.add(new Stored(record.source, record.offset, key, record.value, header(i, n)));
                }
            }
        }
        return new StoredEvents(streams, ledger, keyed);
    }

    /** The same, shuffled within that many records, and without every twentieth. */
    StoredEvents shuffled(int within) {
        SplittableRandom random = new SplittableRandom(7);
        List<Stored> left = new ArrayList<>(records);
        for (int from = 0; from < left.size(); from += within) {
            int to = Math.min(left.size(), from + within);
            for (int i = to - 1; i > from; i--) {
                int other = from + random.nextInt(i - from + 1);
                Stored moved = left.get(i);
                left.set(i, left.get(other));
                left.set(other, moved);
            }
        }
        List<Stored> kept = IntStream.range(0, left.size())
                .filter(i -> i % 20 != 0)
                .mapToObj(left::get)
                .toList();
        return new StoredEvents(streams, ledger, fetched(kept));
    }

    int size() {
        return records.size();
    }

    /** How many events were acknowledged and are not stored. */
    long missing() {
        return ledger.sink(SINK).streams().stream()
                        .mapToLong(StreamLedger::acknowledged)
                        .sum()
                - records.size();
    }

    List<byte[]> values() {
        return records.stream().map(Stored::value).toList();
    }

    /** A reader of all that is stored. */
    SinkReader reader() {
        return new SinkReader() {
            private boolean read;

            @Override
            public long read(Visitor visitor) {
                if (read) {
                    return 0;
                }
                read = true;
                for (Stored record : records) {
                    visitor.record(record.source, record.offset, record.key, record.value, record.header);
                }
                return records.size();
            }

            @Override
            public void close() {}
        };
    }

    /** The records of each source in turns, with their offsets, and in memory in the order in which they are read, as a reader makes them. */
    private static List<Stored> fetched(List<Stored> records) {
        List<List<Stored>> bySource = new ArrayList<>();
        for (int i = 0; i < SOURCES; i++) {
            String source = "events-" + i;
            bySource.add(
                    records.stream().filter(each -> each.source.equals(source)).toList());
        }
        List<Stored> inTurns = new ArrayList<>(records.size());
        for (int from = 0; inTurns.size() < records.size(); from += FETCHED) {
            for (List<Stored> source : bySource) {
                for (int i = from; i < Math.min(source.size(), from + FETCHED); i++) {
                    Stored each = source.get(i);
                    inTurns.add(new Stored(each.source, i, each.key, each.value.clone(), each.header));
                }
            }
        }
        return inTurns;
    }

    /** The id is the first field of all streams. */
    private static long sequence(CompiledStream stream, byte[] value) {
        String text = new String(value, StandardCharsets.UTF_8);
        int from = text.indexOf(':') + 2;
        return stream.sequenceOf(text.substring(from, text.indexOf('"', from))).orElse(-1);
    }

    private byte[] header(int stream, long sequence) {
        return ByteBuffer.allocate(EventBatch.HEADER_BYTES)
                .putLong(streams.get(stream).fingerprint())
                .putInt(TAG)
                .putShort((short) stream)
                .putLong(sequence)
                .putLong(sequence)
                .putShort((short) 0)
                .array();
    }
}
