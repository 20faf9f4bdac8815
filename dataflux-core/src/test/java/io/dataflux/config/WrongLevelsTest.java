package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key at a wrong level is one problem that says where it belongs, alone and among right ones. */
class WrongLevelsTest {

    private static final String SINKS = "sinks:\n  all: {type: mock}\n";
    private static final String FIELDS = "fields: {id: {id: uuid}, who: {copy: key}}";

    /** Each key of a stream, as it should be. */
    private static final Map<String, String> OF_STREAM = Configurations.map(
            "from", "clickstream",
            "weight", "2",
            "rate", "5/s",
            "arrivals", "{jitter: true}",
            "lateness", "{share: 2%, by: [1s, 2s]}",
            "faults", "{duplicate: 1%}",
            "key", "{entity: \"u_{}\", count: 5}",
            "identity", "id",
            "sessions", "{think: 1s, length: [1, 5]}",
            "table", "{columns: {id: {key: text}}}",
            "fields", "{id: {id: uuid}}",
            "generator", "{type: steps}",
            "max_event_bytes", "64KiB");

    /** Each key of a run. */
    private static final Map<String, String> OF_RUN = Configurations.map(
            "seed", "4",
            "start", "2025-01-01T00:00:00Z",
            "events_per_second", "5",
            "speed", "2",
            "limits", "{events: 5}",
            "regions", "{eu: {weight: 1}}",
            "routing", "{type: sticky}",
            "region_sinks", "{default: [all]}",
            "output", "{dir: out}",
            "tag", "5f3a90c1",
            "lag_budget", "1s",
            "backfill", "false",
            "sinks", "{all: {type: mock}}");

    @TempDir
    Path folder;

    /** What reading finds; planning the streams as well would take minutes. */
    private static List<String> problems(String config) {
        Document document = Document.parse("run.yaml", config.getBytes(StandardCharsets.UTF_8));
        ConfigReader.read(document, Path.of(""), Overrides.NONE, Map.of(), Configurations.NOW, Configurations.TYPES);
        return texts(document.problems().exception("run.yaml"));
    }

    private List<String> planned(String config) throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), config);
        return texts(catchThrowableOfType(ConfigurationException.class, () -> DataFlux.plan(file, Map.of(), Map.of())));
    }

    private static List<String> texts(ConfigurationException refused) {
        return refused.problems().stream()
                .map(problem -> problem.path() + ": " + problem.what())
                .toList();
    }

    private static void assertOnly(String config, String... parts) {
        assertThat(problems(config))
                .as(config)
                .singleElement()
                .satisfies(problem -> assertThat(problem).contains(parts));
    }

    @Test
    void keysOfAStreamAtTheLevelOfItsName() {
        for (Map.Entry<String, String> each : OF_STREAM.entrySet()) {
            String key = each.getKey();
            String line = "  " + key + ": " + each.getValue() + "\n";
            String is = "'" + key + "' is a key of a stream, but stands where its name should be; ";
            assertOnly("streams:\n" + line + SINKS, "streams." + key, is + "write a name such as 'orders:' before it");
            assertOnly("streams:\n  clicks: {from: clickstream}\n" + line + SINKS, is + "indent it below 'clicks:'");
            assertOnly("streams:\n" + line + "  clicks: {from: clickstream}\n" + SINKS, is);
            assertOnly("streams:\n  orders:\n" + line + SINKS, is + "indent it below 'orders:'");
            if (!key.equals("fields") && !key.equals("generator") && !key.equals("from")) {
                String rest = key.equals("table") || key.equals("sessions")
                        ? "    key: {entity: \"u_{}\", count: 9000}\n"
                        : "";
                String own = key.equals("key") ? FIELDS : "fields: {id: {id: uuid}}";
                assertOnly("streams:\n  orders:\n" + rest + "    " + own + "\n" + line + SINKS, is);
            }
        }
    }

    @Test
    void aWholeStreamAtTheLevelOfItsName() throws IOException {
        assertOnly(
                "streams:\n  orders:\n  key: {entity: \"u_{}\", count: 5}\n  identity: id\n  rate: 5/s\n  " + FIELDS
                        + "\n" + SINKS,
                "'key', 'identity', 'rate' and 'fields' are keys of a stream, but stand where its name should be; indent them"
                        + " below 'orders:'");
        assertThat(planned("streams:\n  orders:\n  key: {entity: \"u_{}\", count: 5}\n  " + FIELDS + "\n" + SINKS))
                .as("the key is known, and what copies it is right")
                .hasSize(1);
        assertThat(problems("streams:\n  orders:\n  key: {entity: \"u_{}\", count: none}\n  " + FIELDS + "\n" + SINKS))
                .as("and what else is wrong")
                .hasSize(2)
                .anySatisfy(
                        problem -> assertThat(problem).startsWith("streams.key.count: 'none' is not a whole number"));
    }

    @Test
    void limitsAmongStreamsAndOfTheRun() {
        for (String limit : List.of("events: 5", "time: 5s", "bytes: 5MB")) {
            String says = "is a limit of the run, but stands outside 'limits'; write limits: {";
            assertOnly("streams:\n  clicks: {from: clickstream}\n  " + limit + "\n" + SINKS, says);
            assertOnly("streams:\n  clicks:\n    from: clickstream\n    " + limit + "\n" + SINKS, says);
            assertOnly(limit + "\n" + SINKS, says);
        }
    }

    @Test
    void keysOfTheRunAmongStreamsOrWithinOne() {
        for (Map.Entry<String, String> each : OF_RUN.entrySet()) {
            String line = each.getKey() + ": " + each.getValue() + "\n";
            String sinks = each.getKey().equals("sinks") ? "" : SINKS;
            String is = "'" + each.getKey() + "' is a key of the run, but stands within ";
            assertOnly(
                    "streams:\n  clicks: {from: clickstream}\n  " + line + sinks,
                    is + "'streams'; move it to the left");
            assertOnly("streams:\n  " + line + "  clicks: {from: clickstream}\n" + sinks, is);
            if (!each.getKey().equals("events_per_second")) { // there it stands for the stream's rate
                assertOnly("streams:\n  clicks:\n    from: clickstream\n    " + line + sinks, is + "stream 'clicks'");
            }
        }
    }

    @Test
    void keysOfAStreamAtTheLevelOfTheRun() {
        for (Map.Entry<String, String> each : OF_STREAM.entrySet()) {
            if (!each.getKey().equals("rate")) { // there it stands for the run's rate
                String line = each.getKey() + ": " + each.getValue() + "\n";
                String is = "'" + each.getKey()
                        + "' is a key of a stream, but stands at the level of 'streams:'; indent it";
                assertOnly(line + SINKS, is);
                assertOnly("streams:\n  clicks: {from: clickstream}\n" + line + SINKS, is);
            }
        }
    }

    @Test
    void namesAtTheLevelOfTheRun() {
        assertOnly(
                "streams:\norders: {" + FIELDS + ", key: {entity: \"u_{}\", count: 5}}\n" + SINKS,
                "'orders' is a stream, but stands at the level of 'streams:'; indent it below it");
        assertOnly(
                "sinks:\nall: {type: mock}\n",
                "'all' is a sink, but stands at the level of 'sinks:'; indent it below it");
        assertOnly("all: {type: mock}\n", "'all' is a sink");
    }

    @Test
    void settingsBesideTheNamesOfSinks() {
        String is = "settings of a sink, but stand where its name should be; ";
        assertOnly("sinks:\n  type: s3\n  bucket: out\n", is + "write a name such as 'broker:' before them");
        assertOnly("sinks:\n  lake:\n  type: s3\n  bucket: out\n", is + "indent them below 'lake:'");
        assertOnly(
                "sinks:\n  lake:\n    type: s3\n  bucket: out\n", "'bucket' is a setting of a sink", "below 'lake:'");
        assertOnly(
                "sinks:\n  lake: {type: s3, bucket: b}\n  lanes: 2\n  all: {type: mock}\n",
                "'lanes' is a setting of a sink");
        assertOnly(
                "type: s3\nbucket: out\n",
                "'type' and 'bucket' are settings of a sink, but stand at the level of 'sinks:'");
        assertOnly(
                "sinks:\n  all: {type: mock}\n  limits: {events: 5}\n",
                "'limits' is a key of the run, but stands within 'sinks'");
        assertOnly(
                "sinks:\n  all: {type: mock, limits: {events: 5}}\n",
                "'limits' is a key of the run, but stands within sink 'all'");
    }

    @Test
    void fieldsBesideFields() {
        assertOnly(
                "streams:\n  orders:\n    key: {entity: \"u_{}\", count: 5}\n    id: {id: uuid}\n    who: {copy: key}\n"
                        + SINKS,
                "'id' and 'who' are fields, but stand beside 'fields'; indent them below 'fields:'");
        assertOnly(
                "streams:\n  orders:\n    fields:\n    id: {id: uuid}\n    total: {int: [1, 2]}\n" + SINKS,
                "'id' and 'total' are fields");
        assertOnly(
                "streams:\n  orders:\n    fields: {id: {id: uuid}}\n    total: {int: [1, 2]}\n" + SINKS,
                "'total' is a field");
    }

    @Test
    void aStreamMayBeNamedLikeAKey() throws IOException {
        Map<String, String> bodies = new LinkedHashMap<>();
        List.of("key", "fields", "rate", "sinks", "limits", "events", "output")
                .forEach(name -> bodies.put(name, "{from: clickstream}"));
        List<String> lines = new ArrayList<>();
        bodies.forEach((name, body) -> lines.add("  " + name + ": " + body + "\n"));
        Path file = Files.writeString(folder.resolve("run.yaml"), "streams:\n" + String.join("", lines) + SINKS);
        assertThat(DataFlux.plan(file, Map.of(), Map.of()).streams()).hasSize(bodies.size());
    }
}
