package io.dataflux.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run that is stopped over its page ends as one that is stopped by Ctrl-C. */
class StoppedRunTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"'limits: {time: 10m}', 130", "'', 0"})
    void aRunThatDoesNotReachItsLimitIsNoSuccess(String limits, int code) throws Exception {
        Path file = Files.writeString(folder.resolve("run.yaml"), """
                streams: {clickstream: {}}
                events_per_second: 100
                sinks: {keep: {type: mock}}
                monitor: {port: 0}
                output: {dir: "%s"}
                %s
                """.formatted(folder.resolve("out"), limits));
        CompletableFuture<Integer> ended = CompletableFuture.supplyAsync(() -> Main.run(
                List.of("run", file.toString(), "--tag", "12ab"), new Stdout(OutputStream.nullOutputStream())));
        Path address = folder.resolve("out").resolve("000012ab").resolve("monitor.url");
        await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(address) && Files.size(address) > 0);
        String[] parts = Files.readString(address).strip().split("#token=", -1);
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(parts[0] + "api/runs/000012ab/stop"))
                                .header("Authorization", "Bearer " + parts[1])
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ended.get(1, TimeUnit.MINUTES)).isEqualTo(code);
    }
}
