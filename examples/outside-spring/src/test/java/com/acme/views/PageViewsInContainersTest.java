package com.acme.views;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;

import com.acme.views.PageViewsTest.Click;
import com.acme.views.PageViewsTest.View;
import io.dataflux.kafka.KafkaSink;
import io.dataflux.testkit.DataFluxStream;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.test.annotation.DirtiesContext;
import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The same with a broker in a container. NOT RUN by DataFlux's own build, whose machines have no Docker: it is only compiled there. Where
 * there is Docker, {@code mvn test -Dexcluded.groups=} runs it, too.
 */
@SpringBootTest
@Testcontainers
@Tag("docker")
@DirtiesContext
class PageViewsInContainersTest {

    @Container
    @ServiceConnection
    static final KafkaContainer KAFKA = new KafkaContainer("apache/kafka-native:3.9.1");

    @Test
    void everyPageViewIsStoredOnce(
            @DataFluxStream(value = "clickstream", events = 5_000) TestStream<Click> clicks,
            @Autowired DataSource database) {
        clicks.sendTo(KafkaSink.topic(KAFKA.getBootstrapServers(), "clicks"));
        assertThat(clicks.verify(Arrivals.rows(
                                database,
                                "select event_id, user_id from page_views",
                                row -> new View(row.getString(1), row.getString(2))))
                        .tracedBy(View::eventId)
                        .expecting(PageViewsTest::views)
                        .await())
                .deliveredExactlyOnce();
    }
}
