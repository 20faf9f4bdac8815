package io.dataflux.config;

import static io.dataflux.config.Configurations.complaint;
import static io.dataflux.config.Configurations.read;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The mistakes that users are most likely to make, and word for word what they are told. */
class MistakesTest {

    private static final String SINK = "sinks: {keep: {type: mock}}\n";

    @Test
    void aSecretThatStandsWhereNoneIsExpected() {
        assertThat(complaint("""
                sinks:
                  broker: {type: kafka, bootstrap_servers: "me:hunter2@host:9092", topic: t, sasl: {username: u, password:hunter2}}
                  other: {type: kafka, bootstrap_servers: "host:9092", topic: t, sasl: {username: u, password: &hunter2 }}
                speed: http://me:hunter2@host/path?key=hunter2
                """))
                .doesNotContain("hunter2")
                .contains("""
                sinks.broker.sasl.password (line 2): a space is missing after the ':'; write 'password: ...'
                """)
                .contains("a name for references ('&...') is not supported")
                .contains("'http://****@host/path?****'");
    }

    @Test
    void aMisspeltSetting() {
        assertThat(complaint("""
                sinks:
                  broker:
                    type: kafka
                    bootstrap_servers: localhost:9092
                    topik: orders
                """)).isEqualTo("""
                config.yaml: 1 problem
                  sinks.broker.topik (line 5): unknown key; did you mean 'topic'?""");
    }

    @Test
    void aSettingInCamelCase() {
        assertThat(complaint("""
                sinks:
                  broker: {type: kafka, bootstrapServers: "localhost:9092", topic: orders}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  sinks.broker.bootstrapServers (line 2): unknown key; did you mean 'bootstrap_servers'?""");
    }

    @Test
    void aSettingThatDoesNotExist() {
        assertThat(complaint(SINK + "colour: blue")).isEqualTo("""
                config.yaml: 1 problem
                  colour (line 2): unknown key; known here: seed, start, events_per_second, streams, speed, limits, sinks,\
                 region_sinks, regions, routing, output, tag, lag_budget, backfill, monitor, thresholds, actions""");
    }

    @Test
    void aSettingThatIsMissing() {
        assertThat(complaint("sinks: {broker: {type: kafka, topic: orders}}")).isEqualTo("""
                config.yaml: 1 problem
                  sinks.broker.bootstrap_servers (line 1): is missing; write 'bootstrap_servers: ...' with text""");
    }

    @Test
    void noSinksAtAll() {
        assertThat(complaint("seed: 42")).isEqualTo("""
                config.yaml: 1 problem
                  sinks: is missing; write 'sinks: ...' with at least one sink, such as {keep: {type: mock}}""");
    }

    @Test
    void aSinkWhoseModuleIsNotThere() {
        assertThat(complaint("sinks: {api: {type: http, url: \"http://localhost\"}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  sinks.api.type (line 1): there is no sink of type 'http' on the class path; add its dependency, which\
                 for a sink of DataFlux is io.dataflux:dataflux-sinks-http (available: kafka, mock, s3)""");
    }

    @Test
    void aMisspeltType() {
        assertThat(complaint("sinks: {keep: {type: mok}}")).isEqualTo("""
                config.yaml: 1 problem
                  sinks.keep.type (line 1): 'mok' is not a sink type; did you mean 'mock'? (available: kafka, mock, s3)""");
    }

    @Test
    void aRegionThatNoSinkServes() {
        assertThat(complaint("""
                sinks: {keep: {type: mock}, other: {type: mock}}
                regions: {eu: {weight: 2}, us: {weight: 1}}
                region_sinks: {eu: [keep]}
                """)).isEqualTo("""
                config.yaml: 2 problems
                  sinks.other (line 1): no region sends to this sink; name it in region_sinks, or remove it
                  region_sinks (line 3): the region 'us' has no sinks; add 'us: [...]', or 'default: [...]' for all regions that\
                 are not named""");
    }

    @Test
    void aRegionOrSinkThatDoesNotExist() {
        assertThat(complaint("""
                sinks: {keep: {type: mock}}
                regions: {eu: {weight: 2}, us: {weight: 0}}
                region_sinks: {ue: [keep], default: [keeep]}
                """)).isEqualTo("""
                config.yaml: 3 problems
                  regions.us.weight (line 2): 0 is out of range; write a number above 0, at most 1000000000, with at most 6\
                 decimals
                  region_sinks.ue (line 3): there is no region 'ue'; did you mean 'eu'?
                  region_sinks.default[0] (line 3): there is no sink 'keeep'; did you mean 'keep'?""");
    }

    @Test
    void routingByAFieldThatNoStreamHas() {
        assertThat(complaint(SINK + """
                routing: {field: contry}
                streams: {orders: {fields: {id: {id: uuid}, country: {pick: [SE, DK]}}}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  routing.field (line 2): no stream has a field 'contry'; did you mean 'country'?""");
    }

    @Test
    void aFlagThatCannotBe() {
        Overrides flags = new Overrides(Map.of("seed", "x", "speed", "fast", "for", "soon", "tag", "tag"));

        assertThatThrownBy(() -> read(SINK, flags, Map.of()))
                .isExactlyInstanceOf(ConfigurationException.class)
                .hasMessage("""
                        config.yaml: 4 problems
                          --seed: 'x' is not a whole number; write a whole number that fits in 64 bits, such as 42
                          --speed: 'fast' is not a number; write a number from 0.001 to 1000000, with at most 6 decimals, or max
                          --for: 'soon' is not a time; write a time of at least 1ms, such as 500ms or 30s
                          --tag: 'tag' is not a tag; write up to eight hexadecimal digits, such as 5f3a90c1""");
    }

    @Test
    void programsGetPathAndLineApart() {
        assertThatThrownBy(() -> read(SINK + "seed: x"))
                .isInstanceOfSatisfying(
                        ConfigurationException.class,
                        e -> assertThat(e.problems())
                                .isEqualTo(
                                        List.of(
                                                new Problem(
                                                        "seed",
                                                        2,
                                                        "'x' is not a whole number; write a whole number that fits in 64 bits, such as 42"))));
    }
}
