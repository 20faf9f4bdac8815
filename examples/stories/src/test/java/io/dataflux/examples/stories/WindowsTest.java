package io.dataflux.examples.stories;

import static io.dataflux.results.Results.Late.DROPPED;
import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;

import io.dataflux.MemorySink;
import io.dataflux.testkit.DataFluxStream;
import io.dataflux.testkit.TestStream;
import io.dataflux.verify.Arrivals;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/**
 * Learn how to ask for the right results of a job that counts by key and window, some events being too late for theirs. The job runs in this
 * process and needs no server.
 */
class WindowsTest {

    record Click(String eventType, Instant timestamp) {}

    record TypeCount(String type, Instant start, long clicks) {}

    @Test
    void countsPerTypeAndSecond(
            @DataFluxStream(value = "clickstream", events = 5_000, rate = "2000/s", faults = "late 2% by 5s..9s")
                    TestStream<Click> clicks) {
        TypeCountJob job = new TypeCountJob(ofSeconds(1));
        Arrivals<TypeCount> counts = Arrivals.log(job.output());
        clicks.sendTo(MemorySink.into(entry -> job.consume(entry.value())));
        job.close();

        assertThat(clicks.results()
                        .keyedBy(Click::eventType)
                        .tumbling(ofSeconds(1))
                        .outOfOrderness(ofSeconds(1))
                        .slack(ofMillis(500))
                        .late(DROPPED)
                        .count()
                        .verify(counts)
                        .key(TypeCount::type)
                        .window(TypeCount::start)
                        .value(TypeCount::clicks)
                        .await())
                .agrees();
    }
}
