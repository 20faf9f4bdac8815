package io.dataflux.testkit;

import io.dataflux.testkit.Fault.Direction;
import io.dataflux.testkit.Fault.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One connection through a {@link FaultProxy}: two threads, each passing on one direction. What they share is guarded by the
 * connection itself; sockets are read and written without a lock.
 */
final class ProxyConnection {

    private static final int PIECE = 65_536;
    private static final int STEPS_PER_SECOND = 100;

    private final FaultProxy proxy;
    private final int number;
    private final Socket client;
    private final Socket server;
    private final InputStream fromClient;
    private final InputStream fromServer;
    private final OutputStream toClient;
    private final OutputStream toServer;

    private final List<Armed> armed = new ArrayList<>();
    private long requestBytes;
    private long responseBytes;
    private boolean inFlight;
    /** Bytes were lost, so that nothing that follows makes sense. */
    private boolean wounded;

    private boolean responsesEnded;
    private int ended;

    ProxyConnection(FaultProxy proxy, int number, Socket client, Socket server) throws IOException {
        this.proxy = proxy;
        this.number = number;
        this.client = client;
        this.server = server;
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        fromClient = client.getInputStream();
        fromServer = server.getInputStream();
        toClient = client.getOutputStream();
        toServer = server.getOutputStream();
    }

    /** A fault on this connection: its count of bytes begins now. */
    private final class Armed {
        private final Fault fault;
        private final SplittableRandom random;
        private final long from;
        private boolean hit;
        private boolean metWork;
        private boolean spared;

        Armed(Fault fault) {
            this.fault = fault;
            random = new SplittableRandom(proxy.seed() * 0x9E3779B97F4A7C15L
                    ^ (number + 1L) * 0xBF58476D1CE4E5B9L
                    ^ fault.kind.name().hashCode() * 0x94D049BB133111EBL);
            spared = number < fault.firstConnection
                    || number >= fault.endConnection
                    || random.nextDouble() >= fault.chance;
            from = counted() + random.nextLong(fault.afterFrom, fault.afterTo);
        }

        private long counted() {
            return fault.counted == Direction.RESPONSES ? responseBytes : requestBytes;
        }

        /** Bytes that are still to come before it begins. */
        long missing() {
            return fault.counted == null ? 0 : from - counted();
        }

        /** Counts the first effect; false if this connection is spared. */
        boolean hits() {
            if (!hit && !spared) {
                metWork = fault.kind.ends() && inFlight;
                hit = proxy.hit(fault, metWork);
                spared = !hit;
            }
            return hit && !spared;
        }

        void touched(long bytes) {
            boolean now = inFlight && !metWork;
            metWork |= now;
            proxy.more(fault, bytes, now);
        }
    }

    /** What becomes of the next bytes. */
    private record Step(int bytes, boolean swallow, long waitBefore, long waitAfter, long since) {}

    synchronized void arm(Fault fault) {
        if (armed.stream().noneMatch(each -> each.fault == fault)) {
            armed.add(new Armed(fault));
            fire();
        }
    }

    /** Forgets what was switched off while this connection was being made. */
    synchronized void retain(List<Fault> faults) {
        armed.removeIf(each -> !faults.contains(each.fault));
    }

    synchronized void disarm(Fault fault) {
        armed.removeIf(each -> each.fault == fault);
    }

    synchronized void heal() {
        armed.clear();
        if (wounded) {
            end(Kind.RESET);
        }
    }

    void close() {
        end(Kind.CUT);
    }

    void passRequests() throws IOException {
        pass(Direction.REQUESTS, fromClient, toServer, server);
    }

    void passResponses() throws IOException {
        pass(Direction.RESPONSES, fromServer, toClient, client);
    }

    private void pass(Direction direction, InputStream in, OutputStream out, Socket to) throws IOException {
        byte[] buffer = new byte[PIECE];
        try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (direction == Direction.REQUESTS) {
                    asked();
                }
                int at = 0;
                while (at < read) {
                    Step step = next(direction, read - at);
                    proxy.pause(this, step.waitBefore, step.since);
                    at += step.bytes;
                    if (!step.swallow) {
                        if (direction == Direction.RESPONSES && at == read && in.available() == 0) {
                            answered(); // before the client can ask again
                        }
                        out.write(buffer, at - step.bytes, step.bytes);
                    }
                    passed(direction, step);
                    proxy.pause(this, step.waitAfter, step.since);
                }
            }
            passEnd(direction, to);
        } catch (IOException e) {
            // what one side does abruptly the other is to see abruptly
            end(Kind.RESET);
        }
    }

    private synchronized void asked() {
        inFlight = true;
    }

    private synchronized void answered() {
        inFlight = false;
    }

    /** Looks what the faults make of the next bytes, at most up to where another fault begins. */
    private synchronized Step next(Direction direction, int most) {
        long since = proxy.changes();
        int bytes = most;
        boolean swallow = direction == Direction.RESPONSES && responsesEnded;
        long waitBefore = 0;
        long waitAfter = 0;
        List<Armed> active = new ArrayList<>();
        for (Armed each : armed) {
            long missing = each.missing();
            if (missing > 0) {
                bytes = each.fault.counted == direction ? (int) Math.min(bytes, missing) : bytes;
            } else if (!each.fault.kind.ends() && each.fault.touches(direction) && each.hits()) {
                active.add(each);
            }
        }
        for (Armed each : active) {
            Fault fault = each.fault;
            switch (fault.kind) {
                case LATENCY -> waitBefore += fault.amount + (long) (each.random.nextDouble() * fault.jitterNanos);
                case BANDWIDTH -> bytes = (int) Math.min(bytes, Math.max(1, fault.amount / STEPS_PER_SECOND));
                case SLICE -> bytes = Math.min(bytes, 1 + (int) each.random.nextLong(fault.amount));
                default -> swallow = true;
            }
        }
        for (Armed each : active) {
            if (each.fault.kind == Kind.BANDWIDTH) {
                waitAfter = Math.max(waitAfter, bytes * 1_000_000_000L / each.fault.amount);
            }
            each.touched(bytes);
        }
        return new Step(bytes, swallow, waitBefore, waitAfter, since);
    }

    private synchronized void passed(Direction direction, Step step) {
        wounded |= step.swallow;
        if (direction == Direction.REQUESTS) {
            requestBytes += step.bytes;
        } else {
            responseBytes += step.bytes;
        }
        fire();
    }

    /** Ends the connection if a fault says so now. */
    private synchronized void fire() {
        for (Armed each : List.copyOf(armed)) {
            if (each.fault.kind.ends() && each.missing() <= 0 && !each.hit && each.hits()) {
                end(each.fault.kind);
            }
        }
    }

    private synchronized void passEnd(Direction direction, Socket to) throws IOException {
        if (direction == Direction.REQUESTS || !responsesEnded) {
            to.shutdownOutput();
        }
        if (++ended == 2) {
            end(Kind.CUT);
        }
    }

    private synchronized void end(Kind how) {
        try {
            if (how == Kind.HALF_CLOSE) {
                responsesEnded = true;
                wounded = true;
                client.shutdownOutput();
                return;
            }
            if (how == Kind.RESET) {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            } else if (!client.isOutputShutdown()) {
                client.shutdownOutput();
            }
        } catch (IOException e) {
            // closed already
        }
        try (client;
                server) {
            proxy.ended(this);
        } catch (IOException e) {
            // closed already
        }
    }
}
