package io.dataflux.kafka;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A proxy before a broker that knows the requests of Kafka's protocol by their kind: it can keep the next request of a kind from the
 * broker, or its reply from the client, and everything that would follow on that connection or on all.
 */
final class RequestProxy implements AutoCloseable {

    /** The kind of request that brings records. */
    static final int PRODUCE = 0;

    /** The kind of request that ends a transaction. */
    static final int END_TRANSACTION = 26;

    /**
     * What to do with the next request of a kind.
     *
     * @param passOn whether the broker gets it
     * @param everywhere whether all connections get no replies from then on, or only that one
     */
    record Fault(int kind, boolean passOn, boolean everywhere) {}

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Fault> next = new AtomicReference<>();
    private final AtomicLong fired = new AtomicLong();
    private volatile int target;
    private volatile boolean silent;

    RequestProxy() throws IOException {
        start("accept", () -> {
            while (true) {
                Link link = new Link(listener.accept(), new Socket(InetAddress.getLoopbackAddress(), target));
                links.add(link);
                start("requests", link::requests);
                start("replies", link::replies);
            }
        });
    }

    /** Where connections are led to. */
    void leadTo(int port) {
        target = port;
    }

    String address() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** Waits for the next request of a kind. */
    void arm(Fault fault) {
        next.set(fault);
    }

    /** Ends every connection; new ones work. */
    void heal() throws IOException {
        next.set(null);
        for (Link link : links) {
            link.close();
        }
        links.clear();
        silent = false;
    }

    /** How often a fault happened. */
    long fired() {
        return fired.get();
    }

    /** One connection. */
    private final class Link {

        private final Socket client;
        private final Socket server;
        private volatile boolean quiet;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void requests() throws IOException {
            try (client;
                    server;
                    DataInputStream in = new DataInputStream(client.getInputStream());
                    DataOutputStream out = new DataOutputStream(server.getOutputStream())) {
                while (true) {
                    byte[] request = new byte[in.readInt()];
                    in.readFully(request);
                    Fault fault = next.get();
                    boolean fires = fault != null
                            && ByteBuffer.wrap(request).getShort() == fault.kind
                            && next.compareAndSet(fault, null);
                    if (fires) {
                        quiet = true;
                        silent = fault.everywhere;
                    }
                    if (!fires || fault.passOn) {
                        out.writeInt(request.length);
                        out.write(request);
                        out.flush();
                    }
                    if (fires) {
                        fired.incrementAndGet();
                    }
                }
            }
        }

        void replies() throws IOException {
            byte[] buffer = new byte[65_536];
            try (server;
                    client;
                    InputStream in = server.getInputStream();
                    OutputStream out = client.getOutputStream()) {
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    if (!quiet && !silent) {
                        out.write(buffer, 0, read);
                    }
                }
            }
        }

        void close() throws IOException {
            client.close();
            server.close();
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(String name, Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException e) {
                        // a closed socket ends its thread
                    }
                },
                "proxy-" + name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        heal();
    }
}
