package io.dataflux.model;

import java.math.BigDecimal;

/**
 * The key of a stream: the entities that its events are about.
 *
 * @param pattern the key's text, with the entity's number in place of <code>{}</code>
 * @param count how many entities there are, 1 to {@link #MOST_ENTITIES}
 * @param skew 0 if all are equally frequent; above 0, entity r has weight (r+1)^-skew (Zipf); at most {@link #MOST_SKEW}
 * @param shards the wanted number of shards, 1 to {@link #MOST_SHARDS}; the stream may use fewer
 * @param spread how irregularly the events of one entity come: 1 is once per round, more is closer to random arrivals; at most {@link
 *     #MOST_SPREAD}
 */
public record Key(String pattern, long count, BigDecimal skew, int shards, int spread) {

    public static final int DEFAULT_SHARDS = 64;
    /** The most entities: the number of an entity has 48 bits. */
    public static final long MOST_ENTITIES = 1L << 48;
    /** The largest exponent of a popularity, also of words and Zipf spreads: at 10, the second comes once in 1024 times. */
    public static final BigDecimal MOST_SKEW = BigDecimal.TEN;
    /** The most shards of a stream, and so the most lanes of a sink: a shard is dealt as one of fewer than 256 cells. */
    public static final int MOST_SHARDS = 255;
    /** The most irregular arrivals of an entity. Each step costs one more shuffle per event. */
    public static final int MOST_SPREAD = 16;
}
