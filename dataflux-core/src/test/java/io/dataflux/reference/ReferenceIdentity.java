package io.dataflux.reference;

import java.math.BigInteger;

/** The identity of an event as RFC 9562 draws it: a row of bits, cut into fields. */
final class ReferenceIdentity {

    private static final long PUBLIC = 0xDA7AF1005EED0001L;
    private static final long LONG_IDS = 1L << 40;

    private final long idKey;
    private final BigInteger tag;
    private final ReferenceShuffle longOrder;
    private final BigInteger longTag;

    ReferenceIdentity(long fingerprint, int runTag) {
        long run = Integer.toUnsignedLong(runTag);
        idKey = Words64.sub(fingerprint, 1);
        String stream = bits(Words64.sub(Words64.sub(fingerprint, 2), run)).substring(0, 42);
        tag = new BigInteger(stream + "1101111100000001", 2);
        longOrder = new ReferenceShuffle(Words64.sub(fingerprint, 3), LONG_IDS);
        longTag = first(22, Words64.sub(Words64.sub(fingerprint, 4), run));
    }

    String uuid(long n) {
        long a = Words64.mix(n + idKey);
        String permuted = bits(a);
        String masked =
                bits(tag.xor(first(58, Words64.mix(a ^ PUBLIC))).longValue()).substring(6);
        String all = permuted.substring(0, 48)
                + "1000" // version 8
                + permuted.substring(48, 60)
                + "10" // variant
                + permuted.substring(60)
                + masked;
        String hex = new BigInteger("1" + all, 2).toString(16).substring(1);
        return hex.substring(0, 8) + "-" + hex.substring(8, 12) + "-" + hex.substring(12, 16) + "-"
                + hex.substring(16, 20) + "-" + hex.substring(20);
    }

    long longId(long n) {
        long permuted = longOrder.of(n);
        BigInteger masked = longTag.xor(first(22, Words64.mix(permuted ^ PUBLIC)));
        return BigInteger.valueOf(permuted).shiftLeft(22).or(masked).longValueExact();
    }

    private static BigInteger first(int count, long word) {
        return new BigInteger(bits(word).substring(0, count), 2);
    }

    private static String bits(long word) {
        String digits = Long.toBinaryString(word);
        return "0".repeat(64 - digits.length()) + digits;
    }
}
