package io.dataflux.testkit;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import io.dataflux.Event;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.verify.Arrivals;
import java.beans.ConstructorProperties;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The annotation, in tests that succeed here, and in tests that are run from here because they are to fail. */
class DataFluxStreamTest {

    record Address(String street, String zip) {}

    enum Status {
        PAID,
        OPEN,
        TEST
    }

    record Order(
            String orderId,
            Instant placedAt,
            Status status,
            Address address,
            BigDecimal total,
            Optional<String> coupon) {}

    /** What Jackson knows of data classes in Kotlin, too: the names of a constructor's parameters. */
    static final class NamedParameters {

        private final String orderId;
        private final BigDecimal amount;

        @ConstructorProperties({"orderId", "total"})
        NamedParameters(String id, BigDecimal amount) {
            this.orderId = id;
            this.amount = amount;
        }
    }

    static final class Clicks {
        static StreamDefinition clicks() {
            return StreamDefinition.named("clicks")
                    .key("user_{}", 10)
                    .identity("id")
                    .field("id", Fields.uuid())
                    .field("user", Fields.key())
                    .build();
        }
    }

    private static final String LOSES_ONE = "target/dataflux/io.dataflux.testkit.DataFluxStreamTest.Failing.losesOne";
    private static final Set<Long> SEEDS = new HashSet<>();

    @AfterEach
    void forgetProperties() {
        System.clearProperty(StreamRequest.SEED_PROPERTY);
        System.clearProperty(TestStream.TAG_PROPERTY);
    }

    @Test
    void givesTheEventsOfABuiltInStream(@DataFluxStream("clickstream") TestStream<Event> clicks) {
        assertThat(clicks.events()).hasSize(1000);
        assertThat(clicks.events().get(999).sequence()).isEqualTo(999);
        assertThat(clicks.toString())
                .contains("stream 'clickstream' (seed ", " from the test's id, run " + clicks.tag() + ")")
                .endsWith(", from = 0, events = 1000, tag = \"" + clicks.tag() + "\")");
    }

    @Test
    void givesRecordsOfAStreamInAFileBesideTheTest(
            @DataFluxStream(file = "orders.yaml", seed = 42, from = 10, events = 500) TestStream<Order> orders) {
        assertThat(orders.events()).hasSize(500).allSatisfy(order -> {
            assertThat(order.orderId).startsWith("ord_");
            assertThat(order.address.zip).matches("[0-9]{5}");
            assertThat(order.total).isBetween(new BigDecimal("0.99"), new BigDecimal("199.99"));
            assertThat(order.placedAt).isAfterOrEqualTo(Instant.parse("2025-01-01T00:00:00Z"));
        });
        assertThat(orders.events()).extracting(Order::status).contains(Status.PAID, Status.TEST);
        assertThat(orders.events())
                .anyMatch(order -> order.coupon.isPresent())
                .anyMatch(order -> order.coupon.isEmpty());
    }

    @Test
    void givesObjectsOfAClassThatNamesTheParametersOfItsConstructor(
            @DataFluxStream(file = "orders.yaml", seed = 7) TestStream<NamedParameters> objects,
            @DataFluxStream(file = "orders.yaml", seed = 7) TestStream<Order> records) {
        assertThat(objects.events().get(3).orderId).matches("ord_[0-9a-f-]{36}");
        assertThat(objects.events().get(3).amount).isEqualTo(records.events().get(3).total);
    }

    @Test
    void givesMapsTextAndBytes(
            @DataFluxStream(file = "orders.yaml", seed = 7) TestStream<Map<String, Object>> maps,
            @DataFluxStream(file = "orders.yaml", seed = 7) TestStream<String> texts,
            @DataFluxStream(file = "orders.yaml", seed = 7) TestStream<byte[]> bytes) {
        assertThat(maps.events().get(3).get("total")).isInstanceOf(BigDecimal.class);
        assertThat(texts.events().get(3))
                .contains("\"total\":" + maps.events().get(3).get("total"));
        String other = new String(bytes.events().get(3), StandardCharsets.UTF_8);
        assertThat(withoutId(other)).isEqualTo(withoutId(texts.events().get(3)));
        assertThat(other)
                .as("ids are those of different runs")
                .isNotEqualTo(texts.events().get(3));
    }

    @Test
    void givesAStreamThatIsDefinedInCode(@DataFluxStream(source = Clicks.class, events = 5) TestStream<Event> clicks) {
        assertThat(clicks.events()).extracting(Event::key).allMatch(key -> key.startsWith("user_"));
        assertThat(clicks.toString())
                .contains("@DataFluxStream(source = io.dataflux.testkit.DataFluxStreamTest.Clicks.class, seed = ");
    }

    @Test
    void theStartIsNowIfThatIsWantedAndStandsInTheReplayLine(
            @DataFluxStream(value = "ingest", start = "now", rate = "500/s", events = 10) TestStream<Event> readings) {
        assertThat(Duration.between(readings.events().get(0).time(), Instant.now()))
                .isLessThan(Duration.ofHours(1));
        assertThat(Duration.between(
                        readings.events().get(0).time(),
                        readings.events().get(9).time()))
                .isEqualTo(Duration.ofMillis(18));
        assertThat(readings.toString())
                .contains(
                        ", start = \"" + readings.stream().timeOf(0),
                        "\", rate = \"500/s\", tag = \"" + readings.tag() + "\")");
    }

    @Test
    void theStartCanBeSomeTimeBeforeOrAfterNow(
            @DataFluxStream(value = "ingest", start = "now-1d", events = 1) TestStream<Event> past,
            @DataFluxStream(value = "ingest", start = "now+2h", events = 1) TestStream<Event> future) {
        assertThat(Duration.between(past.events().get(0).time(), Instant.now()))
                .isBetween(Duration.ofHours(23), Duration.ofHours(25));
        assertThat(Duration.between(Instant.now(), future.events().get(0).time()))
                .isBetween(Duration.ofHours(1), Duration.ofHours(2));
    }

    @Test
    void aRateThatEndsSaysHowManyEventsThereAre(
            @DataFluxStream(value = "ingest", rate = "steps 100/s..300/s by 100/s each 2s")
                    TestStream<Event> readings) {
        assertThat(readings.events()).hasSize(1200);
    }

    @Test
    void theSeedIsThatOfTheTestSoItIsTheSameInEachRun() throws Exception {
        String one = failure("failsByItself").getSuppressed()[0].toString();
        String again = failure("failsByItself").getSuppressed()[0].toString();

        assertThat(withoutTag(again)).isEqualTo(withoutTag(one));
        assertThat(again).as("but each run has a tag of its own").isNotEqualTo(one);
    }

    @RepeatedTest(2)
    void eachInvocationOfATestHasItsSeed(@DataFluxStream("ingest") TestStream<Event> readings) {
        assertThat(SEEDS.add(readings.stream().seed())).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1", "2"})
    void worksBesideOtherParameters(
            int number, @DataFluxStream(value = "ingest", seed = 3) TestStream<Event> readings) {
        assertThat(number).isPositive();
        assertThat(readings.stream().seed()).isEqualTo(3);
    }

    @Test
    void aFailedDeliveryShowsSeedTagAndTheAnnotationThatGivesTheSameEventsAgain() throws Exception {
        Throwable failure = failure("losesOne");

        String message = failure.getMessage();
        assertThat(message)
                .startsWith(
                        "not delivered exactly once\nDelivery differs from stream 'orders' (seed 42 from @DataFluxStream, run ")
                .contains("\n  expected  : 300 acknowledged\n", "\n  lost      : 1    117 (key cust_")
                .contains("\n  replay    : @DataFluxStream(file = \"orders.yaml\", seed = 42, from = 117, events = 1,"
                        + " tag = \"")
                .endsWith("\n  files     : " + LOSES_ONE);
        assertThat(Path.of(LOSES_ONE, "verdict.json")).content().contains("\"lost\"");
        assertThat(Path.of(LOSES_ONE, "events.jsonl")).content().contains("\"sequence\":117,");
        assertThat(failure.getSuppressed()).isEmpty();

        System.setProperty(TestStream.TAG_PROPERTY, message.replaceAll("(?s).*, tag = \"([0-9a-f]{8})\"\\).*", "$1"));
        String lost = Failing.text;
        Failing.text = "";
        assertThat(run("replays")).isEmpty();
        assertThat(Failing.text).isEqualTo(lost);
    }

    @Test
    void everyOtherFailureNamesTheStreamToo() throws Exception {
        Throwable failure = failure("failsByItself");

        assertThat(failure).hasMessage("my own");
        assertThat(failure.getSuppressed())
                .singleElement()
                .asString()
                .matches(
                        "with stream 'ingest' \\(seed \\d+ from the test's id, run [0-9a-f]{8}\\), events \\[0, 1000\\):"
                                + " @DataFluxStream\\(value = \"ingest\", seed = \\d+L?, from = 0, events = 1000, tag = \"[0-9a-f]{8}\"\\)");
    }

    @Test
    void theSeedOfThePropertyStandsInForNoneAndForNoOther() throws Exception {
        System.setProperty(StreamRequest.SEED_PROPERTY, "4711");
        assertThat(failure("failsByItself").getSuppressed()[0].toString())
                .contains("(seed 4711 from -Ddataflux.seed, run ", "seed = 4711, ");
        assertThat(failure("losesOne")).hasMessageContaining("(seed 42 from @DataFluxStream, run ");

        System.setProperty(StreamRequest.SEED_PROPERTY, "fresh");
        String one = failure("failsByItself").getSuppressed()[0].toString();
        String other = failure("failsByItself").getSuppressed()[0].toString();
        assertThat(one).contains(" from -Ddataflux.seed=fresh, run ");
        assertThat(withoutTag(one)).isNotEqualTo(withoutTag(other));

        System.setProperty(StreamRequest.SEED_PROPERTY, "x");
        assertThat(failure("failsByItself")).hasMessage("-Ddataflux.seed=x: write a whole number, or fresh");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    wrongType   | a parameter with @DataFluxStream is a TestStream<...>, such as TestStream<Event>, not a String
                    noStream    | @DataFluxStream needs a built-in stream ("clickstream"; there are video_logs,
                    noFile      | there is no nowhere.yaml, neither on the class path beside io.dataflux.testkit.DataFluxStreamTest$Failing
                    wrongSource | java.lang.String has 0 static methods without parameters that return a StreamDefinition: exactly one
                    wrongStart  | start = "tomorrow": write an instant such as 2025-01-01T00:00:00Z, or now, now-1d or now+2h (s, m, h, d)
                    wrongRate   | is not a rate; write a rate such as 500/s
                    wrongCount  | @DataFluxStream(from = 0, events = -5): write the first event, counted from 0, and how many
                    wrongStream | stream 'clickstreem': 1 problem
                    wrongField  | Typo has oderId, zipCode, but events of stream 'orders' have order_id, customer, placed_at, status, address, total
                    wrongKind   | event 0 cannot be read as Counted: at total: Cannot coerce Floating-point value
                    wrongName   | the streams of orders.yaml are [orders]: name one, such as
                    """)
    void aMistakeInTheAnnotationIsSaidInWords(String method, String message) throws Exception {
        assertThat(failure(method))
                .hasMessageContaining(message)
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("Failed to resolve parameter", "Config");
    }

    private static String withoutTag(String text) {
        return text.replaceAll("(run |tag = \")[0-9a-f]+", "");
    }

    private static String withoutId(String json) {
        return json.replaceFirst("\"ord_[^\"]*\"", "");
    }

    private static Throwable failure(String method) throws Exception {
        List<TestExecutionResult> failures = run(method);
        assertThat(failures).hasSize(1);
        return failures.get(0).getThrowable().orElseThrow();
    }

    /** Runs a test of {@link Failing} and gives its failures. */
    private static List<TestExecutionResult> run(String name) throws Exception {
        var method = Arrays.stream(Failing.class.getDeclaredMethods())
                .filter(each -> each.getName().equals(name))
                .findFirst()
                .orElseThrow();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(Failing.class, method))
                .build();
        List<TestExecutionResult> failures = new ArrayList<>();
        int[] run = new int[1];
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                run[0] += test.isTest() ? 1 : 0;
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    failures.add(result);
                }
            }
        });
        assertThat(run[0]).isEqualTo(1);
        return failures;
    }

    /** Tests that are to fail; the build does not run them by themselves. */
    static class Failing {

        static String text = "";

        @Test
        void losesOne(@DataFluxStream(file = "orders.yaml", seed = 42, events = 300) TestStream<Order> orders) {
            List<String> out = new ArrayList<>();
            Arrivals<String> arrivals = Arrivals.log(out);
            text = orders.stream().event(117).toString();
            orders.sendTo(Pipeline.into(json -> {
                String order = new String(json, StandardCharsets.UTF_8);
                if (!order.equals(text)) {
                    out.add(order);
                }
            }));
            assertThat(orders.verify(arrivals)
                            .comparing("total")
                            .deadline(Duration.ofSeconds(3))
                            .await())
                    .deliveredExactlyOnce();
        }

        @Test
        void replays(
                @DataFluxStream(file = "orders.yaml", seed = 42, from = 117, events = 1) TestStream<String> orders) {
            text = orders.events().get(0);
        }

        @Test
        void failsByItself(@DataFluxStream("ingest") TestStream<Event> readings) {
            throw new IllegalStateException("my own");
        }

        @Test
        void wrongType(@DataFluxStream("ingest") String readings) {}

        @Test
        void noStream(@DataFluxStream TestStream<Event> readings) {}

        @Test
        void noFile(@DataFluxStream(file = "nowhere.yaml") TestStream<Event> readings) {}

        @Test
        void wrongSource(@DataFluxStream(source = String.class) TestStream<Event> readings) {}

        @Test
        void wrongStart(@DataFluxStream(value = "ingest", start = "tomorrow") TestStream<Event> readings) {}

        @Test
        void wrongRate(@DataFluxStream(value = "ingest", rate = "fast") TestStream<Event> readings) {}

        @Test
        void wrongCount(@DataFluxStream(value = "ingest", events = -5) TestStream<Event> readings) {}

        @Test
        void wrongStream(@DataFluxStream("clickstreem") TestStream<Event> readings) {}

        record Typo(String oderId, Optional<String> voucher, String zipCode) {}

        @Test
        void wrongField(@DataFluxStream(file = "orders.yaml") TestStream<Typo> orders) {}

        record Counted(String orderId, int total) {}

        @Test
        void wrongKind(@DataFluxStream(file = "orders.yaml") TestStream<Counted> orders) {
            assertThat(orders.events().get(0).total).isPositive();
        }

        @Test
        void wrongName(@DataFluxStream(value = "ordres", file = "orders.yaml") TestStream<Event> readings) {}
    }
}
