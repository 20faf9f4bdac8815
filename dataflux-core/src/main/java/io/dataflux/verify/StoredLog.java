package io.dataflux.verify;

import io.dataflux.DeliveryException;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What a target stores, read with its sink's reader from where it ended when this was opened. Not thread-safe. */
final class StoredLog<R> implements Arrivals<R> {

    /** Some targets depend on the run's streams; a target that is read by itself does not. */
    private static final LaneContext NO_RUN =
            new LaneContext("arrivals", 0, 1, 0, 0, List.of(new LaneContext.Stream("arrivals", 0, 1)), Path.of(""));

    private final SinkReader reader;
    private final boolean keyed;
    private final Function<byte[], ? extends R> decode;

    private StoredLog(SinkReader reader, boolean keyed, Function<byte[], ? extends R> decode) {
        this.reader = reader;
        this.keyed = keyed;
        this.decode = decode;
    }

    static <R> StoredLog<R> open(SinkConnector target, Function<byte[], ? extends R> decode) {
        try {
            ReadBack stored = target.readBack()
                    .orElseThrow(() -> new IllegalArgumentException("this sink's target cannot be read back"));
            return new StoredLog<>(stored.reader(NO_RUN, stored.position(NO_RUN)), stored.keepsKeys(), decode);
        } catch (RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryException("interrupted while opening arrivals", e);
        } catch (Exception e) {
            throw new DeliveryException("the arrivals could not be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public boolean isLog() {
        return true;
    }

    @Override
    public long read(Visitor<? super R> visitor) throws Exception {
        return reader.readNow((source, offset, key, value, header) ->
                visitor.stored(source, offset, new Stored(keyed, key, value, header), decode));
    }

    @Override
    public Optional<String> heldBack() {
        return reader.heldBack();
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
