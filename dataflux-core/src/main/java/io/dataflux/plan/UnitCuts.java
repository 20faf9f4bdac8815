package io.dataflux.plan;

import io.dataflux.encode.CompiledStream;
import io.dataflux.spi.DeliveryUnit;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/** Where the units of delivery of one stream begin and end. Immutable. */
public final class UnitCuts {

    private static final long SECOND = 1_000_000_000L;

    private final CompiledStream stream;
    private final long block;
    private final Duration window;
    /** Sequences at which earlier attempts ended a unit; sorted. */
    private final long[] cuts;

    public UnitCuts(CompiledStream stream, DeliveryUnit unit, long... cuts) {
        this.stream = stream;
        this.block = unit.sequences();
        this.window = unit.window();
        this.cuts = cuts.clone();
        Arrays.sort(this.cuts);
    }

    /** The first sequence of the unit that an event is in. */
    public long start(long sequence) {
        long start = sequence - sequence % block;
        if (!window.isZero()) {
            start = Math.max(start, stream.sequenceAt(windowStart(sequence)));
        }
        for (long cut : cuts) {
            start = cut <= sequence ? Math.max(start, cut) : start;
        }
        return start;
    }

    /** The first sequence after the unit that an event is in. */
    public long end(long sequence) {
        long start = sequence - sequence % block;
        long end = start > Long.MAX_VALUE - block ? Long.MAX_VALUE : start + block;
        if (!window.isZero()) {
            end = Math.min(end, stream.sequenceAt(windowStart(sequence).plus(window)));
        }
        for (long cut : cuts) {
            end = cut > sequence ? Math.min(end, cut) : end;
        }
        return end;
    }

    /** The number of the window that an event is in, 0 if there are none. */
    public long window(long sequence) {
        if (window.isZero()) {
            return 0;
        }
        Instant start = windowStart(sequence);
        return window.toNanosPart() == 0
                ? Math.floorDiv(start.getEpochSecond(), window.toSeconds())
                : Math.floorDiv(
                        Math.addExact(Math.multiplyExact(start.getEpochSecond(), SECOND), start.getNano()),
                        window.toNanos());
    }

    private Instant windowStart(long sequence) {
        Instant time = stream.timeOf(sequence);
        if (window.toNanosPart() == 0) {
            return Instant.ofEpochSecond(
                    time.getEpochSecond() - Math.floorMod(time.getEpochSecond(), window.toSeconds()));
        }
        long nanos = window.toNanos(); // with parts of a second: at most 292 years
        long since = Math.addExact(Math.multiplyExact(time.getEpochSecond(), SECOND), time.getNano());
        long start = since - Math.floorMod(since, nanos);
        return Instant.ofEpochSecond(Math.floorDiv(start, SECOND), Math.floorMod(start, SECOND));
    }
}
