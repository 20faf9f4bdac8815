package io.dataflux.s3;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.SinkReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Reads the objects of a run line by line, those of a stream and shard in the order of their positions and as one source, whose lines are
 * counted over its objects: a key lives in one shard, so its order is judged across objects. Objects of different hours whose positions
 * interleave, as late events make them do, are sources of their own.
 */
final class S3Reader implements SinkReader {

    private record Found(String key, ObjectName name) {}

    private final S3Store store;
    private final S3Settings settings;
    private final LaneContext run;
    private final Set<String> read = new HashSet<>();
    private final Map<String, Long> lines = new HashMap<>();
    /** By source the highest position that was read. */
    private final Map<String, Long> highest = new HashMap<>();

    S3Reader(S3Store store, S3Settings settings, LaneContext run) {
        this.store = store;
        this.settings = settings;
        this.run = run;
    }

    @Override
    public long read(Visitor visitor) {
        long records = 0;
        for (Found object : fresh()) {
            String source = source(object.name());
            long first = lines.getOrDefault(source, 0L);
            long end = read(store, settings, object.key(), settings.gzip(), source, first, visitor);
            lines.put(source, end);
            records += end - first;
        }
        return records;
    }

    private List<Found> fresh() {
        List<Found> fresh = new ArrayList<>();
        try {
            for (int stream = 0; stream < run.streams().size(); stream++) {
                KeyTemplate.Parser parser = settings.key().parser(run, stream);
                store.objects(
                        settings.key().prefix(run, stream),
                        object -> parser.parse(object.key())
                                .filter(name -> read.add(object.key()))
                                .ifPresent(name -> fresh.add(new Found(object.key(), name))));
            }
        } catch (SdkException e) {
            throw Problem.of(settings, "cannot be listed", e);
        }
        fresh.sort(Comparator.comparing(
                Found::name,
                Comparator.comparingInt(ObjectName::stream)
                        .thenComparingInt(ObjectName::shard)
                        .thenComparingLong(ObjectName::first)));
        return fresh;
    }

    private String source(ObjectName name) {
        String source = run.streams().get(name.stream()).name() + "-" + name.shard();
        if (name.first() <= highest.getOrDefault(source, -1L)) {
            source += " " + name.partitionText(settings.key().has(KeyTemplate.Word.HOUR));
        }
        highest.merge(source, name.last(), Math::max);
        return source;
    }

    /** Reads an object whose first line has the number {@code line}; returns the number of the next one's. */
    static long read(
            S3Store store, S3Settings settings, String key, boolean gzip, String source, long line, Visitor visitor) {
        Deadline deadline = Deadline.in(settings.deliveryTimeout());
        try (InputStream stored = store.get(key, deadline.left());
                InputStream timely = timely(stored, deadline);
                InputStream in = gzip ? new GZIPInputStream(timely, 1 << 16) : timely) {
            return SinkReader.lines(in, source, line, visitor);
        } catch (SdkException | IOException e) {
            throw Problem.of(settings, "object " + key + " cannot be read", e);
        }
    }

    private static InputStream timely(InputStream stored, Deadline deadline) {
        return new FilterInputStream(stored) {
            @Override
            public int read(byte[] to, int at, int length) throws IOException {
                deadline.check();
                return super.read(to, at, length);
            }
        };
    }

    @Override
    public void close() {
        store.close();
    }
}
