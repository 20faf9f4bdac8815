package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One finding while it is counted: how many, what they share, which events, where the first million of them were, and the first
 * 1,000 with what arrived. Its memory is bounded whatever is found. Not thread-safe.
 */
final class FindingTally {

    static final int EXAMPLES = 1000;
    private static final int EXAMPLE_BYTES = 4 << 20;

    private record Entity(int stream, long number) {}

    private record Shard(int stream, int number) {}

    private final List<CompiledStream> streams;
    private long count;
    private long notListed;
    private final CommonTrait<Integer> byStream = new CommonTrait<>();
    private final CommonTrait<String> bySource = new CommonTrait<>();
    private final CommonTrait<Entity> byEntity = new CommonTrait<>();
    private final CommonTrait<Shard> byShard = new CommonTrait<>();
    private final CommonTrait<String> byDifference = new CommonTrait<>();
    private final Map<Integer, Sequences> sequences = new TreeMap<>();
    private final NoticedPlaces places = new NoticedPlaces();
    /** The sequences of what {@link #places} had no room for. */
    private final Map<Integer, Sequences> further = new TreeMap<>();

    private final List<Noticed> sights = new ArrayList<>();
    private int room = EXAMPLE_BYTES;

    FindingTally(List<CompiledStream> streams) {
        this.streams = streams;
    }

    long count() {
        return count;
    }

    List<Noticed> sights() {
        return sights;
    }

    /** The sequences per stream, by the stream's index. */
    Map<Integer, Sequences> sequences() {
        return sequences;
    }

    /** Where each was, in the order of {@link #sights}, which are the first of them; nothing for what is missing. */
    NoticedPlaces places() {
        return places;
    }

    /** The sequences per stream of those that {@link #places} does not have. */
    Map<Integer, Sequences> further() {
        return further;
    }

    /** Counts an event that is not there. {@code home} is where its key's other events are; null if that is not known. */
    void missing(int stream, long sequence, int shard, long entity, @Nullable String home) {
        count(stream, sequence, shard, entity, home, null);
    }

    /** Counts an event that arrived. {@code difference} is null if there is none. */
    void event(
            int stream,
            long sequence,
            int shard,
            long entity,
            String source,
            long offset,
            @Nullable String difference,
            String what) {
        count(stream, sequence, shard, entity, source, difference);
        if (!places.add(stream, sequence, source, offset, difference, what)) {
            further.computeIfAbsent(stream, s -> new Sequences()).add(sequence);
        }
    }

    private void count(
            int stream, long sequence, int shard, long entity, @Nullable String source, @Nullable String difference) {
        count++;
        byStream.add(stream);
        bySource.add(source);
        byEntity.add(keyed(stream) ? new Entity(stream, entity) : null);
        byShard.add(new Shard(stream, shard));
        byDifference.add(difference);
        sequences.computeIfAbsent(stream, s -> new Sequences()).add(sequence);
    }

    /** Counts events of which only the number is known. */
    void notListed(long events) {
        count += events;
        notListed = events;
    }

    /** How many of the counted events are not among the {@link #sequences}. */
    long notListed() {
        return notListed;
    }

    /** Counts a record that is not an event of any stream. */
    void stranger(String source, long offset) {
        places.add(Noticed.NO_STREAM, -1, source, offset, null, null);
        count++;
        byStream.add(null);
        bySource.add(source);
        byEntity.add(null);
        byShard.add(null);
        byDifference.add(null);
    }

    /** Whether one more example is wanted. */
    boolean wantsSight() {
        return sights.size() < EXAMPLES;
    }

    /** Keeps an example, with the arrived bytes while there is room. */
    Noticed sight(
            int stream, long sequence, @Nullable String source, long offset, String what, byte @Nullable [] actual) {
        byte[] kept = actual != null && actual.length <= room ? actual : null;
        room -= kept == null ? 0 : kept.length;
        Noticed sight = new Noticed(stream, sequence, source, offset, what, kept);
        sights.add(sight);
        return sight;
    }

    /** What they have in common, such as {@code all in events-2, [9000, 9410)}; empty if they share nothing. */
    String where() {
        List<String> parts = new ArrayList<>();
        Integer stream = byStream.telling();
        if (streams.size() > 1 && stream != null) {
            parts.add(byStream.amount(stream) + " of stream '" + name(stream) + "'");
        }
        String source = bySource.telling();
        Entity entity = byEntity.telling();
        Shard shard = byShard.telling();
        if (source != null) {
            parts.add(bySource.amount(source) + " in " + source);
        }
        if (entity != null && entities(entity.stream) > 1) {
            parts.add(byEntity.amount(entity) + " of key " + key(entity.stream, entity.number));
        } else if (source == null && shard != null && streams.get(shard.stream).shards() > 1) {
            parts.add(byShard.amount(shard) + " in shard " + shard.number);
        }
        String difference = byDifference.telling();
        if (difference != null) {
            parts.add(byDifference.amount(difference) + " differ in " + difference);
        }
        return joined(parts) + (parts.isEmpty() || sequences.isEmpty() ? "" : ", ") + reach();
    }

    /** From the lowest sequence to the highest, per stream. */
    private String reach() {
        StringBuilder text = new StringBuilder();
        sequences.forEach((stream, in) -> text.append(text.length() == 0 ? "" : ", ")
                .append(sequences.size() == 1 ? "" : name(stream) + " ")
                .append('[')
                .append(in.from())
                .append(", ")
                .append(in.to())
                .append(')'));
        return text.toString();
    }

    /** {@code all in a, all of b} as {@code all in a, of b}. */
    private static String joined(List<String> parts) {
        StringBuilder text = new StringBuilder();
        for (String part : parts) {
            boolean again = part.startsWith("all ") && text.indexOf("all ") == 0;
            text.append(text.length() == 0 ? "" : ", ").append(again ? part.substring(4) : part);
        }
        return text.toString();
    }

    private long entities(int stream) {
        return streams.get(stream).schedule().entities();
    }

    private boolean keyed(int stream) {
        return streams.get(stream).definition().key() != null;
    }

    private String name(int stream) {
        return streams.get(stream).name();
    }

    private String key(int stream, long entity) {
        byte[] key = streams.get(stream).key(entity);
        return key == null ? "" : new String(key, StandardCharsets.UTF_8);
    }
}
