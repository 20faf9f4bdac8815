package io.dataflux.testkit;

import org.jspecify.annotations.Nullable;

/**
 * An event made by hand, for handing to a sink under test in a {@link TestBatch}.
 *
 * @param stream the index of its stream in the lane's {@link io.dataflux.spi.LaneContext#streams}
 * @param key {@code null} for a stream without keys
 * @param json the event as one line
 */
public record TestEvent(
        int stream,
        long sequence,
        int shard,
        long place,
        @Nullable String key,
        long timeMillis,
        String region,
        String json) {}
