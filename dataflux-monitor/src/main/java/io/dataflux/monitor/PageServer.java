package io.dataflux.monitor;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.dataflux.monitor.TargetWatch.SinkGroup;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP side: the page, its updates as server-sent events, metrics, and whether the process lives. Every answer is small but for
 * the updates of the pages that are open, of which there are few. What changes a run is a POST with the token. Thread-safe.
 */
final class PageServer {

    private static final Logger LOG = LoggerFactory.getLogger(PageServer.class);

    /** So many pages can be open at a time. */
    static final int MOST_PAGES = 16;
    /** Besides those, so many requests are answered at a time. */
    private static final int MOST_OTHERS = 8;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final String JSON = "application/json; charset=utf-8";
    private static final String EVENTS = "text/event-stream; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** Path to resource and type. */
    private static final Map<String, String[]> FILES = new TreeMap<>(Map.of(
            "/", new String[] {"page.html", "text/html; charset=utf-8"},
            "/page.css", new String[] {"page.css", "text/css; charset=utf-8"},
            "/page.js", new String[] {"page.js", "text/javascript; charset=utf-8"},
            "/icon.svg", new String[] {"icon.svg", "image/svg+xml"},
            "/uplot.css", new String[] {"uplot/dist/uPlot.min.css", "text/css; charset=utf-8"},
            "/uplot.js", new String[] {"uplot/dist/uPlot.iife.min.js", "text/javascript; charset=utf-8"}));

    /** What the server shows. */
    interface Content {

        /** The runs, the newest last. */
        ArrayNode runs();

        /** All about a run; null if there is no such run. */
        @Nullable
        ObjectNode whole(String tag);

        /** Whether a run goes on. */
        boolean ready();

        /** Does something to a run, see {@link RunControl}. */
        ControlAnswer control(String tag, String action, byte[] body);
    }

    /** What came of it: a status of HTTP, and the state of the run as JSON or a sentence. */
    record ControlAnswer(int status, String text) {}

    /** {@code /api/runs/TAG/ACTION} */
    private static final Pattern CONTROL = Pattern.compile("/api/runs/([^/]{1,40})/([^/]{0,40})/?");

    private static final int LONGEST_BODY = 1_000;

    private final HttpServer server;
    private final Access access;
    private final Content content;
    private final Workers workers = new Workers(MOST_PAGES + MOST_OTHERS, PATIENCE_NANOS);
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final RunMetrics metrics;
    private final MultiGauge groups = MultiGauge.builder("dataflux.group.lag")
            .description("Records that a group of readers has still to read")
            .register(registry);
    private final Map<String, byte[]> files = new TreeMap<>();
    /** The pages that are open, each with its run. */
    private final Map<Updates, String> pages = new ConcurrentHashMap<>();

    /** How many requests that change something are being answered. */
    private int changing;

    private volatile boolean closed;

    /** @throws IOException with a message for people if the port cannot be had */
    PageServer(InetAddress address, int port, Access access, RunMetrics metrics, Content content) throws IOException {
        this.access = access;
        this.metrics = metrics;
        this.content = content;
        for (Map.Entry<String, String[]> file : FILES.entrySet()) {
            try (InputStream in = PageServer.class.getResourceAsStream(file.getValue()[0])) {
                files.put(
                        file.getKey(), Objects.requireNonNull(in, file.getKey()).readAllBytes());
            }
        }
        try {
            server = HttpServer.create(new InetSocketAddress(address, port), 0);
        } catch (BindException e) {
            throw new IOException(
                    "port " + port + " of " + address.getHostAddress() + " cannot be used (" + e.getMessage()
                            + "); choose another port, or 0 for any that is free",
                    e);
        }
        metrics.bindTo(registry);
        server.setExecutor(workers);
        server.createContext("/", this::handle);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    /** Tells the pages that show a run, or all pages, what is new. */
    void tell(@Nullable String run, String kind, ObjectNode news) {
        byte[] event = event(kind, news);
        pages.forEach((page, its) -> {
            if (run == null || its.equals(run)) {
                page.add(event);
            }
        });
    }

    /** Tells how far groups of readers are behind, by the tags of the runs. */
    synchronized void groups(Map<String, List<SinkGroup>> byRun) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        byRun.forEach((run, its) -> its.forEach(one -> rows.add(MultiGauge.Row.of(
                Tags.of(
                        "run",
                        run,
                        "sink",
                        one.sink(),
                        "group",
                        one.group().name(),
                        "log",
                        one.group().log()),
                one.group().lag()))));
        groups.register(rows, true);
    }

    /** Is called each second. */
    void watch() {
        workers.watch();
    }

    /** How many pages are open. */
    int openPages() {
        return pages.size();
    }

    /** Sends what is left to send, for two seconds at most, and closes all connections. */
    void close() {
        closed = true;
        pages.keySet().forEach(Updates::close);
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
        synchronized (pages) {
            for (long left = deadline - System.nanoTime();
                    (!pages.isEmpty() || changing > 0) && left > 0;
                    left = deadline - System.nanoTime()) {
                try {
                    TimeUnit.NANOSECONDS.timedWait(pages, left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
        }
        server.stop(0);
        workers.close();
        registry.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        workers.rests(); // the request has been read
        boolean changes = exchange.getRequestMethod().equals("POST");
        changing(changes ? 1 : 0);
        try {
            route(exchange);
        } catch (RuntimeException e) {
            LOG.warn("a request could not be answered", e);
        } finally {
            workers.waits();
            exchange.close();
            changing(changes ? -1 : 0);
        }
    }

    /** Whoever stops a run gets the answer, although the server closes with the run. */
    private void changing(int more) {
        synchronized (pages) {
            changing += more;
            pages.notifyAll();
        }
    }

    private void route(HttpExchange exchange) throws IOException {
        headers(exchange.getResponseHeaders());
        String refusal = access.refusal(exchange);
        String path = exchange.getRequestURI().getPath();
        Matcher control = CONTROL.matcher(path);
        if (refusal != null) {
            answer(exchange, 403, TEXT, refusal);
        } else if (control.matches()) {
            guarded(exchange, false, () -> control(exchange, control.group(1), control.group(2)));
        } else if (!exchange.getRequestMethod().equals("GET")
                && !exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            answer(exchange, 405, TEXT, "only GET and HEAD are answered");
        } else if (files.containsKey(path)) {
            answer(exchange, 200, Objects.requireNonNull(FILES.get(path))[1], Objects.requireNonNull(files.get(path)));
        } else if (path.equals("/health/live")) {
            answer(exchange, 200, TEXT, "alive");
        } else if (path.equals("/health/ready")) {
            boolean ready = content.ready();
            answer(exchange, ready ? 200 : 503, TEXT, ready ? "a run goes on" : "no run goes on");
        } else if (path.equals("/metrics")) {
            guarded(exchange, !access.figuresNeedToken(), () -> metrics(exchange));
        } else if (path.equals("/api/runs")) {
            guarded(
                    exchange,
                    false,
                    () -> answer(exchange, 200, JSON, content.runs().toString()));
        } else if (path.equals("/api/updates")) {
            guarded(exchange, false, () -> updates(exchange));
        } else {
            answer(exchange, 404, TEXT, "there is nothing here");
        }
    }

    private interface Answer {
        void give() throws IOException;
    }

    private void guarded(HttpExchange exchange, boolean open, Answer answer) throws IOException {
        if (open || access.hasToken(exchange)) {
            answer.give();
        } else {
            exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
            answer(exchange, 401, TEXT, "this needs the token; open the page by the whole address that was printed");
        }
    }

    private void control(HttpExchange exchange, String tag, String action) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            exchange.getResponseHeaders().set("Allow", "POST");
            answer(exchange, 405, TEXT, "this changes a run, which needs POST");
            return;
        }
        workers.waits();
        byte[] body = exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
        workers.rests();
        if (body.length > LONGEST_BODY) {
            answer(exchange, 413, TEXT, "at most " + LONGEST_BODY + " bytes are read");
            return;
        }
        ControlAnswer answer = content.control(tag, action, body);
        answer(exchange, answer.status, answer.status == 200 ? JSON : TEXT, answer.text);
    }

    private void metrics(HttpExchange exchange) throws IOException {
        metrics.refresh();
        answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", registry.scrape());
    }

    /** Sends updates as long as the page is open, on this thread. */
    private void updates(HttpExchange exchange) throws IOException {
        String wanted = query(exchange).getOrDefault("run", "");
        String tag = wanted.isEmpty() ? newest() : wanted;
        if (!tag.isEmpty() && content.whole(tag) == null) {
            answer(exchange, 404, TEXT, "there is no such run");
            return;
        }
        if (exchange.getRequestMethod().equals("HEAD")) {
            answer(exchange, 200, EVENTS, "");
            return;
        }
        Updates page = new Updates();
        page.begin();
        synchronized (pages) {
            if (closed || pages.size() >= MOST_PAGES) {
                exchange.getResponseHeaders().set("Retry-After", "5");
                answer(exchange, 503, TEXT, MOST_PAGES + " pages are open already; close one");
                return;
            }
            pages.put(page, tag);
        }
        try {
            exchange.getResponseHeaders().set("Content-Type", EVENTS);
            exchange.sendResponseHeaders(200, 0);
            OutputStream out = exchange.getResponseBody();
            send(out, ":\n".getBytes(StandardCharsets.UTF_8)); // headers wait for the first bytes
            while (true) {
                byte[] news = page.next();
                if (news != null && news.length == 0) {
                    break;
                }
                send(out, news == null ? everything(tag) : news);
            }
        } catch (IOException | InterruptedException e) { // the page was closed, or is not read
            LOG.debug("a page has gone", e);
        } finally {
            synchronized (pages) {
                pages.remove(page);
                pages.notifyAll();
            }
        }
    }

    private void send(OutputStream out, byte[] event) throws IOException {
        workers.waits();
        out.write(event);
        out.flush();
        workers.rests();
    }

    private byte[] everything(String tag) {
        ObjectNode whole = tag.isEmpty() ? null : content.whole(tag);
        ObjectNode node = whole == null ? JsonNodeFactory.instance.objectNode() : whole;
        node.set("runs", content.runs());
        return event("whole", node);
    }

    private String newest() {
        ArrayNode runs = content.runs();
        return runs.isEmpty() ? "" : runs.get(runs.size() - 1).get("run").asText();
    }

    private static byte[] event(String kind, ObjectNode data) {
        return ("event: " + kind + "\ndata: " + data + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(HttpExchange exchange) {
        Map<String, String> values = new TreeMap<>();
        String query = exchange.getRequestURI().getRawQuery();
        for (String pair : query == null ? new String[0] : query.split("&", -1)) {
            int at = pair.indexOf('=');
            if (at > 0) {
                values.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), StandardCharsets.UTF_8));
            }
        }
        return values;
    }

    /** Nothing but this server's own files may run or be loaded on the page, and nobody may keep or embed it. */
    private static void headers(Headers headers) {
        headers.set(
                "Content-Security-Policy",
                "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none';"
                        + " form-action 'none'; frame-ancestors 'none'");
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("X-Frame-Options", "DENY");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Cross-Origin-Opener-Policy", "same-origin");
        headers.set("Cache-Control", "no-store");
    }

    private void answer(HttpExchange exchange, int status, String type, String text) throws IOException {
        answer(exchange, status, type, text.getBytes(StandardCharsets.UTF_8));
    }

    private void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        workers.waits();
        exchange.getResponseHeaders().set("Content-Type", type);
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, head || body.length == 0 ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
        workers.rests();
    }
}
