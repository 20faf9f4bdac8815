package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SourcesTest {

    @Test
    void sourcesAreNumberedAsTheyCome() {
        Sources sources = new Sources(new int[] {4});

        assertThat(sources.of("b").number).isZero();
        assertThat(sources.of("a").number).isEqualTo(1);
        assertThat(sources.of("b").number).isZero();
        assertThat(sources.count()).isEqualTo(2);
        assertThat(sources.name(1)).isEqualTo("a");
    }

    @Test
    void trailsAreKeptPerStreamAndShard() {
        Sources sources = new Sources(new int[] {4, 2});
        sources.of("a").trail(0, 3).add(17, 17);

        assertThat(sources.of("a").trail(0, 3).highest()).isEqualTo(17);
        assertThat(sources.of("a").trail(1, 1).highest()).isEqualTo(-1);
        assertThat(sources.of("b").trail(0, 3).highest()).isEqualTo(-1);
    }

    @Test
    void whatWasSilentLongestIsForgottenWhenMemoryIsUsedUp() {
        Sources sources = new Sources(new int[] {4}, 10_000);
        for (int i = 0; i < 1000; i++) {
            sources.of("file-" + i).trail(0, 0).add(i, i);
        }
        boolean before = sources.gaps();

        assertThat(sources.of("file-999").trail(0, 0).highest()).isEqualTo(999);
        assertThat(before).isFalse();
        assertThat(sources.gaps()).isFalse();
        assertThat(sources.of("file-0").trail(0, 0).highest()).isEqualTo(-1);
        assertThat(sources.gaps()).isTrue();
    }

    @Test
    void trailsOfAllStreamsAndShardsAreDifferent() {
        int[] shards = {4, 2, 3};
        Sources sources = new Sources(shards);
        long number = 0;
        for (int stream = 0; stream < shards.length; stream++) {
            for (int shard = 0; shard < shards[stream]; shard++) {
                assertThat(sources.of("a").trail(stream, shard).highest()).isEqualTo(-1);
                sources.of("a").trail(stream, shard).add(number++, 0);
            }
        }
        number = 0;
        for (int stream = 0; stream < shards.length; stream++) {
            for (int shard = 0; shard < shards[stream]; shard++) {
                assertThat(sources.of("a").trail(stream, shard).highest()).isEqualTo(number++);
            }
        }
    }

    @Test
    void whatBroughtRecordsLatelyIsKept() {
        Sources sources = new Sources(new int[] {1}, 5_000);
        for (int i = 0; i < 256; i++) {
            sources.of("first").trail(0, 0).add(i, i);
            sources.of("file-" + i).trail(0, 0).add(i, i);
        }

        assertThat(sources.of("first").trail(0, 0).highest()).isEqualTo(255);
        assertThat(sources.gaps()).isFalse();
        assertThat(sources.of("file-1").trail(0, 0).highest()).isEqualTo(-1);
        assertThat(sources.gaps()).isTrue();
        assertThat(sources.count()).isEqualTo(257);
    }

    @Test
    void withinItsMemoryNothingIsForgotten() {
        Sources sources = new Sources(new int[] {1}, 1_000_000);
        for (int i = 0; i < 600; i++) {
            sources.of("file-" + i).trail(0, 0).add(i, i);
        }
        for (int i = 0; i < 600; i++) {
            assertThat(sources.of("file-" + i).trail(0, 0).highest()).isEqualTo(i);
        }
        assertThat(sources.gaps()).isFalse();
    }

    /** Of one trail in one shard. */
    private static final int BYTES = 132;

    @Test
    void noMoreIsForgottenThanMustBe() {
        Sources sources = new Sources(new int[] {1}, 510 * BYTES);
        for (int i = 0; i < 511; i++) {
            sources.of("file-" + i).trail(0, 0).add(i, i);
        }
        sources.of("looked"); // in turn 512

        assertThat(sources.of("file-1").trail(0, 0).highest()).isEqualTo(1);
        assertThat(sources.gaps()).isFalse();
        assertThat(sources.of("file-0").trail(0, 0).highest()).isEqualTo(-1);
        assertThat(sources.gaps()).isTrue();
    }

    @Test
    void whatComesBackIsCountedOnce() {
        Sources sources = new Sources(new int[] {1}, 510 * BYTES);
        for (int i = 0; i < 511; i++) {
            sources.of("file-" + i).trail(0, 0).add(i, i);
        }
        sources.of("looked"); // forgets file-0
        for (int turn = 513; turn <= 768; turn++) {
            sources.of(turn % 2 == 1 ? "file-0" : "looked").trail(0, 0);
        }

        assertThat(sources.of("file-3").trail(0, 0).highest()).isEqualTo(3);
        assertThat(sources.of("file-2").trail(0, 0).highest()).isEqualTo(-1);
    }

    @Test
    void theRoomForTrailsCountsToo() {
        Sources sources = new Sources(new int[] {10_000}, 5_000_000);
        for (int i = 0; i <= 256; i++) {
            sources.of("file-" + i).trail(0, 0).add(i, i);
        }

        assertThat(sources.of("file-200").trail(0, 0).highest()).isEqualTo(200);
        assertThat(sources.of("file-0").trail(0, 0).highest()).isEqualTo(-1);
    }
}
