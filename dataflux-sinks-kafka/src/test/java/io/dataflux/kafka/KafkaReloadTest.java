package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.FaultKind;
import io.dataflux.spi.SinkReader;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A run into a topic whose stream is changed on its way, stopped and resumed. */
class KafkaReloadTest {

    private static final Duration LONG = Duration.ofMinutes(1);

    private static EmbeddedKafka kafka;

    @TempDir
    Path folder;

    @BeforeAll
    static void startBroker() {
        kafka = EmbeddedKafka.start();
    }

    @AfterAll
    static void stopBroker() {
        kafka.close();
    }

    private Plan plan(String topic, String total, String more) throws IOException {
        return DataFlux.plan(Files.writeString(folder.resolve("run.yaml"), """
                seed: 5
                tag: "00000011"
                events_per_second: 4000
                limits: {events: 60000}
                streams:
                  orders:
                    key: {entity: "cust_{}", count: 300}
                    identity: id
                    fields: {id: {id: "ord_{}"}, total: %s}
                    faults: duplicate 2%% within 30, drop 1%%, reorder 3%% within 20, corrupt 1%% as truncated
                sinks:
                  broker: {type: kafka, bootstrap_servers: "%s", topic: %s, partitions: 3, lanes: 2%s}
                output: {dir: '%s'}
                """.formatted(
                        total, kafka.bootstrapServers(), topic, more, folder.resolve("out-" + topic))));
    }

    private static void awaitIssued(Run run, long events) {
        await().atMost(LONG).until(() -> run.progress().sinks().get(0).issued() >= events);
    }

    private record Header(long fingerprint, long sequence, String value) {}

    /** Keeps what the reader hands on. */
    private static UnaryOperator<SinkReader> keeping(List<Header> headers) {
        return reader -> new SinkReader() {
            @Override
            public long read(Visitor visitor) throws Exception {
                return reader.read((source, offset, key, value, header) -> {
                    ByteBuffer bytes = ByteBuffer.wrap(header);
                    headers.add(
                            new Header(bytes.getLong(0), bytes.getLong(22), new String(value, StandardCharsets.UTF_8)));
                    visitor.record(source, offset, key, value, header);
                });
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        };
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void eachRecordIsAndSaysThatItIsByItsOwnDefinition(boolean transactional) throws Exception {
        String topic = "changed-" + transactional;
        String more = transactional ? ", transactional: true" : "";
        Run run = plan(topic, "{int: [1, 9]}", more).start();
        awaitIssued(run, 2000);
        long from = run.reload(plan(topic, "{int: [100, 900]}", more)).get(0);
        awaitIssued(run, from + 1000);
        long off = run.faults("", FaultKind.DUPLICATE, false).get(0);
        awaitIssued(run, off + 1000);
        assertThat(run.stop().missing()).isPositive();

        Run resumed = plan(topic, "{int: [100, 900]}", more).start();
        resumed.speed(100);
        assertThat(resumed.await().missing()).isZero();

        Plan plan = plan(topic, "{int: [100, 900]}", more);
        Ledger ledger = plan.ledger(plan.reports());
        List<Header> headers = new ArrayList<>();
        Verdict verdict = plan.verify("broker", ledger, keeping(headers));
        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
        assertThat(headers).hasSizeGreaterThan(59_000);
        for (Header header : headers) {
            Ledger.Epoch epoch = ledger.epochs().get(header.sequence < off ? 0 : 1);
            assertThat(header.fingerprint)
                    .isEqualTo(
                            header.sequence < from
                                    ? ledger.streams().get(0).fingerprint()
                                    : epoch.streams().get(0).fingerprint());
            if (header.value.endsWith("}")) {
                assertThat(header.value).matches(header.sequence < from ? ".*\"total\":\\d}" : ".*\"total\":\\d{3}}");
            }
        }
        assertThat(headers.stream().filter(header -> header.sequence < from)).isNotEmpty();
    }

    @Test
    void aTopicThatKeepsTheLastRecordOfAKeyIsNotJudged() throws Exception {
        String more = ", cleanup: compact";
        Run run = plan("compacted", "{int: [1, 9]}", more).start();
        awaitIssued(run, 1000);
        run.faults("", FaultKind.DROP, false);
        run.speed(100);
        run.await();

        Plan plan = plan("compacted", "{int: [1, 9]}", more);
        assertThatThrownBy(() -> plan.verify("broker", plan.ledger(plan.reports()), reader -> reader))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(
                        "use a target that keeps every record, such as a topic with cleanup.policy=delete");
    }
}
