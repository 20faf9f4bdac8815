package io.dataflux.verify;

import io.dataflux.Event;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys that outputs should be stored under: those that the test says, or, if events should come out unchanged, those of the events.
 * Not thread-safe.
 */
final class OutputKeys<T> {

    private final Expectation<T> expectation;
    private final @Nullable Function<? super T, ?> keyedBy;
    private boolean kept;
    private boolean judged;

    OutputKeys(Expectation<T> expectation, @Nullable Function<? super T, ?> keyedBy) {
        this.expectation = expectation;
        this.keyedBy = keyedBy;
    }

    /** Whether the key of any record was looked at. */
    boolean judged() {
        return judged;
    }

    /** How keys were judged, or why they were not. */
    String how() {
        if (!kept) {
            return "the records have none";
        }
        return keyedBy != null
                ? "those that keyedBy(...) gives"
                : judged ? "those of the events" : "keyedBy(...) would say what they should be";
    }

    /** How a record's key differs from what it should be; null if it does not, or if nothing says what it should be. */
    @Nullable
    Difference difference(Event event, byte @Nullable [] key) {
        kept = true;
        if (keyedBy == null && !expectation.unchanged()) {
            return null;
        }
        judged = true;
        byte[] should = keyedBy == null ? bytes(event.key()) : bytes(said(keyedBy, event));
        if (Arrays.equals(should, key)) {
            return null;
        }
        if (should == null || key == null) {
            return new Difference("key", "key expected " + shown(should) + " but was " + shown(key));
        }
        return Difference.ofBytes(should, key, "key");
    }

    private @Nullable Object said(Function<? super T, ?> by, Event event) {
        try {
            return Comparison.opened(by.apply(expectation.input(event)));
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "keyedBy(...) failed for event " + event.sequence() + ", " + event + ": " + e, e);
        }
    }

    /** A key as it is stored: bytes as they are, all else as text. */
    static byte @Nullable [] bytes(@Nullable Object key) {
        return key == null
                ? null
                : key instanceof byte[] bytes ? bytes : key.toString().getBytes(StandardCharsets.UTF_8);
    }

    static String shown(byte @Nullable [] key) {
        String text = key == null ? null : Excerpt.textOf(key);
        return key == null ? "none" : text == null ? Excerpt.ofBytes(key, key).expected() : Excerpt.quoted(text);
    }
}
