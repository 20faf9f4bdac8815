package io.dataflux.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DifferenceTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":1,\"b\":2}               | {\"a\":1,\"b\":3}               | b expected 2 but was 3",
                "{\"a\":1,\"b\":2}               | {\"b\":3,\"a\":9}               | a expected 1 but was 9",
                "{\"a\":{\"b\":[{\"c\":\"x\"}]}} | {\"a\":{\"b\":[{\"c\":\"y\"}]}} | a.b[0].c expected \"x\" but was \"y\"",
                "{\"a\":[1,2]}                   | {\"a\":[1]}                     | a expected 2 elements but had 1 element",
                "{\"a\":[1,2]}                   | {\"a\":[3]}                     | a[0] expected 1 but was 3",
                "{\"a\":1}                       | {\"a\":\"1\"}                   | a expected 1 but was \"1\"",
                "{\"a\":19.90}                   | {\"a\":19.91}                   | a expected 19.90 but was 19.91",
                "{\"a\":1,\"b\":null}            | {\"a\":1}                       | b expected null but is missing",
                "{\"a\":1}                       | {\"a\":1,\"b\":2}               | b was not expected but is 2",
                "{\"a\":1}                       | [1]                             | the value expected {\"a\":1} but was [1]",
                "{\"a\":19.90}                   | {\"a\":19.9}                    | same values, other bytes from byte 9 on",
                "{\"a\":1000}                    | {\"a\":1e3}                     | same values, other bytes from byte 6 on",
                "{\"a\":1,\"b\":2}               | {\"b\":2,\"a\":1}               | same values, other bytes from byte 2 on",
                "{\"a\":\"é\"}                   | {\"a\":\"\\u00e9\"}             | same values, other bytes from byte 6 on",
                "{\"a\":1,\"b\":2}               | {\"a\":1,                       | cut off after 7 of 13 bytes",
                "{\"a\":1}                       | {\"a\":1}{}                     | not readable as JSON, other bytes from byte 7 on",
                "{\"a\":1}                       | {\"a\":1,\"a\":1}               | not readable as JSON, other bytes from byte 6 on",
                "{\"a\":1}                       | ``                              | cut off after 0 of 7 bytes"
            })
    void namesTheFirstDifference(String expected, String actual, String text) {
        byte[] is = expected.getBytes(UTF_8);

        assertThat(Difference.between(is, is.length, actual.getBytes(UTF_8)).text())
                .isEqualTo(text);
    }

    @Test
    void looksAtNothingBehindTheExpectedBytes() {
        byte[] reused = "{\"a\":1}garbage".getBytes(UTF_8);

        assertThat(Difference.between(reused, 7, "{\"a\":2}".getBytes(UTF_8)).where())
                .isEqualTo("a");
    }

    @Test
    void aRecordWithoutAValueIsSaidToHaveNone() {
        byte[] expected = "{\"a\":1}".getBytes(UTF_8);

        assertThat(Difference.between(expected, expected.length, null).text())
                .isEqualTo("there is a record without a value");
    }

    @Test
    void longValuesAreShortened() {
        byte[] expected = "{\"a\":1}".getBytes(UTF_8);
        String actual = "{\"a\":\"" + "x".repeat(500) + "\"}";

        assertThat(Difference.between(expected, expected.length, actual.getBytes(UTF_8))
                        .text())
                .isEqualTo("a expected 1 but was \"" + "x".repeat(79) + "...");
    }

    @Test
    void whatShouldBeBrokenIsSaidToBeIntactOrBrokenOtherwise() {
        byte[] whole = "{\"a\":1}".getBytes(UTF_8);
        byte[] broken = "{\"a\":1garbage".getBytes(UTF_8);

        assertThat(Difference.fromBroken(broken, 6, null, whole))
                .isEqualTo(new Difference("form", "there is a record without a value"));
        assertThat(Difference.fromBroken(broken, 6, whole, whole))
                .isEqualTo(new Difference("form", "was sent broken, but is intact"));
        assertThat(Difference.fromBroken(broken, 6, "{\"b\":1".getBytes(UTF_8), whole))
                .isEqualTo(new Difference("bytes", "was sent broken, but has other bytes from byte 2 on"));
    }
}
