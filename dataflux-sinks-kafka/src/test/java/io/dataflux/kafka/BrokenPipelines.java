package io.dataflux.kafka;

import static io.dataflux.verify.Finding.CORRUPTED;
import static io.dataflux.verify.Finding.DUPLICATE;
import static io.dataflux.verify.Finding.LOST;
import static io.dataflux.verify.Finding.REORDERED;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dataflux.verify.Finding;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Kinds of systems between two topics that do something wrong; each is its own correct twin if it is not broken. */
@SuppressWarnings("FutureReturnValueIgnored") // the verdict shows what was not stored
enum BrokenPipelines {
    COMMITS_FIRST(LOST, "commits offsets before it processes, and crashes") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            int[] batches = new int[1];
            while (!ends(p, Map.of(), (consumer, records) -> {
                boolean crash = p.wrong(++batches[0] == 3);
                if (crash) {
                    consumer.commitSync();
                }
                List<ConsumerRecord<byte[], byte[]>> done = crash ? records.subList(0, records.size() / 3) : records;
                done.forEach(p::write);
                records.subList(done.size(), records.size()).forEach(record -> p.note(LOST, record));
                p.producer.flush();
                consumer.commitSync();
                return !crash;
            })) {}
        }
    },
    AUTO_COMMIT(LOST, "lets the client commit what another thread has not processed yet, and crashes") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            Deque<ConsumerRecord<byte[], byte[]>> queue = new ArrayDeque<>();
            int[] batches = new int[1];
            Map<String, Object> config = Map.of("enable.auto.commit", true, "auto.commit.interval.ms", 1);
            while (!ends(p, config, (consumer, records) -> {
                queue.addAll(records);
                boolean crash = p.wrong(++batches[0] == 4);
                if (!crash) {
                    queue.forEach(p::write);
                }
                if (crash) {
                    queue.forEach(record -> p.note(LOST, record));
                }
                queue.clear();
                return !crash;
            })) {}
        }
    },
    CRASHES_BEFORE_THE_COMMIT(DUPLICATE, "crashes when a batch is written and not committed, and processes it again") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            int[] batches = new int[1];
            while (!ends(p, Map.of(), (consumer, records) -> {
                records.forEach(p::write);
                p.producer.flush();
                if (p.wrong(++batches[0] == 2)) {
                    records.forEach(record -> p.note(DUPLICATE, record));
                    return false;
                }
                consumer.commitSync();
                return true;
            })) {}
        }
    },
    SEEKS_BACK(DUPLICATE, "goes back to an earlier offset of a partition") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            try (KafkaConsumer<byte[], byte[]> consumer = p.consumer(p.in, Map.of())) {
                BrokenPipeline.read(consumer, passing(p));
                TopicPartition partition = BrokenPipeline.partitions(p.in).get(1);
                if (p.wrong(true)) {
                    consumer.seek(partition, consumer.position(partition) - 40);
                    BrokenPipeline.read(consumer, repeating(p));
                }
            }
        }
    },
    TWO_OWNERS(DUPLICATE, "keeps on processing a partition that was given to another consumer") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            try (KafkaConsumer<byte[], byte[]> consumer = p.consumer(p.in, Map.of());
                    KafkaConsumer<byte[], byte[]> other = p.consumer(p.in, Map.of("group.id", "other"))) {
                BrokenPipeline.read(consumer, passing(p));
                other.assign(List.of(BrokenPipeline.partitions(p.in).get(2)));
                if (p.wrong(true)) {
                    BrokenPipeline.read(other, repeating(p));
                }
            }
        }
    },
    RETRIES_WITHOUT_A_TRANSACTION(DUPLICATE, "writes a batch again because the answer came too late for it") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            int[] batches = new int[1];
            ends(p, Map.of(), (consumer, records) -> {
                records.forEach(p::write);
                if (p.wrong(++batches[0] % 3 == 0)) {
                    p.producer.flush();
                    repeating(p).of(records);
                }
                return true;
            });
        }
    },
    READS_UNCOMMITTED(DUPLICATE, "reads what aborted transactions wrote") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            String between = p.in + "-between";
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", p.servers))) {
                admin.createTopics(List.of(new org.apache.kafka.clients.admin.NewTopic(
                                between, BrokenPipeline.PARTITIONS, (short) 1)))
                        .all()
                        .get();
            }
            int[] batches = new int[1];
            try (KafkaProducer<byte[], byte[]> transactional = p.producer(Map.of("transactional.id", p.in))) {
                transactional.initTransactions();
                ends(p, Map.of(), (consumer, records) -> {
                    for (boolean again = ++batches[0] == 2; ; again = false) {
                        transactional.beginTransaction();
                        records.forEach(record -> transactional.send(
                                new ProducerRecord<>(between, null, record.key(), record.value(), record.headers())));
                        transactional.flush();
                        if (!again) {
                            transactional.commitTransaction();
                            return true;
                        }
                        transactional.abortTransaction();
                        if (p.wrong(true)) {
                            records.forEach(record -> p.note(DUPLICATE, record));
                        }
                    }
                });
            }
            String isolation = p.wrong(true) ? "read_uncommitted" : "read_committed";
            try (KafkaConsumer<byte[], byte[]> consumer = p.consumer(between, Map.of("isolation.level", isolation))) {
                BrokenPipeline.read(consumer, passing(p));
            }
        }
    },
    COMMITS_OUTSIDE_THE_TRANSACTION(LOST, "commits offsets although the transaction with their outputs was aborted") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            int[] batches = new int[1];
            try (KafkaProducer<byte[], byte[]> transactional = p.producer(Map.of("transactional.id", p.in))) {
                transactional.initTransactions();
                while (!ends(p, Map.of(), (consumer, records) -> {
                    transactional.beginTransaction();
                    records.forEach(record -> BrokenPipeline.write(transactional, p.out, record));
                    if (++batches[0] == 3) {
                        transactional.flush();
                        transactional.abortTransaction();
                        if (p.wrong(true)) {
                            consumer.commitSync();
                            records.forEach(record -> p.note(LOST, record));
                        }
                        return false;
                    }
                    transactional.commitTransaction();
                    consumer.commitSync();
                    return true;
                })) {}
            }
        }
    },
    BEGINS_AT_THE_END(LOST, "begins a partition that it has no offset of at its end") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            String reset = p.wrong(true) ? "latest" : "earliest";
            try (KafkaConsumer<byte[], byte[]> consumer = p.consumer(p.in, Map.of("auto.offset.reset", reset));
                    KafkaConsumer<byte[], byte[]> unread = p.consumer(p.in, Map.of("group.id", "unread"))) {
                consumer.commitSync(Map.of(
                        BrokenPipeline.partitions(p.in).get(0), new OffsetAndMetadata(0),
                        BrokenPipeline.partitions(p.in).get(2), new OffsetAndMetadata(0)));
                BrokenPipeline.read(consumer, passing(p));
                unread.assign(List.of(BrokenPipeline.partitions(p.in).get(1)));
                if (p.wrong(true)) {
                    BrokenPipeline.read(unread, losing(p));
                }
            }
        }
    },
    OUTLIVED_BY_RETENTION(LOST, "is so slow that the topic deletes what it has not read yet") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            TopicPartition partition = BrokenPipeline.partitions(p.in).get(0);
            if (p.wrong(true)) {
                try (KafkaConsumer<byte[], byte[]> unread = p.consumer(p.in, Map.of("group.id", "unread"));
                        Admin admin = Admin.create(Map.of("bootstrap.servers", p.servers))) {
                    unread.assign(List.of(partition));
                    BrokenPipeline.read(unread, records -> {
                        records.stream().filter(record -> record.offset() < 50).forEach(r -> p.note(LOST, r));
                        return false;
                    });
                    admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(50)))
                            .all()
                            .get();
                }
            }
            ends(p, Map.of(), (consumer, records) -> passing(p).of(records));
        }
    },
    IGNORES_WHAT_THE_PRODUCER_SAYS(LOST, "does not look at the outcome of sending, and large records are refused") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            int largest = p.wrong(true) ? 420 : 1 << 20;
            try (KafkaProducer<byte[], byte[]> producer = p.producer(Map.of("max.request.size", largest))) {
                ends(p, Map.of(), (consumer, records) -> {
                    Map<ConsumerRecord<byte[], byte[]>, Future<RecordMetadata>> sent = new HashMap<>();
                    records.forEach(record ->
                            sent.put(record, producer.send(new ProducerRecord<>(p.out, record.key(), record.value()))));
                    producer.flush();
                    sent.forEach((record, outcome) -> {
                        if (failed(outcome)) {
                            p.note(LOST, record);
                        }
                    });
                    return true;
                });
            }
        }
    },
    TWO_THREADS(REORDERED, "gives records to two threads by turns, of which one is slower") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            Map<String, Long> furthest = new HashMap<>();
            ends(p, Map.of(), (consumer, records) -> {
                List<ConsumerRecord<byte[], byte[]>> mixed = new ArrayList<>();
                List<ConsumerRecord<byte[], byte[]>> slow = new ArrayList<>();
                for (int i = 0; i < records.size(); i++) {
                    (p.wrong(i % 2 == 0) ? slow : mixed).add(records.get(i));
                }
                mixed.addAll(slow);
                for (ConsumerRecord<byte[], byte[]> record : mixed) {
                    String key = new String(record.key(), UTF_8);
                    if (furthest.getOrDefault(key, -1L) > record.offset()) {
                        p.note(REORDERED, record);
                    }
                    furthest.merge(key, record.offset(), Math::max);
                    p.write(record);
                }
                return true;
            });
        }
    },
    /** Its events come with planned faults. */
    LOSES_DEAD_LETTERS(LOST, "swallows what it cannot read instead of setting it aside") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            JsonMapper json = JsonMapper.builder().build();
            ends(p, Map.of(), (consumer, records) -> {
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    try {
                        json.readTree(record.value());
                        p.write(record);
                    } catch (IOException e) {
                        if (p.wrong(true)) {
                            p.note(LOST, record);
                        } else {
                            BrokenPipeline.write(p.producer, p.deadLetters, record);
                        }
                    }
                }
                return true;
            });
        }
    },
    CHANGES_KEYS(CORRUPTED, "writes some records under the key of the record before") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            ends(p, Map.of(), (consumer, records) -> {
                for (int i = 0; i < records.size(); i++) {
                    ConsumerRecord<byte[], byte[]> record = records.get(i);
                    byte[] key = p.wrong(i % 31 == 30) ? records.get(i - 1).key() : record.key();
                    if (!Arrays.equals(key, record.key())) {
                        p.note(CORRUPTED, record);
                    }
                    p.producer.send(new ProducerRecord<>(p.out, partition(record), key, record.value()));
                }
                return true;
            });
        }
    },
    WRITES_NUMBERS_IN_QUOTES(CORRUPTED, "writes some numbers in quotes") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            ends(p, Map.of(), (consumer, records) -> {
                for (int i = 0; i < records.size(); i++) {
                    ConsumerRecord<byte[], byte[]> record = records.get(i);
                    String text = new String(record.value(), UTF_8);
                    if (p.wrong(i % 31 == 30)) {
                        text = text.replaceFirst("\"cents\":([0-9]+)", "\"cents\":\"$1\"");
                        p.note(CORRUPTED, record);
                    }
                    p.producer.send(new ProducerRecord<>(p.out, record.key(), text.getBytes(UTF_8)));
                }
                return true;
            });
        }
    },
    DEALS_KEYS(null, "deals records to partitions by turns, whatever their keys") {
        @Override
        void run(BrokenPipeline p) throws Exception {
            int[] turn = new int[1];
            ends(p, Map.of(), (consumer, records) -> {
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    int to = p.wrong(true) ? turn[0]++ % BrokenPipeline.PARTITIONS : partition(record);
                    p.place(record, p.producer.send(new ProducerRecord<>(p.out, to, record.key(), record.value())));
                }
                return true;
            });
        }
    };

    /** What a verdict should call what it does; null if nothing is wrong with it except that order cannot be judged. */
    final @Nullable Finding finding;

    final String wrong;

    BrokenPipelines(@Nullable Finding finding, String wrong) {
        this.finding = finding;
        this.wrong = wrong;
    }

    private static int partition(ConsumerRecord<byte[], byte[]> record) {
        return Math.floorMod(Arrays.hashCode(record.key()), BrokenPipeline.PARTITIONS);
    }

    abstract void run(BrokenPipeline pipeline) throws Exception;

    private interface Step {
        boolean of(KafkaConsumer<byte[], byte[]> consumer, List<ConsumerRecord<byte[], byte[]>> records)
                throws Exception;
    }

    /** Reads to the end with a new consumer, unless that crashes; returns whether it did not. */
    private static boolean ends(BrokenPipeline p, Map<String, Object> config, Step step) throws Exception {
        boolean[] crashed = new boolean[1];
        try (KafkaConsumer<byte[], byte[]> consumer = p.consumer(p.in, config)) {
            BrokenPipeline.read(consumer, records -> {
                crashed[0] = !step.of(consumer, records);
                return !crashed[0];
            });
        }
        return !crashed[0];
    }

    private static BrokenPipeline.Batch passing(BrokenPipeline p) {
        return records -> {
            records.forEach(p::write);
            return true;
        };
    }

    private static BrokenPipeline.Batch repeating(BrokenPipeline p) {
        return records -> {
            records.forEach(record -> {
                p.write(record);
                p.note(DUPLICATE, record);
            });
            return true;
        };
    }

    private static BrokenPipeline.Batch losing(BrokenPipeline p) {
        return records -> {
            records.forEach(record -> p.note(LOST, record));
            return true;
        };
    }

    private static boolean failed(Future<RecordMetadata> outcome) {
        try {
            return outcome.get() == null;
        } catch (java.util.concurrent.ExecutionException e) {
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
