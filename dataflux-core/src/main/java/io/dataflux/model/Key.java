package io.dataflux.model;

import java.math.BigDecimal;

/**
 * Whom the events of a stream are about.
 *
 * @param pattern the key's text, with the entity's number in the place of <code>{}</code>
 * @param count how many entities there are, at least 1
 * @param skew 0: all equally often; above: entity r comes with weight (r+1)^-skew (Zipf); at most 10
 * @param shards the wanted number of shards, a power of two up to 4096 or any smaller number; the stream may use fewer
 * @param spread how irregularly one entity comes: 1 once per round, more is nearer to random arrivals; 1 to 16
 */
public record Key(String pattern, long count, BigDecimal skew, int shards, int spread) {

    public static final int DEFAULT_SHARDS = 64;
}
