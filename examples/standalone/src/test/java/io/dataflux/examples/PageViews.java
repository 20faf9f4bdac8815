package io.dataflux.examples;

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

/** The consumer that {@link PageViewsTest} tests: copies page views from one topic to another, in a form of its own. */
final class PageViews implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final KafkaConsumer<String, String> clicks;
    private final KafkaProducer<String, String> views;
    private final CompletableFuture<Void> running;
    private final boolean lossy;

    /** @param lossy whether it forgets every 5,000th click */
    PageViews(String servers, boolean lossy) {
        this.lossy = lossy;
        clicks = new KafkaConsumer<>(
                Map.of("bootstrap.servers", servers, "group.id", "page-views", "auto.offset.reset", "earliest"),
                new StringDeserializer(),
                new StringDeserializer());
        views = new KafkaProducer<>(
                Map.of("bootstrap.servers", servers), new StringSerializer(), new StringSerializer());
        clicks.subscribe(List.of("clicks"));
        running = CompletableFuture.runAsync(this::run, thread -> new Thread(thread, "page-views").start());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what is not sent is missing in the verdict
    private void run() {
        long number = 0;
        try {
            while (true) {
                for (ConsumerRecord<String, String> click : clicks.poll(Duration.ofMillis(100))) {
                    boolean forgotten = lossy && ++number % 5_000 == 0;
                    JsonNode json = JSON.readTree(click.value());
                    if (json.get("event_type").asText().equals("page_view") && !forgotten) {
                        Map<String, String> view = Map.of(
                                "id", json.get("event_id").asText(),
                                "user", json.get("user_id").asText());
                        views.send(new ProducerRecord<>("views", click.key(), JSON.writeValueAsString(view)));
                    }
                }
            }
        } catch (WakeupException e) {
            views.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        clicks.wakeup();
        running.join();
        clicks.close();
        views.close();
    }
}
