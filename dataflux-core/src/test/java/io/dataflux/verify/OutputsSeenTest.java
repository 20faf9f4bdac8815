package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.schedule.Schedule;
import org.junit.jupiter.api.Test;

/** Which of an event's several outputs are there, and for how many more there is room. */
class OutputsSeenTest {

    private final OutputsSeen seen = new OutputsSeen(2);

    @Test
    void anOutputIsKnownByItsNumberEventAndShard() {
        seen.exact(at(1, 7), 2);

        assertThat(seen.hasSeen(at(1, 7), 2)).isTrue();
        assertThat(seen.hasSeen(at(1, 7), 1)).isFalse();
        assertThat(seen.hasSeen(at(1, 7), 3)).isFalse();
        assertThat(seen.hasSeen(at(1, 8), 2)).isFalse();
        assertThat(seen.hasSeen(at(0, 7), 2)).isFalse();
    }

    @Test
    void thereIsRoomUntilAsManyArrivedAsThereShouldBe() {
        assertThat(seen.hasRoom(at(0, 7), 0)).isFalse();
        assertThat(seen.hasRoom(at(0, 7), 3)).isTrue();
        seen.exact(at(0, 7), 0);
        seen.exact(at(0, 7), 0);
        seen.exact(at(0, 7), 2);
        assertThat(seen.hasRoom(at(0, 7), 3)).isTrue();
        seen.exact(at(0, 7), 1);
        assertThat(seen.hasRoom(at(0, 7), 3)).isFalse();
        assertThat(seen.hasRoom(at(0, 8), 3)).isTrue();
    }

    @Test
    void anAlteredOutputTakesTheRoomOfOneThatIsMissing() {
        seen.altered(at(0, 7));
        assertThat(seen.hasRoom(at(0, 7), 1)).isFalse();
        assertThat(seen.hasRoom(at(0, 7), 2)).isTrue();
        assertThat(seen.hasSeen(at(0, 7), 0)).isFalse();
        seen.altered(at(0, 7));
        assertThat(seen.hasRoom(at(0, 7), 2)).isFalse();
        assertThat(seen.hasRoom(at(0, 7), 3)).isTrue();
        seen.exact(at(0, 7), 1);
        assertThat(seen.hasRoom(at(0, 7), 3)).isFalse();
        seen.altered(at(0, 8));
        assertThat(seen.hasRoom(at(0, 8), 2)).as("another event").isTrue();
    }

    private static Schedule.Slot at(int shard, long local) {
        Schedule.Slot slot = new Schedule.Slot();
        slot.shard = shard;
        slot.local = local;
        return slot;
    }
}
