package io.dataflux.config;

import static io.dataflux.model.Fields.change;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.pick;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.Kind.ChangePart;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import io.dataflux.model.Table;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Sessions and tables in YAML are those in Java. */
class SessionsAndTablesTest {

    private static StreamDefinition read(String yaml) {
        return Configurations.read("""
                events_per_second: 100
                streams:
                  s:
                    key: {entity: "user_{}", count: 100000}
                    fields: {id: {id: uuid}}
                """ + yaml.indent(4) + "sinks: {keep: {type: mock}}\n")
                .streams()
                .get(0)
                .definition();
    }

    @Test
    void sessionsWithStates() {
        assertThat(read("""
                sessions:
                  think: 20s
                  start: {landing: 9, search: 1}
                  states:
                    landing: {page: 6, leave: 4}
                    page: {page: 0.5, search: 2, leave: 3}
                    search: page
                """).sessions())
                .isEqualTo(Sessions.thinking(Duration.ofSeconds(20))
                        .start("landing", 9, "search", 1)
                        .state("landing", "page", 6, "leave", 4)
                        .state("page", "page", "0.5", "search", 2, "leave", 3)
                        .state("search", "page", 1));
    }

    @Test
    void sessionsWithALength() {
        assertThat(read("sessions: {think: {at_most: 300ms}, length: [1, 12]}").sessions())
                .isEqualTo(Sessions.thinkingAtMost(Duration.ofMillis(300)).length(1, 12));
    }

    @Test
    void sessionsThatBeginWithTheStream() {
        Sessions sessions = Sessions.thinking(Duration.ofSeconds(2)).length(3, 3);
        assertThat(read("sessions: {think: 2s, length: 3, begin: fresh}").sessions())
                .isEqualTo(sessions.begin(Sessions.Begin.FRESH));
        assertThat(read("sessions: {think: 2s, length: 3, begin: under_way}").sessions())
                .isEqualTo(sessions)
                .isEqualTo(sessions.begin(Sessions.Begin.UNDER_WAY));
    }

    @Test
    void aTable() {
        assertThat(read("""
                table:
                  lives: [2, 40]
                  columns:
                    customer_id: {key: text}
                    tier: {pick: {basic: 8, gold: 2}, changes_every: 3}
                    version: {change: version, changes_every: 1}
                """).table())
                .isEqualTo(Table.of()
                        .lives(2, 40)
                        .column("customer_id", key())
                        .column("tier", pick("basic", 8, "gold", 2), 3)
                        .column("version", change(ChangePart.VERSION), 1));
    }
}
