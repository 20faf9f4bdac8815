package io.dataflux.spi;

import java.time.Duration;

/**
 * The units into which a sink's deliveries are divided: a unit is the events of one stream in one block of sequences and one window of
 * scheduled time. It is a function of the sequence, so every attempt of a run has the same units, and an attempt sends a unit whole or not
 * at all. What a sink makes of a unit from its beginning, such as objects and their names, is therefore the same in every attempt. Blocks
 * and windows are counted from sequence 0 and from 1970-01-01T00:00:00Z. A run that is stopped cleanly ends the unit where it stops.
 *
 * @param sequences the size of a block, at least 1; counted over the whole stream, of which a lane has only some shards
 * @param window the length of a window of scheduled time; {@link Duration#ZERO} for none
 */
public record DeliveryUnit(long sequences, Duration window) {

    /** A single unit for all events: for a sink that can resume anywhere. */
    public static final DeliveryUnit NONE = new DeliveryUnit(Long.MAX_VALUE, Duration.ZERO);

    public DeliveryUnit {
        if (sequences < 1 || window.isNegative()) {
            throw new IllegalArgumentException(sequences + " sequences, window " + window);
        }
    }
}
