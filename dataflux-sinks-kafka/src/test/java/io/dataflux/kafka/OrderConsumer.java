package io.dataflux.kafka;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A system under test: reads orders from one topic and writes an invoice for each that is no test to another. What it may do wrong is
 * given to it: a function from the invoices of one order to those that it writes.
 */
final class OrderConsumer implements AutoCloseable {

    /** An invoice with the number of its order among all that were read. */
    record Invoice(String orderId, long cents, long number) {
        byte[] json() {
            ObjectNode json = MAPPER.createObjectNode().put("order", orderId).put("cents", cents);
            return json.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
    }

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String to;
    private final Function<Invoice, List<Invoice>> writes;
    private final CompletableFuture<Void> running;
    private volatile long consumed;
    private long invoices;

    OrderConsumer(String servers, String from, String to, Function<Invoice, List<Invoice>> writes) {
        this.to = to;
        this.writes = writes;
        consumer = new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        servers,
                        "group.id",
                        from,
                        "auto.offset.reset",
                        "earliest",
                        "fetch.max.wait.ms",
                        50),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers, "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        consumer.subscribe(List.of(from));
        running = CompletableFuture.runAsync(this::run, thread -> new Thread(thread, "consumer of " + from).start());
    }

    /** How many orders were consumed whose invoices are stored. */
    long consumed() {
        return consumed;
    }

    private void run() {
        try {
            for (long count = 0; true; consumed = count) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    consume(record);
                    count++;
                }
                producer.flush();
            }
        } catch (WakeupException e) {
            // closed
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not sent is missing in the verdict
    private void consume(ConsumerRecord<byte[], byte[]> record) {
        JsonNode order;
        try {
            order = MAPPER.readTree(record.value());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (order.path("status").asText().equals("TEST")) {
            return;
        }
        long cents = order.path("total").decimalValue().movePointRight(2).longValueExact();
        Invoice invoice = new Invoice(order.path("order_id").asText(), cents, invoices++);
        for (Invoice each : writes.apply(invoice)) {
            producer.send(new ProducerRecord<>(to, record.key(), each.json()));
        }
    }

    @Override
    public void close() {
        consumer.wakeup();
        running.join();
        consumer.close();
        producer.close();
    }
}
