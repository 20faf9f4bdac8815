package io.dataflux.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.Event;
import io.dataflux.MemorySink;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Verdict;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class S3ObjectsTest {

    private static EmbeddedS3 s3;

    @BeforeAll
    static void startStore() {
        s3 = EmbeddedS3.start();
    }

    @AfterAll
    static void stopStore() {
        s3.close();
    }

    private static S3Objects under(String bucket) {
        return S3Objects.under(s3.endpoint(), bucket, "topics/").credentials(s3.accessKey(), s3.secretKey());
    }

    private static List<String> read(Arrivals<String> arrivals) throws Exception {
        List<String> records = new ArrayList<>();
        long count = arrivals.read((source, offset, record) -> records.add(source + " " + offset + " " + record));
        assertThat(count).isEqualTo(records.size());
        return records;
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return out.toByteArray();
    }

    @Test
    void linesOfObjectsThatComeLaterArriveOnce() throws Exception {
        s3.createBucket("later");
        s3.put("later", "topics/clicks/0+000.json", "{}\n".getBytes(UTF_8));
        s3.put("later", "elsewhere/0.json", "{}\n".getBytes(UTF_8));
        try (Arrivals<String> arrivals = under("later").lines(line -> new String(line, UTF_8))) {
            assertThat(read(arrivals)).as("what was there before").isEmpty();
            s3.put("later", "topics/clicks/0+002.json.gz", gzip("{\"n\":2}\n{\"n\":3}\n"));
            s3.put("later", "topics/clicks/0+001.json", "{\"n\":1}\n{\"n\":\"without an end\"}".getBytes(UTF_8));

            assertThat(read(arrivals))
                    .containsExactly(
                            "topics/clicks/0+001.json 0 {\"n\":1}",
                            "topics/clicks/0+001.json 1 {\"n\":\"without an end\"}",
                            "topics/clicks/0+002.json.gz 0 {\"n\":2}",
                            "topics/clicks/0+002.json.gz 1 {\"n\":3}");
            s3.put("later", "topics/clicks/0+001.json", "{\"n\":1}\n{\"n\":\"without an end\"}".getBytes(UTF_8));
            assertThat(read(arrivals)).as("written again with the same bytes").isEmpty();
            s3.put("later", "topics/clicks/0+001.json", "{\"n\":9}\n".getBytes(UTF_8));
            assertThat(read(arrivals)).containsExactly("topics/clicks/0+001.json 2 {\"n\":9}");
        }
    }

    @Test
    void objectsCanBelongTogether() throws Exception {
        s3.createBucket("together");
        S3Objects objects = under("together").ordered(key -> key.substring(0, key.indexOf('+')));
        try (Arrivals<String> arrivals = objects.lines(line -> new String(line, UTF_8))) {
            s3.put("together", "topics/1+7", "c\n".getBytes(UTF_8));
            s3.put("together", "topics/0+5", "b\n".getBytes(UTF_8));
            s3.put("together", "topics/0+0", "a\n".getBytes(UTF_8));

            assertThat(read(arrivals)).containsExactly("topics/0 0 a", "topics/0 1 b", "topics/1 0 c");
        }
    }

    @Test
    void orderPerKeyIsJudgedAcrossObjectsThatAreSaidToBelongTogetherAndOtherwiseNot() throws Exception {
        s3.createBucket("order");
        MemorySink sent = MemorySink.keeping();
        try (TestStream<Event> clicks = TestStream.of(DataFlux.stream("clickstream", 42), 0, 3_000, Decoder.events());
                Arrivals<String> together = under("order")
                        .ordered(key -> key.substring(0, key.indexOf('+')))
                        .lines(line -> new String(line, UTF_8));
                Arrivals<String> apart = under("order").lines(line -> new String(line, UTF_8))) {
            clicks.sendTo(sent);
            StringBuilder lines = new StringBuilder();
            int objects = 0;
            for (Event event : clicks.events()) {
                lines.append(event).append('\n');
                if (lines.length() > 100_000) {
                    put("order", objects++, lines);
                }
            }
            put("order", objects, lines);

            Verdict judged = clicks.verify(together).await();
            Verdict notJudged = clicks.verify(apart).await();

            assertThat(objects).isGreaterThan(2);
            assertThat(judged.clean()).as("%s", judged).isTrue();
            assertThat(judged.judgesOrder()).isTrue();
            assertThat(notJudged.clean()).as("%s", notJudged).isTrue();
            assertThat(notJudged.orderNotJudged().orElseThrow())
                    .endsWith(" keys came in more than one source, and nothing says which source comes first");
        }
    }

    private static void put(String bucket, int number, StringBuilder lines) {
        s3.put(bucket, "topics/clicks/0+00" + number + ".json", lines.toString().getBytes(UTF_8));
        lines.setLength(0);
    }

    @Test
    void aMissingBucketIsSaid() {
        assertThatThrownBy(() -> under("missing").lines(line -> line))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("/missing: cannot be listed: status 404 NoSuchBucket");
    }
}
