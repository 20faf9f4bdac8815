package com.acme.views;

import io.dataflux.DataFlux;
import io.dataflux.Run;
import io.dataflux.kafka.KafkaSink;
import io.dataflux.monitor.RunMetrics;
import java.util.Map;
import org.springframework.boot.autoconfigure.kafka.KafkaConnectionDetails;
import org.springframework.context.annotation.Profile;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Loads the service with synthetic clicks; only where the profile {@code rehearsal} is active, so never in production. */
@RestController
@Profile("rehearsal")
class Rehearsals {

    private final String servers;
    private final RunMetrics metrics;

    Rehearsals(KafkaConnectionDetails kafka, RunMetrics metrics) {
        this.servers = String.join(",", kafka.getBootstrapServers());
        this.metrics = metrics;
    }

    @PostMapping("/rehearsals")
    Map<String, Object> rehearse(@RequestParam long events) throws InterruptedException {
        try (Run run = DataFlux.plan(DataFlux.stream("clickstream", 42))
                .limit(events)
                .sink("clicks", KafkaSink.topic(servers, "clicks"))
                .build()
                .monitoredBy(metrics)
                .start()) {
            return Map.of("run", run.tag(), "acknowledged", run.await().acknowledged());
        }
    }
}
