package io.dataflux.sinks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NullSinkTest {

    @Test
    void acknowledgesEveryEventAtOnce() throws Exception {
        try (NullSink sink = new NullSink()) {
            assertThat(TestBatch.range(0, 3).sendTo(sink).fate()).isEqualTo(TestOutcome.Fate.ACKNOWLEDGED);
        }
    }
}
