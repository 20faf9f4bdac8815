package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.model.StreamDefinition;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Bytes of own definitions about time, pinned like those of the catalog. */
class TimeGoldenTest {

    private static final int EVENTS = 1000;

    private static String digests(StreamDefinition definition) {
        CompiledStream stream = Checked.compiled(definition, 42);
        StringBuilder text = new StringBuilder(HexFormat.of().toHexDigits(stream.fingerprint()));
        for (long from : new long[] {0, 1_000_000, 1_000_000_000, 1L << 36}) {
            text.append(' ').append(digest(stream, from));
        }
        return text.toString();
    }

    private static String digest(CompiledStream stream, long from) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            EventState state = new EventState();
            for (long n = from; n < from + EVENTS; n++) {
                digest.update(Checked.encoded(stream, state, n));
                digest.update((byte) '\n');
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }

    @Test
    void ownDefinitionsGiveTheBytesThatTheyGaveBefore() {
        assertThat(digests(SlowTest.ALL))
                .isEqualTo("ff10063f04eeb728 1659b4a019150fd1 4c795d7137d75df8 ba83eb8bdc88d6b9 c3b4c52b987de994");
        assertThat(digests(SpreadTest.ALL))
                .isEqualTo("b2b5eadf7f249129 eb956b642927748d 17dab2b53a00299e 70f529d5119dff1f 853cb8ffe7311278");
    }
}
