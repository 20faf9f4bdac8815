package io.dataflux.examples.stories;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.examples.stories.TableConsumer.Fault;
import io.dataflux.kafka.KafkaSink;
import io.dataflux.testkit.DataFluxStream;
import io.dataflux.testkit.Kafka;
import io.dataflux.testkit.KafkaCluster;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Shows how to judge a program that turns the records of a topic into rows of a table: the test passes when the program does its work, and
 * fails with the right orders when it does not. Run it with {@code mvn verify -pl examples/stories -am}.
 */
class TableStoryTest {

    record Order(String orderId, String status, BigDecimal total) {}

    record Row(String orderId, long cents) {}

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static Kafka kafka;
    private static EmbeddedPostgres postgres;
    private static DataSource db;

    @BeforeAll
    static void start(@KafkaCluster Kafka cluster) throws Exception {
        kafka = cluster;
        postgres = EmbeddedPostgres.start();
        db = postgres.getPostgresDatabase();
    }

    @AfterAll
    static void stop() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void emptyTable() throws SQLException {
        try (Connection connection = db.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("drop table if exists orders");
            statement.execute("create table orders (order_id text, total_cents bigint)");
        }
    }

    @Test
    void everyOrderThatIsNoTestBecomesOneRow(
            @DataFluxStream(file = "orders.yaml", events = 3_000) TestStream<Order> orders) throws Exception {
        try (var consumer = new TableConsumer(kafka.bootstrapServers(), topic("works"), db, Fault.NONE)) {
            var rows = Arrivals.rows(
                    db, "select order_id, total_cents from orders", r -> new Row(r.getString(1), r.getLong(2)));
            orders.sendTo(KafkaSink.topic(kafka.bootstrapServers(), "works"));
            assertThat(orders.verify(rows)
                            .tracedBy(Row::orderId)
                            .expecting(TableStoryTest::row)
                            .await())
                    .deliveredExactlyOnce();
            assertThat(consumer.wronged).isEmpty();
        }
    }

    @Test
    void aRowThatWasNotWrittenIsFound(@DataFluxStream(file = "orders.yaml", events = 3_000) TestStream<Order> orders)
            throws Exception {
        assertFound(orders, Fault.DROPS_ONE, Finding.LOST);
    }

    @Test
    void aBatchThatWasWrittenTwiceIsFound(
            @DataFluxStream(file = "orders.yaml", events = 3_000) TestStream<Order> orders) throws Exception {
        assertFound(orders, Fault.REPEATS_A_BATCH, Finding.DUPLICATE);
    }

    @Test
    void amountsThatWereRoundedAreFound(@DataFluxStream(file = "orders.yaml", events = 3_000) TestStream<Order> orders)
            throws Exception {
        assertFound(orders, Fault.ROUNDS, Finding.CORRUPTED);
    }

    private static void assertFound(TestStream<Order> orders, Fault fault, Finding finding) throws Exception {
        String topic = topic(fault.name());
        try (var consumer = new TableConsumer(kafka.bootstrapServers(), topic, db, fault)) {
            var rows = Arrivals.rows(
                    db, "select order_id, total_cents from orders", r -> new Row(r.getString(1), r.getLong(2)));
            long sent = orders.sendTo(KafkaSink.topic(kafka.bootstrapServers(), topic))
                    .acknowledged();
            await().atMost(PATIENCE).until(() -> consumer.consumed() == sent);

            Verdict verdict = orders.verify(rows)
                    .tracedBy(Row::orderId)
                    .expecting(TableStoryTest::row)
                    .deadline(Duration.ofSeconds(6))
                    .await();

            List<Long> wronged = consumer.wronged.stream()
                    .map(id -> orders.stream().sequenceOf(id).orElseThrow())
                    .sorted()
                    .toList();
            assertThat(wronged).isNotEmpty();
            assertThat(verdict.examples(finding))
                    .extracting(Verdict.Example::sequence)
                    .containsExactlyInAnyOrderElementsOf(wronged);
            assertThat(Arrays.stream(Finding.values()).filter(found -> verdict.count(found) > 0))
                    .containsExactly(finding);
            assertThatThrownBy(() -> assertThat(verdict).deliveredExactlyOnce())
                    .hasMessageContaining("run " + orders.tag());
        }
    }

    private static Stream<Row> row(Order order) {
        return order.status.equals("TEST")
                ? Stream.empty()
                : Stream.of(new Row(order.orderId, order.total.movePointRight(2).longValueExact()));
    }

    /** A topic that exists before anybody reads from it. */
    private static String topic(String name) {
        kafka.createTopic(name, 3);
        return name;
    }
}
