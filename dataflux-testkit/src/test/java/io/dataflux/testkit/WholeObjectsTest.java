package io.dataflux.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

class WholeObjectsTest {

    private final BlobStore inner = BlobStores.create("transient-nio2", new Properties());
    private final WholeObjects store = new WholeObjects(inner);

    @AfterEach
    void close() {
        store.close();
    }

    private static List<String> keys(BlobStore store) {
        return store.list("lake").contents().stream().map(S3Object::key).toList();
    }

    @Test
    void anObjectIsListedWhenItIsWhole() {
        store.createContainer("lake");
        List<String> inside = new ArrayList<>();
        List<String> listed = new ArrayList<>();
        ByteArrayInputStream content = new ByteArrayInputStream("{}\n".getBytes(UTF_8)) {
            @Override
            public synchronized int read(byte[] into, int offset, int length) {
                inside.addAll(keys(inner));
                listed.addAll(keys(store));
                return super.read(into, offset, length);
            }
        };

        store.putBlob(request("clicks/0.json", 3), content);

        assertThat(inside).as("the store shows what it does").isNotEmpty();
        assertThat(listed).isEmpty();
        assertThat(keys(store)).containsExactly("clicks/0.json");
    }

    @Test
    void aKeyThatLooksLikeAnUnfinishedOneIsListed() {
        store.createContainer("lake");
        String key = "clicks-" + new UUID(1, 2);
        inner.putBlob(request("earlier-" + new UUID(1, 2), 0), new ByteArrayInputStream(new byte[0]));
        store.putBlob(request("clicks", 0), new ByteArrayInputStream(new byte[0]));
        store.putBlob(request(key, 0), new ByteArrayInputStream(new byte[0]));

        assertThat(keys(store)).containsExactly("clicks", key, "earlier-" + new UUID(1, 2));
    }

    private static PutObjectRequest request(String key, long length) {
        return PutObjectRequest.builder()
                .bucket("lake")
                .key(key)
                .contentLength(length)
                .build();
    }
}
