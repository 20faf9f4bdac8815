package io.dataflux.examples.stories;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.s3.S3Objects;
import io.dataflux.testkit.DataFluxStream;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.Kafka;
import io.dataflux.testkit.KafkaCluster;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Shows how to judge a program that copies records of a topic into objects of a bucket and is killed midway: the test passes when the program
 * does its work, and fails with the right events when it does not.
 */
class ObjectStoryTest {

    record Click(String eventId, String userId, String eventType) {}

    record Garage(String eventId, String garageId, BigDecimal pricePerHour) {}

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static Kafka kafka;
    private static EmbeddedS3 s3;

    @BeforeAll
    static void start(@KafkaCluster Kafka cluster) {
        kafka = cluster;
        s3 = EmbeddedS3.start();
        s3.createBucket("lake");
    }

    @AfterAll
    static void stop() {
        s3.close();
    }

    @Test
    void eachClickIsInOneObjectAlthoughTheWriterDies(
            @DataFluxStream(value = "clickstream", events = 12_000, rate = "4000/s") TestStream<Click> clicks) {
        Arrivals<Click> objects = objects("clicks", Click.class);
        try (var writer = writer("clicks", ObjectFault.NONE)) {
            clicks.startSendingTo(kafka.sink("clicks")).after(4_000, writer::killAndRestart);
            assertThat(clicks.verify(objects)
                            .tracedBy(Click::eventId)
                            .deadline(PATIENCE)
                            .await())
                    .deliveredExactlyOnce()
                    .inOrderPerKey();
            assertThat(writer.storedBeforeKill()).isBetween(1L, 11_999L);
        }
    }

    @Test
    void aRecordThatIsInNoObjectIsFound(@DataFluxStream(value = "parking", events = 3_000) TestStream<Garage> garages) {
        assertFound(garages, ObjectFault.DROPS_ONE, Finding.LOST);
    }

    @Test
    void aBlockThatWasWrittenTwiceIsFound(
            @DataFluxStream(value = "parking", events = 3_000) TestStream<Garage> garages) {
        assertFound(garages, ObjectFault.REPEATS_A_BLOCK, Finding.DUPLICATE);
    }

    @Test
    void pricesThatWereRoundedAreFound(@DataFluxStream(value = "parking", events = 3_000) TestStream<Garage> garages) {
        assertFound(garages, ObjectFault.ROUNDS, Finding.CORRUPTED);
    }

    private static void assertFound(TestStream<Garage> garages, ObjectFault fault, Finding finding) {
        String topic = fault.name();
        Arrivals<Garage> objects = objects(topic, Garage.class);
        try (var writer = writer(topic, fault)) {
            garages.startSendingTo(kafka.sink(topic)).after(1_000, writer::killAndRestart);
            await().atMost(PATIENCE).until(() -> writer.storedBeforeKill() > 0 && writer.position() == 3_000);
            Verdict verdict = garages.verify(objects)
                    .tracedBy(Garage::eventId)
                    .deadline(Duration.ofSeconds(6))
                    .await();

            List<Long> wronged = writer.wronged().stream()
                    .map(id -> garages.stream().sequenceOf(id).orElseThrow())
                    .sorted()
                    .toList();
            assertThat(wronged).isNotEmpty();
            assertThat(verdict.examples(finding))
                    .extracting(Verdict.Example::sequence)
                    .containsExactlyInAnyOrderElementsOf(wronged);
            assertThat(Arrays.stream(Finding.values()).filter(found -> verdict.count(found) > 0))
                    .containsExactly(finding);
            assertThatThrownBy(() -> assertThat(verdict).deliveredExactlyOnce())
                    .hasMessageContaining("run " + garages.tag());
        }
    }

    private static WriterProcess writer(String topic, ObjectFault fault) {
        kafka.createTopic(topic, 3);
        return new WriterProcess(kafka.bootstrapServers(), topic, s3, "lake", fault);
    }

    private static <R> Arrivals<R> objects(String topic, Class<R> type) {
        return S3Objects.under(s3.endpoint(), "lake", "topics/" + topic + "/")
                .credentials(s3.accessKey(), s3.secretKey())
                .ordered(key -> key.substring(0, key.indexOf('+')))
                .lines(Decoder.ofBytes(type));
    }
}
