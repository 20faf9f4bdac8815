package io.dataflux.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.ledger.Ledger.Touch.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What people are told of the touches of a run; each touch is written as attempt, action and second. */
class TouchedTest {

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "0 STOPPED 1, ''",
        "0 PAUSED 1 0 RESUMED 3, the run was paused once for 2.0 s",
        "0 PAUSED 1 0 STOPPED 4, the run was paused once for 3.0 s",
        "0 PAUSED 1 0 SPEED 2 0 RESUMED 3 0 PAUSED 5 0 STOPPED 6, 'the run was paused 2 times for 3.0 s, and its speed was changed once'",
        "0 PAUSED 1 1 PAUSED 5 1 RESUMED 6, the run was paused 2 times for 1.0 s", // the first until the run was killed
        "0 PAUSED 1, the run was paused once"
    })
    void pausesAreCountedAndThoseWhoseEndIsKnownAreSummed(String touches, String words) {
        List<Touch> all = new ArrayList<>();
        String[] parts = touches.isEmpty() ? new String[0] : touches.split(" ", -1);
        for (int i = 0; i < parts.length; i += 3) {
            Instant at = Instant.ofEpochSecond(Long.parseLong(parts[i + 2]));
            all.add(new Touch(Integer.parseInt(parts[i]), 1, at, at, Action.valueOf(parts[i + 1]), 1));
        }
        assertThat(new Ledger(1, 1, 1, List.of(), List.of(), all).touched()).isEqualTo(words);
    }
}
