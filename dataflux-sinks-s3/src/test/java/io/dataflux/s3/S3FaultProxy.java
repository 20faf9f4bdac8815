package io.dataflux.s3;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An HTTP proxy in front of a real store that plays faults with whole requests and answers: one request per connection, everything in
 * memory. What it passes on is what the client signed.
 */
final class S3FaultProxy implements AutoCloseable {

    /** One request: its first line's method and target, and all of its bytes. */
    record Request(String method, String target, byte[] bytes) {
        boolean isPut() {
            return method.equals("PUT") && !target.contains("partNumber");
        }

        boolean isPart() {
            return method.equals("PUT") && target.contains("partNumber");
        }

        boolean isCreate() {
            return method.equals("POST") && target.contains("uploads") && !target.contains("uploadId");
        }

        boolean isComplete() {
            return method.equals("POST") && target.contains("uploadId");
        }

        boolean isHead() {
            return method.equals("HEAD");
        }
    }

    /** What happens to a request instead of its being passed on; the connection is closed afterwards. */
    interface Fault {
        void play(Request request, Exchange exchange) throws IOException, InterruptedException;
    }

    /** A request under way. */
    final class Exchange {
        private final OutputStream client;

        Exchange(OutputStream client) {
            this.client = client;
        }

        /** Lets the store have the request and returns its answer. */
        byte[] pass(Request request) throws IOException {
            try (Socket socket = new Socket(store.getHost(), store.getPort())) {
                socket.getOutputStream().write(request.bytes());
                socket.getOutputStream().flush();
                return socket.getInputStream().readAllBytes();
            }
        }

        void answer(byte[] bytes) throws IOException {
            client.write(bytes);
            client.flush();
        }

        /** Returns when the proxy closes. */
        void untilClosed() throws InterruptedException {
            closed.await();
        }

        boolean isClosed() {
            return closed.getCount() == 0;
        }
    }

    private record Rule(Predicate<Request> which, AtomicInteger left, Fault fault, AtomicInteger hits) {}

    private final URI store;
    private final ServerSocket door;
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<String> seen = new ConcurrentLinkedQueue<>();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);

    S3FaultProxy(URI store) throws IOException {
        this.store = store;
        door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    String endpoint() {
        return "http://127.0.0.1:" + door.getLocalPort();
    }

    /** Plays a fault with the next so many requests of a kind; returns how often it was played. */
    AtomicInteger on(Predicate<Request> which, int times, Fault fault) {
        Rule rule = new Rule(which, new AtomicInteger(times), fault, new AtomicInteger());
        rules.add(rule);
        return rule.hits();
    }

    /** How many requests of a method came whose target holds a text. */
    long seen(String method, String text) {
        return seen.stream()
                .filter(line -> line.startsWith(method + " ") && line.contains(text))
                .count();
    }

    /** The store does it, and nobody hears of it. */
    static Fault loseReply() {
        return (request, exchange) -> exchange.pass(request);
    }

    /** The request gets lost on its way. */
    static Fault loseRequest() {
        return (request, exchange) -> {};
    }

    /** The store never sees the request. */
    static Fault refuse(int status, String code) {
        return (request, exchange) -> exchange.answer(error(status, code));
    }

    /** The store does it, and something else is said. */
    static Fault passAndSay(int status, String code) {
        return (request, exchange) -> {
            exchange.pass(request);
            exchange.answer(error(status, code));
        };
    }

    /** No answer at all while the connection stays open. */
    static Fault stall() {
        return (request, exchange) -> exchange.untilClosed();
    }

    /** An answer whose head never ends, a byte now and then. */
    static Fault trickle() {
        return (request, exchange) -> {
            exchange.answer("HTTP/1.1 200 OK\r\nx-a: ".getBytes(ISO_8859_1));
            while (!exchange.isClosed()) {
                exchange.answer(new byte[] {'a'});
                Thread.sleep(20); // the pace of the fault
            }
        };
    }

    private static byte[] error(int status, String code) {
        byte[] body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>" + code
                        + "</Code><Message>said the test</Message></Error>")
                .getBytes(UTF_8);
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(("HTTP/1.1 " + status + " X\r\nContent-Type: application/xml\r\nContent-Length: "
                        + body.length + "\r\nConnection: close\r\n\r\n")
                .getBytes(ISO_8859_1));
        answer.writeBytes(body);
        return answer.toByteArray();
    }

    private void accept() {
        while (true) {
            try {
                Socket socket = door.accept();
                open.add(socket);
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            Request request = read(socket.getInputStream());
            if (request == null) {
                return;
            }
            seen.add(request.method() + " " + request.target());
            Exchange exchange = new Exchange(socket.getOutputStream());
            for (Rule rule : rules) {
                if (rule.which.test(request) && rule.left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                    rule.hits.incrementAndGet();
                    rule.fault.play(request, exchange);
                    return;
                }
            }
            exchange.answer(exchange.pass(request));
        } catch (IOException | InterruptedException e) {
            // the client went away, or the test is over
        } finally {
            open.remove(socket);
        }
    }

    /** Reads a whole request, and lets the store close the connection behind its answer. */
    private static Request read(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                return null;
            }
            head.write(next);
        }
        String text = head.toString(ISO_8859_1);
        int length = 0;
        StringBuilder passed = new StringBuilder();
        for (String line : text.strip().split("\r\n", -1)) {
            String lower = line.toLowerCase(Locale.ROOT);
            if (lower.startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
            if (!lower.startsWith("connection:")) {
                passed.append(line).append("\r\n");
            }
        }
        byte[] body = in.readNBytes(length);
        String[] first = text.substring(0, text.indexOf("\r\n")).split(" ", -1);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(passed.append("Connection: close\r\n\r\n").toString().getBytes(ISO_8859_1));
        all.writeBytes(body);
        return new Request(first[0], first[1], all.toByteArray());
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "s3-fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        door.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
