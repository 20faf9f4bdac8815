package io.dataflux.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What becomes of each output, one by one, without a reader around it. There are two keys, a and b, and what should be made of an event
 * depends on which of its key it is: the first deletes the key, the second has one line, the third has three, the fourth has a line and
 * deletes the key, the fifth has nothing, and so on with the sixth.
 */
class OutputJudgeTest {

    private static final long EVENTS = 40;
    private static final CompiledStream ORDERS = SentEvents.stream(StreamDefinition.named("orders")
                    .key("user_{}_eu", 2)
                    .identity("order_id")
                    .field("order_id", Fields.id("ord_{}"))
                    .field("channel", Fields.pick("web", 6, "app", 3))
                    .build())
            .withTag(SentEvents.TAG);

    private record Line(Object order, int number, Object channel) {}

    private static Stream<?> outputs(Event event) {
        return switch ((int) (event.occurrence() % 5)) {
            case 0 -> Stream.of(Deletion.of(event.key()));
            case 1 -> Stream.of(line(event, 0));
            case 2 -> Stream.of(line(event, 0), line(event, 1), line(event, 2));
            case 3 -> Stream.of(line(event, 0), Deletion.of(event.key()));
            default -> Stream.empty();
        };
    }

    private static Line line(Event event, int number) {
        return new Line(event.identity().get(0), number, event.field("channel"));
    }

    private final Set<String> named = new HashSet<>();
    private JudgedRun judged = judged(SentEvents.ledger(0, EVENTS, ORDERS));
    private OutputJudge<Event, Object> judge = judge(OutputJudgeTest::outputs);
    private long offset;

    private static JudgedRun judged(Ledger ledger) {
        return JudgedRun.of(ledger, "broker", List.of(ORDERS));
    }

    private OutputJudge<Event, Object> judge(Function<Event, Stream<?>> outputs) {
        Expectation<Event> expectation = new Expectation<>(event -> event, outputs);
        return new OutputJudge<>(
                judged,
                expectation,
                new Comparison(List.of()),
                line -> ((Line) line).order,
                new OutputKeys<>(expectation, null),
                true,
                false);
    }

    /** The event with a name such as a0. */
    private static Event event(String name) {
        long first = ORDERS.event(0).entity();
        long entity = name.startsWith("a") ? first : 1 - first;
        return ORDERS.event(ORDERS.sequenceOfOccurrence(entity, Long.parseLong(name.substring(1))));
    }

    /**
     * One output: {@code a2.1} is line 1 of event a2, {@code a2.1w} that line with another channel, {@code a2?} something unreadable in
     * which the event can be recognized, {@code a0d} the deletion of the key.
     */
    private void comes(String output) {
        String name = output.replaceFirst("[.?d].*", "");
        Event event = event(name);
        named.add(name);
        switch (output.charAt(name.length())) {
            case 'd' -> judge.record("log", offset++, Deletion.of(event.key()));
            case '?' -> judge.unreadable("log", offset++, ("!" + event).getBytes(UTF_8), "is cut off");
            default -> {
                Line line = line(event, output.charAt(name.length() + 1) - '0');
                boolean altered = output.endsWith("w");
                judge.record("log", offset++, altered ? new Line(line.order, line.number, "phone") : line);
            }
        }
    }

    /** What was found of the events of which something came, and of keys, such as {@code DUPLICATE a1 x 2}. */
    private List<String> found() {
        judge.finish();
        Ledger.Stream run = judged.ledger().streams().get(0);
        long expected = LongStream.range(run.from(), run.limit())
                .filter(n -> outputs(ORDERS.event(n)).findAny().isPresent())
                .count();
        Verdict verdict = judge.observed()
                .verdict(Finding.LOST, Wording.ofSink(judged, (stream, sequence) -> "", "at the end", List.of()));
        List<String> found = new ArrayList<>();
        for (Finding finding : Finding.values()) {
            for (Verdict.Example example : verdict.examples(finding)) {
                String text = example.text();
                String of = named.stream()
                        .filter(name -> event(name).sequence() == example.sequence())
                        .findFirst()
                        .orElse(text.contains("deletes ") ? "key" : "");
                String times = text.contains(" times)") ? " x " + text.replaceAll(".*\\((\\d+) times\\)", "$1") : "";
                if (!of.isEmpty()) {
                    found.add(finding + " " + of + times);
                }
            }
        }
        long whole = expected - verdict.count(Finding.LOST);
        assertThat(judge.hasSeen(whole)).isTrue();
        assertThat(judge.hasSeen(whole + 1))
                .as("more than %d events are whole", whole)
                .isFalse();
        return found;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "one line                              | a1.0                  |",
                "twice                                 | a1.0 a1.0             | DUPLICATE a1 x 2",
                "altered                               | a1.0w                 | CORRUPTED a1",
                "altered, then whole                   | a1.0w a1.0            | DUPLICATE a1 x 2; CORRUPTED a1",
                "unreadable                            | a1?                   | CORRUPTED a1",
                "unreadable, then whole                | a1? a1.0              | DUPLICATE a1 x 2; CORRUPTED a1",
                "whole, then unreadable                | a1.0 a1?              | DUPLICATE a1 x 2; CORRUPTED a1",
                "three lines                           | a2.0 a2.1 a2.2        |",
                "in another order                      | a2.2 a2.0 a2.1        |",
                "one is missing                        | a2.0 a2.1             | LOST a2",
                "only one is there                     | a2.1                  | LOST a2",
                "the first twice                       | a2.0 a2.0 a2.1 a2.2   | DUPLICATE a2 x 2",
                "the last twice                        | a2.0 a2.1 a2.2 a2.2   | DUPLICATE a2 x 2",
                "all twice                             | a2.0 a2.1 a2.2 a2.0 a2.1 a2.2 | DUPLICATE a2 x 4",
                "one twice and one missing             | a2.0 a2.1 a2.0        | LOST a2; DUPLICATE a2 x 2",
                "one altered                           | a2.0 a2.1w a2.2       | CORRUPTED a2",
                "all altered                           | a2.0w a2.1w a2.2w     | CORRUPTED a2; CORRUPTED a2; CORRUPTED a2",
                "one altered and one missing           | a2.0 a2.1w            | LOST a2; CORRUPTED a2",
                "altered beside the whole one          | a2.1w a2.0 a2.1 a2.2  | DUPLICATE a2 x 2; CORRUPTED a2",
                "altered after the whole one           | a2.0 a2.1 a2.2 a2.1w  | DUPLICATE a2 x 2; CORRUPTED a2",
                "one unreadable                        | a2? a2.1 a2.2         | CORRUPTED a2",
                "all unreadable                        | a2? a2? a2?           | CORRUPTED a2; CORRUPTED a2; CORRUPTED a2",
                "one unreadable and one missing        | a2? a2.1              | LOST a2; CORRUPTED a2",
                "unreadable besides all                | a2.0 a2.1 a2.2 a2?    | DUPLICATE a2 x 2; CORRUPTED a2",
                "one line after three of another       | a2.0 a2.1 a2.2 b1.0   |",
                "unreadable after three of another     | a2.0 a2.1 a2.2 b1?    | CORRUPTED b1",
                "mixed with those of another           | a2.0 b2? a2.1 b2.1 a2? b2.0 | CORRUPTED b2; CORRUPTED a2",
                "a line where there should be none     | a4.0                  | PHANTOM a4",
                "something where there should be none  | a4?                   | PHANTOM a4",
                "a line where a deletion should be     | a0.0                  | CORRUPTED a0",
                "a line where one more deletion belongs| a3.0 a3.1             | CORRUPTED a3",
            })
    void anEventHasTheOutputsThatItShouldHaveOrThatIsSaid(String kind, String come, String found) {
        Stream.of(come.split(" ", -1)).forEach(this::comes);

        assertThat(String.join("; ", found())).isEqualTo(Objects.toString(found, ""));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "in turn                               | a0d a1.0 a2.0 a2.1 a2.2 a3.0 a3d |",
                "the deletion before the line          | a0d a1.0 a2.0 a2.1 a2.2 a3d a3.0 |",
                "missing                               | a0d a1.0 a2.0 a2.1 a2.2 a3.0     | LOST a3",
                "twice                                 | a0d a0d a1.0          | DUPLICATE a0 x 2",
                "three times                           | a0d a0d a0d a1.0      | DUPLICATE a0 x 3",
                "again, where the next one asks, too   | a0d a1.0 a2.0 a2.1 a2.2 a3.0 a3d a3d |",
                "twice with others between             | a0d b0d a0d b0d a1.0 b1.0 | DUPLICATE a0 x 2; DUPLICATE b0 x 2",
                "what comes before is missing          | a0d a1.0 a3d a3.0     |",
                "what comes before is missing for both | a0d b0d a3d b3d b3.0 a3.0 |",
                "what comes before is missing twice    | a0d a1.0 a3d a3d a3.0 | PHANTOM key",
                "nobody asked for it                   | a0d a1.0 a1d a2.0 a2.1 a2.2 | PHANTOM key",
                "nobody asked, for both                | a0d b0d a1.0 b1.0 a1d b1d a2.0 b2.0 a2.1 a2.2 b2.1 b2.2 | PHANTOM key; PHANTOM key",
            })
    void aDeletionIsThatOfTheEventThatAsksForIt(String kind, String come, String found) {
        Stream.of(come.split(" ", -1)).forEach(this::comes);

        assertThat(String.join("; ", found())).isEqualTo(Objects.toString(found, ""));
    }

    /** The run has five events of the key, a13 to a17: a deletion may be late, and none is asked for afterwards. */
    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "the first event        | a13.0 a13d                                   |",
                "the other way round    | a13d a13.0                                   |",
                "after the last event   | a13.0 a13d a16.0 a17.0 a17.1 a17.2 a15d      | REORDERED a15",
                "again after the last   | a13.0 a13d a15d a16.0 a17.0 a17.1 a17.2 a15d | DUPLICATE a15 x 2",
                "and once more          | a13.0 a13d a15d a16.0 a15d a15d              | DUPLICATE a15 x 3",
                "again before the last  | a13.0 a13d a15d a15d a16.0                   | DUPLICATE a15 x 2",
                "nothing comes before   | a16.0 a17.0 a17.1 a17.2 a15d a13.0           | LOST a13; REORDERED a15; REORDERED a13",
            })
    void aDeletionThatIsLateIsThatOfTheLastThatAsked(String kind, String come, String found) {
        judged = judged(SentEvents.ledger(event("a13").sequence(), event("a18").sequence(), ORDERS));
        judge = judge(OutputJudgeTest::outputs);
        Stream.of(come.split(" ", -1)).forEach(this::comes);

        assertThat(String.join("; ", found())).isEqualTo(Objects.toString(found, ""));
    }

    /** How many events of a key may be missing around the one that asks for a deletion. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "0     | 64  | true",
                "0     | 65  | false",
                "0 64  | 66  | true",
                "0 65  | 66  | false",
                "0 64 65 | 1 | true",
                "0 64 66 | 2 | true",
                "0 64 66 | 1 | false",
                "0 2   | 1   | true",
                "      | 63  | true",
                "      | 64  | false",
            })
    void aDeletionIsLookedForNearWhatHasComeOfItsKey(String came, int asks, boolean known) {
        judged = judged(SentEvents.ledger(0, 200, ORDERS));
        judge = judge(event -> Stream.of(event.occurrence() == asks ? Deletion.of(event.key()) : line(event, 0)));
        Stream.of(Objects.toString(came, "").split(" ", -1))
                .filter(occurrence -> !occurrence.isEmpty())
                .forEach(occurrence -> comes("a" + occurrence + ".0"));
        comes("a" + asks + "d");
        judge.finish();

        assertThat(judge.observed().count(Finding.PHANTOM)).isEqualTo(known ? 0 : 1);
    }

    /** Without a key only an identity says what is deleted. */
    @Test
    void aStreamWithoutKeysHasDeletionsOfIdentities() {
        CompiledStream ticks = SentEvents.stream(StreamDefinition.named("ticks")
                        .identity("id")
                        .field("id", Fields.id("t_{}"))
                        .build())
                .withTag(SentEvents.TAG);
        Expectation<Event> expectation = new Expectation<>(
                event -> event, event -> Stream.of(Deletion.of(event.identity().get(0))));
        judged = JudgedRun.of(SentEvents.ledger(0, 3, ticks), "broker", List.of(ticks));
        judge = new OutputJudge<>(
                judged, expectation, new Comparison(List.of()), null, new OutputKeys<>(expectation, null), true, false);
        for (Object key : List.of(ticks.event(0).identity().get(0), "0", "", "t_1")) {
            judge.record("log", offset++, Deletion.of(key));
        }

        assertThat(judge.expectedOutputs()).isEqualTo(1);
        assertThat(judge.observed().count(Finding.FOREIGN)).isEqualTo(3);
        assertThat(judge.observed().tallies()).hasSize(1);
    }

    /** What is said of a line that is none of those of its event: how it differs from the one that it is most like and that is missing. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "                | a2.1w | channel expected",
                "                | a2.9  | number expected 0 but was 9",
                "a2.0            | a2.9  | number expected 1 but was 9",
                "a2.1            | a2.9  | number expected 0 but was 9",
                "a2.0 a2.1       | a2.9  | number expected 2 but was 9",
                "a2.0            | a2.0w | number expected 1 but was 0",
                "a2.0 a2.1       | a2.1w | number expected 2 but was 1",
                "a2.0 a2.1 a2.2  | a2.9  | number expected 0 but was 9",
                "a2.0            | a2.2w | channel expected",
                "                | a3.1  | number expected 0 but was 1",
                "a3.0            | a3.1  | should have been the deletion of key",
                "                | a0.0  | should have been the deletion of key",
                "                | a1?   | is cut off",
            })
    void anAlteredOutputIsComparedWithTheNearestThatIsMissing(String before, String altered, String difference) {
        Stream.of(Objects.toString(before, "").split(" ", -1))
                .filter(output -> !output.isEmpty())
                .forEach(this::comes);
        comes(altered);

        List<Noticed> noticed =
                judge.observed().tallies().get(Finding.CORRUPTED).sights();
        assertThat(noticed).hasSize(1);
        assertThat(noticed.get(0).what).startsWith(difference);
    }

    @Test
    void whatHasToDoWithTheRunIsNewsAndWhatIsExpectedIsCounted() {
        long failed = event("b1").sequence();
        long unknown = event("b2").sequence();
        judged = judged(SentEvents.ledger(0, EVENTS, n -> true, n -> n == failed, n -> n == unknown, ORDERS));
        judge = judge(OutputJudgeTest::outputs);
        for (String output : "a0d a2.0 a2.1 a2.2 a2.1 a1.0w a4.0 b1.0 b2.0 b2.1 b2.2".split(" ", -1)) {
            long before = judge.ours();
            comes(output);
            assertThat(judge.ours()).as(output).isGreaterThan(before);
        }
        long ours = judge.ours();
        judge.record("log", offset++, new Line("ord_nobody", 0, "web"));

        assertThat(judge.ours()).isEqualTo(ours);
        assertThat(judge.expectedOutputs())
                .as("three of a2, one of a1, one of a0")
                .isEqualTo(5);
        assertThat(judge.hasSeen(3)).isTrue();
        assertThat(judge.hasSeen(4)).as("b1 and b2 were not acknowledged").isFalse();
    }
}
