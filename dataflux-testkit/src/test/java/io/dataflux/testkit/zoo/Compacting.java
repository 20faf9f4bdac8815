package io.dataflux.testkit.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.MemorySink;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.spi.Removal;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** A target that keeps the last record of each key, or not even that of one. */
final class Compacting {

    private static final int EVENTS = 300;
    /** Where a header has the number of its event. */
    private static final int SEQUENCE = 22;

    private Compacting() {}

    static void check() throws Exception {
        EventStream orders = DataFlux.stream(Orders.definition(), 7);
        MemorySink memory = MemorySink.keeping();
        Plan plan = DataFlux.plan(orders)
                .events(0, EVENTS)
                .sink("topic", memory)
                .speed(Double.POSITIVE_INFINITY)
                .output(Path.of("target", "dataflux", "compacting"))
                .build();
        RunReport report = plan.start().await();
        Map<String, Long> last = new HashMap<>();
        memory.entries().forEach(entry -> last.put(entry.keyText(), entry.sequence()));
        long lost = last.get(memory.entries().get(0).keyText());

        Verdict compacted = plan.verify("topic", report.ledger(), reader -> keeping(reader, Set.copyOf(last.values())));
        last.values().remove(lost);
        Verdict broken = plan.verify("topic", report.ledger(), reader -> keeping(reader, Set.copyOf(last.values())));

        assertThat(compacted.clean()).as("%s", compacted).isTrue();
        assertThat(compacted.toString()).contains(EVENTS - last.size() - 1 + " events that a later one");
        assertThat(compacted.notJudged()).isNotEmpty();
        assertThat(broken.findings(Finding.LOST).map(Verdict.Example::sequence)).containsExactly(lost);
    }

    private static SinkReader keeping(SinkReader reader, Set<Long> kept) {
        return new SinkReader() {
            @Override
            public long read(Visitor visitor) throws Exception {
                return reader.read((source, offset, key, value, header) -> {
                    if (kept.contains(ByteBuffer.wrap(header).getLong(SEQUENCE))) {
                        visitor.record(source, offset, key, value, header);
                    }
                });
            }

            @Override
            public Removal removal() {
                return new Removal(Set.of("memory"), Map.of());
            }

            @Override
            public void close() throws IOException {
                reader.close();
            }
        };
    }
}
