package io.dataflux.cli;

import io.dataflux.DeliveryException;
import io.dataflux.EventStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A stream at a glance: one page of charts that needs no other file and no network. */
@CommandLine.Command(
        header = "draws a stream: rate, keys, sessions, lateness, faults, fields",
        footer = {
            "The rate is exact, computed from the definition; the rest is counted over the events examined.",
            "Sessions that begin among them are followed to their end."
        })
final class PlotCommand extends Command {

    private static final long MOST = 5_000_000;

    @Mixin
    private StreamOptions options = new StreamOptions();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "K",
            converter = Examined.class,
            description = "how many events are examined (default 100000)")
    private long wanted = 100_000;

    @Option(
            names = {"-o", "--out"},
            paramLabel = "FILE",
            required = true,
            converter = WrittenFile.class,
            description = "the HTML page to write")
    private Path file = Path.of("");

    @Override
    int run(Stdout out) {
        EventStream stream = options.find();
        long from = options.from();
        long count = Math.min(wanted, Math.max(1, stream.end() - from));
        options.check(stream, count);
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

    static final class Examined extends WholeNumber {
        Examined() {
            super(1, MOST);
        }
    }
}
