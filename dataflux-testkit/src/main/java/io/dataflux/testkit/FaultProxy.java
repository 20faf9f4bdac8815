package io.dataflux.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * A TCP proxy in this JVM, on a free port of 127.0.0.1, in front of a server. It does what networks do: it passes bytes on, or
 * delays, slices, loses or cuts them as its {@link Fault}s say. It knows no protocol. It counts on how many connections a fault
 * had an effect and on how many of these it met <em>work in flight</em>, so that a test can prove that it tested something.
 *
 * <p>Work is in flight on a connection when the client has sent bytes after which it did not get all that the server answered, or
 * nothing. With pipelined requests this errs on the cautious side: an answer to an earlier request counts as an answer.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.to("127.0.0.1", server.port(), 7)) {
 *     Fault lost = Fault.swallowResponses().afterRequestBytes(10_000).times(1);
 *     proxy.on(lost);
 *     sendThrough(proxy.address());
 *     proxy.heal();
 *     assertThat(proxy.hits(lost).inFlight()).isPositive();
 * }
 * }</pre>
 *
 * <p>Thread-safe. Each connection costs two threads and 128 KiB. The seed decides which connections are hit, after how many bytes,
 * and the sizes of slices and delays, in order; how the bytes arrive is up to the network.
 */
public final class FaultProxy implements AutoCloseable {

    /**
     * What a fault did.
     *
     * @param connections on how many it had an effect
     * @param inFlight how many of these had work in flight at that moment
     * @param bytes how many bytes it delayed, sliced or swallowed
     */
    public record Hits(int connections, int inFlight, long bytes) {}

    private static final int CONNECT_MILLIS = 5_000;
    private static final String HOST = "127.0.0.1";

    private final InetSocketAddress target;
    private final long seed;
    private final List<Fault> faults = new CopyOnWriteArrayList<>();
    private final Map<Fault, Tally> tallies = new HashMap<>(); // guarded by lock
    private final Set<ProxyConnection> open = ConcurrentHashMap.newKeySet();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ProxyDoor door;
    private int accepted; // guarded by lock
    private final AtomicLong changes = new AtomicLong(); // how often faults were switched off
    private volatile boolean down;
    private volatile boolean closed;

    /** A proxy in front of a server, which need not be running yet, with seed 0. */
    public static FaultProxy to(String host, int port) {
        return to(host, port, 0);
    }

    /** A proxy in front of a server, which need not be running yet. It passes everything on until a fault is switched on. */
    public static FaultProxy to(String host, int port, long seed) {
        try {
            return new FaultProxy(new InetSocketAddress(host, port), seed);
        } catch (IOException e) {
            throw new UncheckedIOException("no port for a proxy to " + host + ":" + port, e);
        }
    }

    private FaultProxy(InetSocketAddress target, long seed) throws IOException {
        this.target = target;
        this.seed = seed;
        door = new ProxyDoor(listener -> start("accept", () -> accept(listener)));
        door.open();
    }

    /** Where clients connect to: {@code 127.0.0.1:port}. */
    public String address() {
        return HOST + ":" + port();
    }

    /** The port that clients connect to; stays the same. */
    public int port() {
        return door.port();
    }

    /** How many connections were accepted. */
    public int connections() {
        lock.lock();
        try {
            return accepted;
        } finally {
            lock.unlock();
        }
    }

    /** How many connections are open. */
    public int openConnections() {
        return open.size();
    }

    /** Switches faults on, for open connections and new ones. Byte counts of open connections begin now. */
    public FaultProxy on(Fault... some) {
        for (Fault fault : some) {
            faults.add(fault);
            open.forEach(connection -> connection.arm(fault));
        }
        return this;
    }

    /** Switches a fault off; what it did to a connection is not undone. */
    public FaultProxy off(Fault fault) {
        faults.remove(fault);
        open.forEach(connection -> connection.disarm(fault));
        wake();
        return this;
    }

    /**
     * Switches all faults off and listens again. Connections that lost bytes are reset, since what follows would make no sense; the
     * others continue.
     */
    public FaultProxy heal() {
        down = false;
        faults.clear();
        open.forEach(ProxyConnection::heal);
        wake();
        door.open();
        return this;
    }

    /** Closes the connections that are open now, as {@link Fault#cut} does. */
    public Hits cut() {
        return end(Fault.cut());
    }

    /** Resets the connections that are open now, as {@link Fault#reset} does. */
    public Hits reset() {
        return end(Fault.reset());
    }

    private Hits end(Fault fault) {
        open.forEach(connection -> connection.arm(fault));
        return hits(fault);
    }

    /** Refuses new connections, as a host without the server does, until {@link #heal}; open ones continue. */
    public FaultProxy refuse() {
        door.refuse();
        return this;
    }

    /** Refuses new connections and resets the open ones, as when the server's host goes down; returns what the resets met. */
    public Hits down() {
        down = true; // for those that are accepted but not open yet
        refuse();
        return reset();
    }

    /** What a fault of this proxy did so far. */
    public Hits hits(Fault fault) {
        lock.lock();
        try {
            Tally tally = tallies.get(fault);
            return tally == null ? new Hits(0, 0, 0) : new Hits(tally.connections, tally.inFlight, tally.bytes);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits until a fault has met work in flight.
     *
     * @throws IllegalStateException if it has not after {@code longest}
     */
    public Hits awaitInFlight(Fault fault, Duration longest) throws InterruptedException {
        return await(fault, hits -> hits.inFlight() > 0, longest, "met no work in flight");
    }

    /**
     * Waits until {@code enough} accepts what a fault did so far.
     *
     * @throws IllegalStateException if it is not after {@code longest}
     */
    public Hits await(Fault fault, Predicate<Hits> enough, Duration longest) throws InterruptedException {
        return await(fault, enough, longest, "did not do enough");
    }

    private Hits await(Fault fault, Predicate<Hits> enough, Duration longest, String otherwise)
            throws InterruptedException {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (!enough.test(hits(fault))) {
                if (left <= 0) {
                    throw new IllegalStateException(
                            "'" + fault + "' " + otherwise + " within " + span(longest) + ": " + hits(fault));
                }
                left = changed.awaitNanos(left);
            }
            return hits(fault);
        } finally {
            lock.unlock();
        }
    }

    /** A duration for messages, such as {@code 13.4 s} or {@code 250 ms}. */
    static String span(Duration time) {
        long millis = time.toMillis();
        return millis < 1000
                ? millis + " ms"
                : millis / 1000 + (millis % 1000 < 100 ? "" : "." + millis % 1000 / 100) + " s";
    }

    /** Ends all connections and threads. Closing again does nothing. */
    @Override
    public void close() {
        closed = true;
        door.close();
        open.forEach(ProxyConnection::close);
        wake();
        threads.forEach(ProxyDoor::join);
    }

    private void accept(ServerSocket listener) throws IOException {
        while (true) {
            Socket client = listener.accept();
            int number;
            lock.lock();
            try {
                number = accepted++;
            } finally {
                lock.unlock();
            }
            // a server that does not answer must not keep others from being accepted
            start("requests-" + number, () -> serve(client, number));
        }
    }

    private void serve(Socket client, int number) throws IOException {
        Socket server = new Socket();
        try {
            server.connect(target, CONNECT_MILLIS);
        } catch (IOException e) {
            server.close();
            client.setSoLinger(true, 0);
            client.close();
            return;
        }
        ProxyConnection connection = new ProxyConnection(this, number, client, server);
        open.add(connection);
        faults.forEach(connection::arm);
        connection.retain(faults);
        if (down) {
            connection.arm(Fault.reset());
        }
        if (closed) {
            connection.close();
        }
        start("responses-" + number, connection::passResponses);
        connection.passRequests();
    }

    void ended(ProxyConnection connection) {
        open.remove(connection);
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    long seed() {
        return seed;
    }

    /** Counts a connection that a fault is about to have an effect on, unless it has had all its times. */
    boolean hit(Fault fault, boolean inFlight) {
        lock.lock();
        try {
            Tally tally = tallies.computeIfAbsent(fault, some -> new Tally());
            if (tally.connections >= fault.times) {
                return false;
            }
            tally.connections++;
            tally.inFlight += inFlight ? 1 : 0;
            changed.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Counts bytes, and work in flight that came to a connection after it was hit. */
    void more(Fault fault, long bytes, boolean nowInFlight) {
        lock.lock();
        try {
            Tally tally = tallies.computeIfAbsent(fault, some -> new Tally());
            tally.bytes += bytes;
            tally.inFlight += nowInFlight ? 1 : 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Counts how often faults were switched off. */
    long changes() {
        return changes.get();
    }

    /** Lets a connection wait, but no longer than it is open and no fault is switched off. */
    void pause(ProxyConnection connection, long nanos, long since) throws IOException {
        lock.lock();
        try {
            long left = nanos;
            while (left > 0 && !closed && since == changes.get() && open.contains(connection)) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changes.incrementAndGet();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    interface Task {
        void run() throws IOException;
    }

    private Thread start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // a socket that was closed ends its thread
                    }
                },
                "fault-proxy-" + port() + "-" + name);
        thread.setDaemon(true);
        thread.start();
        threads.removeIf(each -> !each.isAlive());
        threads.add(thread);
        return thread;
    }

    private static final class Tally {
        private int connections;
        private int inFlight;
        private long bytes;
    }
}
