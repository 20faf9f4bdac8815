package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.dataflux.Run;
import io.dataflux.Run.SinkProgress;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sink that stands still while many events are due. */
class StallTest {

    private static final long PER_SECOND = 20_000;
    /** 200,000 in thorough, 40,000 in verify: many more than may be open. */
    private static final long EVENTS = Boolean.getBoolean("dataflux.thorough") ? 200_000 : 40_000;

    private static final int MOST_OPEN = 8192;

    @TempDir
    Path output;

    /** Settles at once; from its first batch on, one of them stalls in {@code write}, the other no longer acknowledges. */
    private static final class Stalling implements SinkConnector {

        private final boolean inWrite;
        private final CountDownLatch over = new CountDownLatch(1);
        private final CountDownLatch stalled = new CountDownLatch(1);
        private final List<Outcome> held = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private final AtomicLong written = new AtomicLong();

        Stalling(boolean inWrite) {
            this.inWrite = inWrite;
        }

        @Override
        public Sink open(LaneContext lane) {
            return new Sink() {
                @Override
                public void write(EventBatch batch, Outcome outcome) throws Exception {
                    written.addAndGet(batch.size());
                    stalled.countDown();
                    if (inWrite) {
                        over.await();
                        outcome.acknowledged(0, batch.size());
                        return;
                    }
                    synchronized (held) {
                        if (over.getCount() > 0) {
                            held.add(outcome);
                            sizes.add(batch.size());
                            return;
                        }
                    }
                    outcome.acknowledged(0, batch.size());
                }

                @Override
                public void close() {}
            };
        }

        void end() {
            synchronized (held) {
                over.countDown();
                for (int i = 0; i < held.size(); i++) {
                    held.get(i).acknowledged(0, sizes.get(i));
                }
                held.clear();
            }
        }
    }

    @Test
    void costsNoMemoryAndHoldsUpNobodyElse() throws Exception {
        Stalling inWrite = new Stalling(true);
        Stalling silent = new Stalling(false);
        SinkConnector counting = lane -> new Sink() {
            @Override
            public void write(EventBatch batch, Outcome outcome) {
                outcome.acknowledged(0, batch.size());
            }

            @Override
            public void close() {}
        };
        try (Run run = new Sketch(output)
                        .stream("orders", PER_SECOND)
                                .events(EVENTS)
                                .speed(1)
                                .sink("in-write", 1, inWrite)
                                .sink("silent", 1, silent)
                                .sink("healthy", 1, counting)
                                .plan()
                                .tuned(Tuning.DEFAULT.open(128, MOST_OPEN))
                                .start();
                AutoCloseable over = () -> List.of(inWrite, silent).forEach(Stalling::end)) {
            inWrite.stalled.await();
            await().forever().until(() -> progress(run, "silent").issued() > MOST_OPEN - 1024);
            long since = System.nanoTime();
            long allocated = allocated("in-write") + allocated("silent");

            await().forever().until(() -> progress(run, "healthy").done());

            long elapsed = System.nanoTime() - since;
            assertThat(allocated("in-write") + allocated("silent") - allocated)
                    .as("bytes that stalled lanes allocate")
                    .isLessThan(5 * EVENTS);
            assertThat(progress(run, "healthy").acknowledged()).isEqualTo(EVENTS);
            assertThat(progress(run, "in-write").issued()).as("one batch").isLessThanOrEqualTo(1024);
            assertThat(progress(run, "silent").issued()).as("what may be open").isLessThanOrEqualTo(MOST_OPEN);
            assertThat(progress(run, "in-write").sinkLagNanos()).isGreaterThanOrEqualTo(elapsed);

            over.close();
            RunReport report = run.await();
            assertThat(report.acknowledged()).isEqualTo(3 * EVENTS);
            assertThat(report.validity()).isNotEqualTo(Validity.VALID);
        }
    }

    /** By the thread of a sink's lane so far, whatever else this JVM does. */
    private static long allocated(String sink) {
        Thread lane = Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("dataflux-" + sink + "-0"))
                .findFirst()
                .orElseThrow();
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getThreadAllocatedBytes(lane.getId());
    }

    private static SinkProgress progress(Run run, String sink) {
        return run.progress().sinks().stream()
                .filter(each -> each.name().equals(sink))
                .findFirst()
                .orElseThrow();
    }
}
