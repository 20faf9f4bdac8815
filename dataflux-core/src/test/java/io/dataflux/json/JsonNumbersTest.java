package io.dataflux.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The writers of numbers, UUIDs and times against what Java writes. */
class JsonNumbersTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");

    /** Reduced 10^5 random values, thorough 10^7. */
    private static final int VALUES = THOROUGH ? 10_000_000 : 100_000;

    private final byte[] b = new byte[128];

    /** Numbers of every length, and those beside a power of ten or two. */
    private static List<Long> longs() {
        List<Long> values = new ArrayList<>(List.of(Long.MIN_VALUE, Long.MAX_VALUE));
        for (long power = 1; power > 0 && power <= Long.MAX_VALUE / 10; power *= 10) {
            for (long around = -2; around <= 2; around++) {
                values.add(power + around);
                values.add(-power - around);
                values.add(power * 5 + around);
            }
        }
        for (int bit = 0; bit < 63; bit++) {
            values.add(1L << bit);
            values.add((1L << bit) - 1);
            values.add(-(1L << bit));
        }
        Random random = new Random(1);
        for (int i = 0; i < VALUES; i++) {
            values.add(random.nextLong() >> random.nextInt(64));
        }
        return values;
    }

    @Test
    void wholeNumbers() {
        for (long value : longs()) {
            assertThat(text(Json.number(b, 3, value))).isEqualTo(Long.toString(value));
        }
        for (long value = 0; value < 100_000; value++) {
            assertThat(text(Json.natural(b, 3, value))).isEqualTo(Long.toString(value));
        }
    }

    @Test
    void decimalsHaveAllTheirDigits() {
        int i = 0;
        for (long value : longs()) {
            int scale = 1 + i++ % 18;
            assertThat(text(Json.decimal(b, 3, value, scale)))
                    .isEqualTo(BigDecimal.valueOf(value, scale).toPlainString());
        }
        for (int scale = 1; scale <= 18; scale++) {
            assertThat(text(Json.decimal(b, 3, 0, scale))).isEqualTo("0." + "0".repeat(scale));
            assertThat(text(Json.decimal(b, 3, -1, scale))).isEqualTo("-0." + "0".repeat(scale - 1) + "1");
            assertThat(text(Json.decimal(b, 3, Long.MIN_VALUE, scale)))
                    .isEqualTo(BigDecimal.valueOf(Long.MIN_VALUE, scale).toPlainString());
        }
    }

    @Test
    void uuids() {
        Random random = new Random(2);
        for (int i = 0; i < VALUES; i++) {
            UUID uuid = new UUID(random.nextLong(), random.nextLong());
            assertThat(text(Json.uuid(b, 3, uuid.getMostSignificantBits(), uuid.getLeastSignificantBits())))
                    .isEqualTo(uuid.toString());
        }
    }

    /** Reduced every eleventh day, thorough every day. */
    @Test
    void theFirstTheLastAndAnotherSecondOfDaysInTenThousandYears() {
        SecondText text = new SecondText();
        LocalDate last = LocalDate.of(9999, 12, 31);
        for (LocalDate day = LocalDate.of(1, 1, 1); !day.isAfter(last); day = day.plusDays(THOROUGH ? 1 : 11)) {
            long midnight = day.toEpochDay() * 86_400;
            for (long second : new long[] {midnight, midnight + 86_399, midnight + day.getDayOfYear() * 233L}) {
                text.write(second, b, 3);
                String expected =
                        Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC).toLocalDateTime() + ":00";
                assertThat(text(3 + SecondText.LENGTH)).isEqualTo("\"" + expected.substring(0, 19) + ".");
            }
        }
    }

    private String text(int end) {
        return new String(b, 3, end - 3, StandardCharsets.US_ASCII);
    }
}
