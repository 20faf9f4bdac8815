package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KeyHomesTest {

    private final KeyHomes homes = new KeyHomes();

    @Test
    void aKeyLivesWhereItsEventsCome() {
        homes.add(2, 7);
        homes.add(2, 7);
        homes.add(1_000_000_007, 0);

        assertThat(homes.of(2)).isEqualTo(7);
        assertThat(homes.of(1_000_000_007)).isZero();
        assertThat(homes.of(0)).isEqualTo(KeyHomes.NOWHERE);
        assertThat(homes.of(1L << 40)).isEqualTo(KeyHomes.NOWHERE);
        assertThat(homes.keys()).isEqualTo(2);
        assertThat(homes.scattered()).isZero();
        assertThat(homes.unwatched()).isFalse();
    }

    @Test
    void aKeyInSeveralSourcesIsCountedOnce() {
        homes.add(2, 7);
        homes.add(3, 7);
        homes.add(2, 0);
        homes.add(2, 7);
        homes.add(2, 9);

        assertThat(homes.of(2)).isEqualTo(KeyHomes.SEVERAL);
        assertThat(homes.of(3)).isEqualTo(7);
        assertThat(homes.keys()).isEqualTo(2);
        assertThat(homes.scattered()).isEqualTo(1);
    }

    @Test
    void keysThatDoNotFitAreSaidToBeUnwatched() {
        homes.add(1L << 40, 0);

        assertThat(homes.of(1L << 40)).isEqualTo(KeyHomes.NOWHERE);
        assertThat(homes.unwatched()).isTrue();

        KeyHomes sparse = new KeyHomes(); // a page per key
        int most = 4096;
        for (long key = 0; key <= most; key++) {
            assertThat(sparse.unwatched()).isFalse();
            sparse.add(key << 12, 3);
        }
        assertThat(sparse.unwatched()).isTrue();
        assertThat(sparse.of((long) (most - 1) << 12)).isEqualTo(3);
        assertThat(sparse.of((long) most << 12)).isEqualTo(KeyHomes.NOWHERE);
    }

    @Test
    void keysNextToWhatIsWatchedAreNowhere() {
        homes.add(0, 5);
        assertThat(homes.of(1 << 12)).isEqualTo(KeyHomes.NOWHERE);
        assertThat(homes.of(4095)).isEqualTo(KeyHomes.NOWHERE);

        homes.add(4095, 0);
        homes.add(1 << 12, 1);
        assertThat(homes.of(0)).isEqualTo(5);
        assertThat(homes.of(4095)).isZero();
        assertThat(homes.of(1 << 12)).isEqualTo(1);
        assertThat(homes.keys()).isEqualTo(3);
    }

    @Test
    void whatIsWatchedEndsAtAKnownKey() {
        long end = 1L << 34;
        homes.add(end - 1, 2);
        assertThat(homes.of(end - 1)).isEqualTo(2);
        assertThat(homes.unwatched()).isFalse();

        homes.add(end, 2);
        assertThat(homes.of(end)).isEqualTo(KeyHomes.NOWHERE);
        assertThat(homes.unwatched()).isTrue();
        assertThat(homes.keys()).isEqualTo(1);
    }

    @Test
    void aFullMemoryStillKnowsTheKeysThatItHas() {
        for (long page = 0; page < 4096; page++) {
            homes.add(page << 12, 3);
        }
        homes.add(1L << 33, 3); // far behind
        homes.add(7, 4);
        homes.add(0, 4);

        assertThat(homes.unwatched()).isTrue();
        assertThat(homes.keys()).isEqualTo(4097);
        assertThat(homes.of(7)).isEqualTo(4);
        assertThat(homes.of(0)).isEqualTo(KeyHomes.SEVERAL);
        assertThat(homes.scattered()).isEqualTo(1);
    }
}
