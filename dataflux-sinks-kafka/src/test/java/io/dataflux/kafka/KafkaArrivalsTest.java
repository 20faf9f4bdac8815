package io.dataflux.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.Kafka;
import io.dataflux.testkit.KafkaCluster;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a system put into a topic, where the end of the topic cannot be read. */
class KafkaArrivalsTest {

    private static final int EVENTS = 200;
    private static final Duration DEADLINE = Duration.ofSeconds(5);

    private static Kafka kafka;

    @BeforeAll
    static void start(@KafkaCluster Kafka cluster) {
        kafka = cluster;
    }

    @Test
    void whatAnOpenTransactionHoldsIsPendingAndTheTransactionIsNamed() throws Exception {
        try (TestStream<Event> stream = stream();
                Arrivals<String> out = arrivals("held-back");
                var plain = producer("");
                var transactional = producer("somebody")) {
            List<String> events = sent(stream);
            transactional.initTransactions();
            transactional.beginTransaction();
            for (int i = 0; i < EVENTS; i++) {
                var producer = i < 150 ? plain : transactional;
                producer.send(new ProducerRecord<>("held-back", 0, null, events.get(i)))
                        .get();
            }

            Verdict verdict =
                    stream.verify(out).keyedBy(event -> null).deadline(DEADLINE).await();

            assertThat(verdict.count(Finding.PENDING)).isEqualTo(EVENTS - 150);
            assertThat(verdict.count(Finding.LOST)).isZero();
            assertThat(verdict.facts())
                    .anyMatch(
                            fact -> fact.matches(
                                    "note      : not read to the end: topic 'held-back' at [^:]+:\\d+:"
                                            + " partition 0 has been read to 150 of 200, where a transaction is open: 'somebody', for \\d+ s.*"));
        }
    }

    @Test
    void anOpenTransactionOfOthersDoesNotKeepAVerdictWaiting() throws Exception {
        try (TestStream<Event> stream = stream();
                Arrivals<String> out = arrivals("beside");
                var plain = producer("");
                var transactional = producer("another")) {
            List<String> events = sent(stream);
            for (String event : events) {
                plain.send(new ProducerRecord<>("beside", 0, null, event)).get();
            }
            transactional.initTransactions();
            transactional.beginTransaction();
            transactional.send(new ProducerRecord<>("beside", 0, null, "{}")).get();

            Verdict verdict = stream.verify(out)
                    .keyedBy(event -> null)
                    .deadline(Duration.ofMinutes(5))
                    .await();

            assertThat(verdict.clean()).as("%s", verdict).isTrue();
            assertThat(verdict.facts()).anyMatch(fact -> fact.contains("where a transaction is open: 'another'"));
        }
    }

    @Test
    void aBrokerThatIsGoneLeavesWhatWasReadJudged() throws Exception {
        try (TestStream<Event> stream = stream();
                Arrivals<String> out = arrivals("gone");
                var plain = producer("")) {
            List<String> events = sent(stream);
            for (String event : events.subList(0, 150)) {
                plain.send(new ProducerRecord<>("gone", 0, null, event)).get();
            }
            Arrivals<String> thenGone = new Arrivals<>() {
                private boolean read;

                @Override
                public boolean isLog() {
                    return true;
                }

                @Override
                public long read(Visitor<? super String> visitor) throws Exception {
                    if (read) {
                        kafka.proxy(0).down();
                    }
                    read = true;
                    return out.read(visitor);
                }
            };
            try {
                Verdict verdict = stream.verify(thenGone)
                        .keyedBy(event -> null)
                        .deadline(DEADLINE)
                        .await();

                assertThat(verdict.count(Finding.PENDING)).isEqualTo(EVENTS - 150);
                assertThat(verdict.readToEnd()).isFalse();
            } finally {
                kafka.proxy(0).heal();
            }
        }
    }

    @Test
    void partitionsThatAreAddedAfterTheArrivalsWereOpenedAreReadFromTheirBeginning() throws Exception {
        try (TestStream<Event> stream = stream();
                Arrivals<String> out = arrivals("grows");
                Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.directServers()));
                var plain = producer("")) {
            List<String> events = sent(stream);
            for (int i = 0; i < EVENTS; i++) {
                if (i == 50) {
                    admin.createPartitions(Map.of("grows", NewPartitions.increaseTo(3)))
                            .all()
                            .get();
                }
                plain.send(new ProducerRecord<>("grows", i < 50 ? 0 : i % 3, null, events.get(i)))
                        .get();
            }

            Verdict verdict = stream.verify(out)
                    .keyedBy(event -> null)
                    .deadline(Duration.ofMinutes(5))
                    .await();

            assertThat(verdict.clean()).as("%s", verdict).isTrue();
            assertThat(verdict.facts()).anyMatch(fact -> fact.contains("200 records in 3 sources"));
        }
    }

    private static TestStream<Event> stream() {
        EventStream clicks = DataFlux.stream("clickstream", 42);
        return TestStream.of(clicks, 0, EVENTS, Decoder.events());
    }

    /** Sends the events, so that they are expected, and returns them as text. */
    private static List<String> sent(TestStream<Event> stream) {
        List<String> texts = new ArrayList<>();
        stream.events().forEach(event -> texts.add(event.toString()));
        stream.sendTo(kafka.sink("in-" + stream.tag()));
        return texts;
    }

    private static Arrivals<String> arrivals(String topic) {
        kafka.createTopic(topic, 1);
        return Arrivals.stored(kafka.sink(topic), value -> new String(value, UTF_8));
    }

    private static KafkaProducer<String, String> producer(String transactionalId) {
        Map<String, Object> settings = new java.util.HashMap<>();
        settings.put("bootstrap.servers", kafka.directServers());
        if (!transactionalId.isEmpty()) {
            settings.put("transactional.id", transactionalId);
        }
        return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
    }
}
