package io.dataflux.cli;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import java.util.HexFormat;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Prints events to stdout as JSON lines, and nothing else. */
@CommandLine.Command(
        header = "prints events of a stream as JSON lines",
        footer = {
            "Any event is printed at once, and is the same as in a run: ${ROOT-COMMAND-NAME} sample clickstream"
                    + " --from 123456789012 --count 1",
            "Events are shown as they are before planned faults drop, repeat, move or break them."
        })
final class SampleCommand extends Command {

    @Mixin
    private StreamOptions options = new StreamOptions();

    @Option(
            names = {"-n", "--count"},
            paramLabel = "K",
            converter = WholeNumber.FromZero.class,
            description = "how many events (default 10)")
    private long count = 10;

    @Option(
            names = "--tag",
            paramLabel = "T",
            converter = Tag.class,
            description = "prints the identities that the events have in the run with this tag (default: no run)")
    private @Nullable Integer tag;

    @Option(
            names = "--faults",
            description = "prints the planned faults of these events instead, one JSON line each; without faults of"
                    + " single regions, which only a run knows")
    private boolean faults;

    @Override
    int run(Stdout out) {
        EventStream found = options.find();
        EventStream stream = tag == null ? found : found.withTag(tag);
        options.check(stream, count);
        long from = options.from();
        if (faults) {
            faults(stream, from, out);
            return GOOD;
        }
        for (Event event : stream.events(from, from + count)) {
            out.line(event.bytes());
        }
        return GOOD;
    }

    private void faults(EventStream stream, long from, Stdout out) {
        for (PlannedFault fault : stream.faults(from, from + count)) {
            String detail = switch (fault.kind()) {
                case LATE -> ",\"late_ms\":" + fault.late().toMillis();
                case DUPLICATE, REORDER -> ",\"behind\":" + fault.behind();
                case CORRUPT ->
                    ",\"as\":\"" + Objects.requireNonNull(fault.corruption()).word() + '"';
                case DROP -> "";
            };
            String line = "{\"sequence\":" + fault.sequence() + ",\"fault\":\""
                    + fault.kind().word() + '"' + detail + '}';
            out.line(line);
        }
    }

    /** Reads the tag of a run. */
    static final class Tag implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            try {
                return HexFormat.fromHexDigits(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "'" + text + "' is not a tag; write up to eight hexadecimal digits, such as 5f3a90c1");
            }
        }
    }
}
