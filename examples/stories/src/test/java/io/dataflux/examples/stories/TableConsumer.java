package io.dataflux.examples.stories;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A system under test: plain JDBC, a row for each order that is not a test order, committed before its offset. */
final class TableConsumer implements AutoCloseable {

    /** What it does wrong with the batches that it gets. */
    enum Fault {
        NONE,
        DROPS_ONE,
        REPEATS_A_BATCH,
        ROUNDS
    }

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final CompletableFuture<Void> running;
    private volatile long consumed;

    /** The orders that something was done wrong with. */
    final List<String> wronged = new ArrayList<>();

    TableConsumer(String servers, String topic, DataSource database, Fault fault) {
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "group.id",
                        topic,
                        "auto.offset.reset",
                        "earliest",
                        "enable.auto.commit",
                        false),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        consumer.subscribe(List.of(topic));
        running = CompletableFuture.runAsync(
                () -> run(database, fault), thread -> new Thread(thread, "consumer of " + topic).start());
    }

    /** How many orders were consumed whose rows are committed. */
    long consumed() {
        return consumed;
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void run(DataSource database, Fault fault) {
        try (Connection connection = database.getConnection()) {
            connection.setAutoCommit(false);
            while (true) {
                List<JsonNode> orders = new ArrayList<>();
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    orders.add(MAPPER.readTree(record.value()));
                }
                List<JsonNode> kept = orders.stream()
                        .filter(order -> !order.path("status").asText().equals("TEST"))
                        .toList();
                insert(connection, kept, fault);
                connection.commit();
                consumer.commitSync();
                consumed += orders.size();
            }
        } catch (WakeupException e) {
            // closed
        } catch (IOException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void insert(Connection connection, List<JsonNode> orders, Fault fault) throws SQLException {
        boolean first = wronged.isEmpty() && !orders.isEmpty();
        try (PreparedStatement insert = connection.prepareStatement("insert into orders values (?, ?)")) {
            for (int i = 0; i < orders.size(); i++) {
                String id = orders.get(i).path("order_id").asText();
                BigDecimal total = orders.get(i).path("total").decimalValue();
                int rows = 1;
                if (first && fault == Fault.DROPS_ONE && i == 0) {
                    rows = 0;
                } else if (first && fault == Fault.REPEATS_A_BATCH) {
                    rows = 2;
                } else if (fault == Fault.ROUNDS
                        && total.setScale(0, RoundingMode.HALF_UP).intValue() == 100) {
                    total = new BigDecimal(100);
                }
                if (rows != 1
                        || total.scale() == 0
                                && orders.get(i).path("total").decimalValue().compareTo(total) != 0) {
                    wronged.add(id);
                }
                for (int row = 0; row < rows; row++) {
                    insert.setString(1, id);
                    insert.setLong(2, total.movePointRight(2).longValueExact());
                    insert.addBatch();
                }
            }
            insert.executeBatch();
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        running.join();
        consumer.close();
    }
}
