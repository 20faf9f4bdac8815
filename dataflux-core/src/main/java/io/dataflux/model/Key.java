package io.dataflux.model;

import java.math.BigDecimal;

/**
 * The key of a stream: the entities that its events are about.
 *
 * @param pattern the key's text, with the entity's number in place of <code>{}</code>
 * @param count how many entities there are, at least 1
 * @param skew 0 if all are equally frequent; above 0, entity r has weight (r+1)^-skew (Zipf); at most 10
 * @param shards the wanted number of shards, a power of two up to 4096 or any smaller number; the stream may use fewer
 * @param spread how irregularly the events of one entity come: 1 is once per round, more is closer to random arrivals; 1 to 16
 */
public record Key(String pattern, long count, BigDecimal skew, int shards, int spread) {

    public static final int DEFAULT_SHARDS = 64;
}
