package io.dataflux.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.problem.Problems;
import io.dataflux.problem.Suggestions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionsTest {

    private static final List<String> KNOWN =
            List.of("topic", "bootstrap_servers", "acks", "lanes", "max_retries", "events_per_second", "id", "int");

    @ParameterizedTest
    @CsvSource({
        "topik, topic",
        "tpoic, topic",
        "Topic, topic",
        "bootstrapServers, bootstrap_servers",
        "bootstrap.servers, bootstrap_servers",
        "bootstrap-server, bootstrap_servers",
        "ack, acks",
        "lane, lanes",
        "maxretry, max_retries",
        "event_per_seconds, events_per_second",
        "ints, int",
        "bootstrap, bootstrap_servers",
        "retries, max_retries"
    })
    void aSlipIsRecognised(String word, String meant) {
        assertThat(Suggestions.nearest(word, KNOWN)).contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"colour", "password", "sinks", "x", "partitions", "max", "er"})
    void somethingElseIsNot(String word) {
        assertThat(Suggestions.nearest(word, KNOWN)).isEmpty();
    }

    @Test
    void distanceCountsInsertedDroppedReplacedAndSwappedLetters() {
        assertThat(Suggestions.distance("", "abc")).isEqualTo(3);
        assertThat(Suggestions.distance("abc", "abc")).isZero();
        assertThat(Suggestions.distance("abc", "acb")).isEqualTo(1);
        assertThat(Suggestions.distance("abc", "axc")).isEqualTo(1);
        assertThat(Suggestions.distance("kitten", "sitting")).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({"500ms, 500", "30s, 30000", "5m, 300000", "2h, 7200000", "1d, 86400000"})
    void timesAreRead(String text, long millis) {
        assertThat(Quantities.duration(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(Problems.text(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "1B, 1",
        "64KiB, 65536",
        "10MB, 10000000",
        "1.5kB, 1500",
        "2 GiB, 2147483648",
        "1TB, 1000000000000"
    })
    void sizesAreRead(String text, long bytes) {
        assertThat(Quantities.bytes(text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"30", "s", "-5s", "1.5s", "5 m", "1w", "99999999999999999999s"})
    void whatIsNoTimeIsNot(String text) {
        assertThat(Quantities.duration(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({"B", "ten", "1.5", "0.3B", "5XB", "999999999999999TB"})
    void whatIsNoSizeIsNot(String text) {
        assertThat(Quantities.bytes(text)).isNull();
    }
}
