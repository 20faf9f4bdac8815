package io.dataflux.http;

import io.dataflux.spi.Backoff;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/**
 * When a request is tried again, and when it is dropped. Immutable.
 *
 * @param retries tries after the first
 * @param backoff the wait before the first retry; it doubles from retry to retry
 * @param maxBackoff the longest wait by doubling
 * @param maxRetryAfter the longest wait that a target may ask for
 * @param requestTimeout for one try, to the last byte of the answer
 * @param deliveryTimeout for all tries of a request
 */
record RetryRules(
        int retries,
        Duration backoff,
        Duration maxBackoff,
        Duration maxRetryAfter,
        Duration requestTimeout,
        Duration deliveryTimeout) {

    /** What an answer that is not 2xx, or an error, means for the events and for trying again. */
    enum Fate {
        /** Not stored; may be tried again. */
        REFUSED_FOR_NOW(true, false),
        /** Perhaps stored; may be tried again. */
        LOST(true, true),
        /** Not stored, and never will be. */
        REFUSED(false, false),
        /** Perhaps stored; another try would not help. */
        BROKEN(false, true);

        final boolean again;
        final boolean maybeStored;

        Fate(boolean again, boolean maybeStored) {
            this.again = again;
            this.maybeStored = maybeStored;
        }
    }

    /** By status. A gateway's 502 or 504, or a server's 500, may come after the events were stored. */
    static Fate fate(int status) {
        return switch (status) {
            case 408, 429, 503 -> Fate.REFUSED_FOR_NOW;
            case 502, 504 -> Fate.LOST;
            case 501, 505 -> Fate.REFUSED;
            default -> status >= 500 || status < 300 ? Fate.BROKEN : Fate.REFUSED;
        };
    }

    /**
     * How long to wait before a retry: a {@link Backoff}, or what the target asked for, if that is longer.
     *
     * @param retry from 1
     * @param seed of the hash: the same request waits the same
     */
    Duration pause(int retry, long seed, Optional<Duration> asked) {
        Duration pause = new Backoff(backoff, maxBackoff).pause(retry, seed);
        Duration wanted =
                asked.filter(span -> span.compareTo(maxRetryAfter) < 0).orElse(maxRetryAfter);
        return asked.isPresent() && wanted.compareTo(pause) > 0 ? wanted : pause;
    }

    /** What a {@code Retry-After} header asks for: seconds, or a date. Empty if it is neither. */
    static Optional<Duration> retryAfter(String header, Instant now) {
        String text = header.strip();
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            BigInteger seconds = new BigInteger(text.length() > 40 ? text.substring(0, 40) : text);
            return Optional.of(Duration.ofSeconds(
                    seconds.min(BigInteger.valueOf(Integer.MAX_VALUE)).longValueExact()));
        }
        try {
            Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
            return Optional.of(date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
