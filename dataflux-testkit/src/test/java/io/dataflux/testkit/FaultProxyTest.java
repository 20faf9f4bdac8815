package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.testkit.FaultProxy.Hits;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FaultProxyTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Hits NONE = new Hits(0, 0, 0);

    private EchoServer server;
    private FaultProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new EchoServer();
        proxy = FaultProxy.to("127.0.0.1", server.port(), 7);
    }

    @AfterEach
    void stop() throws IOException {
        proxy.close();
        server.close();
    }

    @Test
    void withoutFaultsEveryByteArrivesAndNothingIsCounted() throws Exception {
        byte[] much = new byte[1_000_000];
        IntStream.range(0, much.length).forEach(i -> much[i] = (byte) (i * 31 >>> 3));
        Fault elsewhere = Fault.reset().onConnection(5);
        proxy.on(elsewhere);
        try (Socket client = connect()) {
            Thread sender = new Thread(() -> {
                try {
                    client.getOutputStream().write(much);
                    client.shutdownOutput();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            sender.start();

            assertThat(client.getInputStream().readAllBytes()).isEqualTo(much);
            sender.join();
        }
        assertThat(server.received()).isEqualTo(much.length);
        assertThat(proxy.connections()).isEqualTo(1);
        assertThat(proxy.hits(elsewhere)).isEqualTo(NONE);
    }

    @Test
    void latencyHoldsEachPieceAndJitterAddsToIt() throws Exception {
        Fault latency = Fault.latency(Duration.ofMillis(40)).jitter(Duration.ofMillis(10));
        try (Socket client = connect()) {
            assertThat(ask(client, "hello")).isEqualTo("hello");
            proxy.on(latency);

            long start = System.nanoTime();
            assertThat(ask(client, "hello")).isEqualTo("hello");
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(80), LONG);
            assertThat(proxy.hits(latency)).isEqualTo(new Hits(1, 1, 10));

            proxy.off(latency);
            ask(client, "hello");
            assertThat(proxy.hits(latency)).isEqualTo(new Hits(1, 1, 10));
        }
    }

    @Test
    void aWaitEndsWhenTheFaultIsSwitchedOff() throws Exception {
        Fault forever = Fault.latency(Duration.ofHours(1)).responsesOnly();
        proxy.on(forever);
        try (Socket client = connect()) {
            send(client, "hello");
            proxy.awaitInFlight(forever, LONG);
            proxy.heal();

            assertThat(receive(client, 5)).isEqualTo("hello");
        }
    }

    @Test
    void bandwidthLimitsBytesPerSecond() throws Exception {
        Fault narrow = Fault.bandwidth(100_000).responsesOnly();
        String text = "x".repeat(10_000);
        try (Socket client = connect()) {
            proxy.on(narrow);
            long start = System.nanoTime();

            assertThat(ask(client, text)).isEqualTo(text);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(90), LONG);
            assertThat(proxy.hits(narrow)).isEqualTo(new Hits(1, 1, 10_000));
        }
    }

    @Test
    void slicesChangeNoByte() throws Exception {
        Fault slices = Fault.slice(3);
        proxy.on(slices, Fault.latency(Duration.ofMillis(20)).requestsOnly());
        try (Socket client = connect()) {
            assertThat(ask(client, "hello world")).isEqualTo("hello world");
        }
        assertThat(server.reads()).as("reads of the server").isGreaterThan(1);
        assertThat(proxy.hits(slices)).isEqualTo(new Hits(1, 1, 22));
    }

    @Test
    void swallowedResponsesWereServedAndTheConnectionIsUselessAfterwards() throws Exception {
        Fault swallow = Fault.swallowResponses().afterResponseBytes(5);
        proxy.on(swallow);
        try (Socket client = connect()) {
            assertThat(ask(client, "first")).isEqualTo("first");
            send(client, "second");
            assertThat(proxy.awaitInFlight(swallow, LONG)).isEqualTo(new Hits(1, 1, 6));
            assertSilent(client);
            assertThat(server.received()).isEqualTo(11);

            proxy.heal();
            assertThatThrownBy(() -> receive(client, 1)).isInstanceOf(SocketException.class);
        }
        try (Socket client = connect()) {
            assertThat(ask(client, "third")).isEqualTo("third");
        }
    }

    @Test
    void swallowedRequestsNeverReachTheServer() throws Exception {
        Fault swallow = Fault.swallowRequests().onConnection(1);
        proxy.on(swallow);
        try (Socket spared = connect()) {
            assertThat(ask(spared, "hello")).isEqualTo("hello");
        }
        try (Socket client = connect()) {
            send(client, "hello");
            assertThat(proxy.awaitInFlight(swallow, LONG)).isEqualTo(new Hits(1, 1, 5));
            assertSilent(client);
        }
        assertThat(server.received()).isEqualTo(5);
    }

    @Test
    void aCutPassesExactlyTheBytesBeforeIt() throws Exception {
        server.mute();
        Fault cut = Fault.cut().afterRequestBytes(1_234);
        proxy.on(cut);
        try (Socket client = connect()) {
            send(client, "x".repeat(5_000));

            assertThat(endOf(client)).isIn("end", "reset");
            server.awaitEnds(1);
            assertThat(server.received()).isEqualTo(1_234);
            assertThat(proxy.hits(cut)).isEqualTo(new Hits(1, 1, 0));
        }
    }

    @Test
    void aCutInTheMiddleOfAResponseMeetsWorkInFlightAndOneAtItsEndDoesNot() throws Exception {
        Fault middle = Fault.cut().afterResponseBytes(3).onConnection(0);
        Fault end = Fault.cut().afterResponseBytes(5).onConnection(1);
        proxy.on(middle, end);
        for (String expected : List.of("hel", "hello")) {
            try (Socket client = connect()) {
                send(client, "hello");
                assertThat(new String(client.getInputStream().readAllBytes(), UTF_8))
                        .isEqualTo(expected);
            }
        }
        assertThat(proxy.hits(middle)).isEqualTo(new Hits(1, 1, 0));
        assertThat(proxy.hits(end)).isEqualTo(new Hits(1, 0, 0));
    }

    @Test
    void aResetIsSeenAsOneByBothSides() throws Exception {
        server.mute();
        try (Socket client = connect()) {
            send(client, "hello");
            server.awaitReceived(5);

            assertThat(proxy.reset()).isEqualTo(new Hits(1, 1, 0));
            assertThat(endOf(client)).isEqualTo("reset");
            server.awaitEnds(1);
            assertThat(server.resets()).isEqualTo(1);
        }
    }

    @Test
    void endingAnIdleConnectionMeetsNoWork() throws Exception {
        try (Socket asked = connect();
                Socket silent = connect()) {
            ask(asked, "hello");
            ask(silent, "");
            while (proxy.connections() < 2) {
                Thread.onSpinWait();
            }
            ask(silent, "x");

            assertThat(proxy.cut()).isEqualTo(new Hits(2, 0, 0));
            assertThat(endOf(asked)).isEqualTo("end");
        }
    }

    @Test
    void afterAHalfCloseTheServerStillHearsTheClient() throws Exception {
        Fault half = Fault.halfClose().afterRequestBytes(5);
        server.mute();
        proxy.on(half);
        try (Socket client = connect()) {
            send(client, "hello");
            assertThat(endOf(client)).isEqualTo("end");
            send(client, "world");
            server.awaitReceived(10);
            assertThat(proxy.hits(half)).isEqualTo(new Hits(1, 1, 0));
        }
    }

    @Test
    void refusedMeansThatNobodyListensUntilItIsHealed() throws Exception {
        try (Socket client = connect()) {
            ask(client, "hello");
            proxy.refuse();
            proxy.refuse();

            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
            assertThat(ask(client, "still")).isEqualTo("still");

            assertThat(proxy.down().connections()).isEqualTo(1);
            assertThat(endOf(client)).isEqualTo("reset");
        }
        proxy.heal().heal();
        try (Socket client = connect()) {
            assertThat(ask(client, "again")).isEqualTo("again");
        }
    }

    @Test
    void aServerThatIsAwayResetsTheClientAndMayComeLater() throws Exception {
        int port = server.port();
        server.close();
        try (Socket client = connect()) {
            assertThat(endOf(client)).isEqualTo("reset");
        }
        server = new EchoServer(port);
        try (Socket client = connect()) {
            assertThat(ask(client, "hello")).isEqualTo("hello");
        }
    }

    @Test
    void whichConnectionsAreHitIsDrawnFromTheSeedAndLimitedByTimes() throws Exception {
        List<List<Integer>> hit = new ArrayList<>();
        for (long seed : new long[] {1, 1, 2}) {
            try (FaultProxy drawn = FaultProxy.to("127.0.0.1", server.port(), seed)) {
                drawn.on(Fault.reset().chance(0.5).afterRequestBytes(1, 5));
                hit.add(hits(drawn, 20));
            }
        }
        assertThat(hit.get(0)).hasSizeBetween(3, 17).isEqualTo(hit.get(1)).isNotEqualTo(hit.get(2));

        proxy.on(Fault.cut().onConnections(3, 9).times(2).afterRequestBytes(1));
        assertThat(hits(proxy, 12)).containsExactly(3, 4);
    }

    @Test
    void closingEndsConnectionsAndThreads() throws Exception {
        proxy.on(Fault.latency(Duration.ofHours(1)));
        try (Socket client = connect()) {
            send(client, "hello");
            while (proxyThreads() < 3) {
                Thread.onSpinWait();
            }
            proxy.close();

            assertThat(endOf(client)).isIn("end", "reset");
            assertThat(proxyThreads()).isZero();
            assertThatThrownBy(this::connect).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void aFaultThatDidNotHappenIsSaid() {
        Fault cut = Fault.cut().afterRequestBytes(10, 20).onConnection(2).times(1);

        assertThatThrownBy(() -> proxy.on(cut).awaitInFlight(cut, Duration.ofMillis(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith(
                        "'cut after 10 to 19 request bytes on connection 2 once' met no work in flight");
        assertThat(Fault.latency(Duration.ofMillis(5))
                        .jitter(Duration.ofMillis(2))
                        .requestsOnly())
                .hasToString("latency 5 ms to 7 ms of requests");
        assertThatThrownBy(() -> Fault.cut().responsesOnly()).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Fault.cut().jitter(LONG)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> Fault.slice(0)).isInstanceOf(IllegalArgumentException.class);
    }

    private long proxyThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("fault-proxy-" + proxy.port() + "-"))
                .count();
    }

    /** The numbers of the connections that answer nothing, one after the other. */
    private List<Integer> hits(FaultProxy through, int connections) throws IOException {
        List<Integer> hit = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            try (Socket client = new Socket(InetAddress.getLoopbackAddress(), through.port())) {
                client.setSoTimeout((int) LONG.toMillis());
                send(client, "hello");
                byte[] answer = client.getInputStream().readNBytes(5);
                if (answer.length < 5) {
                    hit.add(i);
                }
            } catch (SocketException e) {
                hit.add(i);
            }
        }
        return hit;
    }

    private Socket connect() throws IOException {
        Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
        client.setSoTimeout((int) LONG.toMillis());
        return client;
    }

    private static String ask(Socket client, String text) throws IOException {
        send(client, text);
        return receive(client, text.length());
    }

    private static void send(Socket client, String text) throws IOException {
        client.getOutputStream().write(text.getBytes(UTF_8));
    }

    private static String receive(Socket client, int bytes) throws IOException {
        return new String(client.getInputStream().readNBytes(bytes), UTF_8);
    }

    private static void assertSilent(Socket client) throws IOException {
        client.setSoTimeout(50);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        client.setSoTimeout((int) LONG.toMillis());
    }

    private static String endOf(Socket client) throws IOException {
        try {
            return client.getInputStream().read() < 0 ? "end" : "a byte";
        } catch (SocketException e) {
            return Arrays.asList("Connection reset", "Broken pipe").contains(e.getMessage()) ? "reset" : e.toString();
        }
    }
}
