package io.dataflux.encode;

import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.integer;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.config.Problems;
import io.dataflux.model.Faults;
import io.dataflux.model.StreamDefinition;
import org.junit.jupiter.api.Test;

class PlannedFaultsTest {

    static CompiledStream stream(String faults) {
        Problems problems = new Problems();
        CompiledStream stream = CompiledStream.compile(
                StreamDefinition.named("orders")
                        .key("user_{}", 1000, "1.0")
                        .identity("id")
                        .field("id", id("o_{}"))
                        .field("amount", integer(1, 100))
                        .faults(Faults.of(faults))
                        .build(),
                42,
                "",
                problems);
        problems.throwIfAny("test");
        return java.util.Objects.requireNonNull(stream);
    }

    @Test
    void sharesAreExactInEveryBlockOfTheirFraction() {
        CompiledStream stream = stream("drop 1.5%, duplicate 3/70 within 30, reorder 10% within 20");
        PlannedFaults faults = stream.plannedFaults();
        for (int shard = 0; shard < 3; shard++) {
            for (int block = 0; block < 20; block++) {
                int dropped = 0;
                for (long i = block * 200L; i < (block + 1) * 200L; i++) {
                    dropped += faults.copies(shard, i) == 0 ? 1 : 0;
                }
                assertThat(dropped).isEqualTo(3);
            }
        }
    }
}
