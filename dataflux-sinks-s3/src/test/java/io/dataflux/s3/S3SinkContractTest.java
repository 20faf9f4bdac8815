package io.dataflux.s3;

import io.dataflux.spi.SinkProvider;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.SinkContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3SinkContractTest extends SinkContract {

    private static EmbeddedS3 s3;
    private static int buckets;

    @BeforeAll
    static void startStore() {
        s3 = EmbeddedS3.start();
    }

    @AfterAll
    static void stopStore() {
        s3.close();
    }

    @Override
    protected SinkProvider provider() {
        return new S3SinkProvider();
    }

    @Override
    protected Map<String, ?> settings() {
        return Map.of(
                "endpoint",
                s3.endpoint().toString(),
                "access_key",
                s3.accessKey(),
                "secret_key",
                s3.secretKey(),
                "bucket",
                "contract-" + ++buckets,
                "create_bucket",
                true,
                "object_bytes",
                "10KB");
    }
}
