package com.acme.views;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;

import io.dataflux.testkit.DataFluxStream;
import io.dataflux.testkit.Kafka;
import io.dataflux.testkit.KafkaCluster;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Shows how to test a consumer of a Kafka topic: one function says what it should produce for each event. */
class PageViewsTest {

    record Click(String eventId, String userId, String eventType) {}

    record View(String id, String user) {}

    @Test
    void everyPageViewIsStoredOnce(
            @KafkaCluster Kafka kafka,
            @DataFluxStream(value = "clickstream", events = 20_000) TestStream<Click> clicks) {
        Arrivals<View> views = kafka.arrivals("views", View.class);
        try (var consumer = new PageViews(kafka.bootstrapServers())) {
            clicks.sendTo(kafka.sink("clicks"));
            assertThat(clicks.verify(views)
                            .tracedBy(View::id)
                            .expecting(click -> click.eventType().equals("page_view")
                                    ? Stream.of(new View(click.eventId(), click.userId()))
                                    : Stream.empty())
                            .deadline(Duration.ofSeconds(5))
                            .await())
                    .deliveredExactlyOnce()
                    .inOrderPerKey();
        }
    }
}
