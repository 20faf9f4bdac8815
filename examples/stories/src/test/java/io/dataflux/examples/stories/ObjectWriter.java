package io.dataflux.examples.stories;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * A system under test, in a process of its own: writes the records of a topic into objects of a bucket, each once. An object is named
 * after the offset of its first record, states which offset comes next, and is never overwritten. So a new process, however the last one
 * ended, continues after the last object of each partition; and if two write the same object, one is refused.
 */
final class ObjectWriter {

    private static final int BLOCK = 500;
    private static final String NEXT = "next-offset";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final S3Client s3;
    private final String bucket;
    private final String folder;
    private final ObjectFault fault;
    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> blocks = new HashMap<>();

    private ObjectWriter(
            KafkaConsumer<byte[], byte[]> consumer, S3Client s3, String topic, String bucket, ObjectFault fault) {
        this.consumer = consumer;
        this.s3 = s3;
        this.bucket = bucket;
        this.folder = "topics/" + topic + "/";
        this.fault = fault;
        List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(partition -> new TopicPartition(topic, partition.partition()))
                .toList();
        consumer.assign(partitions);
        partitions.forEach(this::goOn);
    }

    /** Arguments: servers, topic, endpoint, bucket, fault. The keys of the store are in the environment. */
    public static void main(String[] args) throws IOException {
        try (var consumer = new KafkaConsumer<>(
                        Map.of("bootstrap.servers", args[0], "auto.offset.reset", "none"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
                var s3 = S3Client.builder()
                        .endpointOverride(URI.create(args[2]))
                        .region(Region.US_EAST_1)
                        .forcePathStyle(true)
                        .httpClient(UrlConnectionHttpClient.create())
                        .build()) {
            new ObjectWriter(consumer, s3, args[1], args[3], ObjectFault.valueOf(args[4])).run();
        }
    }

    private void run() throws IOException {
        while (true) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
            for (TopicPartition partition : records.partitions()) {
                take(partition, records.records(partition));
            }
            if (records.isEmpty()) { // nothing more is coming: do not delay what there is
                for (TopicPartition partition : List.copyOf(blocks.keySet())) {
                    List<ConsumerRecord<byte[], byte[]>> block = blocks.remove(partition);
                    if (!block.isEmpty()) {
                        store(partition, block);
                    }
                }
                WriterProcess.say("at", Long.toString(position()));
            }
        }
    }

    private void take(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) throws IOException {
        List<ConsumerRecord<byte[], byte[]>> block = blocks.computeIfAbsent(partition, p -> new ArrayList<>());
        for (ConsumerRecord<byte[], byte[]> record : records) {
            block.add(record);
            if (block.size() == BLOCK) {
                if (!store(partition, block)) {
                    blocks.remove(partition);
                    return; // the rest will be read again
                }
                block.clear();
            }
        }
    }

    private long position() {
        return consumer.assignment().stream().mapToLong(consumer::position).sum();
    }

    /** Continues reading after what is stored of a partition. */
    private void goOn(TopicPartition partition) {
        String last = "";
        for (S3Object object : s3.listObjectsV2Paginator(
                        list -> list.bucket(bucket).prefix(folder + partition.partition() + "+"))
                .contents()) {
            last = object.key();
        }
        String key = last;
        String next = key.isEmpty()
                ? "0"
                : s3.headObject(head -> head.bucket(bucket).key(key)).metadata().get(NEXT);
        consumer.seek(partition, Long.parseLong(next));
    }

    /** Whether it was stored; otherwise it was there already, and reading continues after it. */
    private boolean store(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> block) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] line : fault.lines(block)) {
            body.write(line);
            body.write('\n');
        }
        long first = block.get(0).offset();
        long next = block.get(block.size() - 1).offset() + 1;
        String key = String.format("%s%d+%012d.json", folder, partition.partition(), first);
        try {
            s3.putObject(
                    put -> put.bucket(bucket).key(key).ifNoneMatch("*").metadata(Map.of(NEXT, Long.toString(next))),
                    RequestBody.fromBytes(body.toByteArray()));
            WriterProcess.say("stored", Integer.toString(block.size()));
            return true;
        } catch (S3Exception e) {
            if (e.statusCode() != 412) {
                throw e;
            }
            goOn(partition); // a writer before this one, or an attempt whose answer was lost
            return false;
        }
    }
}
