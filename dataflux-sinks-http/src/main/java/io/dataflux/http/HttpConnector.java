package io.dataflux.http;

import io.dataflux.DeliveryException;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Resume;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** An endpoint that a run sends to: contacted once before the start, then one client for all lanes. */
final class HttpConnector implements SinkConnector {

    private final HttpSettings settings;
    private final Function<HttpSettings, Wire> wires;
    private @Nullable Wire wire;
    private int lanes;

    HttpConnector(HttpSettings settings) {
        this(settings, Wire::new);
    }

    /** @param wires how to make what the lanes share */
    HttpConnector(HttpSettings settings, Function<HttpSettings, Wire> wires) {
        this.settings = settings;
        this.wires = wires;
    }

    /** Connects once, with the TLS handshake if there is one, so that a wrong address or certificate is reported before the run starts. */
    @Override
    public void prepare(LaneContext run) throws InterruptedException {
        URI url = settings.target().url();
        boolean secure = isSecure(url);
        int port = url.getPort() > 0 ? url.getPort() : secure ? 443 : 80;
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        int timeout = (int) settings.target().connectTimeout().toMillis();
        try (SocketChannel channel =
                        SocketChannel.open(); // whose socket, unlike others, ends its waiting when interrupted
                Socket socket = channel.socket()) {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw unreachable("unknown host", null);
            }
            socket.connect(address, timeout);
            if (secure) {
                socket.setSoTimeout(timeout);
                handshake(socket, host, port);
            }
        } catch (IOException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("interrupted while connecting to " + settings.target());
            }
            throw refusal(e);
        }
    }

    private DeliveryException refusal(IOException e) {
        if (e instanceof SSLException tls) {
            return new DeliveryException(settings.target() + ": " + Words.tls(tls), e);
        }
        return e instanceof SocketTimeoutException
                ? unreachable(
                        "no answer within " + Words.span(settings.target().connectTimeout()) + " (connect_timeout)", e)
                : unreachable(Words.of(e), e);
    }

    private void handshake(Socket socket, String host, int port) throws IOException {
        Tls tls = settings.tls();
        try (SSLSocket secured = (SSLSocket) (tls == null ? SSLContext.getDefault() : tls.context())
                .getSocketFactory()
                .createSocket(socket, host, port, true)) {
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
        } catch (NoSuchAlgorithmException e) {
            throw new DeliveryException("cannot set up TLS: " + e.getMessage(), e);
        }
    }

    private DeliveryException unreachable(String why, @Nullable Exception cause) {
        return new DeliveryException(
                settings.target() + " cannot be reached: " + why
                        + "; check that the server is running and that url is the address by which this machine reaches it",
                cause);
    }

    static boolean isSecure(URI url) {
        return "https".equals(url.getScheme().toLowerCase(Locale.ROOT));
    }

    @Override
    public synchronized Sink open(LaneContext lane) {
        Wire shared = wire;
        if (shared == null) {
            shared = wires.apply(settings);
            wire = shared;
        }
        lanes++;
        return new HttpLane(settings, lane, shared, this::closed);
    }

    private synchronized void closed() {
        lanes--;
        if (lanes == 0 && wire != null) {
            wire.close();
            wire = null;
        }
    }

    @Override
    public int openEvents() {
        return HttpLane.OPEN_EVENTS;
    }

    @Override
    public Optional<ReadBack> readBack() {
        return Optional.ofNullable(settings.read()).map(read -> new Stored(settings, read));
    }

    @Override
    public Resume resume() {
        return new ByKeys(settings);
    }

    /** What the target answers when it is asked; it counts its events. */
    private record Stored(HttpSettings settings, HttpSettings.Reading read) implements ReadBack {
        @Override
        public SinkReader reader(LaneContext run, String position) {
            return new HttpReader(settings, read, position.isEmpty() ? 0 : Long.parseLong(position));
        }

        @Override
        public String position(LaneContext run) throws Exception {
            try (HttpReader reader = new HttpReader(settings, read, 0)) {
                return Long.toString(reader.count());
            }
        }

        @Override
        public boolean ordered() {
            return settings.batching().ordered();
        }
    }

    /** It is up to the target to drop repeated keys; without keys it cannot. */
    private record ByKeys(HttpSettings settings) implements Resume {
        @Override
        public DeliveryUnit unit() {
            return settings.batching().unit();
        }

        /** One key always carries the same bytes: what they depend on must not change. */
        @Override
        public String destination() {
            HttpSettings.Batching batching = settings.batching();
            return settings.target().method() + " "
                    + settings.target().address().recorded() + " as "
                    + batching.body().word() + (batching.gzip() ? ", gzip" : "")
                    + (settings.keyHeader().isEmpty() ? ", without keys" : "")
                    + (batching.body() == Body.SINGLE
                            ? ""
                            : ", " + batching.events() + " events and " + batching.bytes() + " bytes");
        }

        @Override
        public boolean exactlyOnce() {
            return !settings.keyHeader().isEmpty();
        }

        @Override
        public String provided() {
            return "if the target drops requests whose " + settings.keyHeader() + " it has seen";
        }
    }
}
