package io.dataflux.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.EmbeddedS3;
import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The server that a sink is measured with, in a JVM of its own, so that its garbage and compiled code are not the sink's: an HTTP receiver
 * that reads bodies and forgets them, an object store, or a Kafka broker. It prints its address, and answers the questions of {@link
 * Server} line by line.
 */
public final class ServerProgram {

    private static final byte[] OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".getBytes(ISO_8859_1);
    private static final int HEAD = 16 << 10;
    static final String BUCKET = "bench";

    private static final AtomicLong REQUESTS = new AtomicLong();
    private static final AtomicLong BODY_BYTES = new AtomicLong();

    private ServerProgram() {}

    /** What a server does on request. */
    private interface Request {
        void take(String[] words);
    }

    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "s3" -> {
                try (EmbeddedS3 s3 = EmbeddedS3.start()) {
                    s3.createBucket(BUCKET);
                    System.out.println(s3.endpoint());
                    answer("forget", words -> s3.keys(BUCKET, "").forEach(key -> s3.delete(BUCKET, key)));
                }
            }
            case "kafka" -> {
                try (EmbeddedKafka kafka = EmbeddedKafka.start(1, Map.of("log.segment.delete.delay.ms", "0"))) {
                    System.out.println(kafka.bootstrapServers());
                    answer("topic", words -> kafka.createTopic(words[1], Integer.parseInt(words[2]), Map.of()));
                }
            }
            default -> {
                try (ServerSocket server = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
                    daemon(() -> accept(server));
                    System.out.println("http://127.0.0.1:" + server.getLocalPort() + "/events");
                    answer("", words -> {});
                }
            }
        }
    }

    /** Answers until the process that asks has gone. */
    private static void answer(String name, Request request) throws IOException {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String question = in.readLine(); question != null; question = in.readLine()) {
            String[] words = question.split(" ", -1);
            if (words[0].equals(name)) {
                request.take(words);
            }
            System.out.println(Turns.cpuNanos() + " " + REQUESTS.get() + " " + BODY_BYTES.get());
        }
    }

    private static void accept(ServerSocket server) {
        try {
            while (true) {
                Socket socket = server.accept();
                daemon(() -> serve(socket));
            }
        } catch (IOException e) {
            // the program ends
        }
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            byte[] buffer = new byte[64 << 10];
            int held = 0;
            while (true) {
                int head = endOfHead(buffer, held);
                if (head < 0) {
                    int n = in.read(buffer, held, HEAD - held);
                    if (n < 0) {
                        return;
                    }
                    held += n;
                    continue;
                }
                int length = contentLength(new String(buffer, 0, head, ISO_8859_1));
                int left = length - (held - head);
                while (left > 0) {
                    int n = in.read(buffer, 0, Math.min(left, buffer.length));
                    if (n < 0) {
                        throw new EOFException("within a body");
                    }
                    left -= n;
                }
                held = 0; // the JDK's client sends nothing before it has the answer
                REQUESTS.incrementAndGet();
                BODY_BYTES.addAndGet(length);
                out.write(OK);
            }
        } catch (IOException e) {
            // the client has closed its connection
        }
    }

    private static int endOfHead(byte[] b, int to) {
        for (int i = 3; i < to; i++) {
            if (b[i] == '\n' && b[i - 1] == '\r' && b[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    private static int contentLength(String head) {
        String name = "content-length:";
        int at = head.toLowerCase(Locale.ROOT).indexOf(name);
        return at < 0
                ? 0
                : Integer.parseInt(head.substring(at + name.length(), head.indexOf('\r', at))
                        .strip());
    }
}
