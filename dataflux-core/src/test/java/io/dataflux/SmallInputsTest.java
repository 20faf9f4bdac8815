package io.dataflux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the small configurations in {@code inputs} do: each has a field that once did something else than it says. */
class SmallInputsTest {

    private static final Path FOLDER = Path.of("src", "test", "resources", "io", "dataflux", "inputs");

    private static List<String> events(String file, int count) {
        EventStream stream = DataFlux.plan(FOLDER.resolve(file)).streams().get(0);
        return StreamSupport.stream(stream.events(0, count).spliterator(), false)
                .map(event -> new String(event.bytes(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> warnings(String file) {
        return DataFlux.plan(FOLDER.resolve(file))
                .describe()
                .lines()
                .filter(line -> line.contains("WARNING"))
                .map(line -> line.replaceFirst(" *WARNING streams\\.", ""))
                .toList();
    }

    private static List<String> problems(String file) {
        return catchThrowableOfType(ConfigurationException.class, () -> DataFlux.plan(FOLDER.resolve(file)))
                .problems()
                .stream()
                .map(Object::toString)
                .toList();
    }

    @Test
    void largeNumbersAreNumbers() {
        assertThat(events("large-numbers.yaml", 9))
                .allSatisfy(event -> assertThat(event)
                        .matches("\\{\"id\":\"[^\"]+\",\"ns\":17356896\\d{11},\"seq\":900719925474099\\d"
                                + ",\"fixed\":1735689600001400000,\"lat\":-?\\d+\\.\\d{15},\"mid\":-?\\d+\\.\\d{9}"
                                + ",\"ns_text\":\"17356896\\d{11}\"}"));
        assertThat(warnings("large-numbers.yaml"))
                .extracting(warning -> warning.replaceFirst(": .*", ""))
                .containsExactly("s.fields.ns", "s.fields.seq", "s.fields.fixed", "s.fields.lat", "s.fields.mid");
        assertThat(warnings("large-numbers.yaml").get(0))
                .isEqualTo(
                        "s.fields.ns: numbers such as 1735689699999999999 have more digits than a double holds, so some"
                                + " readers round them (JavaScript, jq, many JSON libraries); 'as: text' writes them as text");
    }

    @Test
    void aFieldNamedKeyHidesTheKeyAndThePlanSaysSo() {
        assertThat(events("field-named-key.yaml", 1).get(0))
                .contains("{\"key\":\"unit\",\"value\":\"unit\",\"service\":\"svc-");
        assertThat(warnings("field-named-key.yaml"))
                .containsExactly(
                        "metrics.fields.tags.of.value: {copy: key} is the field 'key' of the event, not the event's"
                                + " key; for that write {key: text}, or give the field 'key' another name");
    }

    @Test
    void anIdentityThatEventsShareIsNamed() {
        assertThat(warnings("shared-identity.yaml"))
                .singleElement()
                .asString()
                .startsWith("ticks.identity: [who, at] is not unique: 202 events share who=m");
    }

    @Test
    void classesOfPatternsAreThoseOfRegularExpressions() {
        assertThat(events("pattern-classes.yaml", 99))
                .allSatisfy(event -> assertThat(event)
                        .matches("\\{\"ref\":\"[^\"]+\",\"digits\":\"\\d{3}\",\"letters\":\"\\w{3}\""
                                + ",\"not_a\":\"([^a\"\\\\]|\\\\.){3}\"}"));
    }

    @Test
    void groupsInPatternsAreRefused() {
        assertThat(problems("pattern-group.yaml"))
                .containsExactly("streams.codes.fields.code (line 9): '(' at position 0: a pattern has no groups and no"
                        + " alternatives; use 'pick' for one of several texts and 'template' to join texts, or \\( for the"
                        + " character itself");
    }

    @Test
    void fakerMethodsInLowerCaseAreKnown() {
        assertThat(events("faker-lower-case.yaml", 20))
                .allSatisfy(
                        event -> assertThat(event)
                                .matches(
                                        ".*\"card\":\"[\\d-]{14,}\",\"item\":\"[A-Z]\\w+ [^\"]+\",\"agent\":\"<[^>]{9,}> [^\"]+\"}"));
    }

    @Test
    void listsOfObjectsInListsOfObjectsAreNoDeeperThanTheyLook() {
        assertThat(events("lists-in-lists.yaml", 50))
                .anyMatch(
                        event -> event.contains(
                                "\"groups\":[{\"parts\":[{\"rows\":[{\"tags\":[{\"tag\":\"many\",\"holds\":{\"several\":{\"values\":[{\"text\":\""));
    }

    @Test
    void namesWithDotsAreNames() {
        assertThat(events("dotted-names.yaml", 30))
                .allSatisfy(event -> assertThat(event)
                        .matches("\\{\"span\\.id\":\"[^\"]+\",\"attributes\":\\{\"http\\.method\":\"(GET|PUT)\","
                                + "\"http\\.url\":\"/\\1\"},\"method\":\"\\1\"}"));
    }

    @Test
    void columnsOfTheRowStandBesideIt() {
        assertThat(events("row-columns.yaml", 300))
                .allSatisfy(event ->
                        assertThat(event).matches(".*\"row\":\\{\"sku\":\"(\\w+)\",\"left\":\\d},\"sku\":\"\\1\"}"))
                .anyMatch(event -> event.contains("\"op\":\"d\""));
    }

    @Test
    void aFieldThatHidesTheOneItNamesIsToldSo() {
        assertThat(problems("same-name-inside.yaml"))
                .containsExactly(
                        "streams.people.fields.contact.object.city (line 10): 'city' is this field itself: it hides"
                                + " the field 'city' further out, which cannot be named from here; give one of the two another name");
    }
}
