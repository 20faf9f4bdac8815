package io.dataflux.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;

final class IdentityTest {
    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final long FINGERPRINT = 0x0123456789ABCDEFL;
    private static final int TAG = 0x5F3A90C1;
    private static final long LAST_LONG = (1L << 40) - 1;

    private final Identity ids = new Identity(FINGERPRINT, TAG);

    @Test
    void uuidsAreTakenBack() {
        for (int i = 0; i < 200_000; i++) {
            long n = i < 100_000 ? i : Mix.sub(1, i) >>> 2;
            assertThat(ids.sequenceOfUuid(ids.uuidMsb(n), ids.uuidLsb(n))).isEqualTo(n);
        }
        assertThat(ids.sequenceOfUuid(ids.uuidMsb(1L << 62), ids.uuidLsb(1L << 62)))
                .isEqualTo(1L << 62);
    }

    @Test
    void uuidsAreVersion8OfTheStandardVariant() {
        for (int n = 0; n < 1000; n++) {
            UUID id = uuid(ids, n);
            assertThat(id.version()).isEqualTo(8);
            assertThat(id.variant()).isEqualTo(2);
        }
    }

    /** 128 bits of each of 5,000 ids; a false accept has probability 2^-58 each. */
    @Test
    void aChangedBitIsNoticed() {
        for (int i = 0; i < 5_000; i++) {
            long n = Mix.sub(2, i) >>> 20;
            long msb = ids.uuidMsb(n);
            long lsb = ids.uuidLsb(n);
            for (int bit = 0; bit < 64; bit++) {
                assertThat(ids.sequenceOfUuid(msb ^ 1L << bit, lsb)).isEqualTo(-1);
                assertThat(ids.sequenceOfUuid(msb, lsb ^ 1L << bit)).isEqualTo(-1);
            }
        }
    }

    @Test
    void otherStreamsAndRunsAreForeignButOfThisFormat() {
        Identity[] others = {
            new Identity(FINGERPRINT, TAG + 1), new Identity(FINGERPRINT + 1, TAG), new Identity(FINGERPRINT, 0)
        };
        for (Identity other : others) {
            for (int n = 0; n < 10_000; n++) {
                assertThat(ids.sequenceOfUuid(other.uuidMsb(n), other.uuidLsb(n)))
                        .isEqualTo(-1);
                assertThat(Identity.looksLikeOurs(other.uuidMsb(n), other.uuidLsb(n)))
                        .isTrue();
                assertThat(Identity.tagOf(other.uuidMsb(n), other.uuidLsb(n))).isEqualTo(other.tag());
            }
        }
    }

    @Test
    void sequencesBelowZeroAreNotOurs() {
        assertThat(ids.sequenceOfUuid(ids.uuidMsb(-1), ids.uuidLsb(-1))).isEqualTo(-1);
        assertThat(ids.sequenceOfUuid(ids.uuidMsb(Long.MIN_VALUE), ids.uuidLsb(Long.MIN_VALUE)))
                .isEqualTo(-1);
    }

    /** 2*10^6 ids (thorough 10^8), about 30 (1,500) of which look like ours; 6 standard deviations. */
    @Test
    void randomUuidsAreRejected() {
        int count = THOROUGH ? 100_000_000 : 2_000_000;
        int looking = 0;
        for (int i = 0; i < count; i++) {
            long msb = Mix.sub(3, i);
            long lsb = Mix.sub(4, i);
            long msb8 = (msb & ~0xF000L) | 0x8000;
            long lsb8 = (lsb & (-1L >>> 2)) | Long.MIN_VALUE;
            if (ids.sequenceOfUuid(msb, lsb) != -1 || ids.sequenceOfUuid(msb8, lsb8) != -1) {
                assertThat(new UUID(msb, lsb)).as("accepted").isNull();
            }
            looking += Identity.looksLikeOurs(msb8, lsb8) ? 1 : 0;
            boolean version4 = Identity.looksLikeOurs((msb & ~0xF000L) | 0x4000, lsb8);
            assertThat(version4).isFalse();
        }
        double expected = count / 65_536.0;
        assertThat((double) looking).isBetween(expected - 6 * Math.sqrt(expected), expected + 6 * Math.sqrt(expected));
    }

    /** Over 2^18 neighbours (thorough 2^22) each free bit, and its change to the next id, is fair within 5.5 deviations. */
    @Test
    void bitsLookRandom() {
        assertThat(worstBias(n -> ids.uuidMsb(n))).isLessThan(5.5);
        assertThat(worstBias(n -> ids.uuidLsb(n))).isLessThan(5.5);
        assertThat(worstBias(n -> ids.longId(n))).isLessThan(5.5);
        assertThat(worstBias(n -> n * Mix.GAMMA))
                .as("control: multiples are no ids")
                .isGreaterThan(5.5);
    }

    /** In standard deviations; bits that never change are left out. */
    private static double worstBias(LongUnaryOperator id) {
        int count = THOROUGH ? 1 << 22 : 1 << 18;
        int[] ones = new int[64];
        int[] changes = new int[64];
        long previous = id.applyAsLong(count);
        for (int n = 0; n < count; n++) {
            long word = id.applyAsLong(n);
            long change = word ^ previous;
            for (int bit = 0; bit < 64; bit++) {
                ones[bit] += (int) (word >>> bit & 1);
                changes[bit] += (int) (change >>> bit & 1);
            }
            previous = word;
        }
        double worst = 0;
        for (int bit = 0; bit < 64; bit++) {
            if (changes[bit] > 0) {
                double deviation = Math.sqrt(count / 4.0);
                worst = Math.max(worst, Math.abs(ones[bit] - count / 2.0) / deviation);
                worst = Math.max(worst, Math.abs(changes[bit] - count / 2.0) / deviation);
            }
        }
        return worst;
    }

    @Test
    void longIdsAreTakenBackAndUnique() {
        Set<Long> seen = new HashSet<>();
        for (int i = 0; i < 100_000; i++) {
            long n = i < 50_000 ? i : LAST_LONG - i;
            long id = ids.longId(n);
            assertThat(id).isBetween(0L, (1L << 62) - 1);
            assertThat(ids.sequenceOfLong(id)).isEqualTo(n);
            seen.add(id);
        }
        assertThat(seen).hasSize(100_000);
    }

    /** 22 bits of tag: of 310,000 changed and 100,000 foreign ids 0.1 would be accepted on average, with this seed none. */
    @Test
    void foreignAndChangedLongIdsAreNoticed() {
        Identity other = new Identity(FINGERPRINT, TAG + 1);
        for (int i = 0; i < 100_000; i++) {
            assertThat(ids.sequenceOfLong(other.longId(i))).isEqualTo(-1);
        }
        for (int i = 0; i < 5_000; i++) {
            long id = ids.longId(Mix.sub(5, i) >>> 24);
            for (int bit = 0; bit < 64; bit++) {
                assertThat(ids.sequenceOfLong(id ^ 1L << bit)).isEqualTo(-1);
            }
        }
    }

    @Test
    void longIdsEndAt40Bits() {
        assertThat(ids.sequenceOfLong(ids.longId(LAST_LONG))).isEqualTo(LAST_LONG);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ids.longId(LAST_LONG + 1))
                .withMessageContaining("give longer streams a UUID identity");
        assertThatIllegalArgumentException().isThrownBy(() -> ids.longId(-1));
        assertThat(ids.sequenceOfLong(-1)).isEqualTo(-1);
    }

    private static UUID uuid(Identity ids, long n) {
        return new UUID(ids.uuidMsb(n), ids.uuidLsb(n));
    }
}
