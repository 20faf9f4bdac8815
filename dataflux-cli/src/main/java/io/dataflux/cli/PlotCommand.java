package io.dataflux.cli;

import io.dataflux.DeliveryException;
import io.dataflux.EventStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A stream at a glance: one page of charts that needs no other file and no network. */
final class PlotCommand implements Command {

    private static final long MOST = 5_000_000;

    @Override
    public Usage usage() {
        return Streams.options(new Usage("plot", "draws a stream: rate, keys, sessions, lateness, faults, fields")
                        .operand("STREAM"))
                .option("from", "N", "the number of the first event (default 0)")
                .option("count", "K", "how many events are examined (default 100000)")
                .option("out", "FILE", "the HTML page to write; short form: -o FILE")
                .needs("out")
                .more("The rate is exact, computed from the definition; the rest is counted over the events examined.\n"
                        + "Sessions that begin among them are followed to their end.");
    }

    @Override
    public int run(Arguments arguments, Stdout out) {
        if (!arguments.flag("out")) {
            throw arguments.mistake("-o FILE is missing");
        }
        Path file = WrittenFile.of(arguments, "out");
        EventStream stream = Streams.find(arguments);
        long from = arguments.number("from", 0, 0, Long.MAX_VALUE);
        long count = Math.min(arguments.number("count", 100_000, 1, MOST), Math.max(1, stream.end() - from));
        Streams.check(arguments, stream, from, count);
        Look look = Look.at(stream, from, count);
        try {
            Files.write(file, new PlotPage(look).html().getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new DeliveryException("--out " + file + " cannot be written: " + e.getMessage(), e);
        }
        System.err.println(file + ": " + look.count() + (look.count() == 1 ? " event of " : " events of ")
                + stream.name() + ", from event number " + from);
        return GOOD;
    }
}
