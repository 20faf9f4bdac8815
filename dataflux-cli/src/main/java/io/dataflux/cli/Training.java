package io.dataflux.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs short commands, so that the JVM notes the classes that they need; for the archive that the launcher makes. */
final class Training {

    private Training() {}

    public static void main(String[] args) throws IOException {
        LowMemory.watch();
        Path folder = Files.createTempDirectory("dataflux-training");
        Path config = folder.resolve("dataflux.yaml");
        List<List<String>> lines = List.of(
                List.of("init", config.toString()),
                List.of("validate", config.toString()),
                List.of("validate", folder.resolve("none.yaml").toString()),
                List.of("sample", "clickstream", "--config", config.toString()),
                List.of("sample", "device_telemetry"),
                List.of("streams", "clickstream"),
                List.of("streams", "--json"),
                List.of("runs", "-o", folder.toString()),
                List.of("sample", "--help"),
                List.of("--version"),
                List.of("nosuch"));
        try {
            lines.forEach(line -> Main.run(line, new Stdout(OutputStream.nullOutputStream())));
        } finally {
            Files.deleteIfExists(config);
            Files.delete(folder);
        }
    }
}
