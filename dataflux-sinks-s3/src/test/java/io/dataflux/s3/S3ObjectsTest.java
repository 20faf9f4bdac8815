package io.dataflux.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.DeliveryException;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.verify.Arrivals;
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
    void aMissingBucketIsSaid() {
        assertThatThrownBy(() -> under("missing").lines(line -> line))
                .isInstanceOf(DeliveryException.class)
                .hasMessageContaining("/missing: cannot be listed: status 404 NoSuchBucket");
    }
}
