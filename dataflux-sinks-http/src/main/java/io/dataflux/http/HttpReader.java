package io.dataflux.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dataflux.DeliveryException;
import io.dataflux.spi.SinkReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks the target for what it stores, page by page: a JSON array or JSON lines in the order in which events were stored, new ones at
 * the end. A record's bytes are exactly those in the answer. All records form one source, named by the URL; a record's offset is
 * its index.
 */
final class HttpReader implements SinkReader {

    private static final int MOST_BYTES = 256 << 20;
    private static final JsonFactory JSON = new JsonFactory();

    private final HttpSettings settings;
    private final HttpSettings.Reading read;
    private final HttpClient client;
    private long next;

    HttpReader(HttpSettings settings, HttpSettings.Reading read, long from) {
        this.settings = settings;
        this.read = read;
        this.next = from;
        HttpClient.Builder builder = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(settings.target().connectTimeout());
        Tls tls = settings.tls();
        if (tls != null) {
            builder.sslContext(tls.context());
        }
        client = builder.build();
    }

    @Override
    public long read(Visitor visitor) throws InterruptedException {
        long count = 0;
        while (true) {
            List<byte[]> page = page(next, read.page());
            String source = read.address().toString();
            for (byte[] event : page) {
                visitor.record(source, next++, null, event, null);
            }
            count += page.size();
            if (read.page() == 0 || page.size() < read.page()) {
                return count;
            }
        }
    }

    /** How many events there are, by asking for single ones; without paging by reading all. */
    long count() throws InterruptedException {
        if (read.page() == 0) {
            return page(0, 0).size();
        }
        long low = 0; // as many there are at least
        long high = 1;
        while (!page(high - 1, 1).isEmpty()) {
            low = high;
            high *= 2;
        }
        while (high - low > 1) {
            long middle = low + (high - low) / 2;
            if (page(middle - 1, 1).isEmpty()) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    private List<byte[]> page(long offset, int limit) throws InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url(offset, limit))
                .GET()
                .setHeader("Accept", "application/json, application/x-ndjson");
        if (read.url()
                .getRawAuthority()
                .equals(settings.target().url().getRawAuthority())) { // secrets stay with their host
            settings.target()
                    .headers()
                    .forEach(header ->
                            request.setHeader(header.name(), header.value().reveal()));
        }
        Answer answer = new Answer(MOST_BYTES);
        CompletableFuture<HttpResponse<byte[]>> future = client.sendAsync(request.build(), answer);
        try {
            byte[] body =
                    future.get(read.timeout().toNanos(), TimeUnit.NANOSECONDS).body();
            if (answer.status() != 200) {
                throw failure(
                        "answered " + answer.status() + ": "
                                + settings.excerpt(new String(body, java.nio.charset.StandardCharsets.UTF_8)),
                        null);
            }
            List<byte[]> events =
                    events(body, answer.headers().firstValue("Content-Type").orElse(""));
            if (limit == 0) {
                return events.subList((int) Math.min(offset, events.size()), events.size());
            }
            if (events.size() > limit) {
                throw failure(
                        "returned " + events.size() + " events although limit=" + limit
                                + " was requested; it must support limit and offset, or set read.page: 0",
                        null);
            }
            return events;
        } catch (TimeoutException e) {
            throw failure("no complete answer within " + Words.span(read.timeout()) + " (read.timeout)", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw failure(settings.excerpt(Words.of(cause)), cause);
        } finally {
            future.cancel(true);
        }
    }

    private URI url(long offset, int limit) {
        if (limit == 0) {
            return read.url();
        }
        String query = read.url().getRawQuery();
        URI url = read.url();
        return URI.create(url.getScheme() + "://" + url.getRawAuthority() + url.getRawPath() + "?"
                + (query == null ? "" : query + "&") + "limit=" + limit + "&offset=" + offset);
    }

    private List<byte[]> events(byte[] body, String contentType) {
        int first = 0;
        while (first < body.length && " \t\r\n".indexOf(body[first]) >= 0) {
            first++;
        }
        boolean list = first < body.length && body[first] == '[';
        if (!list && read.items().isEmpty()) {
            if (first < body.length && body[first] == '{' && contentType.startsWith("application/json")) {
                throw failure(
                        "returned an object where a JSON array or JSON lines (application/x-ndjson) were expected;"
                                + " if the events are in one of its fields, set read.items to that field",
                        null);
            }
            return lines(body);
        }
        try {
            return elements(body);
        } catch (JsonParseException e) {
            throw failure("did not answer with JSON: " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalStateException(e); // an array can be read
        }
    }

    private static List<byte[]> lines(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= body.length; i++) {
            if (i == body.length || body[i] == '\n') {
                int end = i > start && body[i - 1] == '\r' ? i - 1 : i;
                if (end > start) {
                    lines.add(Arrays.copyOfRange(body, start, end));
                }
                start = i + 1;
            }
        }
        return lines;
    }

    /** The elements of the list, byte for byte as they stand there. */
    private List<byte[]> elements(byte[] body) throws IOException {
        List<byte[]> elements = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(body)) {
            JsonToken token = parser.nextToken();
            if (token == JsonToken.START_OBJECT) {
                token = find(parser);
            }
            if (token != JsonToken.START_ARRAY) {
                throw failure(
                        "did not answer with a list" + (read.items().isEmpty() ? "" : " named " + read.items()), null);
            }
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                if (parser.currentToken().isScalarValue()) {
                    parser.getText(); // scalars are read when they are asked for
                }
                elements.add(Arrays.copyOfRange(
                        body, from, (int) parser.currentLocation().getByteOffset()));
            }
        }
        return elements;
    }

    private JsonToken find(JsonParser parser) throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            boolean found = parser.currentName().equals(read.items());
            JsonToken value = parser.nextToken();
            if (found) {
                return value;
            }
            parser.skipChildren();
        }
        return JsonToken.NOT_AVAILABLE;
    }

    private DeliveryException failure(String what, @org.jspecify.annotations.Nullable Throwable cause) {
        return new DeliveryException(read + ": " + what, cause);
    }

    @Override
    public void close() {}
}
