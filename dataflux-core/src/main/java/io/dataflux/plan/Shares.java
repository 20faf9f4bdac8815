package io.dataflux.plan;

import io.dataflux.model.RateProfile;
import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Divides a rate by weights, exactly. */
final class Shares {

    private Shares() {}

    /**
     * The part of {@code whole} for one of the weights: {@code whole * weight / sum of weights}, exactly.
     *
     * @return null if a fraction is finer, or a rate higher, than streams allow
     */
    static @Nullable RateProfile of(RateProfile whole, BigDecimal weight, List<BigDecimal> weights) {
        int scale = Math.max(0, weight.scale());
        for (BigDecimal each : weights) {
            scale = Math.max(scale, each.scale());
        }
        BigInteger sum = BigInteger.ZERO;
        for (BigDecimal each : weights) {
            sum = sum.add(whole(each, scale));
        }
        BigInteger part = whole(weight, scale);
        BigInteger divisor = part.gcd(sum);
        try {
            RateProfile rate = whole.times(
                    part.divide(divisor).longValueExact(), sum.divide(divisor).longValueExact());
            return rate instanceof Rate constant && !constant.isPossible() ? null : rate;
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static BigInteger whole(BigDecimal number, int scale) {
        return number.movePointRight(scale).toBigIntegerExact();
    }
}
