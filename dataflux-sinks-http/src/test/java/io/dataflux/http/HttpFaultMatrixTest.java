package io.dataflux.http;

import io.dataflux.spi.Settings;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import io.dataflux.testkit.Fault;
import io.dataflux.testkit.FaultMatrix;
import io.dataflux.testkit.FaultMatrix.Delivery;
import io.dataflux.testkit.FaultMatrix.Ending;
import io.dataflux.testkit.FaultProxy;
import io.dataflux.testkit.FaultTrial;
import io.dataflux.testkit.FaultTrial.Breach;
import io.dataflux.testkit.HttpAnswer;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.TestSettings;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What the HTTP sink promises, under faults of the network and of the server; each guarantee with a control. */
class HttpFaultMatrixTest {

    private static final int AT_A_TIME = 4;
    private static final long CONNECTIONS = 4;
    /** As long as a few attempts to connect. */
    private static final Duration OUTAGE = Duration.ofMillis(300);

    /** The fault passes: a request has many tries, a try has not much time. */
    private static final Map<String, Object> PATIENT = Map.of(
            "body", "ndjson",
            "batch_events", 50L,
            "connections", CONNECTIONS,
            "request_timeout", "1s",
            "delivery_timeout", "60s",
            "retries", 100L,
            "retry_backoff", "10ms",
            "max_retry_backoff", "100ms");

    private static final Map<String, Object> KEY = Map.of();
    private static final Map<String, Object> ORDERED = Map.of("ordered", true);
    private static final Map<String, Object> NO_KEY = Map.of("idempotency_key", false);
    private static final Map<String, Object> NO_RETRIES = Map.of("retries", 0L);
    /** The fault lasts longer than a request is tried. */
    private static final Map<String, Object> IMPATIENT = Map.of("delivery_timeout", "1s", "request_timeout", "500ms");

    private static final Map<String, Object> QUICK = Map.of("request_timeout", "300ms");
    private static final String SWALLOWED = "responses swallowed, 8 connections";

    private interface Weather {
        void begin(FaultTrial trial, FaultProxy proxy, HttpReceiver receiver) throws Exception;
    }

    private record Change(String words, Weather weather) {}

    private static final Change LATENCY =
            new Change("latency", under(Fault.latency(Duration.ofMillis(20)).jitter(Duration.ofMillis(10))));
    private static final Change UNANSWERED = new Change(
            "responses swallowed, 2 connections", under(Fault.swallowResponses().times(2)));
    private static final Change RESET = new Change(
            "reset in a request, 3 times",
            under(Fault.reset().afterRequestBytes(500, 5_000).times(3)));
    private static final Change BUSY = new Change("503, 4 times", answering(4, HttpAnswer.status(503)));

    private static final List<Change> PASSING = List.of(
            LATENCY,
            UNANSWERED,
            RESET,
            BUSY,
            new Change("slices", under(Fault.slice(64))),
            new Change("bandwidth", under(Fault.bandwidth(200_000))),
            new Change(
                    "requests swallowed, 2 connections",
                    under(Fault.swallowRequests().times(2))),
            new Change(
                    "cut in a request, 3 times",
                    under(Fault.cut().afterRequestBytes(500, 5_000).times(3))),
            new Change(
                    "reset in an answer, 3 times",
                    under(Fault.reset().afterResponseBytes(5, 50).times(3))),
            new Change(
                    "half-close in a request",
                    under(Fault.halfClose().afterRequestBytes(500, 5_000).times(2))),
            new Change("reset, refused, healed", (trial, proxy, receiver) -> trial.outage(proxy, OUTAGE)),
            new Change("429, 3 times", answering(3, HttpAnswer.status(429).header("Retry-After", "0"))),
            new Change(
                    "504 of what is stored, 2 times",
                    answering(2, HttpAnswer.status(504).storing())),
            new Change("closed after storing, 3 times", answering(3, HttpAnswer.close())));

    @TestFactory
    List<DynamicTest> cells() throws Exception {
        FaultMatrix matrix = new FaultMatrix("http");
        for (Change change : PASSING) {
            matrix.cell("key", change.words, delivery(true, KEY, change.weather))
                    .allowing(Breach.REORDERED);
        }
        for (Change change : List.of(LATENCY, UNANSWERED, RESET, BUSY)) {
            matrix.cell("key, ordered", change.words, delivery(true, ORDERED, change.weather));
            matrix.cell("no key", change.words, delivery(false, NO_KEY, change.weather))
                    .allowing(Breach.REORDERED, Breach.DUPLICATE);
        }
        ends(matrix);
        controls(matrix);
        return matrix.run(AT_A_TIME);
    }

    private static void ends(FaultMatrix matrix) {
        matrix.cell("no retries", RESET.words, delivery(true, NO_RETRIES, RESET.weather))
                .allowing(Breach.REORDERED)
                .ending(Ending.SOME_UNKNOWN);
        matrix.cell("no retries", BUSY.words, delivery(true, NO_RETRIES, BUSY.weather))
                .allowing(Breach.REORDERED)
                .ending(Ending.SOME_FAILED);
        matrix.cell("key", "responses swallowed for good", delivery(true, IMPATIENT, under(Fault.swallowResponses())))
                .allowing(Breach.REORDERED)
                .ending(Ending.SOME_UNKNOWN);
        matrix.cell(
                        "key",
                        "500 of what is stored",
                        delivery(true, KEY, answering(3, HttpAnswer.status(500).storing())))
                .allowing(Breach.REORDERED)
                .ending(Ending.SOME_UNKNOWN);
        matrix.cell(
                        "key",
                        SWALLOWED,
                        delivery(true, QUICK, under(Fault.swallowResponses().times(8))))
                .allowing(Breach.REORDERED);
        matrix.cell("key", "413", delivery(true, KEY, answering(3, HttpAnswer.status(413))))
                .allowing(Breach.REORDERED)
                .ending(Ending.SOME_FAILED);
    }

    private static void controls(FaultMatrix matrix) {
        matrix.control("no key", UNANSWERED.words, Breach.DUPLICATE, delivery(true, NO_KEY, UNANSWERED.weather));
        matrix.control(
                "server counts twice", UNANSWERED.words, Breach.DUPLICATE, delivery(false, KEY, UNANSWERED.weather));
        matrix.control("not ordered", BUSY.words, Breach.REORDERED, delivery(true, KEY, BUSY.weather));
        matrix.control(
                "orTimeout instead of cancel",
                SWALLOWED,
                Breach.LEAKED,
                delivery(OR_TIMEOUT, true, QUICK, under(Fault.swallowResponses().times(8))));
        matrix.control("no retries", RESET.words, Breach.ENDING, delivery(true, NO_RETRIES, RESET.weather))
                .ending(Ending.ALL_ACKNOWLEDGED);
    }

    /** How many connections are open beyond those that the sink may have, as soon as that is none, or after a while. */
    private static long tooMany(FaultProxy proxy, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        CountDownLatch nothing = new CountDownLatch(1);
        while (proxy.openConnections() > CONNECTIONS && System.nanoTime() < deadline) {
            nothing.await(20, TimeUnit.MILLISECONDS);
        }
        return Math.max(0, proxy.openConnections() - CONNECTIONS);
    }

    private static Weather under(Fault fault) {
        return (trial, proxy, receiver) -> trial.under(proxy, fault);
    }

    /** The next requests are answered like this. */
    private static Weather answering(int requests, HttpAnswer answer) {
        return (trial, proxy, receiver) -> {
            AtomicLong given = new AtomicLong();
            receiver.answering(n -> {
                if (given.getAndIncrement() < requests) {
                    trial.hit(1);
                    return answer;
                }
                return HttpAnswer.ok();
            });
        };
    }

    /** A sink that gives up waiting for an answer, and not the request: its connection stays open. */
    private static final SinkProvider OR_TIMEOUT = new SinkProvider() {
        @Override
        public String type() {
            return "or-timeout";
        }

        @Override
        public SinkConnector configure(Settings settings) {
            return new HttpConnector(new HttpSettingsReader(settings).read(), read -> new Wire(read) {
                @Override
                @SuppressWarnings("FutureReturnValueIgnored") // what comes of it is in the other future
                CompletableFuture<HttpResponse<byte[]>> send(HttpRequest request, Answer answer) {
                    // not a copy: the client's futures pass a cancellation on to what they are copies of
                    CompletableFuture<HttpResponse<byte[]>> alone = new CompletableFuture<>();
                    super.send(request, answer).whenComplete((response, error) -> {
                        if (error == null) {
                            alone.complete(response);
                        } else {
                            alone.completeExceptionally(error);
                        }
                    });
                    return alone;
                }
            });
        }
    };

    private static Delivery delivery(boolean deduplicating, Map<String, Object> mode, Weather weather) {
        return delivery(new HttpSinkProvider(), deduplicating, mode, weather);
    }

    private static Delivery delivery(
            SinkProvider provider, boolean deduplicating, Map<String, Object> mode, Weather weather) {
        return trial -> {
            try (HttpReceiver receiver = HttpReceiver.start();
                    FaultProxy proxy = FaultProxy.to(
                            "127.0.0.1", receiver.port(), trial.lane().tag())) {
                if (deduplicating) {
                    receiver.deduplicating();
                }
                Map<String, Object> settings = new HashMap<>(PATIENT);
                settings.putAll(mode);
                settings.put("url", "http://" + proxy.address() + "/events");
                trial.open(TestSettings.configure(provider, settings));
                trial.write(200);
                trial.flush(); // connections are up
                weather.begin(trial, proxy, receiver);
                trial.write(800);
                trial.flush();
                // those of the control stay open
                trial.leaked(tooMany(proxy, Duration.ofSeconds(provider == OR_TIMEOUT ? 1 : 30)));
                trial.close();
                if (receiver.violations() > 0) {
                    throw new AssertionError(receiver.violations() + " keys came with other bytes");
                }
                trial.stored(receiver.events());
            }
        };
    }
}
