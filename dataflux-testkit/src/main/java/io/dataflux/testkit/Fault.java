package io.dataflux.testkit;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that goes wrong on the way through a {@link FaultProxy}: what happens, on which connections, and from which byte on.
 * Immutable; every method that narrows it returns a new fault. Without narrowing it happens on every connection as soon as it
 * is switched on.
 *
 * <pre>{@code
 * Fault lost = Fault.swallowResponses().onConnection(0).afterRequestBytes(10_000);
 * Fault flaky = Fault.reset().chance(0.2).afterRequestBytes(1_000, 50_000);   // where is drawn from the proxy's seed
 * Fault slow = Fault.latency(Duration.ofMillis(20)).jitter(Duration.ofMillis(10)).responsesOnly();
 * }</pre>
 *
 * <p>"Request" bytes are those from the client to the server, "response" bytes the others.
 */
public final class Fault {

    enum Kind {
        LATENCY,
        BANDWIDTH,
        SLICE,
        SWALLOW_REQUESTS,
        SWALLOW_RESPONSES,
        CUT,
        RESET,
        HALF_CLOSE;

        /** Whether it ends something once, rather than doing something to all bytes that follow. */
        boolean ends() {
            return this == CUT || this == RESET || this == HALF_CLOSE;
        }
    }

    enum Direction {
        REQUESTS,
        RESPONSES
    }

    final Kind kind;
    /** Nanoseconds, bytes per second, or bytes. */
    final long amount;

    final long jitterNanos;
    final @Nullable Direction only;
    final int firstConnection;
    final int endConnection;
    final double chance;
    final int times;
    final @Nullable Direction counted;
    final long afterFrom;
    final long afterTo;

    private Fault(Parts parts) {
        kind = parts.kind;
        amount = parts.amount;
        jitterNanos = parts.jitterNanos;
        only = parts.only;
        firstConnection = parts.firstConnection;
        endConnection = parts.endConnection;
        chance = parts.chance;
        times = parts.times;
        counted = parts.counted;
        afterFrom = parts.afterFrom;
        afterTo = parts.afterTo;
    }

    /** Every piece of up to 64 KiB is held for this long before it is passed on; pieces keep their order and wait for each other. */
    public static Fault latency(Duration delay) {
        return of(Kind.LATENCY, notNegative(delay));
    }

    /** Each direction of a connection passes at most this many bytes a second. */
    public static Fault bandwidth(long bytesPerSecond) {
        return of(Kind.BANDWIDTH, positive(bytesPerSecond));
    }

    /** Bytes are passed on in writes of 1 to {@code mostBytes} bytes, with Nagle's algorithm off; how many is drawn from the seed. */
    public static Fault slice(int mostBytes) {
        return of(Kind.SLICE, positive(mostBytes));
    }

    /** The server gets the requests, but the client never gets a response. The connection stays open. */
    public static Fault swallowResponses() {
        return of(Kind.SWALLOW_RESPONSES, 0);
    }

    /** The server never gets the requests. The connection stays open. */
    public static Fault swallowRequests() {
        return of(Kind.SWALLOW_REQUESTS, 0);
    }

    /** The connection is closed in both directions; what was not passed on is lost. */
    public static Fault cut() {
        return of(Kind.CUT, 0);
    }

    /** The connection is reset (RST) in both directions; what was not passed on is lost. */
    public static Fault reset() {
        return of(Kind.RESET, 0);
    }

    /** The client reads the end of the responses while its requests still reach the server. */
    public static Fault halfClose() {
        return of(Kind.HALF_CLOSE, 0);
    }

    /** Adds up to this much to a {@link #latency}, drawn from the seed for each piece. */
    public Fault jitter(Duration most) {
        if (kind != Kind.LATENCY) {
            throw new IllegalStateException("jitter belongs to latency, not to " + this);
        }
        Parts parts = new Parts(this);
        parts.jitterNanos = notNegative(most);
        return new Fault(parts);
    }

    /** Latency, bandwidth or slice for what the client sends only. */
    public Fault requestsOnly() {
        return only(Direction.REQUESTS);
    }

    /** Latency, bandwidth or slice for what the server sends only. */
    public Fault responsesOnly() {
        return only(Direction.RESPONSES);
    }

    private Fault only(Direction direction) {
        if (kind != Kind.LATENCY && kind != Kind.BANDWIDTH && kind != Kind.SLICE) {
            throw new IllegalStateException("has one direction only: " + this);
        }
        Parts parts = new Parts(this);
        parts.only = direction;
        return new Fault(parts);
    }

    /** Only on the connection of that number; the proxy counts those it accepts from 0. */
    public Fault onConnection(int number) {
        return onConnections(number, number + 1);
    }

    /** Only on the connections {@code [from, to)}; the proxy counts those it accepts from 0. */
    public Fault onConnections(int from, int to) {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("no connections: [" + from + ", " + to + ")");
        }
        Parts parts = new Parts(this);
        parts.firstConnection = from;
        parts.endConnection = to;
        return new Fault(parts);
    }

    /** Only on this share of the connections; which ones is drawn from the seed. */
    public Fault chance(double share) {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("a share must be above 0 and at most 1, not " + share);
        }
        Parts parts = new Parts(this);
        parts.chance = share;
        return new Fault(parts);
    }

    /** On that many connections at most; later ones are spared. */
    public Fault times(int most) {
        Parts parts = new Parts(this);
        parts.times = (int) positive(most);
        return new Fault(parts);
    }

    /**
     * Only after the client has sent that many bytes since the fault was switched on or, if that is later, since the connection
     * began. A connection that ends then has passed on exactly that many.
     */
    public Fault afterRequestBytes(long count) {
        return after(Direction.REQUESTS, count, count + 1);
    }

    /** As {@link #afterRequestBytes(long)}, with a number of {@code [from, to)} drawn from the seed for each connection. */
    public Fault afterRequestBytes(long from, long to) {
        return after(Direction.REQUESTS, from, to);
    }

    /** As {@link #afterRequestBytes(long)}, counting what the server sent. */
    public Fault afterResponseBytes(long count) {
        return after(Direction.RESPONSES, count, count + 1);
    }

    /** As {@link #afterResponseBytes(long)}, with a number of {@code [from, to)} drawn from the seed for each connection. */
    public Fault afterResponseBytes(long from, long to) {
        return after(Direction.RESPONSES, from, to);
    }

    private Fault after(Direction direction, long from, long to) {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("no number of bytes: [" + from + ", " + to + ")");
        }
        Parts parts = new Parts(this);
        parts.counted = direction;
        parts.afterFrom = from;
        parts.afterTo = to;
        return new Fault(parts);
    }

    boolean touches(Direction direction) {
        return switch (kind) {
            case SWALLOW_REQUESTS -> direction == Direction.REQUESTS;
            case SWALLOW_RESPONSES -> direction == Direction.RESPONSES;
            default -> only == null || only == direction;
        };
    }

    private static Fault of(Kind kind, long amount) {
        return new Fault(new Parts(kind, amount));
    }

    private static long positive(long amount) {
        if (amount < 1) {
            throw new IllegalArgumentException("must be at least 1, not " + amount);
        }
        return amount;
    }

    private static long notNegative(Duration time) {
        if (time.isNegative()) {
            throw new IllegalArgumentException("must not be negative: " + time.toMillis() + " ms");
        }
        return time.toNanos();
    }

    /** The fault as text, for messages and tables. */
    @Override
    public String toString() {
        StringBuilder words =
                new StringBuilder(kind.name().toLowerCase(Locale.ROOT).replace('_', ' '));
        switch (kind) {
            case LATENCY -> {
                words.append(' ').append(amount / 1_000_000).append(" ms");
                if (jitterNanos > 0) {
                    words.append(" to ")
                            .append((amount + jitterNanos) / 1_000_000)
                            .append(" ms");
                }
            }
            case BANDWIDTH -> words.append(' ').append(amount).append(" B/s");
            case SLICE -> words.append(" to ").append(amount).append(" B");
            default -> {}
        }
        if (only != null) {
            words.append(" of ").append(only.name().toLowerCase(Locale.ROOT));
        }
        if (counted != null) {
            words.append(" after ").append(afterFrom);
            if (afterTo > afterFrom + 1) {
                words.append(" to ").append(afterTo - 1);
            }
            words.append(counted == Direction.REQUESTS ? " request bytes" : " response bytes");
        }
        if (endConnection - firstConnection == 1) {
            words.append(" on connection ").append(firstConnection);
        } else if (endConnection < Integer.MAX_VALUE) {
            words.append(" on connections [")
                    .append(firstConnection)
                    .append(", ")
                    .append(endConnection)
                    .append(')');
        }
        if (chance < 1) {
            words.append(" by chance ").append(chance);
        }
        if (times < Integer.MAX_VALUE) {
            words.append(times == 1 ? " once" : " " + times + " times");
        }
        return words.toString();
    }

    /** What a fault is made of, while it is being made. */
    private static final class Parts {
        private final Kind kind;
        private final long amount;
        private long jitterNanos;
        private @Nullable Direction only;
        private int firstConnection;
        private int endConnection = Integer.MAX_VALUE;
        private double chance = 1;
        private int times = Integer.MAX_VALUE;
        private @Nullable Direction counted;
        private long afterFrom;
        private long afterTo = 1;

        Parts(Kind kind, long amount) {
            this.kind = kind;
            this.amount = amount;
        }

        Parts(Fault fault) {
            this(fault.kind, fault.amount);
            jitterNanos = fault.jitterNanos;
            only = fault.only;
            firstConnection = fault.firstConnection;
            endConnection = fault.endConnection;
            chance = fault.chance;
            times = fault.times;
            counted = fault.counted;
            afterFrom = fault.afterFrom;
            afterTo = fault.afterTo;
        }
    }
}
