package io.dataflux.config;

import io.dataflux.model.StreamDefinition.Rate;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Divides a rate by weights, exactly. */
final class Shares {

    private static final BigInteger MOST = BigInteger.valueOf(1_000_000_000L);

    private Shares() {}

    /**
     * The part of {@code perSecond} for one of the weights: {@code perSecond * weight / sum of weights} as a reduced fraction.
     *
     * @return null if the fraction is finer, or the rate higher, than streams can have
     */
    static @Nullable Rate of(BigDecimal perSecond, BigDecimal weight, List<BigDecimal> weights) {
        int scale = Math.max(0, perSecond.scale());
        for (BigDecimal each : weights) {
            scale = Math.max(scale, each.scale());
        }
        BigInteger sum = BigInteger.ZERO;
        for (BigDecimal each : weights) {
            sum = sum.add(whole(each, scale));
        }
        BigInteger events = whole(perSecond, scale).multiply(whole(weight, scale));
        BigInteger seconds = BigInteger.TEN.pow(scale).multiply(sum);
        BigInteger divisor = events.gcd(seconds);
        events = events.divide(divisor);
        seconds = seconds.divide(divisor);
        if (seconds.compareTo(MOST) > 0 || events.compareTo(MOST.multiply(seconds)) > 0) {
            return null;
        }
        return new Rate(events.longValueExact(), seconds.longValueExact());
    }

    private static BigInteger whole(BigDecimal number, int scale) {
        return number.movePointRight(scale).toBigIntegerExact();
    }
}
