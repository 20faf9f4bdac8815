package io.dataflux.schedule;

/**
 * The ids of one stream in one run: keyed permutations of the sequence that carry a tag of stream and run, so that the sequence can be read
 * back from an id, and ids of other streams or runs are recognized.
 *
 * <p>A UUID (version 8, RFC 9562) holds a permuted sequence of 64 bits and 58 bits of masked tag, of which 16 are the same in all ids of
 * this format. A random UUID is mistaken for one of this stream with probability 2^-58, and so is an id with a changed bit. The long id
 * holds 40 bits of sequence and 22 of tag. All bits look random.
 *
 * <p>Immutable and thread-safe; a few multiplications each, no allocation.
 *
 * <pre>{@code
 * Identity ids = new Identity(fingerprint, runTag);
 * long word = ids.word(n);
 * UUID id = new UUID(Identity.msb(word), ids.lsb(word));
 * ids.sequenceOfUuid(id.getMostSignificantBits(), id.getLeastSignificantBits());   // n
 * }</pre>
 */
public final class Identity {
    private static final long PUBLIC = 0xDA7AF1005EED0001L;
    private static final int FORMAT = 0xDF01;
    private static final int FORMAT_BITS = 16;
    private static final int TAG_BITS = 58;
    private static final long TAG_MASK = (1L << TAG_BITS) - 1;
    private static final long VERSION = 0x8000L;
    private static final long VARIANT = 0b10L << 62;
    private static final long LONG_SEQUENCES = 1L << 40;
    private static final int LONG_TAG_BITS = 22;

    private final long idKey;
    private final long tag;
    private final long longKey;
    private final long longTag;

    /**
     * The ids of a stream in a run.
     *
     * @param fingerprint the hash of the stream's identity
     * @param runTag the tag of the run, 0 if there is none
     */
    public Identity(long fingerprint, int runTag) {
        long run = runTag & 0xFFFFFFFFL;
        idKey = Mix.sub(fingerprint, 1);
        tag = Mix.sub(Mix.sub(fingerprint, 2), run) >>> (Long.SIZE - TAG_BITS + FORMAT_BITS) << FORMAT_BITS | FORMAT;
        longKey = Mix.sub(fingerprint, 3);
        longTag = Mix.sub(Mix.sub(fingerprint, 4), run) >>> (Long.SIZE - LONG_TAG_BITS);
    }

    /** The 58 bits that are this stream's and run's; the low 16 are the format. Equal to {@link #tagOf} of its UUIDs. */
    public long tag() {
        return tag;
    }

    /** The mixed word of a sequence, from which {@link #msb} and {@link #lsb} take their bits. */
    public long word(long n) {
        return Mix.mix(n + idKey);
    }

    /** The most significant half of the UUID of a {@link #word}. */
    public static long msb(long word) {
        return (word & ~0xFFFFL) | VERSION | (word >>> 4 & 0xFFF);
    }

    /** The least significant half of the UUID of a {@link #word}. */
    public long lsb(long word) {
        return VARIANT | (word & 0xF) << TAG_BITS | (tag ^ mask(word));
    }

    /** The most significant half of event n's UUID; both halves are cheaper by {@link #word}. */
    public long uuidMsb(long n) {
        return msb(word(n));
    }

    /** The least significant half of event n's UUID. */
    public long uuidLsb(long n) {
        return lsb(word(n));
    }

    /** The sequence that a UUID names, or -1 if it is not of this stream and run. */
    public long sequenceOfUuid(long msb, long lsb) {
        if (!isVersion8(msb, lsb) || tagOf(msb, lsb) != tag) {
            return -1;
        }
        long n = Mix.unmix(wordOf(msb, lsb)) - idKey;
        return n < 0 ? -1 : n;
    }

    /** The tag in a UUID: equal to the {@link #tag} of the stream and run that made it, if it is of this format. */
    public static long tagOf(long msb, long lsb) {
        return (lsb & TAG_MASK) ^ mask(wordOf(msb, lsb));
    }

    /** Whether a UUID has this format, whatever its stream and run; true for one in 65,536 random version 8 UUIDs. */
    public static boolean looksLikeOurs(long msb, long lsb) {
        return isVersion8(msb, lsb) && (tagOf(msb, lsb) & ((1 << FORMAT_BITS) - 1)) == FORMAT;
    }

    /**
     * The id of event n as a number of 62 bits.
     *
     * @throws IllegalArgumentException if n is not in [0, 2^40)
     */
    public long longId(long n) {
        if (n < 0 || n >= LONG_SEQUENCES) {
            throw new IllegalArgumentException("sequence " + n + ": a long id holds 0 to " + (LONG_SEQUENCES - 1)
                    + "; give longer streams a UUID identity");
        }
        long permuted = Shuffle.shuffle(longKey, LONG_SEQUENCES, n);
        return permuted << LONG_TAG_BITS | (longTag ^ longMask(permuted));
    }

    /** The sequence that a long id names, or -1 if it is not of this stream and run. */
    public long sequenceOfLong(long id) {
        long permuted = id >>> LONG_TAG_BITS;
        if (permuted >= LONG_SEQUENCES || (id & (1 << LONG_TAG_BITS) - 1) != (longTag ^ longMask(permuted))) {
            return -1;
        }
        return Shuffle.unshuffle(longKey, LONG_SEQUENCES, permuted);
    }

    private static boolean isVersion8(long msb, long lsb) {
        return (msb & 0xF000) == VERSION && lsb >>> 62 == VARIANT >>> 62;
    }

    private static long wordOf(long msb, long lsb) {
        return (msb & ~0xFFFFL) | (msb & 0xFFF) << 4 | (lsb >>> TAG_BITS & 0xF);
    }

    private static long mask(long word) {
        return Mix.mix(word ^ PUBLIC) >>> (Long.SIZE - TAG_BITS);
    }

    private static long longMask(long permuted) {
        return Mix.mix(permuted ^ PUBLIC) >>> (Long.SIZE - LONG_TAG_BITS);
    }
}
