package io.dataflux.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.spi.Chunk;
import io.dataflux.spi.Chunks;
import io.dataflux.spi.LaneContext;
import io.dataflux.testkit.RecordedOutcome;
import io.dataflux.testkit.TestBatch;
import io.dataflux.testkit.TestEvent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import java.util.zip.Checksum;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The checksums of an object and its parts, wherever parts end. */
class BodyTest {

    private static final int EVENTS = 1000;

    private static Chunk chunk() throws Exception {
        LaneContext lane = Feed.lane(0);
        List<TestEvent> events = LongStream.range(0, EVENTS)
                .mapToObj(n -> Feed.event(n, Feed.START_MILLIS, 300))
                .toList();
        List<Chunk> chunks = new ArrayList<>();
        Chunks gathering = new Chunks(lane, true, EVENTS, Integer.MAX_VALUE, chunks::add);
        gathering.add(TestBatch.of(lane, events), new RecordedOutcome(EVENTS));
        gathering.flush();
        assertThat(chunks).hasSize(1);
        return chunks.get(0);
    }

    private static int value(Checksum checksum, byte[] bytes, int from, int to) {
        checksum.update(bytes, from, to - from);
        return (int) checksum.getValue();
    }

    private static String base64(int value) {
        return Base64.getEncoder()
                .encodeToString(ByteBuffer.allocate(4).putInt(value).array());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 1 << 16, 100_000, 131_072, 1 << 24})
    void eachPartHasItsChecksum(int partBytes) throws Exception {
        Chunk chunk = chunk();
        byte[] lines = chunk.bytes();
        int length = chunk.length();
        assertThat(length).isGreaterThan(3 << 16);

        Body body = Body.of(chunk, false, partBytes);

        assertThat(body.checksum())
                .isEqualTo(length + "-" + HexFormat.of().toHexDigits(value(new CRC32(), lines, 0, length)));
        for (int from = 0; from < length; from += partBytes) {
            int to = Math.min(length, from + partBytes);
            assertThat(body.crc32(from)).isEqualTo(base64(value(new CRC32(), lines, from, to)));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {4096, 1 << 24})
    void whatIsCompressedHasTheChecksumsOfBoth(int partBytes) throws Exception {
        Chunk chunk = chunk();

        Body plain = Body.of(chunk, false, partBytes);
        Body zipped = Body.of(chunk, true, partBytes);

        assertThat(zipped.checksum()).isEqualTo(plain.checksum());
        byte[] stored = zipped.part(0, zipped.length())
                .contentStreamProvider()
                .newStream()
                .readAllBytes();
        for (int from = 0; from < stored.length; from += partBytes) {
            int to = Math.min(partBytes, stored.length - from) + from;
            assertThat(zipped.crc32(from)).isEqualTo(base64(value(new CRC32(), stored, from, to)));
        }
        assertThat(new String(chunk.bytes(), 0, chunk.length(), UTF_8)).startsWith("{\"n\":0,");
    }
}
