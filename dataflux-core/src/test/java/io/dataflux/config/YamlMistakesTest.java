package io.dataflux.config;

import static io.dataflux.config.Configurations.complaint;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Mistakes in the YAML itself and in how it writes values, and word for word what users are told. */
class YamlMistakesTest {

    private static final String SINK = "sinks: {keep: {type: mock}}\n";

    @Test
    void aNumberInQuotes() {
        assertThat(complaint(SINK + "seed: \"42\"")).isEqualTo("""
                config.yaml: 1 problem
                  seed (line 2): "42" is text because of its quotes; write a whole number that fits in 64 bits, such as 42, without\
                 quotes""");
    }

    @Test
    void aNumberWhereTextIsNeeded() {
        assertThat(complaint("sinks: {broker: {type: kafka, bootstrap_servers: a, topic: 2024}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  sinks.broker.topic (line 1): 2024 is a number, where text is needed; put it in quotes: "2024\"""");
    }

    @Test
    void aNumberOutOfRange() {
        assertThat(complaint("sinks: {keep: {type: mock, lanes: 0}}")).isEqualTo("""
                config.yaml: 1 problem
                  sinks.keep.lanes (line 1): 0 is out of range; write a whole number from 1 to 64""");
    }

    @Test
    void aTimeWithoutUnit() {
        assertThat(complaint(SINK + "limits: {time: 30}")).isEqualTo("""
                config.yaml: 1 problem
                  limits.time (line 2): 30 has no unit; write a time of at least 1ms, such as 500ms or 30s""");
    }

    @Test
    void aCountryThatYamlReadsAsFalse() {
        assertThat(complaint(SINK + """
                streams:
                  orders: {fields: {id: {id: uuid}, country: {pick: [SE, NO, DK]}}}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  streams.orders.fields.country.pick[1] (line 3): 'NO' means false to some YAML readers and text to others;\
                 write false, or put it in quotes if it is text""");
    }

    @Test
    void wordsThatYamlBends() {
        assertThat(complaint(SINK + """
                seed: 0123
                events_per_second: 1_000
                start: 18:30
                speed: .inf
                limits: {events: 1e6}
                """)).isEqualTo("""
                config.yaml: 5 problems
                  seed (line 2): 0123 begins with 0, which makes it octal to some YAML readers; put it in quotes if it is text,\
                 or drop the 0
                  events_per_second (line 3): '1_000' contains '_', which some YAML readers skip in numbers; leave it out, or put\
                 it in quotes if it is text
                  start (line 4): '18:30' means a base-60 number to some YAML readers; put it in quotes
                  speed (line 5): '.inf' is not a number that can be used; write a finite one, or put it in quotes if it is text
                  limits.events (line 6): '1e6' has an exponent, which some YAML readers take for text; write the number out,\
                 or put it in quotes if it is text""");
    }

    @Test
    void aKeyThatIsThereTwice() {
        assertThat(complaint("""
                sinks:
                  keep: {type: mock}
                  keep: {type: mock}
                """)).isEqualTo("""
                config.yaml: 1 problem
                  sinks.keep (line 2): is defined twice, again on line 3; keep one of them""");
    }

    @Test
    void aTab() {
        assertThat(complaint("sinks:\n\tkeep: {type: mock}")).isEqualTo("""
                config.yaml: 1 problem
                  line 2, column 1: a tab; indent and separate with spaces, and write "\\t" within quotes""");
    }

    @Test
    void aQuoteThatIsNeverClosed() {
        assertThat(complaint("sinks:\n  keep: {type: \"mock}")).isEqualTo("""
                config.yaml: 1 problem
                  line 2, column 16 (near sinks.keep): a quote is opened here and never closed""");
    }

    @Test
    void bracesWithinBraces() {
        assertThat(complaint(SINK + "streams:\n  orders: {key: {entity: cust_{}, count: 5}}"))
                .isEqualTo("""
                config.yaml: 1 problem
                  line 3, column 31 (near streams.orders.key.entity): a ',' or the closing bracket is missing; within { } and\
                 [ ], text that contains any of { } [ ] , needs quotes""");
    }

    @Test
    void indentationThatDoesNotFit() {
        assertThat(complaint("sinks:\n  keep:\n    type: mock\n   lanes: 2")).isEqualTo("""
                config.yaml: 1 problem
                  line 4, column 4 (near sinks.keep): this does not fit the lines above; the keys of a map begin in the same column, and only a ',' can follow a closing quote""");
    }

    @Test
    void aReferenceAndATag() {
        assertThat(complaint("""
                sinks:
                  keep: &basis {type: mock}
                  other: *basis
                  third: !!java.io.File {type: mock}
                """)).isEqualTo("""
                config.yaml: 3 problems
                  sinks.keep (line 2): a name for references ('&basis') is not supported; remove it
                  sinks.other (line 3): a reference ('*name') to another part of the file is not supported; write the value out
                  sinks.third (line 4): a type tag ('!...') is not supported; remove it, the setting determines the type""");
    }

    @Test
    void aVariableThatIsNotSet() {
        assertThat(complaint("""
                sinks: {broker: {type: kafka, bootstrap_servers: "${env:SERVERS}", topic: "${TOPIC}"}}
                """)).isEqualTo("""
                config.yaml: 2 problems
                  sinks.broker.bootstrap_servers (line 1): the environment variable SERVERS is not set; set it, or write the\
                 value here
                  sinks.broker.topic (line 1): contains a '${' that is not an environment variable; write ${env:NAME}, or $${ for a literal ${""");
    }

    @Test
    void anEmptyFileAndAFileWithoutMap() {
        assertThat(complaint("# nothing")).isEqualTo("""
                config.yaml: 1 problem
                  is empty; the shortest configuration is 'sinks: {keep: {type: mock}}'""");
        assertThat(complaint("- sinks")).isEqualTo("""
                config.yaml: 1 problem
                  line 1, column 1: the file must hold a map, with lines such as 'seed: 42'""");
    }
}
