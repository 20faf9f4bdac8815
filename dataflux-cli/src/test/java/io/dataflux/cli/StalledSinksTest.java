package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.Run;
import io.dataflux.Run.SinkProgress;
import io.dataflux.RunReport;
import io.dataflux.ledger.Ledger;
import io.dataflux.testkit.EmbeddedKafka;
import io.dataflux.testkit.EmbeddedS3;
import io.dataflux.testkit.Fault;
import io.dataflux.testkit.FaultProxy;
import io.dataflux.testkit.HttpReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Broker, server and store stand still with open connections, as behind a cable that was pulled: what they cost is bounded, a sink next to
 * them notices nothing, and then all continue.
 */
class StalledSinksTest {

    private static final long PER_SECOND = 5_000;
    /** How many events are due while they stand still: 50,000 in thorough, 10,000 in verify. */
    private static final long STALL = Boolean.getBoolean("dataflux.thorough") ? 50_000 : 10_000;

    /** In a second that is what comes through. */
    private static final long HARDLY_ANY_BYTES = 10;

    /** What each may have handed over and not heard of, in events; less than what is due during the stall. */
    private static final Map<String, Long> HELD = Map.of(
            "broker", 7_000L, // buffer_memory
            "api", 4 * 100 + 1_500L, // requests in flight, the one being filled, a batch of the lane
            "lake", PER_SECOND / 2 + 2_000L); // half a second in objects, a batch of the lane

    @TempDir
    Path folder;

    @Test
    void costLittleAndHoldUpNobodyElse() throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.startBehindProxies(1, Map.of());
                HttpReceiver receiver = HttpReceiver.start().deduplicating();
                EmbeddedS3 s3 = EmbeddedS3.start();
                FaultProxy api = FaultProxy.to("127.0.0.1", receiver.port());
                FaultProxy lake = FaultProxy.to("127.0.0.1", s3.port())) {
            Plan plan = DataFlux.plan(config(kafka, api, lake, s3), Map.of(), Map.of());
            List<FaultProxy> proxies = List.of(kafka.proxy(0), api, lake);
            Fault stall = Fault.bandwidth(HARDLY_ANY_BYTES);
            RunReport report;
            try (Run run = plan.start();
                    // comes before the run is closed, which waits for what is in flight
                    AutoCloseable over = () -> proxies.forEach(FaultProxy::heal)) {
                HELD.keySet().forEach(sink -> awaitMore(run, sink, 0));
                proxies.forEach(proxy -> proxy.on(stall));
                awaitMore(run, "keep", progress(run, "keep").acknowledged() + STALL);

                for (FaultProxy proxy : proxies) {
                    assertThat(proxy.hits(stall).inFlight())
                            .as("work in flight that was stalled")
                            .isPositive();
                }
                HELD.forEach((sink, most) -> {
                    SinkProgress progress = progress(run, sink);
                    assertThat(progress.issued() - progress.acknowledged())
                            .as("events held in " + sink)
                            .isLessThanOrEqualTo(most);
                    assertThat(progress.sinkLagNanos()).as("lag of " + sink).isPositive();
                });
                over.close();
                HELD.keySet()
                        .forEach(
                                sink -> awaitMore(run, sink, progress(run, sink).issued()));
                report = run.stop();
            }
            assertThat(report.problems()).isEmpty();
            assertThat(report.acknowledged()).isEqualTo(report.issued());
            for (String sink : List.of("broker", "keep")) {
                Ledger ledger = report.ledger();
                assertThat(plan.verify(sink, ledger, UnaryOperator.identity()).clean())
                        .as(sink)
                        .isTrue();
            }
            assertThat(receiver.size())
                    .isEqualTo(report.ledger().sink("api").streams().get(0).acknowledged());
        }
    }

    private Path config(EmbeddedKafka kafka, FaultProxy api, FaultProxy lake, EmbeddedS3 s3) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), """
                seed: 5
                events_per_second: %d
                tag: 57a11ed
                streams:
                  visits:
                    key: {entity: "user_{}", count: 1000, shards: 4}
                    identity: id
                    fields: {id: {id: "vis_{}"}, user: {copy: key}, pad: {constant: "%s"}}
                sinks:
                  broker: {type: kafka, bootstrap_servers: "%s", topic: stalled, partitions: 2, connect_timeout: 1m, buffer_memory: 1MiB, batch_size: 16KiB, timestamp: send}
                  api: {type: http, url: "http://%s/events", body: ndjson, batch_events: 100, batch_interval: 100ms, connections: 4, request_timeout: 60s}
                  lake: {type: s3, endpoint: "http://%s", bucket: lake, create_bucket: true, access_key: %s, secret_key: %s, key: "{tag}-{shard}-{first}-{last}.jsonl", object_events: 500, batch_interval: 500ms, uploads: 2, request_timeout: 60s}
                  keep: {type: file, roll_bytes: 64KiB}
                output: {dir: %s}
                """.formatted(
                        PER_SECOND,
                        "x".repeat(150),
                        kafka.bootstrapServers(),
                        api.address(),
                        lake.address(),
                        s3.accessKey(),
                        s3.secretKey(),
                        folder.resolve("out")));
    }

    private static void awaitMore(Run run, String sink, long acknowledged) {
        await().forever().until(() -> progress(run, sink).acknowledged() > acknowledged);
    }

    private static SinkProgress progress(Run run, String sink) {
        return run.progress().sinks().stream()
                .filter(each -> each.name().equals(sink))
                .findFirst()
                .orElseThrow();
    }
}
