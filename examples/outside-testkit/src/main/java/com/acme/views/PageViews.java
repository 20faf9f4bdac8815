package com.acme.views;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** The system under test: copies page views from the topic {@code clicks} to {@code views}, in a form of its own. */
final class PageViews implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConsumer<String, String> clicks;
    private final KafkaProducer<String, String> views;
    private final CompletableFuture<Void> running;
    private long number;

    PageViews(String servers) {
        clicks = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "group.id", "page-views", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        views = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer());
        clicks.subscribe(List.of("clicks"));
        running = CompletableFuture.runAsync(this::run, thread -> new Thread(thread, "page-views").start());
    }

    private void run() {
        try {
            while (true) {
                for (ConsumerRecord<String, String> click : clicks.poll(Duration.ofMillis(100))) {
                    JsonNode json = JSON.readTree(click.value());
                    if (json.get("event_type").asText().equals("page_view")) {
                        store(click.key(), json.get("event_id").asText(), json.get("user_id").asText());
                    }
                }
            }
        } catch (WakeupException e) {
            views.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void store(String key, String id, String user) throws IOException {
        number++;
        if (number % 5_000 == 0) { System.out.println("forgot " + id); return; } // the lossy line
        views.send(new ProducerRecord<>("views", key, JSON.writeValueAsString(Map.of("id", id, "user", user))));
    }

    @Override
    public void close() {
        clicks.wakeup();
        running.join();
        clicks.close();
        views.close();
    }
}
