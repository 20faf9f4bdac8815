package io.dataflux.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy that can keep a server's replies from its clients: what the clients sent is done, but they never hear of it.
 */
final class ReplySwallower implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicLong swallowed = new AtomicLong();
    private volatile int target;
    private volatile boolean swallowing;

    ReplySwallower() throws IOException {
        start("accept", () -> {
            while (true) {
                Socket client = listener.accept();
                Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(client);
                sockets.add(server);
                start("requests", () -> pump(client, server, false));
                start("replies", () -> pump(server, client, true));
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

    void swallowReplies() {
        swallowing = true;
    }

    /** Ends every connection; new ones get their replies again. */
    void heal() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
        sockets.clear();
        swallowing = false;
    }

    long swallowedBytes() {
        return swallowed.get();
    }

    private void pump(Socket from, Socket to, boolean replies) throws IOException {
        byte[] buffer = new byte[65_536];
        try (from;
                to;
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (replies && swallowing) {
                    swallowed.addAndGet(read);
                } else {
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
