package io.dataflux.config;

import io.dataflux.config.Tree.Mapping;
import io.dataflux.config.Tree.Origin;
import io.dataflux.config.Tree.Scalar;
import io.dataflux.plan.ConfigText;
import io.dataflux.plan.StreamsDraft;
import io.dataflux.schedule.Mix;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a run keeps of its configuration. Secrets are in settings that are not about streams, and of these it has only hashes; of the
 * environment it has what the streams refer to. Immutable.
 */
final class KeptText implements ConfigText {

    private final Mapping streams;
    private final Map<String, Long> others;
    private final Map<String, String> environment;
    private final Path folder;
    private final Instant now;

    private KeptText(
            Mapping streams, Map<String, Long> others, Map<String, String> environment, Path folder, Instant now) {
        this.streams = streams;
        this.others = others;
        this.environment = environment;
        this.folder = folder;
        this.now = now;
    }

    /**
     * @param all the configuration with flags in it
     * @param runKeys those of its keys that are not about streams
     */
    static KeptText of(Mapping all, Iterable<String> runKeys, Reading reading, Instant now) {
        Mapping streams = all;
        Map<String, Long> others = new TreeMap<>();
        for (String key : runKeys) {
            streams = streams.without(key);
            Tree value = all.get(key);
            if (key.equals("sinks") && value instanceof Mapping sinks) {
                sinks.all()
                        .forEach(sink ->
                                others.put(Tree.child(key, sink.key().text()), Mix.hash(TreeText.of(sink.value()))));
            } else if (value != null) {
                others.put(key, Mix.hash(TreeText.of(value)));
            }
        }
        String text = TreeText.of(streams);
        Map<String, String> environment = new TreeMap<>();
        reading.environment().forEach((name, value) -> {
            if (text.contains("${env:" + name + "}")) {
                environment.put(name, value);
            }
        });
        return new KeptText(streams, others, environment, reading.folder(), now);
    }

    @Override
    public String streams(Instant start) {
        return TreeText.of(streams.with("start", new Scalar("start", 0, start.toString(), true, Origin.FILE, null)));
    }

    @Override
    public Map<String, Long> others() {
        return others;
    }

    @Override
    public StreamsDraft read(Path file) {
        return ConfigReader.readStreams(file, folder, Overrides.NONE, environment, now);
    }
}
