package io.dataflux.verify;

import static io.dataflux.verify.SentEvents.TAG;
import static io.dataflux.verify.SentEvents.ledger;
import static io.dataflux.verify.SentEvents.orders;
import static io.dataflux.verify.SentEvents.readings;
import static io.dataflux.verify.SentEvents.stored;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.ConfigurationException;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.verify.FaultyReader.Sabotage;
import io.dataflux.verify.SentEvents.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultyReaderTest {

    private static final long EVENTS = 1500;
    private static final CompiledStream ORDERS = orders();
    private static final CompiledStream READINGS = readings();
    private static final Ledger LEDGER = ledger(0, EVENTS, ORDERS, READINGS);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drop:117   | LOST      | orders 117 (key user_158, whose other events are in events-2)"
                        + " | (events-2 offset 18) was dropped",
                "alter:512  | CORRUPTED | orders 512: customer expected \"user_0\" but was \"vser_0\""
                        + " | (events-0 offset 183) came with customer altered",
                "repeat:512 | DUPLICATE | orders 512 (2 times) | (events-0 offset 183) was repeated",
                "swap:117   | REORDERED | orders 117 came after 644 of the same key (user_158)"
                        + " | (events-2 offset 18) was swapped with 644 (events-2 offset 142), the next one of its key"
            })
    void theVerdictNamesWhatWasDone(String sabotage, Finding finding, String example, String report) throws Exception {
        for (boolean headers : new boolean[] {true, false}) {
            FaultyReader reader = faulty(sabotage, log(headers));

            Verdict verdict = judged(reader);

            assertThat(SentEvents.findings(verdict)).containsExactly(Map.entry(finding, 1L));
            assertThat(verdict.examples(finding).get(0).text()).isEqualTo(example);
            assertThat(verdict.toString()).contains(example);
            assertThat(reader.fired()).isTrue();
            assertThat(reader.report())
                    .isEqualTo(sabotage + " fired: event " + sabotage.replaceFirst(".*:", "") + " of stream 'orders' "
                            + report);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"drop:1500", "alter:1500", "repeat:1500", "swap:1500", "drop:999999999999999999"})
    void saysSoWhenTheEventNeverCame(String sabotage) throws Exception {
        FaultyReader reader = faulty(sabotage, log(true));

        assertThat(judged(reader).clean()).isTrue();
        assertThat(reader.fired()).isFalse();
        assertThat(reader.report())
                .isEqualTo(sabotage + " did not fire: event " + sabotage.replaceFirst(".*:", "")
                        + " of stream 'orders' never came");
    }

    @Test
    void saysSoWhenNoLaterEventOfTheKeyCame() throws Exception {
        long last = EVENTS - 1;
        FaultyReader reader = faulty("swap:" + last, log(true));

        assertThat(judged(reader).clean()).isTrue();
        assertThat(reader.report())
                .matches("swap:1499 did not fire: event 1499 of stream 'orders' was the last of its key in events-\\d");
    }

    @Test
    void actsOnce() throws Exception {
        List<Stored> log = log(true);
        log.add(118, log.get(117));
        FaultyReader reader = faulty("drop:117", log);

        assertThat(judged(reader).clean()).isTrue();
        assertThat(reader.fired()).isTrue();
    }

    @Test
    void aRepeatedEventTakesTheNextCoordinate() throws Exception {
        List<Stored> log = stored(ORDERS, 0, 0, 5, 1);
        List<Long> offsets = new ArrayList<>();

        long records = faulty("repeat:2", log).read((source, offset, key, value, header) -> offsets.add(offset));

        assertThat(offsets).containsExactly(0L, 1L, 2L, 3L, 4L, 5L);
        assertThat(records).isEqualTo(6);
    }

    @Test
    void anAlteredEventIsStillJsonWithItsIdentity() throws Exception {
        for (int n = 0; n < 50; n++) {
            byte[] event = READINGS.event(n).bytes();

            String field = FaultyReader.alter(event, READINGS.definition().identity());

            assertThat(field).isEqualTo("payload.celsius");
            byte[] good = READINGS.event(n).bytes();
            assertThat(Difference.between(good, good.length, event).text()).startsWith("payload.celsius expected ");
        }
        assertThat(FaultyReader.alter(
                        "{\"sensor\":\"a\",\"at\":1,\"x\":[true,null,\"\",\"\\n\"]}".getBytes(UTF_8),
                        List.of("sensor", "at")))
                .isNull();
        assertThat(FaultyReader.alter("17".getBytes(UTF_8), List.of())).isNull();
        assertThat(FaultyReader.alter("{\"x\":".getBytes(UTF_8), List.of())).isNull();
    }

    @Test
    void sabotageIsReadAndWritten() {
        assertThat(Sabotage.parse("drop:117")).isEqualTo(new Sabotage(FaultyReader.Kind.DROP, 117));
        assertThat(Sabotage.parse("swap:0")).hasToString("swap:0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "dorp:117 | 'dorp:117' is not known; write drop:N, alter:N, repeat:N or swap:N, or, where faults are"
                        + " planned, deliver:N or mend:N, where N is an event number, as in drop:117",
                "drop | 'drop' is not known; write drop:N, alter:N, repeat:N or swap:N, or, where faults are"
                        + " planned, deliver:N or mend:N, where N is an event number, as in drop:117",
                "drop:1x | 'drop:1x': '1x' is not an event number; write a whole number from 0, as in drop:117",
                "drop:-1 | 'drop:-1': '-1' is not an event number; write a whole number from 0, as in drop:117",
                "drop: | 'drop:': '' is not an event number; write a whole number from 0, as in drop:117"
            })
    void sabotageThatIsNoneIsRefused(String text, String problem) {
        assertThatThrownBy(() -> Sabotage.parse(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("--break: 1 problem\n  " + problem);
    }

    private static List<Stored> log(boolean headers) {
        List<Stored> log = new ArrayList<>(stored(ORDERS, 0, 0, EVENTS, 4));
        log.addAll(stored(READINGS, 1, 0, EVENTS, 4));
        if (!headers) {
            log.replaceAll(record -> record.withHeader(null));
        }
        return log;
    }

    private static FaultyReader faulty(String sabotage, List<Stored> log) {
        return new FaultyReader(SentEvents.reader(log), Sabotage.parse(sabotage), ORDERS, TAG);
    }

    private static Verdict judged(FaultyReader reader) throws Exception {
        return SinkVerification.of(LEDGER, "broker", List.of(ORDERS, READINGS), Routing.EVERYTHING)
                .verify(reader);
    }
}
