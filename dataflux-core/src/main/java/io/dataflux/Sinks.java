package io.dataflux;

import io.dataflux.sinks.ConsoleSink;
import io.dataflux.sinks.FileSink;
import io.dataflux.sinks.MockSink;
import io.dataflux.sinks.NullSink;
import io.dataflux.spi.SinkConnector;
import java.nio.file.Path;

/**
 * The sinks that need no other system, for plans in code; they are what files name {@code file}, {@code mock}, {@code console} and {@code
 * "null"}, with their default settings. See also {@link MemorySink}.
 *
 * <pre>{@code
 * DataFlux.plan(clicks).events(0, 10_000).sink("lines", Sinks.file(Path.of("clicks"))).build().start().await();
 * }</pre>
 */
public final class Sinks {

    private Sinks() {}

    /** JSON lines in files of a folder, each file complete and on disk before its events are acknowledged. */
    public static SinkConnector file(Path folder) {
        return FileSink.into(folder);
    }

    /** Counts events and keeps the first 100 as JSON lines in a file of the folder. */
    public static SinkConnector mock(Path folder) {
        return MockSink.into(folder);
    }

    /** JSON lines on standard output. */
    public static SinkConnector console() {
        return ConsoleSink.standardOutput();
    }

    /** Takes all events and drops them. */
    public static SinkConnector discard() {
        return NullSink.discard();
    }
}
