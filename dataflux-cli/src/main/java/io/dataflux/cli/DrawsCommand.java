package io.dataflux.cli;

import io.dataflux.Draws;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/** The raw 64-bit words from which values are drawn, for programs that test randomness. */
final class DrawsCommand implements Command {

    private static final int BLOCK_WORDS = 8192;
    private static final int MOST_SEEDS = 1024;

    @Override
    public Usage usage() {
        return new Usage(
                        "draws",
                        "writes the raw random words that a stream's values are drawn from, for randomness tests")
                .option("seed", "S", "the seed (default " + Streams.DEFAULT_SEED + ")")
                .option("stream", "NAME", "the stream's name; the stream need not exist (default \"draws\")")
                .option("field", "PATH", "the words of this field instead of those of the events")
                .option("from", "N", "the number of the first event (default 0)")
                .option("step", "K", "take every K-th event (default 1)")
                .option("seeds", "C", "take a word from each of the seeds S, S+1, ... S+C-1 in turn (default 1)")
                .option("bytes", "N", "how many bytes (default: no limit)")
                .more(
                        "The output is 64 bits per word, little endian, and nothing else: ./dataflux draws --seed 42 | dieharder -a -g 200\n"
                                + "docs/randomness.md explains the words and shows what dieharder reports on them.");
    }

    @Override
    public int run(Arguments arguments, Stdout out) {
        String stream = arguments.text("stream").orElse("draws");
        long seed = arguments.number("seed", Streams.DEFAULT_SEED, Long.MIN_VALUE, Long.MAX_VALUE);
        long from = arguments.number("from", 0, 0, Long.MAX_VALUE);
        long step = arguments.number("step", 1, 1, 1L << 62);
        int seeds = (int) arguments.number("seeds", 1, 1, MOST_SEEDS);
        long bytes = arguments.number("bytes", Long.MAX_VALUE, 0, Long.MAX_VALUE);
        if (Boolean.getBoolean("dataflux.stdout.terminal")) {
            throw arguments.mistake("the output is binary, for a program and not for a terminal; pipe it, as in"
                    + " ./dataflux draws | dieharder -a -g 200, or to a file with > words.bin");
        }
        Draws[] sources = new Draws[seeds];
        for (int i = 0; i < seeds; i++) {
            Draws events = Draws.of(stream, seed + i);
            sources[i] = arguments.text("field").map(events::ofField).orElse(events);
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
}
