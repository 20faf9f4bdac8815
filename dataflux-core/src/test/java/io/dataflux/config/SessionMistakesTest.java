package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a stream's sessions or rate does not hide what is wrong with its fields, and causes no other problem. */
class SessionMistakesTest {

    private static final String KEY = "key: {entity: \"u_{}\", count: 300000}";
    private static final String SESSIONS = "sessions: {think: 20s, states: {land: {cart: 1, leave: 1}, cart: leave}}";
    private static final String RIGHT = "state: {session: state}, carts: {visits: cart}, who: {copy: key},"
            + " ab: {per_session: {pick: [a, b]}, renewed_by: [cart]}";
    private static final String WRONG =
            "buys: {visits: buy}, other: {copy: nothing}, sum: {total: missing}, cd: {per_session: {pick: [a, b]}, renewed_by: [buy]}";

    private static List<String> paths(String stream, String fields) {
        ConfigurationException refused = catchThrowableOfType(
                ConfigurationException.class,
                () -> Configurations.read("streams: {a: {" + stream + ", fields: {id: {id: uuid}, " + fields
                        + "}}}\nsinks: {all: {type: mock}}\n"));
        return refused == null
                ? List.of()
                : refused.problems().stream().map(Problem::path).distinct().toList();
    }

    @Test
    void theRightFieldsAreRightAndTheWrongOnesAreFour() {
        assertThat(paths(KEY + ", " + SESSIONS, RIGHT)).isEmpty();
        assertThat(paths(KEY + ", " + SESSIONS, WRONG)).hasSize(4);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "think: 20s|think: long",
                "think: 20s|think: 20d",
                "think: 20s|begin: fresh",
                "think: 20s|think: 20s, length: many",
                "think: 20s|think: 20s, begin: later",
                "think: 20s|think: 20s, start: nowhere",
                "cart: leave|cart: gone",
                "cart: leave|cart: {leave: lots}",
                "cart: 1|cart: -1",
                "think: 20s|think: 20s, what: 5"
            })
    void wrongSessionsAreOneProblemAndHideNone(String right, String wrong) {
        String stream = KEY + ", " + SESSIONS.replace(right, wrong);
        assertThat(paths(stream, RIGHT)).as(stream).singleElement().asString().startsWith("streams.a.sessions");
        assertThat(paths(stream, RIGHT + ", " + WRONG)).as(stream).hasSize(5);
    }

    @Test
    void soDoesAMissingKeyOrARateThatCannotBe() {
        assertThat(paths(SESSIONS, RIGHT)).hasSize(1);
        assertThat(paths(SESSIONS, RIGHT + ", " + WRONG)).hasSize(5);
        String rate = "rate: {steps: [0/s], each: 1s}";
        assertThat(paths(rate + ", " + KEY + ", " + SESSIONS, RIGHT)).hasSize(1);
        assertThat(paths(rate + ", " + KEY + ", " + SESSIONS, RIGHT + ", " + WRONG))
                .hasSize(5);
    }
}
