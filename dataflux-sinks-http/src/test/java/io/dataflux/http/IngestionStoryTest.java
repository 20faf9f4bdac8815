package io.dataflux.http;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.dataflux.DataFlux;
import io.dataflux.RunReport;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.HttpAnswer;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An ingestion API under load, judged by what it answers when it is asked for all it stored. */
class IngestionStoryTest {

    record Payload(double temperature, double humidity) {}

    record Reading(String sourceId, String timestamp, Payload payload) {}

    private static final Decoder<Reading> JSON = Decoder.json(Reading.class);
    private static final JsonMapper PARSER = new JsonMapper();
    private static final Duration SHORT = Duration.ofMillis(200);

    private final HttpReceiver api = HttpReceiver.start();

    @AfterEach
    void close() {
        api.close();
    }

    private static TestStream<Reading> readings(int events) {
        return TestStream.of(DataFlux.stream("ingest", 42), 0, events, JSON);
    }

    private List<Reading> allPages() {
        List<Reading> readings = new ArrayList<>();
        for (String event : api.events()) {
            try {
                readings.add(PARSER.readValue(event, Reading.class));
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(event, e);
            }
        }
        return readings;
    }

    private Verdict verdict(TestStream<Reading> readings) throws Exception {
        return readings.verify(Arrivals.snapshot(this::allPages))
                .tracedBy(reading -> List.of(reading.sourceId(), reading.timestamp()))
                .settle(SHORT)
                .deadline(Duration.ofSeconds(6))
                .await();
    }

    @Test
    void whatAnIngestionApiAcceptsItHolds() throws Exception {
        try (TestStream<Reading> readings = readings(2_000).rate("2000/s")) {
            RunReport report = readings.sendTo(
                    HttpSink.post(api.url()).connections(64).retries(0).sink());

            assertThat(report).delivered();
            assertThat(verdict(readings)).deliveredAtLeastOnce();
            assertThat(api.requests())
                    .hasSize(2_000)
                    .allSatisfy(request -> assertThat(request.events()).isEqualTo(1));
        }
    }

    @Test
    void withoutRetriesAnOverloadedApiRejectsAndOnlyWhatItAcceptedIsExpected() throws Exception {
        api.answering(n -> n % 10 == 9 ? HttpAnswer.status(503) : HttpAnswer.ok());
        try (TestStream<Reading> readings = readings(1_000)) {
            RunReport report =
                    readings.sendTo(HttpSink.post(api.url()).retries(0).sink());

            assertThat(report.failed()).isEqualTo(100);
            assertThat(report.acknowledged()).isEqualTo(900);
            assertThat(verdict(readings)).deliveredExactlyOnce();
        }
    }

    @Test
    void anApiThatAcceptsAndForgetsIsFoundOut() throws Exception {
        api.answering(n -> n == 117 ? HttpAnswer.ok().dropping() : HttpAnswer.ok());
        try (TestStream<Reading> readings = readings(500)) {
            readings.sendTo(HttpSink.post(api.url()).connections(1).sink());

            Verdict verdict = verdict(readings);
            assertThat(verdict.count(Finding.LOST) + verdict.count(Finding.PENDING))
                    .isEqualTo(1);
            assertThat(verdict.toString()).contains("117");
        }
    }
}
