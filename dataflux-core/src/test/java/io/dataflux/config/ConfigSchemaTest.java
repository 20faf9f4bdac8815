package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.dataflux.problem.Problems;
import io.dataflux.spi.Settings;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigSchemaTest {

    /** A sink as a user would register it; whether its settings are described depends on the resources of the tests. */
    private record Own(String type) implements SinkProvider {
        @Override
        public SinkConnector configure(Settings settings) {
            throw new IllegalStateException("a schema configures nothing");
        }
    }

    private final Problems problems = new Problems();

    @Test
    void theSinksOfCoreDescribeTheirSettings() throws Exception {
        ObjectNode whole = (ObjectNode) new ObjectMapper().readTree(ConfigSchema.text());
        assertThat(whole.at("/$defs/ownSink/properties/type/not/enum"))
                .extracting(type -> type.asText())
                .containsExactly("console", "file", "mock", "null");
        assertThat(whole.at("/$defs/fileSink/properties").fieldNames())
                .toIterable()
                .containsExactly("type", "lanes", "on_failure", "dir", "roll_bytes", "roll_interval");
    }

    @Test
    void anOwnSinkBringsItsSettings() {
        ObjectNode schema = ConfigSchema.with(List.of(new Own("tally")), problems);
        assertThat(errors(schema, "{type: tally, per: region, every: 5s, lanes: 2, on_failure: isolate}"))
                .isZero();
        assertThat(errors(schema, "{type: tally, per: colour}")).isPositive();
        assertThat(errors(schema, "{type: tally, per: region, every: 5}")).isPositive();
        assertThat(errors(schema, "{type: tally}")).as("required").isPositive();
        assertThat(errors(schema, "{type: tally, per: region, colour: red}"))
                .as("not described")
                .isPositive();
        assertThat(errors(schema, "{type: other, colour: red}")).as("of others").isZero();
    }

    @Test
    void aSinkThatDescribesNothingTakesAnySettings() {
        ObjectNode schema = ConfigSchema.with(List.of(new Own("plain"), new Own("tally")), problems);
        assertThat(errors(schema, "{type: plain, colour: red, lanes: 2}")).isZero();
        assertThat(errors(schema, "{type: plain, lanes: many}")).isPositive();
    }

    @Test
    void aDescriptionThatIsNoObjectIsToldWithItsName() {
        ConfigSchema.with(List.of(new Own("broken"), new Own("tally")), problems);
        assertThatThrownBy(() -> problems.throwIfAny("schema"))
                .hasMessageContaining("META-INF/dataflux/broken.sink.json")
                .hasMessageContaining("is not a JSON object");
    }

    private static int errors(ObjectNode schema, String sink) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema)
                .validate("sinks: {own: " + sink + "}", InputFormat.YAML)
                .size();
    }
}
