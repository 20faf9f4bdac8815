package io.dataflux.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.spi.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryRulesTest {

    private static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");
    private static final RetryRules RULES = HttpSettings.RULES;

    @ParameterizedTest
    @CsvSource({
        "408, REFUSED_FOR_NOW",
        "429, REFUSED_FOR_NOW",
        "503, REFUSED_FOR_NOW",
        "502, LOST",
        "504, LOST",
        "500, BROKEN",
        "507, BROKEN",
        "501, REFUSED",
        "505, REFUSED",
        "400, REFUSED",
        "401, REFUSED",
        "404, REFUSED",
        "409, REFUSED",
        "413, REFUSED",
        "422, REFUSED",
        "301, REFUSED",
        "307, REFUSED"
    })
    void aStatusSaysWhetherEventsMayBeStoredAndWhetherToTryAgain(int status, RetryRules.Fate fate) {
        assertThat(RetryRules.fate(status)).isEqualTo(fate);
    }

    @Test
    void pausesAreThoseOfTheBackoff() {
        Backoff backoff = new Backoff(RULES.backoff(), RULES.maxBackoff());
        for (int retry = 1; retry < 10; retry++) {
            assertThat(RULES.pause(retry, 42, Optional.empty())).isEqualTo(backoff.pause(retry, 42));
        }
    }

    @Test
    void whatTheTargetAsksForCountsIfItIsLongerAndNotTooLong() {
        assertThat(RULES.pause(1, 0, Optional.of(Duration.ofSeconds(7)))).isEqualTo(Duration.ofSeconds(7));
        assertThat(RULES.pause(1, 0, Optional.of(Duration.ZERO))).isEqualTo(RULES.pause(1, 0, Optional.empty()));
        assertThat(RULES.pause(1, 0, Optional.of(Duration.ofDays(11_574)))).isEqualTo(RULES.maxRetryAfter());
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        assertThat(RetryRules.retryAfter(" 120 ", NOW)).contains(Duration.ofMinutes(2));
        assertThat(RetryRules.retryAfter("0", NOW)).contains(Duration.ZERO);
        assertThat(RetryRules.retryAfter("9".repeat(1_000), NOW)).contains(Duration.ofSeconds(Integer.MAX_VALUE));
        assertThat(RetryRules.retryAfter("Thu, 01 Jan 2026 12:00:30 GMT", NOW)).contains(Duration.ofSeconds(30));
        assertThat(RetryRules.retryAfter("Thu, 01 Jan 2026 11:00:00 GMT", NOW)).contains(Duration.ZERO);
        assertThat(RetryRules.retryAfter("soon", NOW)).isEmpty();
        assertThat(RetryRules.retryAfter("-1", NOW)).isEmpty();
        assertThat(RetryRules.retryAfter("", NOW)).isEmpty();
        assertThat(RetryRules.retryAfter("1.5", NOW)).isEmpty();
    }
}
