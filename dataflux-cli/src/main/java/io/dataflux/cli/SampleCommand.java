package io.dataflux.cli;

import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.PlannedFault;
import java.util.HexFormat;
import java.util.Objects;

/** Prints events to stdout as JSON lines, and nothing else. */
final class SampleCommand implements Command {

    @Override
    public Usage usage() {
        return Streams.options(new Usage("sample", "prints events of a stream as JSON lines").operand("STREAM"))
                .option("from", "N", "the number of the first event (default 0)")
                .option("count", "K", "how many events (default 10)")
                .option(
                        "tag",
                        "T",
                        "prints the identities that the events have in the run with this tag (default: no run)")
                .flag(
                        "faults",
                        "prints the planned faults of these events instead, one JSON line each; without faults of"
                                + " single regions, which only a run knows")
                .more(
                        "Any event is printed at once, and is the same as in a run: ./dataflux sample clickstream --from 123456789012 --count 1\n"
                                + "Events are shown as they are before planned faults drop, repeat, move or break them.");
    }

    @Override
    public int run(Arguments arguments, Stdout out) {
        EventStream stream = Streams.find(arguments);
        if (arguments.text("tag").isPresent()) {
            stream = stream.withTag(tag(arguments, arguments.text("tag").get()));
        }
        long from = arguments.number("from", 0, 0, Long.MAX_VALUE);
        long count = arguments.number("count", 10, 0, Long.MAX_VALUE);
        Streams.check(arguments, stream, from, count);
        if (arguments.flag("faults")) {
            faults(stream, from, count, out);
            return GOOD;
        }
        for (Event event : stream.events(from, from + count)) {
            out.line(event.bytes());
        }
        return GOOD;
    }

    private static void faults(EventStream stream, long from, long count, Stdout out) {
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

    private static int tag(Arguments arguments, String text) {
        try {
            return HexFormat.fromHexDigits(text);
        } catch (IllegalArgumentException e) {
            throw arguments.mistake(
                    "--tag '" + text + "' is not a tag; write up to eight hexadecimal digits, such as 5f3a90c1");
        }
    }
}
