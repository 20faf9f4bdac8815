package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.verify.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What became of a run's topic, and of its progress, between a stop or a kill and the next attempt. */
class KafkaTargetTest {

    private static final long EVENTS = 12_000;
    private static int topics;

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @TempDir
    Path folder;

    private String topic;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start();
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    @BeforeEach
    void createNext() throws Exception {
        topic = "target-" + topics++;
        create();
    }

    private void create() throws Exception {
        while (true) { // a topic of that name may still be going
            try {
                admin.createTopics(List.of(new NewTopic(topic, 2, (short) 1)))
                        .all()
                        .get();
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private Plan plan(boolean transactional) throws Exception {
        Path config = Files.writeString(folder.resolve("config.yaml"), """
                seed: 7
                tag: "%s"
                limits: {events: %d}
                speed: 3
                streams: {clicks: {from: clickstream}}
                sinks:
                  broker: {type: kafka, bootstrap_servers: "%s", topic: %s, connect_timeout: 1m, timestamp: send, transactional: %s}
                output: {dir: "%s"}
                """.formatted(
                        tag(), EVENTS, kafka.bootstrapServers(), topic, transactional, folder.resolve("out")));
        return DataFlux.plan(config, Map.of(), Map.of());
    }

    private void begin(Plan plan, String end) throws Exception {
        CountDownLatch reached = new CountDownLatch(1);
        Run run = plan.start().after(2000, reached::countDown);
        reached.await();
        RunReport report = run.stop();
        assertThat(report.complete()).isFalse();
        if (end.equals("killed")) {
            Path file = folder.resolve("out").resolve(report.tag()).resolve("checkpoint.json");
            Files.writeString(file, Files.readString(file).replace("\"stopped\"", "\"running\""));
            Files.delete(file.resolveSibling("report.json"));
        }
    }

    private void change(String what) throws Exception {
        switch (what) {
            case "partitions" ->
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(5)))
                        .all()
                        .get();
            case "clean-up policy" ->
                admin.incrementalAlterConfigs(Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                List.of(new AlterConfigOp(
                                        new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET))))
                        .all()
                        .get();
            case "another topic" -> {
                admin.deleteTopics(List.of(topic)).all().get();
                create();
            }
            default -> admin.deleteTopics(List.of(topic)).all().get();
        }
    }

    static Stream<Arguments> changes() {
        return Stream.of("stopped", "killed")
                .flatMap(end -> Stream.of(
                        Arguments.of(end, true, "partitions", "was 2 when the run began, and is 5"),
                        Arguments.of(end, false, "partitions", "was 2 when the run began, and is 5"),
                        Arguments.of(end, false, "clean-up policy", "was delete when the run began, and is compact"),
                        Arguments.of(end, true, "another topic", "was the one with the id "),
                        Arguments.of(end, false, "nothing", " when the run began, and is missing")));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void aRunIsNotResumedAtATopicThatHasChanged(String end, boolean transactional, String what, String words)
            throws Exception {
        Plan plan = plan(transactional);
        begin(plan, end);
        change(what);

        assertThatThrownBy(plan::start)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("sinks.broker")
                .hasMessageContaining("topic '" + topic + "'")
                .hasMessageContaining(words);
    }

    @ParameterizedTest
    @CsvSource({"stopped, true", "stopped, false", "killed, true", "killed, false"})
    void aTopicThatIsAsItWasIsSentTheRest(String end, boolean transactional) throws Exception {
        Plan plan = plan(transactional);
        begin(plan, end);

        RunReport report = plan.start().await();

        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        Verdict verdict = plan.verify("broker", report.ledger(), UnaryOperator.identity());
        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
    }

    private static void forget() throws Exception {
        List<String> groups = admin.listGroups().all().get().stream()
                .map(GroupListing::groupId)
                .filter(group -> group.startsWith("dataflux-" + tag()))
                .toList();
        assertThat(groups).as("the progress of the lane").hasSize(1);
        admin.deleteConsumerGroups(groups).all().get();
    }

    private static String tag() {
        return HexFormat.of().toHexDigits(topics);
    }

    @ParameterizedTest
    @CsvSource({"stopped", "killed"})
    void aRunWhoseProgressTheBrokerForgotIsOnlyResumedIfNothingWasInFlight(String end) throws Exception {
        Plan plan = plan(true);
        begin(plan, end);
        forget();

        if (end.equals("killed")) {
            assertThatThrownBy(plan::start)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("sinks.broker")
                    .hasMessageContaining("the brokers no longer know how far lane 0 got")
                    .hasMessageContaining("offsets.retention.minutes")
                    .hasMessageContaining("would be stored twice");
            return;
        }
        RunReport report = plan.start().await();
        assertThat(report.acknowledged()).isEqualTo(EVENTS);
        Verdict verdict = plan.verify("broker", report.ledger(), UnaryOperator.identity());
        assertThat(verdict.clean()).as(verdict.toString()).isTrue();
    }
}
