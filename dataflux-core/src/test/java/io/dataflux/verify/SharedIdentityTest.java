package io.dataflux.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.MemorySink;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.SharedIdentity;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.Fields;
import io.dataflux.model.Kind;
import io.dataflux.model.StreamDefinition;
import io.dataflux.spi.SinkReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fields that should say which event it is, and do not. */
class SharedIdentityTest {

    private static final String TICKS = """
            seed: 1
            events_per_second: RATE
            limits: {events: 20000}
            streams:
              ticks:
                key: {entity: "m{}", count: 5}
                identity: IDENTITY
                fields:
                  who: {key: text}
                  number: {key: number}
                  copied: {copy: key}
                  at: {time: event, format: iso_seconds}
                  fine: {time: event, format: epoch_millis}
                  visit: {occurrence: 1}
                  number_of: {sequence: 0}
                  id: {id: uuid}
                  status: {pick: {A: 1, B: 1}}
                  small: {int: [1, 10]}
                  text: {template: "{who}-{at}"}
                  inner: {object: {at: {time: event, format: iso_seconds}}}
            sinks: {keep: {type: "null"}}
            """;

    @TempDir
    Path folder;

    private Path file(String identity, int rate) throws Exception {
        return Files.writeString(
                folder.resolve("ticks.yaml"),
                TICKS.replace("IDENTITY", identity).replace("RATE", Integer.toString(rate)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "[who, at]; 1000; 200",
                "[number, at]; 1000; 200",
                "[copied, at]; 1000; 200",
                "[who, inner.at]; 1000; 200",
                "[who, at, status]; 1000; 1",
                "[who, at, small]; 1000; 1",
                "[who, fine]; 100000; 2",
                "[who, at]; 20; 4",
            })
    void aPlanWarnsWithTheNumber(String identity, int rate, int atLeast) throws Exception {
        String plan = DataFlux.plan(file(identity, rate), Map.of(), Map.of()).describe();

        String warning = plan.lines()
                .filter(line -> line.startsWith("  WARNING streams.ticks.identity: " + identity + " is not unique: "))
                .findFirst()
                .orElse("none in " + plan);
        int number = Integer.parseInt(warning.replaceFirst(".*is not unique: ([0-9,]+) events share .*", "$1")
                .replace(",", ""));
        assertThat(number).isGreaterThanOrEqualTo(atLeast);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "id; 1000",
                "number_of; 1000",
                "[who, visit]; 1000",
                "[who, at, visit]; 1000",
                "[id, status]; 1000",
                "[who, at]; 1",
                "[who, fine]; 1000",
            })
    void whatIsUniqueIsNotWarnedOf(String identity, int rate) throws Exception {
        assertThat(DataFlux.plan(file(identity, rate), Map.of(), Map.of()).describe())
                .doesNotContain("WARNING");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"status", "small", "[status, small]", "text", "at", "who", "[who, small]", "copied"})
    void whatCannotLeadBackIsRefused(String identity) {
        assertThatThrownBy(() -> DataFlux.plan(file(identity, 1000), Map.of(), Map.of()))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("cannot lead back to the event");
    }

    @Test
    void eventsOfTheSameTimeAreFoundByTheirOtherFields() throws Exception {
        EventStream ticks = DataFlux.streams(file("[who, at, small]", 20), Map.of(), Map.of())
                .get(0);

        for (long n = 0; n < 2000; n++) {
            Object[] identity = ticks.event(n).identity().toArray();
            long found = ticks.sequenceOf(identity).orElseThrow();
            assertThat(ticks.event(found).identity()).containsExactly(identity);
        }
    }

    @Test
    void whatComesOutOfASystemIsNotJudged() throws Exception {
        EventStream ticks =
                DataFlux.streams(file("[who, at]", 1000), Map.of(), Map.of()).get(0);
        MemorySink memory = MemorySink.keeping();
        Plan plan = plan(ticks, memory);
        RunReport report = plan.start().await();
        Arrivals<String> out = Arrivals.log(List.of());

        assertThatThrownBy(() -> Verification.of(ticks, report::ledger, event -> event, out)
                        .await())
                .isInstanceOf(ConfigurationException.class)
                .hasMessageMatching(
                        "(?s)stream 'ticks': 1 problem\n  identity: \\[who, at\\] is not unique: \\d\\d\\d events share"
                                + " who=m\\d, at=2025-01-01T00:00:\\d\\dZ \\(.*\\), so what comes out of a system cannot be judged; .*");
    }

    @Test
    void aTargetIsJudgedByItsHeadersAndNotWithoutThem() throws Exception {
        CompiledStream ticks = SentEvents.stream(StreamDefinition.named("ticks")
                .key("m{}", 5)
                .identity("who", "at")
                .field("who", Fields.key())
                .field("at", Fields.time(Kind.TimeFormat.ISO_SECONDS))
                .build());
        MemorySink memory = MemorySink.keeping();
        Plan plan = plan(ticks, memory);
        RunReport report = plan.start().await();

        assertThat(plan.verify("memory", report.ledger(), UnaryOperator.identity())
                        .clean())
                .isTrue();
        assertThatThrownBy(() -> plan.verify("memory", report.ledger(), SharedIdentityTest::withoutHeaders))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("stream 'ticks': 1 problem")
                .hasMessageContaining("identity: [who, at] is not unique: ");
    }

    /** Where no more than two events share an identity, their other values tell them apart. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "0 1     |",
                "1 0     | REORDERED 0",
                "0 0     | LOST 1; DUPLICATE 0",
                "1 1     | LOST 0; DUPLICATE 1",
                "0 1 0   | DUPLICATE 0",
                "0 1 1   | DUPLICATE 1",
                "0w 1    | CORRUPTED 0",
                "0 1w    | CORRUPTED 1",
                "1 0w    | REORDERED 0; CORRUPTED 0",
                "0w 1w   | CORRUPTED 0; CORRUPTED 1",
                "0 1 1w  | DUPLICATE 0; CORRUPTED 0",
                "0       | LOST 1",
                "1       | LOST 0",
            })
    void twoEventsWithOneIdentityAreToldApartByWhatElseTheyAre(String come, String found) throws Exception {
        CompiledStream ticks = pairs();
        long first = 0;
        long entity = ticks.event(first).entity();
        long second = ticks.sequenceOfOccurrence(entity, 1);
        long events = whileAtMostTwoHaveAKey(ticks);
        assertThat(ticks.event(first).identity()).isEqualTo(ticks.event(second).identity());
        Ledger ledger = SentEvents.ledger(0, events, ticks);
        List<String> log = new ArrayList<>();
        for (long n = 0; n < events; n++) {
            if (ticks.event(n).entity() != entity) {
                log.add(ticks.event(n).toString());
            }
        }
        for (String which : come.split(" ", -1)) {
            String whole = ticks.event(which.startsWith("0") ? first : second).toString();
            log.add(which.endsWith("w") ? whole.replaceFirst("\"load\":", "$0-") : whole);
        }
        List<SentEvents.Stored> stored = new ArrayList<>();
        log.forEach(text -> stored.add(new SentEvents.Stored("log", stored.size(), null, text.getBytes(UTF_8), null)));
        List<Object> out = new ArrayList<>();
        Verification<Event, Object> verification = Verification.<Event, Object>of(
                        ticks, () -> ledger, event -> event, Arrivals.log(out))
                .clock(new OwnClock());
        log.forEach(text -> out.add(Difference.json(text.getBytes(UTF_8))));

        for (Verdict verdict : List.of(verification.await(), SentEvents.verdict(ledger, stored, ticks))) {
            List<String> findings = new ArrayList<>();
            for (Finding finding : Finding.values()) {
                for (Verdict.Example example : verdict.examples(finding)) {
                    assertThat(example.sequence()).isIn(first, second);
                    findings.add(finding + " " + (example.sequence() == second ? 1 : 0));
                }
            }
            assertThat(String.join("; ", findings)).as("%s", verdict).isEqualTo(Objects.toString(found, ""));
        }
    }

    /** All in one second; the key of event 0 comes again before any key comes for the third time. */
    private static CompiledStream pairs() {
        for (int name = 0; true; name++) {
            CompiledStream ticks = SentEvents.stream(StreamDefinition.named("ticks" + name)
                            .key("m{}", 20)
                            .identity("who", "at")
                            .field("who", Fields.key())
                            .field("at", Fields.time(Kind.TimeFormat.ISO_SECONDS))
                            .field("load", Fields.decimal("1.0", "900.0"))
                            .build())
                    .withTag(SentEvents.TAG);
            if (ticks.sequenceOfOccurrence(ticks.event(0).entity(), 1) < whileAtMostTwoHaveAKey(ticks)) {
                return ticks;
            }
        }
    }

    private static long whileAtMostTwoHaveAKey(CompiledStream ticks) {
        long events = 0;
        while (ticks.event(events).occurrence() < 2) {
            events++;
        }
        return events;
    }

    @Test
    void aLateEventIsOneOfThemToo() {
        CompiledStream ticks = SentEvents.stream(StreamDefinition.named("ticks")
                .key("m{}", 5)
                .identity("who", "at")
                .field("who", Fields.key())
                .field("at", Fields.time(Kind.TimeFormat.ISO_SECONDS))
                .faults(io.dataflux.model.Faults.of("late 20% by 1s..9s"))
                .build());

        SharedIdentity shared = ticks.sharedIdentity(0, 1_000_000_000_000L);

        assertThat(shared).isNotNull();
        assertThat(shared.events()).isGreaterThan(100);
        assertThat(shared.alike()).isTrue();
    }

    private Plan plan(EventStream stream, MemorySink sink) {
        return DataFlux.plan(stream)
                .events(0, 3000)
                .sink("memory", sink)
                .speed(Double.POSITIVE_INFINITY)
                .output(folder)
                .build();
    }

    private static SinkReader withoutHeaders(SinkReader reader) {
        return new SinkReader() {
            @Override
            public long read(Visitor visitor) throws Exception {
                return reader.read(
                        (source, offset, key, value, header) -> visitor.record(source, offset, key, value, null));
            }

            @Override
            public void close() throws java.io.IOException {
                reader.close();
            }
        };
    }
}
