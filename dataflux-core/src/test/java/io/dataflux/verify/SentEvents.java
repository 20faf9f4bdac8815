package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.ledger.Routing;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.problem.Problems;
import io.dataflux.schedule.Schedule;
import io.dataflux.spi.SinkReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;

/** A run as its target would hold it, made by hand: records that a test may spoil, and the ledger that goes with them. */
final class SentEvents {

    static final int TAG = 0x5f3a90c1;
    static final long SEED = 42;

    /** One stored record. */
    record Stored(String source, long offset, byte[] key, byte[] value, byte[] header) {
        Stored withValue(byte[] other) {
            return new Stored(source, offset, key, other, header);
        }

        Stored withHeader(byte[] other) {
            return new Stored(source, offset, key, value, other);
        }

        Stored withKey(byte[] other) {
            return new Stored(source, offset, other, value, header);
        }

        Stored in(String other) {
            return new Stored(other, offset, key, value, header);
        }

        /** The event's number, as the header has it. */
        long sequence() {
            return ByteBuffer.wrap(header).getLong(22);
        }
    }

    private SentEvents() {}

    static CompiledStream orders() {
        return stream(StreamDefinition.named("orders")
                .key("user_{}", 200, "1.0")
                .identity("order_id")
                .field("order_id", Fields.id("ord_{}"))
                .field("customer", Fields.key())
                .field("placed_at", Fields.time())
                .field("channel", Fields.pick("web", 6, "app", 3, "shop", 1))
                .field("total", Fields.decimal("1.00", "199.99"))
                .build());
    }

    static CompiledStream readings() {
        return stream(StreamDefinition.named("readings")
                .key("sensor-{}", 50)
                .identity("sensor", "at")
                .field("sensor", Fields.key())
                .field("at", Fields.time())
                .field("payload", Fields.object("celsius", Fields.decimal("8.0", "34.0")))
                .build());
    }

    static CompiledStream stream(StreamDefinition definition) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(definition, SEED, "", problems);
        problems.throwIfAny("test");
        return stream;
    }

    /** The events [from, to) in their order, each key in one of the partitions, with key and header. */
    static List<Stored> stored(CompiledStream stream, int index, long from, long to, int partitions) {
        CompiledStream tagged = stream.withTag(TAG);
        List<Stored> stored = new ArrayList<>();
        long[] offsets = new long[partitions];
        for (long n = from; n < to; n++) {
            long entity = tagged.event(n).entity();
            int partition = (int) (entity * 7 % partitions);
            stored.add(new Stored(
                    "events-" + partition,
                    offsets[partition]++,
                    tagged.key(entity),
                    tagged.event(n).bytes(),
                    header(tagged, TAG, index, n)));
        }
        return stored;
    }

    static byte[] header(CompiledStream stream, int tag, int index, long sequence) {
        return ByteBuffer.allocate(32)
                .putLong(stream.fingerprint())
                .putInt(tag)
                .putShort((short) index)
                .putLong(sequence)
                .putLong(sequence)
                .putShort((short) 0)
                .array();
    }

    /** All of [from, to) acknowledged at the sink 'broker'. */
    static Ledger ledger(long from, long to, CompiledStream... streams) {
        return ledger(from, to, n -> true, n -> false, n -> false, streams);
    }

    /** As the predicates say; what neither failed nor is unknown was acknowledged; {@code meant} events only are counted. */
    static Ledger ledger(
            long from,
            long to,
            LongPredicate meant,
            LongPredicate failed,
            LongPredicate unknown,
            CompiledStream... streams) {
        List<Ledger.Stream> names = new ArrayList<>();
        List<StreamLedger> of = new ArrayList<>();
        for (CompiledStream stream : streams) {
            names.add(new Ledger.Stream(stream.name(), stream.seed(), stream.fingerprint(), stream.shards(), from, to));
            List<ShardLedger> shards = new ArrayList<>();
            for (int i = 0; i < stream.shards(); i++) {
                shards.add(new ShardLedger(new Ranges(), new Ranges(), new Ranges()));
            }
            long[] counts = new long[3];
            Schedule.Slot slot = new Schedule.Slot();
            for (long n = from; n < to; n++) {
                stream.schedule().locate(n, slot);
                ShardLedger shard = shards.get(slot.shard);
                int outcome = failed.test(n) ? 1 : unknown.test(n) ? 2 : 0;
                List.of(shard.acknowledged(), shard.failed(), shard.unknown())
                        .get(outcome)
                        .add(slot.local, slot.local + 1);
                counts[outcome] += meant.test(n) ? 1 : 0;
            }
            of.add(new StreamLedger(stream.name(), counts[0], counts[1], counts[2], shards));
        }
        return new Ledger(TAG, names, List.of(new SinkLedger("broker", "kafka", "", of)));
    }

    /** A reader that hands over the records by source, one source after the other, and then nothing more. */
    static SinkReader reader(List<Stored> stored) {
        return new SinkReader() {
            private boolean read;

            @Override
            public long read(Visitor visitor) {
                if (read) {
                    return 0;
                }
                read = true;
                List<String> sources =
                        stored.stream().map(Stored::source).distinct().sorted().toList();
                for (String source : sources) {
                    for (Stored record : stored) {
                        if (record.source.equals(source)) {
                            visitor.record(record.source, record.offset, record.key, record.value, record.header);
                        }
                    }
                }
                return stored.size();
            }

            @Override
            public void close() {}
        };
    }

    static Verdict verdict(Ledger ledger, List<Stored> stored, CompiledStream... streams) throws Exception {
        return verdict(ledger, stored, Routing.EVERYTHING, streams);
    }

    static Verdict verdict(Ledger ledger, List<Stored> stored, Routing routing, CompiledStream... streams)
            throws Exception {
        return SinkVerification.of(ledger, "broker", List.of(streams), routing).verify(reader(stored));
    }

    /** How often each finding was made that was. */
    static Map<Finding, Long> findings(Verdict verdict) {
        Map<Finding, Long> counts = new EnumMap<>(Finding.class);
        for (Finding finding : Finding.values()) {
            if (verdict.count(finding) > 0) {
                counts.put(finding, verdict.count(finding));
            }
        }
        return counts;
    }
}
