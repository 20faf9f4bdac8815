package io.dataflux.encode;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.dataflux.DataFlux;
import io.dataflux.model.Fields;
import io.dataflux.model.StreamDefinition;
import io.dataflux.spi.RegionRouter.Region;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A tag is in the ids of a run, and nowhere else: everything that takes time to plan is shared between tags. */
class TagsTest {

    private static final int MILLION = 1_000_000;

    static List<String> streams() {
        return DataFlux.streamNames();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void aTagPlansNothingAnew(String name) {
        CompiledStream stream = (CompiledStream) DataFlux.stream(name, 42);
        for (CompiledStream tagged : List.of(stream.withTag(7), inARun(stream).withTag(7))) {
            assertThat(tagged.schedule()).isSameAs(stream.schedule());
            assertThat(tagged.timeline()).isSameAs(stream.timeline());
            assertThat(tagged.sessionPlan()).isSameAs(stream.sessionPlan());
            assertThat(tagged.tablePlan()).isSameAs(stream.tablePlan());
            assertThat(tagged.plan()).isSameAs(stream.plan());
            assertThat(tagged.faultPlan()).isSameAs(stream.faultPlan());
            assertThat(tagged.identity()).isNotSameAs(stream.identity());
        }
    }

    @ParameterizedTest
    @MethodSource("streams")
    void eventsThatShareAStateHaveTheIdsOfTheirOwnRun(String name) {
        CompiledStream stream = (CompiledStream) DataFlux.stream(name, 42);
        CompiledStream first = stream.withTag(1);
        CompiledStream second = stream.withTag(2);
        EventState state = new EventState();
        for (long n = 0; n < 50; n++) {
            String untagged = text(stream, n, state);
            assertThat(text(first, n, state)).isEqualTo(first.event(n).toString());
            assertThat(text(second, n, state)).isEqualTo(second.event(n).toString());
            assertThat(text(stream, n, state)).isEqualTo(untagged);
            assertThat(first.sequenceOf(first.event(n).identity().toArray())).hasValue(n);
        }
    }

    /** Every key of so many has a word in the table of a skewed schedule: a second table would show at once. */
    @Test
    void aTagOfAStreamWithAMillionUnequalKeysTakesNoMemory() {
        CompiledStream stream = (CompiledStream) DataFlux.stream(
                StreamDefinition.named("orders")
                        .key("cust_{}", MILLION, "1.0")
                        .field("id", Fields.id("ord_{}"))
                        .identity("id")
                        .build(),
                42);
        ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        stream.withTag(1);
        long before = memory.getCurrentThreadAllocatedBytes();
        stream.withTag(2);
        assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
    }

    private static CompiledStream inARun(CompiledStream stream) {
        return stream.in(List.of(new Region("eu", 1), new Region("us", 1)), event -> 0);
    }

    private static String text(CompiledStream stream, long n, EventState state) {
        byte[] b = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        stream.locate(n, state);
        return new String(b, 0, stream.encode(state, b, 0), java.nio.charset.StandardCharsets.UTF_8);
    }
}
