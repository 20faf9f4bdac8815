package io.dataflux.testkit;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A system under test in this JVM: what is sent is handed to a consumer, one event's bytes after the other. */
record Pipeline(Consumer<byte[]> consumer, Predicate<Long> accepts) implements SinkConnector {

    static Pipeline into(Consumer<byte[]> consumer) {
        return new Pipeline(consumer, sequence -> true);
    }

    @Override
    public Sink open(LaneContext lane) {
        return new Sink() {
            @Override
            public void write(EventBatch batch, Outcome outcome) {
                for (int i = 0; i < batch.size(); i++) {
                    if (accepts.test(batch.sequence(i))) {
                        consumer.accept(java.util.Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i)));
                        outcome.acknowledged(i, i + 1);
                    } else {
                        outcome.failed(i, i + 1, new java.io.IOException("refused"));
                    }
                }
            }

            @Override
            public void close() {}
        };
    }
}
