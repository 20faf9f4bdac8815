package io.dataflux.http;

import io.dataflux.http.HttpSettings.Address;
import io.dataflux.http.HttpSettings.Batching;
import io.dataflux.http.HttpSettings.Header;
import io.dataflux.http.HttpSettings.Reading;
import io.dataflux.http.HttpSettings.Target;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Settings.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the settings of one HTTP sink; mistakes become problems. Used once, by one thread. */
final class HttpSettingsReader {

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration TENTH = Duration.ofMillis(100);
    private static final long MIB = 1 << 20;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Set<String> OWN = Set.of(
            "connection", "content-encoding", "content-length", "expect", "host", "transfer-encoding", "upgrade");
    /** A host, behind a user if any, with an underscore. */
    private static final Pattern UNDERSCORE = Pattern.compile("^\\s*\\w+://([^/?#]*@)?+[^/?#:@]*_");

    private static final URI NOWHERE = URI.create("http://localhost/");

    private final Settings settings;

    HttpSettingsReader(Settings settings) {
        this.settings = settings;
    }

    HttpSettings read() {
        URI url = url(settings, settings.text("url"));
        String method = settings.oneOf("method", "POST", "POST", "PUT");
        Duration connect = settings.duration("connect_timeout", HttpSettings.CONNECT, TENTH, HOUR);
        int connections = (int) settings.integer("connections", HttpSettings.CONNECTIONS, 1, 10_000);
        Batching batching = batching();
        String keyHeader = keyHeader();
        List<Header> headers = headers(keyHeader);
        Tls tls = tls(url);
        return new HttpSettings(
                new Target(new Address(url, settings.fromEnvironment("url")), method, headers, connect),
                connections,
                tls,
                batching,
                keyHeader,
                rejected(),
                rules(),
                (int) settings.bytes("max_response_bytes", HttpSettings.MAX_RESPONSE_BYTES, 1024, 64 * MIB),
                reading());
    }

    private static URI url(Settings in, String text) {
        if (text.isEmpty()) {
            return NOWHERE; // noted as missing
        }
        String allowed = "; write http://host:port/path or https://...";
        try {
            URI url = new URI(text.strip());
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if (!scheme.equals("http") && !scheme.equals("https") || url.getHost() == null || url.getPort() > 65_535) {
                in.problem(
                        "url",
                        url.getHost() == null && UNDERSCORE.matcher(text).find()
                                ? "has a host with an underscore, which no name of a host may contain; write its address or another"
                                        + " name of it (a container can have an alias without one)"
                                : "is not the address of a web server" + allowed);
            } else if (url.getUserInfo() != null) {
                in.problem(
                        "url",
                        "contains a user or password; put them in auth: {basic: {username: ..., password: ...}}");
            } else if (url.getFragment() != null) {
                in.problem("url", "has a fragment (#...), which is never sent; leave it out");
            } else {
                return url;
            }
        } catch (URISyntaxException e) {
            in.problem("url", "is not a URL: " + e.getReason() + allowed);
        }
        return NOWHERE;
    }

    private Batching batching() {
        Body body = Body.of(settings.oneOf("body", Body.SINGLE.word(), Body.words()));
        boolean single = body == Body.SINGLE;
        boolean gzip = settings.oneOf("compression", "none", "none", "gzip").equals("gzip");
        int events = (int) settings.integer("batch_events", single ? 1 : HttpSettings.BATCH_EVENTS, 1, 100_000);
        if (single && events > 1) {
            settings.problem(
                    "batch_events", "a request with body: single holds one event; set body: ndjson or json_array");
            events = 1;
        }
        Duration interval =
                settings.duration("batch_interval", HttpSettings.BATCHING.interval(), Duration.ofMillis(10), HOUR);
        if (single && settings.has("batch_interval")) {
            settings.problem(
                    "batch_interval", "a request with body: single does not wait; leave it out, or set body: ndjson");
        }
        return new Batching(
                body,
                gzip,
                events,
                settings.bytes("batch_bytes", HttpSettings.BATCHING.bytes(), 1024, 256 * MIB),
                interval,
                settings.bool("ordered", false));
    }

    private String keyHeader() {
        boolean wanted = settings.bool("idempotency_key", true);
        String name = settings.text("idempotency_header", HttpSettings.KEY_HEADER);
        if (!wanted && settings.has("idempotency_header")) {
            settings.problem(
                    "idempotency_header",
                    "names the header that idempotency_key: false leaves out; remove one of them");
        }
        if (!TOKEN.matcher(name).matches() || OWN.contains(lower(name))) {
            settings.problem("idempotency_header", "'" + name + "' cannot be the name of this header");
            return HttpSettings.KEY_HEADER;
        }
        return wanted ? name : "";
    }

    private List<Header> headers(String keyHeader) {
        List<Header> headers = new ArrayList<>();
        settings.textMap("headers").forEach((name, value) -> {
            if (!TOKEN.matcher(name).matches()) {
                settings.problem("headers", "'" + name + "' is not a header name; use letters, digits and hyphens");
            } else if (OWN.contains(lower(name)) || name.equalsIgnoreCase(keyHeader)) {
                settings.problem("headers", name + " is set by the sink itself; leave it out");
            } else {
                add(headers, settings, "headers", name, new Secret(value));
            }
        });
        settings.block("auth").ifPresent(auth -> auth(auth, headers));
        return List.copyOf(headers);
    }

    private static void auth(Settings auth, List<Header> headers) {
        Optional<Secret> bearer = auth.secret("bearer");
        Optional<Settings> basic = auth.block("basic");
        Optional<String> name = auth.optionalText("header");
        Optional<Secret> value = auth.secret("value");
        int kinds = (bearer.isPresent() ? 1 : 0) + (basic.isPresent() ? 1 : 0) + (name.isPresent() ? 1 : 0);
        if (kinds != 1 || name.isPresent() != value.isPresent()) {
            auth.problem(
                    "",
                    "write one of bearer: ${env:TOKEN}, basic: {username: ..., password: ${env:PASSWORD}},"
                            + " or header: X-Api-Key with value: ${env:KEY}");
        }
        bearer.ifPresent(
                token -> add(headers, auth, "bearer", "Authorization", new Secret("Bearer " + token.reveal())));
        basic.ifPresent(who -> {
            String user = who.text("username");
            String password = who.secret("password").map(Secret::reveal).orElse("");
            if (!who.has("password")) {
                who.problem("password", "is missing; write 'password: ${env:PASSWORD}'");
            }
            byte[] both = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            String text = Base64.getEncoder().encodeToString(both);
            add(headers, auth, "basic", "Authorization", new Secret("Basic " + text));
        });
        if (name.isPresent() && value.isPresent()) {
            if (!TOKEN.matcher(name.get()).matches() || OWN.contains(lower(name.get()))) {
                auth.problem("header", "'" + name.get() + "' cannot be the name of a header");
            } else {
                add(headers, auth, "value", name.get(), value.get());
            }
        }
    }

    private static void add(List<Header> headers, Settings in, String setting, String name, Secret value) {
        String text = value.reveal();
        if (text.chars().anyMatch(c -> c < ' ' && c != '\t' || c > '~')) {
            in.problem(
                    setting,
                    "the value of " + name
                            + " contains a character that headers do not allow; use printable ASCII only");
        } else if (headers.stream().anyMatch(each -> each.name().equalsIgnoreCase(name))) {
            in.problem(setting, name + " is set twice; remove one of them");
        } else {
            headers.add(new Header(name, value));
        }
    }

    private @Nullable Tls tls(URI url) {
        Optional<Settings> block = settings.block("tls");
        if (block.isEmpty()) {
            return null;
        }
        Settings tls = block.get();
        Optional<Path> truststore = path(tls, "truststore");
        Optional<Secret> truststorePassword = tls.secret("truststore_password");
        Optional<Path> keystore = path(tls, "keystore");
        Optional<Secret> keystorePassword = tls.secret("keystore_password");
        if (truststore.isEmpty() && keystore.isEmpty()) {
            tls.problem("", "names neither a truststore nor a keystore; leave tls out if neither is needed");
        }
        if (!HttpConnector.isSecure(url)) {
            tls.problem("", "has no effect on http; set url to https://...");
        }
        return new Tls(
                truststore.orElse(null),
                truststorePassword.orElse(null),
                keystore.orElse(null),
                keystorePassword.orElse(null));
    }

    private static Optional<Path> path(Settings in, String name) {
        try {
            return in.optionalText(name).map(Path::of);
        } catch (java.nio.file.InvalidPathException e) {
            in.problem(name, "is not a file path");
            return Optional.empty();
        }
    }

    private @Nullable RejectedPath rejected() {
        Optional<String> path = settings.optionalText("rejected");
        if (path.isPresent() && !RejectedPath.isPath(path.get())) {
            settings.problem(
                    "rejected",
                    "'" + path.get()
                            + "' does not say where an answer lists the indices of rejected events; write names"
                            + " separated by dots, with [] after a list, such as errors[].index or rejected[]");
            return null;
        }
        return path.map(RejectedPath::new).orElse(null);
    }

    private RetryRules rules() {
        RetryRules otherwise = HttpSettings.RULES;
        Duration delivery =
                settings.duration("delivery_timeout", otherwise.deliveryTimeout(), TENTH, HOUR.multipliedBy(24));
        boolean shorter = delivery.compareTo(otherwise.requestTimeout()) < 0;
        Duration request = settings.duration(
                "request_timeout", shorter ? delivery : otherwise.requestTimeout(), Duration.ofMillis(10), HOUR);
        if (request.compareTo(delivery) > 0) {
            settings.problem(
                    "request_timeout", "must not be longer than delivery_timeout, which bounds all tries of a request");
        }
        return new RetryRules(
                (int) settings.integer("retries", otherwise.retries(), 0, 1_000),
                settings.duration("retry_backoff", otherwise.backoff(), MILLI, HOUR),
                settings.duration("max_retry_backoff", otherwise.maxBackoff(), MILLI, HOUR),
                settings.duration("max_retry_after", otherwise.maxRetryAfter(), MILLI, HOUR),
                request,
                delivery);
    }

    private @Nullable Reading reading() {
        Optional<Settings> block = settings.block("read");
        if (block.isEmpty()) {
            return null;
        }
        Settings read = block.get();
        return new Reading(
                new Address(url(read, read.text("url")), read.fromEnvironment("url")),
                (int) read.integer("page", 1_000, 0, 100_000),
                read.text("items", ""),
                read.duration("timeout", Duration.ofSeconds(30), TENTH, HOUR));
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
