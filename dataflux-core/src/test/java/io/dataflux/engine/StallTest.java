package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A sink that stands still for a while: 10 s in thorough, 2 s in verify. */
@Timeout(120)
class StallTest {

    private static final Duration STALL = Duration.ofSeconds(Boolean.getBoolean("dataflux.thorough") ? 10 : 2);
    private static final long PER_SECOND = 20_000;
    private static final long MEGABYTE = 1 << 20;

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
        Run run = new Sketch(output)
                .stream("orders", PER_SECOND)
                        .time(STALL.plusSeconds(1))
                        .speed(1)
                        .sink("in-write", 1, inWrite)
                        .sink("silent", 1, silent)
                        .sink("healthy", 1, counting)
                        .plan()
                        .tuned(Tuning.DEFAULT.open(64, 8192))
                        .start();
        assertThat(inWrite.stalled.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(silent.stalled.await(30, TimeUnit.SECONDS)).isTrue();
        long before = usedAfterCollection();
        SinkProgress start = progress(run, "healthy");

        CountDownLatch nothing = new CountDownLatch(1);
        assertThat(nothing.await(STALL.toMillis(), TimeUnit.MILLISECONDS)).isFalse();

        long after = usedAfterCollection();
        SinkProgress end = progress(run, "healthy");
        assertThat(progress(run, "in-write").issued()).as("one batch").isLessThanOrEqualTo(1024);
        assertThat(progress(run, "silent").issued()).as("what may be open").isLessThanOrEqualTo(8192);
        assertThat(progress(run, "in-write").sinkLagNanos()).isGreaterThan(STALL.toNanos() / 2);
        assertThat(end.acknowledged() - start.acknowledged())
                .as("the healthy sink got on")
                .isGreaterThan(PER_SECOND * STALL.toSeconds() * 8 / 10);
        assertThat(end.sinkLagNanos()).as("the healthy sink's lag").isLessThan(STALL.toNanos() / 4);
        assertThat(after - before).as("bytes of heap").isLessThan(4 * MEGABYTE);

        inWrite.end();
        silent.end();
        RunReport report = run.await();
        long all = PER_SECOND * STALL.plusSeconds(1).toSeconds();
        assertThat(report.acknowledged()).isEqualTo(3 * all);
        assertThat(report.validity()).isNotEqualTo(Validity.VALID);
    }

    private static SinkProgress progress(Run run, String sink) {
        return run.progress().sinks().stream()
                .filter(each -> each.name().equals(sink))
                .findFirst()
                .orElseThrow();
    }

    private static long usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
