package io.dataflux;

import io.dataflux.schedule.Mix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The raw random words of a stream: the 64-bit values that its events and fields draw from, before they become numbers or text. They are a
 * function of seed, stream name, field path and sequence, and are public so that anybody can test how random they are.
 *
 * <pre>{@code
 * Draws words = Draws.of("clickstream", 42).ofField("session.device");
 * long word = words.word(123_456_789_012L);
 * }</pre>
 *
 * <p>In streams with sessions, tables or values per key the words are keyed by session, row or key instead of by sequence. Immutable and
 * thread-safe; a word costs two or four multiplications.
 */
public final class Draws {

    private final long streamSeed;
    private final long salt;
    private final boolean field;

    private Draws(long streamSeed, long salt, boolean field) {
        this.streamSeed = streamSeed;
        this.salt = salt;
        this.field = field;
    }

    /**
     * The words of events, one for each sequence.
     *
     * @param stream any name; no stream of this name needs to exist
     */
    public static Draws of(String stream, long seed) {
        return new Draws(Mix.sub(Mix.mix(seed), Mix.hash(stream)), 0, false);
    }

    /**
     * The words that a field of these events draws from.
     *
     * @param path any path, such as {@code items[].sku}
     */
    public Draws ofField(String path) {
        return new Draws(streamSeed, Mix.hash(path), true);
    }

    /** The word of a sequence. */
    public long word(long sequence) {
        long word = Mix.mix(streamSeed + Mix.GAMMA * sequence);
        return field ? Mix.mix(word + salt) : word;
    }

    /**
     * Writes the words of {@code from}, {@code from + step}, ... as 8 bytes each, little endian: as many whole words as fit into
     * {@code target}. Allocates a small object per call and nothing per word.
     *
     * @return the number of words written
     */
    public int write(long from, long step, byte[] target) {
        ByteBuffer words = ByteBuffer.wrap(target).order(ByteOrder.LITTLE_ENDIAN);
        int count = target.length / Long.BYTES;
        for (int i = 0; i < count; i++) {
            words.putLong(i * Long.BYTES, word(from + i * step));
        }
        return count;
    }
}
