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

/**
 * A proxy before a broker that knows the requests of Kafka's protocol by their kind: it can lose the next request of a kind, or
 * keep its reply and all that follow from the client.
 */
final class RequestProxy implements AutoCloseable {

    /** The kind of request that ends a transaction. */
    static final int END_TRANSACTION = 26;

    private static final Runnable NOTHING = () -> {};

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong fired = new AtomicLong();
    private volatile int target;
    private volatile int kind = -1;
    private volatile boolean losingRequest;
    private volatile boolean silent;
    private volatile Runnable then = NOTHING;

    RequestProxy() throws IOException {
        start("accept", () -> {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                start("requests", () -> requests(client, server));
                start("replies", () -> replies(server, client));
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

    /** The next request of a kind is answered by the broker, but neither this nor any later answer gets to a client. */
    void loseReplyTo(int kind) {
        then = NOTHING;
        losingRequest = false;
        this.kind = kind;
    }

    /** The next request of a kind does not get to the broker, and no answer gets to a client from then on. */
    void loseRequest(int kind) {
        then = NOTHING;
        losingRequest = true;
        this.kind = kind;
    }

    /** What to do when the next request of a kind comes, before it is passed on. */
    void at(int kind, Runnable action) {
        then = action;
        losingRequest = false;
        this.kind = kind;
    }

    /** Ends every connection; new ones work. */
    void heal() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
        silent = false;
    }

    /** How often the fault happened. */
    long fired() {
        return fired.get();
    }

    private void requests(Socket client, Socket server) throws IOException {
        try (client;
                server;
                DataInputStream in = new DataInputStream(client.getInputStream());
                DataOutputStream out = new DataOutputStream(server.getOutputStream())) {
            while (true) {
                byte[] request = new byte[in.readInt()];
                in.readFully(request);
                boolean lose = false;
                if (ByteBuffer.wrap(request).getShort() == kind) {
                    kind = -1;
                    silent = then == NOTHING;
                    lose = losingRequest;
                    fired.incrementAndGet();
                    then.run();
                }
                if (!lose) {
                    out.writeInt(request.length);
                    out.write(request);
                    out.flush();
                }
            }
        }
    }

    private void replies(Socket server, Socket client) throws IOException {
        byte[] buffer = new byte[65_536];
        try (server;
                client;
                InputStream in = server.getInputStream();
                OutputStream out = client.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!silent) {
                    out.write(buffer, 0, read);
                }
            }
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
