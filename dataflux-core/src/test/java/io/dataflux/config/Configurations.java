package io.dataflux.config;

import io.dataflux.ConfigurationException;
import io.dataflux.plan.FieldRouter;
import io.dataflux.plan.RunCompiler;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.StickyRouter;
import io.dataflux.spi.EventGenerator;
import io.dataflux.spi.EventWriter;
import io.dataflux.spi.Settings;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Reads configurations that are written in tests, with sinks and a generator as a user would register them. */
final class Configurations {

    static final Instant NOW = Instant.parse("2026-11-20T10:15:30.123456Z");
    static final Types TYPES = types();

    private Configurations() {}

    static RunConfig read(String yaml) {
        return read(yaml, Overrides.NONE, Map.of());
    }

    static RunConfig read(String yaml, Overrides overrides, Map<String, String> environment) {
        return read(yaml.getBytes(StandardCharsets.UTF_8), Path.of("src", "test", "resources"), overrides, environment);
    }

    static RunConfig read(byte[] yaml, Path folder, Overrides overrides, Map<String, String> environment) {
        RunConfig config = RunCompiler.compile(
                ConfigReader.read(Document.parse("config.yaml", yaml), folder, overrides, environment, NOW, TYPES));
        if (overrides.equals(Overrides.NONE)) {
            Schema.accepts(yaml);
        }
        return config;
    }

    /** What a user is told about the configuration. */
    static String complaint(String yaml) {
        return complaint(yaml, Map.of());
    }

    static String complaint(String yaml, Map<String, String> environment) {
        try {
            read(yaml, Overrides.NONE, environment);
        } catch (ConfigurationException e) {
            Schema.rejects(yaml.getBytes(StandardCharsets.UTF_8), e.problems());
            return e.getMessage();
        }
        throw new AssertionError("nothing to complain about");
    }

    private static Types types() {
        return new Types(
                List.of(
                        sink("kafka", Map.of("bootstrap_servers", "KAFKA_BOOTSTRAP_SERVERS"), settings -> {
                            settings.text("bootstrap_servers");
                            settings.text("topic");
                            settings.oneOf("acks", "all", "all");
                            settings.integer("max_retries", 3, 0, 100);
                            settings.integer("retry_backoff_ms", 100, 0, 60_000);
                            settings.secret("password");
                            settings.textMap("headers");
                        }),
                        sink("s3", Map.of(), settings -> {
                            settings.text("bucket");
                            settings.text("key", "{shard}");
                            settings.duration(
                                    "every", Duration.ofSeconds(60), Duration.ofSeconds(1), Duration.ofHours(1));
                            settings.bytes("part_size", 8 << 20, 5 << 20, 1 << 30);
                            settings.bool("path_style", false);
                            settings.texts("tags");
                        }),
                        sink("mock", Map.of(), settings -> settings.integer("keep", 100, 0, 1000))),
                List.of(new StickyRouter.Type(), new FieldRouter.Type()),
                List.of(new Steps()),
                List.of());
    }

    /** A sink whose settings may also stand in a map of its type's name. */
    private static SinkProvider sink(String type, Map<String, String> environment, Consumer<Settings> settings) {
        return new SinkProvider() {
            @Override
            public String type() {
                return type;
            }

            @Override
            public Map<String, String> environment() {
                return environment;
            }

            @Override
            public Optional<String> block() {
                return Optional.of(type);
            }

            @Override
            public SinkConnector configure(Settings given) {
                settings.accept(given);
                return lane -> {
                    throw new IllegalStateException("a plan opens nothing");
                };
            }
        };
    }

    /** Counts in steps. */
    private static final class Steps implements EventGenerator.Provider {
        @Override
        public String type() {
            return "steps";
        }

        @Override
        public EventGenerator configure(Settings settings) {
            long step = settings.integer("step", 1, 1, 1000);
            return (EventGenerator.Context event, EventWriter to) ->
                    to.id("id", "{}").integer("n", event.sequence() * step);
        }
    }

    /** A map in the order of its writing. */
    static Map<String, String> map(String... namesAndValues) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            map.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return map;
    }
}
