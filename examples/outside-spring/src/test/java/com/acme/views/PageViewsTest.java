package com.acme.views;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.testkit.DataFluxStream;
import io.dataflux.testkit.Kafka;
import io.dataflux.testkit.KafkaCluster;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verification;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.autoconfigure.actuate.observability.AutoConfigureObservability;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.client.TestRestTemplate;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.kafka.listener.adapter.RecordFilterStrategy;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** Shows how to test a Spring Boot application that consumes a topic: a real broker, the real listener, and a verdict on its table. */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT)
@ActiveProfiles("rehearsal")
@AutoConfigureObservability(tracing = false) // tests have no Prometheus endpoint otherwise
@DirtiesContext // ends the listener before the broker
class PageViewsTest {

    record Click(String eventId, String userId, String eventType) {}

    record View(String eventId, String userId) {}

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NOTHING = "no event contains this";

    private static Kafka kafka;

    /** JUnit calls this before Spring makes the context, which then asks for the property. */
    @BeforeAll
    static void start(@KafkaCluster Kafka cluster) {
        kafka = cluster;
    }

    @DynamicPropertySource
    static void properties(DynamicPropertyRegistry registry) {
        registry.add("spring.kafka.bootstrap-servers", () -> kafka.bootstrapServers());
    }

    /** A fault to be found: the listener gets all records but this one. */
    @TestConfiguration(proxyBeanMethods = false)
    static class Forgetful implements RecordFilterStrategy<Object, Object> {

        volatile String forgotten = NOTHING;

        @Override
        public boolean filter(ConsumerRecord<Object, Object> record) {
            return record.value().toString().contains(forgotten);
        }
    }

    @Autowired
    Forgetful forgetful;

    @Autowired
    DataSource dataSource;

    @Autowired
    JdbcTemplate database;

    @Autowired
    TestRestTemplate http;

    @BeforeEach
    void begin() {
        forgetful.forgotten = NOTHING;
        database.update("delete from page_views");
    }

    @Test
    void everyPageViewIsStoredOnce(@DataFluxStream(value = "clickstream", events = 5_000) TestStream<Click> clicks) {
        clicks.sendTo(kafka.sink("clicks"));
        assertThat(stored(clicks).await()).deliveredExactlyOnce();
    }

    @Test
    void aViewThatTheListenerForgetsIsNamed(
            @DataFluxStream(value = "clickstream", events = 5_000) TestStream<Click> clicks) {
        int number = 3_000;
        while (!clicks.events().get(number).eventType().equals("page_view")) {
            number++;
        }
        forgetful.forgotten = clicks.events().get(number).eventId();
        clicks.sendTo(kafka.sink("clicks"));

        long others = clicks.events().stream().flatMap(PageViewsTest::views).count() - 1;
        await().atMost(PATIENCE).until(() -> rows() == others);
        assertThat(stored(clicks).deadline(Duration.ofSeconds(10)).await().findings())
                .extracting(Verdict.Example::finding, Verdict.Example::sequence)
                .containsExactly(tuple(Finding.LOST, (long) number));
    }

    @Test
    void aRehearsalIsSeenByPrometheus() {
        EventStream same = DataFlux.stream("clickstream", 42);
        long views = LongStream.range(0, 1_000)
                .filter(number -> same.event(number).field("event_type").equals("page_view"))
                .count();
        assertThat(http.postForObject("/rehearsals?events=1000", null, String.class))
                .contains("\"acknowledged\":1000");
        assertThat(http.getForObject("/actuator/prometheus", String.class).lines())
                .filteredOn(line -> line.startsWith("dataflux_events_total{"))
                .anyMatch(line -> line.contains("outcome=\"acknowledged\"") && line.endsWith(" 1000.0"));
        await().atMost(PATIENCE).until(() -> rows() == views);
    }

    /** What is stored of these clicks, compared with what should be. */
    private Verification<Click, View> stored(TestStream<Click> clicks) {
        return clicks.verify(Arrivals.rows(
                        dataSource,
                        "select event_id, user_id from page_views",
                        row -> new View(row.getString(1), row.getString(2))))
                .tracedBy(View::eventId)
                .expecting(PageViewsTest::views);
    }

    /** What the application should store for a click. */
    static Stream<View> views(Click click) {
        return click.eventType().equals("page_view")
                ? Stream.of(new View(click.eventId(), click.userId()))
                : Stream.empty();
    }

    private long rows() {
        return database.queryForObject("select count(*) from page_views", Long.class);
    }
}
