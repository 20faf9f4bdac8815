package io.dataflux.spi;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SinkReaderTest {

    private final List<String> records = new ArrayList<>();

    @Test
    void everyLineIsARecordWithItsNumber() throws IOException {
        assertThat(lines("a\n\nb\n", 7)).isEqualTo(10);
        assertThat(records).containsExactly("s 7 a", "s 8 ", "s 9 b");
    }

    @Test
    void whatWasCutOffIsARecordToo() throws IOException {
        assertThat(lines("a\n{\"half", 0)).isEqualTo(2);
        assertThat(records).containsExactly("s 0 a", "s 1 {\"half");
    }

    @Test
    void anEmptyFileHasNone() throws IOException {
        assertThat(lines("", 3)).isEqualTo(3);
        assertThat(records).isEmpty();
    }

    @Test
    void linesAreAsLongAsTheyAre() throws IOException {
        String longest = "x".repeat(300_000);
        String shorter = "y".repeat((1 << 16) - 1);
        assertThat(lines(longest + "\n" + shorter + "\n" + longest, 0)).isEqualTo(3);
        assertThat(records).containsExactly("s 0 " + longest, "s 1 " + shorter, "s 2 " + longest);
    }

    private long lines(String text, long first) throws IOException {
        return SinkReader.lines(
                new ByteArrayInputStream(text.getBytes(UTF_8)),
                "s",
                first,
                (source, offset, key, value, header) ->
                        records.add(source + " " + offset + " " + new String(value, UTF_8)));
    }
}
