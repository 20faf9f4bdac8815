package io.dataflux.sinks;

import io.dataflux.DeliveryException;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes events as JSON lines to the standard output of the process. A batch goes out as a whole, so lines of several lanes or sinks never
 * mix. Writes to the file descriptor and not to {@code System.out}, which hides that its reader is gone.
 */
public final class ConsoleSink implements Sink {

    /** Sinks of the type {@code console}; no settings. */
    /** Writes to standard output. */
    public static SinkConnector standardOutput() {
        return lane -> new ConsoleSink(Provider.STANDARD_OUTPUT);
    }

    public static final class Provider implements SinkProvider {
        private static final Console STANDARD_OUTPUT = new Console(new FileOutputStream(FileDescriptor.out));

        @Override
        public String type() {
            return "console";
        }

        @Override
        public SinkConnector configure(Settings settings) {
            return standardOutput();
        }
    }

    private final Console console;

    ConsoleSink(Console console) {
        this.console = console;
    }

    @Override
    public void write(EventBatch batch, Outcome outcome) {
        console.write(batch, outcome);
    }

    @Override
    public void close() {} // the output belongs to the process

    /** An output that lanes share. Thread-safe. */
    static final class Console {
        private final OutputStream out;
        private @Nullable DeliveryException gone;

        Console(OutputStream out) {
            this.out = out;
        }

        synchronized void write(EventBatch batch, Outcome outcome) {
            int size = batch.size();
            if (gone != null) {
                outcome.failed(0, size, gone);
                return;
            }
            int from = batch.start(0);
            try {
                out.write(batch.bytes(), from, batch.end(size - 1) + 1 - from);
            } catch (IOException e) {
                boolean pipe = String.valueOf(e.getMessage()).contains("pipe");
                gone = new DeliveryException(
                        pipe
                                ? "standard output is closed: its reader is gone (" + e.getMessage() + ")"
                                : "standard output cannot be written: " + e.getMessage(),
                        e);
                outcome.unknown(0, size, gone); // the reader may have taken a part of it
                return;
            }
            outcome.acknowledged(0, size);
        }
    }
}
