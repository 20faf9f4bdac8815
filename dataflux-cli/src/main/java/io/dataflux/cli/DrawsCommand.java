package io.dataflux.cli;

import io.dataflux.Draws;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** The raw 64-bit words from which values are drawn, for programs that test randomness. */
@CommandLine.Command(
        header = "writes the raw random words that a stream's values are drawn from, for randomness tests",
        footer = {
            "The output is 64 bits per word, little endian, and nothing else: ${COMMAND-FULL-NAME} --seed 42 | dieharder -a -g 200",
            "docs/randomness.md explains the words and shows what dieharder reports on them."
        })
final class DrawsCommand extends Command {

    private static final int BLOCK_WORDS = 8192;

    @Option(
            names = "--seed",
            paramLabel = "S",
            converter = WholeNumber.Any.class,
            description = "the seed (default " + StreamOptions.DEFAULT_SEED + ")")
    private long seed = StreamOptions.DEFAULT_SEED;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "the stream's name; the stream need not exist (default \"draws\")")
    private String stream = "draws";

    @Option(
            names = "--field",
            paramLabel = "PATH",
            description = "the words of this field instead of those of the events")
    private @Nullable String field;

    @Option(
            names = "--from",
            paramLabel = "N",
            converter = WholeNumber.FromZero.class,
            description = "the number of the first event (default 0)")
    private long from;

    @Option(
            names = "--step",
            paramLabel = "K",
            converter = Step.class,
            description = "take every K-th event (default 1)")
    private long step = 1;

    @Option(
            names = "--seeds",
            paramLabel = "C",
            converter = Seeds.class,
            description = "take a word from each of the seeds S, S+1, ... S+C-1 in turn (default 1)")
    private long seeds = 1;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            converter = WholeNumber.FromZero.class,
            description = "how many bytes (default: no limit)")
    private long bytes = Long.MAX_VALUE;

    @Override
    int run(Stdout out) {
        if (Boolean.getBoolean("dataflux.stdout.terminal")) {
            throw mistake("the output is binary, for a program and not for a terminal; pipe it, as in " + program()
                    + " draws | dieharder -a -g 200, or to a file with > words.bin");
        }
        Draws[] sources = new Draws[(int) seeds];
        for (int i = 0; i < seeds; i++) {
            Draws events = Draws.of(stream, seed + i);
            sources[i] = field == null ? events : events.ofField(field);
        }
        write(sources, from, step, bytes, out);
        return GOOD;
    }

    private static void write(Draws[] sources, long from, long step, long bytes, Stdout out) {
        byte[] one = new byte[BLOCK_WORDS / sources.length * Long.BYTES];
        byte[] all = new byte[one.length * sources.length];
        LongBuffer in = ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        LongBuffer mixed = ByteBuffer.wrap(all).order(ByteOrder.LITTLE_ENDIAN).asLongBuffer();
        int words = in.capacity();
        long sequence = from;
        for (long left = bytes; left > 0; left -= Math.min(left, all.length)) {
            for (int s = 0; s < sources.length; s++) {
                sources[s].write(sequence, step, one);
                for (int i = 0; i < words; i++) {
                    mixed.put(i * sources.length + s, in.get(i));
                }
            }
            out.bytes(all, (int) Math.min(left, all.length));
            sequence += words * step;
        }
    }

    static final class Step extends WholeNumber {
        Step() {
            super(1, 1L << 62);
        }
    }

    static final class Seeds extends WholeNumber {
        Seeds() {
            super(1, 1024);
        }
    }
}
