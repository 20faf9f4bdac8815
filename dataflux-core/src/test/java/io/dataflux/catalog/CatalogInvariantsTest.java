package io.dataflux.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Invariants of the built-in streams, checked on the bytes of their events. */
class CatalogInvariantsTest {

    /** 100,000 events of each stream, 1,000,000 when thorough. */
    private static final int EVENTS = Boolean.getBoolean("dataflux.thorough") ? 1_000_000 : 100_000;

    /** A broken invariant shows within so many events. */
    private static final int EVENTS_OF_A_MUTANT = 5_000;

    private static final ObjectReader EVENT = new ObjectMapper().readerFor(new TypeReference<Map<String, Object>>() {});

    static List<String> streams() {
        return Catalog.names();
    }

    static Stream<Arguments> invariants() {
        return Catalog.names().stream().flatMap(name -> {
            List<Invariant> invariants = CatalogInvariants.of(name);
            return IntStream.range(0, invariants.size())
                    .mapToObj(i -> Arguments.of(name, invariants.get(i).says(), invariants.get(i)));
        });
    }

    @ParameterizedTest
    @MethodSource("streams")
    void holdForEveryEvent(String name) throws IOException {
        List<Invariant> invariants = CatalogInvariants.of(name);
        assertThat(invariants).hasSizeGreaterThanOrEqualTo(5);
        Reader events = new Reader(CatalogTest.compile(Catalog.definition(name)));
        for (int sequence = 0; sequence < EVENTS; sequence++) {
            Map<String, Object> event = events.read(sequence);
            for (Invariant invariant : invariants) {
                if (!invariant.holds().test(event)) {
                    fail("'%s' does not hold for event %d of '%s': %s"
                            .formatted(invariant.says(), sequence, name, event));
                }
            }
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("invariants")
    void failForAMutantOfTheStream(String name, String says, Invariant invariant) throws IOException {
        Reader mutant = new Reader(CatalogTest.compile(
                invariant.broken().apply(Catalog.definition(name).toBuilder()).build()));
        int sequence = 0;
        while (sequence < EVENTS_OF_A_MUTANT && invariant.holds().test(mutant.read(sequence))) {
            sequence++;
        }
        assertThat(sequence).as("the first event that breaks '%s'", says).isLessThan(EVENTS_OF_A_MUTANT);
    }

    /** Reads events from their bytes, with one buffer for all. */
    private static final class Reader {
        private final CompiledStream stream;
        private final EventState state = new EventState();
        private final byte[] buffer;

        Reader(CompiledStream stream) {
            this.stream = stream;
            this.buffer = new byte[stream.maxEventBytes() + 64];
        }

        Map<String, Object> read(long sequence) throws IOException {
            stream.locate(sequence, state);
            int end = stream.encode(state, buffer, 0);
            return EVENT.readValue(buffer, 0, end);
        }
    }
}
