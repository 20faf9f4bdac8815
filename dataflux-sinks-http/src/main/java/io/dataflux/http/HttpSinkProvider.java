package io.dataflux.http;

import io.dataflux.spi.Settings;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;

/**
 * Makes sinks of type {@code http}: events are sent in the bodies of requests, one or many at a time.
 *
 * <p>An event is acknowledged when its request got a complete 2xx answer. It failed when the target certainly does not have it: no try got
 * a connection, or every answer was a refusal (408, 429, 503, and without a retry 3xx, 4xx, 501, 505). Otherwise it is unknown: an answer
 * was lost, came too late, or was one that may follow storing (500, 502, 504 and the like).
 *
 * <p>Only 408, 429, 502, 503, 504, lost connections and requests without an answer in time are tried again, with growing, randomly spread
 * pauses, or when {@code Retry-After} says so. Redirects are not followed. A request carries an {@code Idempotency-Key} made of the run's
 * tag, the sink, the stream, the lane, and its first and last event by shard and position; the same key carries the same bytes in every
 * try and in every attempt of a resumed run. A target that drops repeated keys stores each event exactly once; any other may store
 * events twice if their request was retried, or was sent by a run that was killed.
 *
 * <p>A request holds events of one stream and one lane. It is sent when it has {@code batch_events} or {@code batch_bytes}, or at the
 * lane's first event after its {@code batch_interval} of scheduled time. A run that was killed resends units that were not acknowledged as
 * a whole: at most twenty requests' worth of events within one interval; with {@code body: single} only what was not acknowledged.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><td>{@code url}</td><td>required; http or https, without user and password</td></tr>
 * <tr><td>{@code method}</td><td>{@code POST} (default) or {@code PUT}</td></tr>
 * <tr><td>{@code body}</td><td>{@code single} (default; one event, such as an ingestion API takes), {@code ndjson} or
 *     {@code json_array}</td></tr>
 * <tr><td>{@code compression}</td><td>{@code none} (default) or {@code gzip}</td></tr>
 * <tr><td>{@code batch_events}</td><td>events in a request; 500</td></tr>
 * <tr><td>{@code batch_bytes}</td><td>bytes in a request before compression; 1MiB</td></tr>
 * <tr><td>{@code batch_interval}</td><td>scheduled time in a request; 1s</td></tr>
 * <tr><td>{@code connections}</td><td>requests in flight at a time, over all lanes; 16. A lane waits while that many are</td></tr>
 * <tr><td>{@code ordered}</td><td>{@code true}: a lane has one request in flight, so that events of a key arrive in order</td></tr>
 * <tr><td>{@code connect_timeout}</td><td>10s</td></tr>
 * <tr><td>{@code request_timeout}</td><td>for one try, to the last byte of the answer; 30s</td></tr>
 * <tr><td>{@code delivery_timeout}</td><td>for all tries of a request; 2m</td></tr>
 * <tr><td>{@code retries}</td><td>tries after the first; 5, and 0 for none</td></tr>
 * <tr><td>{@code retry_backoff}</td><td>the first pause; 100ms, doubled from retry to retry</td></tr>
 * <tr><td>{@code max_retry_backoff}</td><td>the longest pause by doubling; 10s</td></tr>
 * <tr><td>{@code max_retry_after}</td><td>the longest pause by {@code Retry-After}; 30s</td></tr>
 * <tr><td>{@code idempotency_key}</td><td>{@code true} (default) or {@code false}</td></tr>
 * <tr><td>{@code idempotency_header}</td><td>its name; {@code Idempotency-Key}</td></tr>
 * <tr><td>{@code headers}</td><td>a map of further headers; their values are never shown</td></tr>
 * <tr><td>{@code auth}</td><td>{@code {bearer: ${env:TOKEN}}}, {@code {basic: {username: ..., password: ${env:PASSWORD}}}} or
 *     {@code {header: X-Api-Key, value: ${env:KEY}}}</td></tr>
 * <tr><td>{@code tls}</td><td>{@code truststore} (PKCS12, JKS or PEM), {@code truststore_password}, {@code keystore},
 *     {@code keystore_password}; by default the JVM's own trust</td></tr>
 * <tr><td>{@code rejected}</td><td>where a 2xx answer lists the indices of events that it did not accept, such as
 *     {@code errors[].index}; these failed, the others are acknowledged</td></tr>
 * <tr><td>{@code max_response_bytes}</td><td>the longest answer that is read; 1MiB</td></tr>
 * <tr><td>{@code read}</td><td>{@code url} that answers a GET with the stored events in their order, as a JSON array or JSON lines;
 *     {@code page} (1000) events are asked for at a time by {@code limit} and {@code offset}, all at once with 0; {@code items} if
 *     they are in a field of an object; {@code timeout} (30s) per page. Headers and auth are sent along if it is on the same host</td></tr>
 * </table>
 */
public final class HttpSinkProvider implements SinkProvider {

    /** For {@link java.util.ServiceLoader}. */
    public HttpSinkProvider() {}

    @Override
    public String type() {
        return "http";
    }

    @Override
    public SinkConnector configure(Settings settings) {
        return new HttpConnector(new HttpSettingsReader(settings).read());
    }
}
