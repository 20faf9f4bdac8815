package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An index comes exactly as often as its weight says: counted over all words there are, not by drawing. */
class AliasTest {

    private static final BigInteger WORDS = BigInteger.ONE.shiftLeft(63);

    @Test
    void everyIndexHasItsExactShareOfAllWords() {
        Random random = new Random(9);
        for (int round = 0; round < 500; round++) {
            List<BigInteger> weights = new ArrayList<>();
            for (int i = random.nextInt(1 + round); i >= 0; i--) {
                weights.add(new BigInteger(1 + random.nextInt(60), random));
            }
            weights.add(BigInteger.ONE);
            check(weights);
        }
        check(List.of(BigInteger.ONE));
        check(List.of(BigInteger.ONE, BigInteger.ZERO));
        check(List.of(BigInteger.TEN, BigInteger.TEN, BigInteger.TEN));
    }

    /** Rounding takes less than one word from each of the columns. */
    private static void check(List<BigInteger> weights) {
        Alias alias = Alias.of(weights);
        int n = weights.size();
        BigInteger[] mass = new BigInteger[n];
        java.util.Arrays.fill(mass, BigInteger.ZERO);
        for (int column = 0; column < n; column++) {
            BigInteger own = BigInteger.valueOf(alias.threshold()[column]);
            int other = alias.alias()[column];
            mass[column] = mass[column].add(own);
            mass[other] = mass[other].add(WORDS.subtract(own));
        }
        BigInteger sum = weights.stream().reduce(BigInteger.ZERO, BigInteger::add);
        for (int i = 0; i < n; i++) {
            BigInteger exact = weights.get(i)
                    .multiply(BigInteger.valueOf(n))
                    .multiply(WORDS)
                    .divide(sum);
            assertThat(mass[i].subtract(exact).abs()).isLessThanOrEqualTo(BigInteger.valueOf(n));
        }
    }

    @Test
    void weightZeroIsNeverDrawn() {
        Alias alias = Alias.of(List.of(BigInteger.ZERO, BigInteger.TWO, BigInteger.ZERO, BigInteger.ONE));
        Random random = new Random(4);
        for (int i = 0; i < 10_000; i++) {
            assertThat(alias.index(random.nextLong())).isIn(1, 3);
        }
        assertThat(alias.index(0)).isIn(1, 3);
        assertThat(alias.index(-1)).isIn(1, 3);
    }
}
