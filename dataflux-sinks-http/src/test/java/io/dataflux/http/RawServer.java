package io.dataflux.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A server that misbehaves below HTTP: each connection is handed to a script, with the number of the connection. */
final class RawServer implements AutoCloseable {

    interface Script {
        void serve(int connection, Socket socket, RawServer server) throws Exception;
    }

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    final AtomicInteger requests = new AtomicInteger();
    /** Bytes said by {@link #trickle}, and how many of its connections the client closed. */
    final AtomicInteger said = new AtomicInteger();

    final AtomicInteger broken = new AtomicInteger();
    final List<String> keys = new CopyOnWriteArrayList<>();

    RawServer(Script script) throws IOException {
        start(() -> {
            while (true) {
                Socket socket = listener.accept();
                open.add(socket);
                start(() -> {
                    try (socket) {
                        script.serve(connections.getAndIncrement(), socket, this);
                    }
                });
            }
        });
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void start(Task task) {
        Thread thread = new Thread(() -> {
            try {
                task.run();
            } catch (Exception e) {
                // the other side or the test has closed the socket
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    String url() {
        return "http://127.0.0.1:" + listener.getLocalPort() + "/events";
    }

    int connections() {
        return connections.get();
    }

    /** Reads one request whole. False at the end of the connection. */
    boolean read(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int b = in.read();
            if (b < 0) {
                return false;
            }
            head.append((char) b);
        }
        int length = 0;
        for (String line : head.toString().split("\r\n", -1)) {
            if (line.startsWith("Content-Length: ")) {
                length = Integer.parseInt(line.substring(16));
            }
            if (line.startsWith("Idempotency-Key: ")) {
                keys.add(line.substring(17));
            }
        }
        in.readNBytes(length);
        requests.incrementAndGet();
        return true;
    }

    /** Says a letter at a time until the client closes the connection. */
    void trickle(Socket socket, Duration pause) throws InterruptedException {
        try {
            while (true) {
                say(socket, "x");
                said.incrementAndGet();
                Thread.sleep(pause.toMillis()); // the pace of the fault
            }
        } catch (IOException e) {
            broken.incrementAndGet();
        }
    }

    static void say(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
