package io.dataflux.monitor;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may see what. A request must name this server by an address, as {@code localhost} or by a configured name, so that no foreign name can
 * be made to point here; it must not come from another site's page; and what is about events needs the token. Immutable.
 */
final class Access {

    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-fA-F:.]+]");
    private static final Pattern LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

    /** The shortest token; a fresh one is longer. */
    static final int SHORTEST_TOKEN = 16;

    private final Set<String> hosts;
    private final String token;
    private final boolean given;

    /**
     * @param hosts names, besides {@code localhost}, under which the server is reached
     * @param token null for a fresh one
     */
    Access(List<String> hosts, @Nullable String token) {
        this.hosts = Set.copyOf(
                hosts.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList());
        given = token != null;
        this.token = token == null ? fresh() : token;
    }

    private static String fresh() {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }

    String token() {
        return token;
    }

    /** Why a request is refused whatever it asks for; null if it is not. */
    @Nullable
    String refusal(HttpExchange exchange) {
        Headers headers = exchange.getRequestHeaders();
        List<String> host = headers.getOrDefault("Host", List.of());
        if (host.size() != 1 || !known(host.get(0))) {
            return "this host name is not known here; use the address, or name it in the setting hosts";
        }
        String origin = headers.getFirst("Origin");
        if (origin != null && !origin.equalsIgnoreCase("http://" + host.get(0))) {
            return "requests from pages of other sites are refused";
        }
        String site = headers.getFirst("Sec-Fetch-Site");
        String mode = headers.getFirst("Sec-Fetch-Mode");
        boolean link = "navigate".equals(mode);
        if (site != null && !site.equals("same-origin") && !site.equals("none") && !link) {
            return "requests from pages of other sites are refused";
        }
        return null;
    }

    private boolean known(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = colon > hostAndPort.lastIndexOf(']') ? hostAndPort.substring(0, colon) : hostAndPort;
        String name = host.toLowerCase(Locale.ROOT);
        return name.equals("localhost") || ADDRESS.matcher(name).matches() || hosts.contains(name);
    }

    /** Whether the request has the token. */
    boolean hasToken(HttpExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        return given != null
                && MessageDigest.isEqual(
                        given.getBytes(StandardCharsets.UTF_8), ("Bearer " + token).getBytes(StandardCharsets.UTF_8));
    }

    /** Whether figures, which say nothing about single events, need the token as well: if somebody chose one. */
    boolean figuresNeedToken() {
        return given;
    }

    /** The address that a text stands for without asking a name server: {@code localhost} or an address; null for others. */
    static @Nullable InetAddress literal(String text) {
        try {
            return text.equals("localhost")
                    ? InetAddress.getLoopbackAddress()
                    : LITERAL.matcher(text).matches() ? InetAddress.getByName(text) : null;
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** An address as it stands in a URL. */
    static String inUrl(InetAddress address) {
        InetAddress reached = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
        return reached instanceof Inet6Address ? "[" + reached.getHostAddress() + "]" : reached.getHostAddress();
    }
}
