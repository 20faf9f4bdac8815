package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Writes a configuration to start from, with comments. */
@CommandLine.Command(
        header = "writes a configuration to start from: with the sink 'file' it runs as it is",
        footer = "${ROOT-COMMAND-NAME} run, validate and verify take dataflux.yaml if no other configuration is named.")
final class InitCommand extends Command {

    private static final Map<String, String> SINKS = new LinkedHashMap<>();

    static {
        SINKS.put("file", """
                  target: {type: file}        # JSON lines below dataflux-out; needs nothing
                  # target: {type: kafka, bootstrap_servers: "localhost:9092", topic: "{stream}"}
                """);
        SINKS.put("kafka", """
                  target:
                    type: kafka
                    bootstrap_servers: "localhost:9092"   # or set KAFKA_BOOTSTRAP_SERVERS
                    topic: "{stream}"
                    partitions: 6                         # of topics that do not exist yet
                    # transactional: true                 # each event once, even after kill -9
                    # sasl: {mechanism: SCRAM-SHA-512, username: load, password: "${env:KAFKA_PASSWORD}"}
                """);
        SINKS.put("http", """
                  target:
                    type: http
                    url: "http://localhost:8080/events"
                    body: ndjson
                    batch_events: 500
                    # auth: {bearer: "${env:API_TOKEN}"}
                    # read: {url: "http://localhost:8080/events?format=ndjson"}   # where verify reads them back
                """);
        SINKS.put("s3", """
                  target:
                    type: s3
                    endpoint: "http://localhost:9000"     # leave out for Amazon's
                    bucket: events
                    create_bucket: true
                    # access_key: "${env:AWS_ACCESS_KEY_ID}"   # default: what the environment has
                    # secret_key: "${env:AWS_SECRET_ACCESS_KEY}"
                    key: "raw-data/{stream}/dt={date}/hour={hour}/{tag}-{shard}-{first}-{last}.jsonl.gz"
                    batch_interval: 60s
                """);
    }

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "the file to write (default: dataflux.yaml)")
    private Path file = ConfigurationOptions.DEFAULT;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            converter = BuiltIn.class,
            description = "the built-in stream to send (default: clickstream)")
    private String stream = "clickstream";

    @Option(
            names = "--sink",
            paramLabel = "TYPE",
            converter = SinkType.class,
            description = "where to send it: file, kafka, http or s3 (default: file)")
    private String sink = "file";

    @Option(names = "--force", description = "replaces a file that is there")
    private boolean force;

    @Override
    int run(Stdout out) {
        String text = template()
                .replace("@SINK@\n", Objects.requireNonNull(SINKS.get(sink)) + "\n")
                .replace("@STREAM@", stream)
                .replace("@PROGRAM@", program().startsWith("'") ? "dataflux" : program()); // a comment needs no quotes
        try {
            if (force) {
                Files.writeString(file, text);
            } else {
                Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            }
        } catch (FileAlreadyExistsException e) {
            throw mistake(file + " is there already; --force replaces it");
        } catch (IOException e) {
            throw new DeliveryException(file + " cannot be written: " + e, e);
        }
        String named = file.equals(ConfigurationOptions.DEFAULT) ? "" : " " + quoted(file.toString());
        System.err.println("wrote " + file + "; next: " + program() + " run" + named + ", Ctrl-C to stop it, then "
                + program() + " verify" + named);
        return GOOD;
    }

    private static String template() {
        try (InputStream in = InitCommand.class.getResourceAsStream("/init.yaml")) {
            return new String(
                    Objects.requireNonNull(in, "the program lacks its init.yaml")
                            .readAllBytes(),
                    StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static final class BuiltIn implements ITypeConverter<String> {
        @Override
        public @Nullable String convert(String name) {
            DataFlux.definition(name); // or says which there are
            return name;
        }
    }

    static final class SinkType implements ITypeConverter<String> {
        @Override
        public String convert(String type) {
            if (!SINKS.containsKey(type)) {
                throw new TypeConversionException("'" + type + "' is not one of " + String.join(", ", SINKS.keySet())
                        + Nearest.hint("", type, SINKS.keySet()));
            }
            return type;
        }
    }
}
