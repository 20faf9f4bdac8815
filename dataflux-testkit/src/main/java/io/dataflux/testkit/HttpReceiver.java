package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongFunction;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * A real HTTP server in this JVM, on a free port of 127.0.0.1, that accepts events and keeps them in memory in the order in which they
 * came. It understands JSON lines, JSON arrays and single events, plain and gzip, by POST and PUT on any path. It recognises requests by
 * their {@code Idempotency-Key}: a key that comes again must carry the same bytes, see {@link #violations}, and with {@link #deduplicating}
 * its events are not stored again. A GET returns the stored events as a JSON array; {@code ?limit=100&offset=0} gives a page, and
 * {@code ?format=ndjson} gives lines.
 *
 * <p>Thread-safe. {@link #answering} makes it fail in the way a test needs.
 *
 * <pre>{@code
 * try (HttpReceiver receiver = HttpReceiver.start().deduplicating()) {
 *     send(receiver.url());
 *     assertThat(receiver.events()).hasSize(1_000);
 * }
 * }</pre>
 */
public final class HttpReceiver implements AutoCloseable {

    static {
        // else an answer with a body waits 40 ms for the client's delayed acknowledgement
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
    }

    private static final String KEY = "Idempotency-Key";
    private static final int MOST_PER_PAGE = 10_000;

    /**
     * A request that came, without its events.
     *
     * @param key its {@code Idempotency-Key}, or {@code null}
     * @param headers by their names in lower case, the first value each
     */
    public record Request(
            String method, String path, @Nullable String key, int events, Map<String, String> headers) {}

    private final HttpServer server;
    private final String scheme;
    private final ExecutorService threads;
    private final List<byte[]> stored = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private final Map<String, byte[]> bodies = new HashMap<>(); // digests by key; order never seen
    private final Set<String> storedKeys = new HashSet<>();
    private final Set<InetSocketAddress> clients = new HashSet<>();
    private LongFunction<HttpAnswer> answers = n -> HttpAnswer.ok();
    private boolean deduplicating;
    private int inFlight;
    private int mostInFlight;
    private long repeats;
    private long violations;
    private volatile boolean closed;

    private HttpReceiver(HttpServer server, String scheme) {
        this.server = server;
        this.scheme = scheme;
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "http-receiver");
            thread.setDaemon(true);
            return thread;
        };
        threads = Executors.newCachedThreadPool(daemons);
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    /** Starts a receiver. */
    public static HttpReceiver start() {
        return startAt(0);
    }

    /** Starts a receiver at a port, such as that of a closed receiver; 0 for any. */
    public static HttpReceiver startAt(int port) {
        try {
            return new HttpReceiver(
                    HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0), "http");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a receiver that speaks TLS. */
    public static HttpReceiver start(SSLContext tls) {
        try {
            HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(tls));
            return new HttpReceiver(server, "https");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where to send events to, such as {@code http://127.0.0.1:43210/events}. */
    public String url() {
        return scheme + "://127.0.0.1:" + port() + "/events";
    }

    public int port() {
        return server.getAddress().getPort();
    }

    /** From now on a request whose key was stored before is answered as before, and not stored again. */
    public synchronized HttpReceiver deduplicating() {
        deduplicating = true;
        return this;
    }

    /**
     * From now on this function answers requests. It gets the number of the request, counted from 0 since the receiver was started, without
     * GETs.
     */
    public synchronized HttpReceiver answering(LongFunction<HttpAnswer> plan) {
        answers = plan;
        return this;
    }

    /** The stored events in the order in which they came. */
    public synchronized List<String> events() {
        return stored.stream().map(event -> new String(event, UTF_8)).toList();
    }

    /** How many events are stored. */
    public synchronized int size() {
        return stored.size();
    }

    /** The requests in the order in which their bodies were complete, without GETs. */
    public synchronized List<Request> requests() {
        return List.copyOf(requests);
    }

    /** How many requests came with a key that had been used before. */
    public synchronized long repeats() {
        return repeats;
    }

    /** How many of the {@link #repeats} did not carry the bytes that came with the key the first time. */
    public synchronized long violations() {
        return violations;
    }

    /** On how many connections a request arrived. */
    public synchronized int connections() {
        return clients.size();
    }

    /** How many requests are being answered now. */
    public synchronized int inFlight() {
        return inFlight;
    }

    /** The highest {@link #inFlight} so far. */
    public synchronized int mostInFlight() {
        return mostInFlight;
    }

    /** Stops at once; connections are closed. */
    @Override
    public void close() {
        closed = true;
        threads.shutdownNow();
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        begin(exchange);
        boolean ended = false;
        try (exchange) {
            if (exchange.getRequestMethod().equals("GET")) {
                page(exchange);
            } else {
                byte[] body = exchange.getRequestBody().readAllBytes();
                HttpAnswer answer = take(exchange, decoded(exchange, body));
                if (!answer.delay.isZero()) {
                    Thread.sleep(answer.delay.toMillis()); // the fault itself
                }
                end(); // before the client can know
                ended = true;
                respond(exchange, answer);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!ended) {
                end();
            }
        }
    }

    private synchronized void begin(HttpExchange exchange) {
        clients.add(exchange.getRemoteAddress());
        inFlight++;
        mostInFlight = Math.max(mostInFlight, inFlight);
    }

    private synchronized void end() {
        inFlight--;
    }

    private synchronized HttpAnswer take(HttpExchange exchange, byte[] body) {
        HttpAnswer answer = answers.apply(requests.size());
        String key = exchange.getRequestHeaders().getFirst(KEY);
        List<byte[]> events = HttpBodies.events(body);
        requests.add(new Request(
                exchange.getRequestMethod(),
                exchange.getRequestURI().toString(),
                key,
                events.size(),
                headers(exchange)));
        if (key != null) {
            byte[] digest = HttpBodies.digest(body);
            byte[] before = bodies.putIfAbsent(key, digest);
            repeats += before == null ? 0 : 1;
            if (before != null && !Arrays.equals(before, digest)) {
                violations++;
                return HttpAnswer.status(422).body("{\"error\":\"this key came with a different body before\"}");
            }
        }
        if (answer.stores && !(deduplicating && key != null && !storedKeys.add(key))) {
            for (int i = 0; i < events.size(); i++) {
                if (!answer.rejected.contains(i)) {
                    stored.add(events.get(i));
                }
            }
        }
        return answer;
    }

    private static Map<String, String> headers(HttpExchange exchange) {
        Map<String, String> headers = new HashMap<>(); // order never seen
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        return Map.copyOf(headers);
    }

    private static byte[] decoded(HttpExchange exchange, byte[] body) throws IOException {
        if (!"gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
            return body;
        }
        try (InputStream plain = new GZIPInputStream(new java.io.ByteArrayInputStream(body))) {
            return plain.readAllBytes();
        }
    }

    private void respond(HttpExchange exchange, HttpAnswer answer) throws IOException, InterruptedException {
        if (answer.ending == HttpAnswer.Ending.CLOSED) {
            return; // closing the exchange closes its connection
        }
        answer.headers.forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = answer.body.getBytes(UTF_8);
        switch (answer.ending) {
            case ENDLESS -> {
                exchange.sendResponseHeaders(answer.status, 0);
                OutputStream out = exchange.getResponseBody();
                while (!closed) {
                    out.write(new byte[8192]);
                }
            }
            case TRICKLE -> {
                exchange.sendResponseHeaders(answer.status, 1_000_000);
                OutputStream out = exchange.getResponseBody();
                while (!closed) {
                    out.write(' ');
                    out.flush();
                    Thread.sleep(answer.pause.toMillis()); // the pace of the fault
                }
            }
            default -> send(exchange, answer.status, body);
        }
    }

    private void page(HttpExchange exchange) throws IOException {
        String query = exchange.getRequestURI().getRawQuery();
        int offset = number(query, "offset", 0);
        int limit = Math.min(MOST_PER_PAGE, number(query, "limit", Integer.MAX_VALUE));
        boolean lines = query != null && query.contains("format=ndjson");
        byte[] body;
        synchronized (this) {
            int from = Math.min(offset, stored.size());
            body = HttpBodies.page(stored.subList(from, (int) Math.min(stored.size(), (long) from + limit)), lines);
        }
        exchange.getResponseHeaders().set("Content-Type", lines ? "application/x-ndjson" : "application/json");
        send(exchange, 200, body);
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    private static int number(@Nullable String query, String name, int otherwise) {
        if (query != null) {
            for (String part : query.split("&", -1)) {
                if (part.startsWith(name + "=")) {
                    return Integer.parseInt(part.substring(name.length() + 1));
                }
            }
        }
        return otherwise;
    }
}
