package io.dataflux.examples.standalone;

import io.dataflux.Event;
import io.dataflux.EventStream;
import java.util.HexFormat;

/** Events as JSON lines on stdout and nothing else. */
final class SampleCommand implements Command {

    @Override
    public Usage usage() {
        return Streams.options(new Usage("sample", "prints events of a stream as JSON lines").operand("STREAM"))
                .option("from", "N", "the first event's sequence (0)")
                .option("count", "K", "how many events (10)")
                .option("tag", "T", "the tag of the run whose identities the events get (that of no run)")
                .more(
                        "The same events as in a long run, wherever they lie: ./dataflux sample clickstream --from 123456789012 --count 1");
    }

    @Override
    public int run(Arguments arguments) {
        EventStream stream = Streams.find(arguments);
        if (arguments.text("tag").isPresent()) {
            stream = stream.withTag(tag(arguments, arguments.text("tag").get()));
        }
        long from = arguments.number("from", 0, 0, Long.MAX_VALUE);
        long count = arguments.number("count", 10, 0, Long.MAX_VALUE);
        Streams.check(arguments, stream, from, count);
        try (Stdout out = new Stdout()) {
            for (Event event : stream.events(from, from + count)) {
                out.line(event.bytes());
            }
        }
        return GOOD;
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
