package io.dataflux.s3;

import io.dataflux.spi.Settings;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;

/**
 * Makes sinks of type {@code s3}: events become objects of JSON lines in a bucket of an S3-compatible store.
 *
 * <p>An object holds events of one stream and shard. Its name says which: the run's tag, stream, shard and the positions of its first and
 * last event in the shard; its content is a function of its name. It becomes visible only as a whole. An object that exists already is
 * compared and never overwritten: with the same events it counts as delivered, with others it is an error. So a run that is resumed, or
 * repeated under the same tag, leaves each event once.
 *
 * <p>Objects end after a number of events or bytes, at the end of a {@code batch_interval} of scheduled time, and, if names have a
 * {@code {date}} or {@code {hour}}, with the day or hour of event time in UTC. Settings that decide where objects end, and the number of
 * lanes, must not change when a run is resumed.
 *
 * <p>A lane holds at most {@code buffer_bytes} of gathered events and, for each upload in flight, one object, both compressed and
 * uncompressed; a growing buffer can be up to twice as large, and as many buffers as there may be uploads are kept for later objects. The
 * lane waits while {@code uploads} objects are in flight.
 *
 * <table>
 * <caption>Settings</caption>
 * <tr><td>{@code bucket}</td><td>required</td></tr>
 * <tr><td>{@code endpoint}</td><td>{@code http://host:port} of any S3-compatible store, in path style; by default AWS</td></tr>
 * <tr><td>{@code aws_region}</td><td>{@code us-east-1}</td></tr>
 * <tr><td>{@code access_key}, {@code secret_key}</td><td>else what the SDK finds: environment, profile, instance role</td></tr>
 * <tr><td>{@code session_token}</td><td>of temporary keys, together with both keys. At DEBUG the SDK's signer logs it
 * (and it alone): leave {@code DefaultV4RequestSigner} at INFO</td></tr>
 * <tr><td>{@code key}</td><td>{@code raw-data/{stream}/dt={date}/hour={hour}/{tag}-{shard}-{first}-{last}.jsonl.gz}; tag, shard,
 * first and last must be in it, stream as well if the run has several, and {sink} can be</td></tr>
 * <tr><td>{@code compression}</td><td>{@code gzip} if the key ends with {@code .gz}, else {@code none}</td></tr>
 * <tr><td>{@code object_bytes}</td><td>how large an object may get, before compression; 64MiB. Less if a lane has many streams and shards:
 * they share {@code buffer_bytes}</td></tr>
 * <tr><td>{@code object_events}</td><td>how many events an object may hold; a million shared by a lane's streams and shards</td></tr>
 * <tr><td>{@code batch_interval}, {@code every}</td><td>of scheduled time; 60s</td></tr>
 * <tr><td>{@code buffer_bytes}</td><td>how much a lane gathers at most; 256MiB</td></tr>
 * <tr><td>{@code part_bytes}</td><td>larger objects are uploaded in parts of this size; 16MiB, at least 5MiB</td></tr>
 * <tr><td>{@code uploads}</td><td>objects in flight per lane; 2</td></tr>
 * <tr><td>{@code checksum}</td><td>{@code crc32}, {@code sha256} or {@code none}: what the store checks an upload by</td></tr>
 * <tr><td>{@code conditional_writes}</td><td>{@code true}; false for a store that does not support {@code If-None-Match}: an existing
 * object is then overwritten</td></tr>
 * <tr><td>{@code create_bucket}</td><td>{@code false}</td></tr>
 * <tr><td>{@code retries}</td><td>tries after the first one without progress; 8</td></tr>
 * <tr><td>{@code connect_timeout}</td><td>10s</td></tr>
 * <tr><td>{@code request_timeout}</td><td>how long one request may take; 1m, or delivery_timeout</td></tr>
 * <tr><td>{@code delivery_timeout}</td><td>how long an upload is attempted; the last quarter is reserved for asking the store what it
 * holds; 2m</td></tr>
 * </table>
 */
public final class S3SinkProvider implements SinkProvider {

    /** For {@link java.util.ServiceLoader}. */
    public S3SinkProvider() {}

    @Override
    public String type() {
        return "s3";
    }

    @Override
    public SinkConnector configure(Settings settings) {
        return new S3Connector(S3Settings.read(settings));
    }
}
