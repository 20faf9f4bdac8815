package io.dataflux.cli;

import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.HttpReceiver;
import java.util.LinkedHashMap;
import java.util.Map;

/** The real servers that the demo sends to, all in this process: a Kafka broker, an object store and an ingestion API. */
final class DemoServers implements AutoCloseable {

    private static final String TOPIC = "dataflux-events";
    private static final String BUCKET = "dataflux-demo";

    private final EmbeddedKafka kafka;
    private final EmbeddedS3 store;
    private final HttpReceiver api;

    private DemoServers(EmbeddedKafka kafka, EmbeddedS3 store, HttpReceiver api) {
        this.kafka = kafka;
        this.store = store;
        this.api = api;
    }

    /** Whether they are on the class path. */
    static boolean areThere() {
        try {
            Class.forName("io.dataflux.testkit.EmbeddedKafka", false, DemoServers.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    static DemoServers start() {
        EmbeddedS3 store = EmbeddedS3.start();
        store.createBucket(BUCKET);
        return new DemoServers(
                EmbeddedKafka.start(), store, HttpReceiver.start().deduplicating());
    }

    /** The environment that the demo's configuration asks for. */
    Map<String, String> environment() {
        Map<String, String> environment = new LinkedHashMap<>(System.getenv());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", kafka.bootstrapServers());
        environment.put("DEMO_S3_ENDPOINT", store.endpoint().toString());
        environment.put("DEMO_S3_ACCESS_KEY", store.accessKey());
        environment.put("DEMO_S3_SECRET_KEY", store.secretKey());
        environment.put("DEMO_API_URL", api.url());
        return environment;
    }

    /** Commands of other tools that show what the servers hold. */
    String hints() {
        return "  kcat -C -b " + kafka.bootstrapServers() + " -t " + TOPIC + " -o beginning -e -q | head\n"
                + "  curl -s '" + api.url() + "?format=ndjson&limit=3'\n"
                + "  AWS_ACCESS_KEY_ID=" + store.accessKey() + " AWS_SECRET_ACCESS_KEY=" + store.secretKey()
                + " aws --endpoint-url " + store.endpoint() + " s3 ls --recursive s3://" + BUCKET + " | head";
    }

    @Override
    public void close() {
        api.close();
        store.close();
        kafka.close();
    }
}
