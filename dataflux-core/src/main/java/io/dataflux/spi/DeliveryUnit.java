package io.dataflux.spi;

import java.time.Duration;

/**
 * How a sink's deliveries are cut: a unit is the events of one stream in one block of sequences and one window of scheduled time. It
 * is a function of the sequence, so every attempt of a run has the same units, and an attempt sends a unit whole or not at
 * all: what a sink makes of a unit from its beginning on, such as objects and their names, is the same in every attempt. Blocks
 * and windows are counted from sequence 0 and from 1970-01-01T00:00:00Z. A run that was stopped in good order ends the unit where it
 * stopped.
 *
 * @param sequences of a block, at least 1; counted over the whole stream, of which a lane has its shards only
 * @param window of scheduled time; {@link Duration#ZERO} for none
 */
public record DeliveryUnit(long sequences, Duration window) {

    /** One unit for all: for a sink that can go on anywhere. */
    public static final DeliveryUnit NONE = new DeliveryUnit(Long.MAX_VALUE, Duration.ZERO);

    public DeliveryUnit {
        if (sequences < 1 || window.isNegative()) {
            throw new IllegalArgumentException(sequences + " sequences, window " + window);
        }
    }
}
