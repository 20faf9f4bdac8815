package io.dataflux.encode;

import io.dataflux.model.StreamDefinition;
import io.dataflux.reference.RandomDefinitions;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Definitions that nobody thought of: compiled, they write what the second implementation writes. */
class RandomDefinitionsTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final int EACH = 20;

    /** Reduced 200 definitions, thorough 2000. */
    static IntStream groups() {
        return IntStream.range(0, THOROUGH ? 100 : 10);
    }

    @ParameterizedTest
    @MethodSource("groups")
    void anyDefinitionGivesWhatTheSecondImplementationGives(int group) {
        for (int seed = EACH * group; seed < EACH * (group + 1); seed++) {
            StreamDefinition definition = new RandomDefinitions(seed).next();
            Random random = new Random(seed);
            CompiledStream stream = Checked.compiled(definition, random.nextLong());
            long end = stream.end();
            int tag = random.nextInt(3) == 0 ? random.nextInt() : 0;
            Checked.events(
                    tag == 0 ? stream : stream.withTag(tag),
                    tag,
                    0,
                    1,
                    random.nextInt(1000),
                    Math.floorMod(random.nextLong(), end),
                    Math.floorMod(random.nextLong(), end),
                    end - 1);
            Checked.straightLineEqualsInterpreted(stream, random.nextInt(1000));
        }
    }
}
