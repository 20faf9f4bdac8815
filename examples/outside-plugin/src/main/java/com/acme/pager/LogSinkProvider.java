package com.acme.pager;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A sink for the program: appends each event to one file as a line, with its region before it. */
public final class LogSinkProvider implements SinkProvider {

    @Override
    public String type() {
        return "pager_log";
    }

    @Override
    public SinkConnector configure(Settings settings) {
        Path file = Path.of(settings.text("file", "pager.log"));
        return lane -> new LogSink(Files.newOutputStream(file));
    }

    private record LogSink(OutputStream out) implements Sink {

        @Override
        public void write(EventBatch batch, Outcome outcome) throws IOException {
            for (int i = 0; i < batch.size(); i++) {
                out.write((batch.region(i) + " ").getBytes(StandardCharsets.UTF_8));
                out.write(batch.bytes(), batch.start(i), batch.end(i) - batch.start(i));
                out.write('\n');
            }
            out.flush();
            outcome.acknowledged(0, batch.size());
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
