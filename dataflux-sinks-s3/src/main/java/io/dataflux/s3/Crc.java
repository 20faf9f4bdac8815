package io.dataflux.s3;

/**
 * The arithmetic of CRC-32, by which the checksum of two pieces follows from theirs. A checksum is a polynomial over GF(2) modulo that of
 * CRC-32, the coefficient of x^31 in the lowest bit; n bytes after a piece multiply it by x^(8n). The method is that of zlib's
 * {@code crc32_combine}.
 */
final class Crc {

    private static final int POLYNOMIAL = 0xEDB8_8320;
    private static final int ONE = 1 << 31;
    private static final int X_TO_THE_8TH = ONE >>> 8;

    private Crc() {}

    /** Of one piece and a second one after it that is {@code bytes} long; 0 is the checksum of no bytes. */
    static int ofBoth(int first, int second, long bytes) {
        int shift = ONE;
        for (int power = X_TO_THE_8TH; bytes > 0; bytes >>>= 1) {
            if ((bytes & 1) == 1) {
                shift = product(shift, power);
            }
            power = product(power, power);
        }
        return product(first, shift) ^ second;
    }

    private static int product(int a, int b) {
        int product = 0;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= b;
            }
            b = (b & 1) == 0 ? b >>> 1 : b >>> 1 ^ POLYNOMIAL;
        }
        return product;
    }
}
