package io.dataflux.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.plan.Regions;
import io.dataflux.spi.Chunk;
import io.dataflux.spi.Chunks;
import io.dataflux.spi.DeliveryUnit;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Resume;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store of objects whose names say what is in them: no attempt may give a name to other bytes. */
class CutsTest {

    private static final long EVENTS = 100_000;

    @TempDir
    Path output;

    private final Map<String, String> objects = new TreeMap<>();
    private final List<String> stored = new ArrayList<>();
    private final List<String> conflicts = new ArrayList<>();
    /** The checkpoint at the first flush of an attempt. */
    private byte[] atFlush = {};

    /** No attempt that is to be stopped takes more, however late the stop comes. */
    private long most = Long.MAX_VALUE;

    private CountDownLatch stopping = new CountDownLatch(0);
    private long taken;
    private RunPlan plan;

    private final class Store implements SinkConnector, Resume {

        @Override
        public Resume resume() {
            return this;
        }

        @Override
        public DeliveryUnit unit() {
            return new DeliveryUnit(5000, Duration.ofSeconds(2));
        }

        @Override
        public Sink open(LaneContext lane) {
            Chunks chunks = new Chunks(lane, true, 300, 1 << 20, CutsTest.this::store);
            return new Sink() {
                @Override
                public void write(EventBatch batch, Outcome outcome) throws Exception {
                    chunks.add(batch, outcome);
                    taken += batch.size();
                    if (taken > most) {
                        stopping.await();
                    }
                }

                @Override
                public void flush() throws Exception {
                    noteCheckpoint();
                    chunks.flush();
                }

                @Override
                public void close() {}
            };
        }
    }

    private synchronized void noteCheckpoint() throws Exception {
        if (atFlush.length == 0) {
            atFlush = Files.readAllBytes(checkpoint());
        }
    }

    private synchronized void store(Chunk chunk) {
        String name = chunk.streamName() + "-" + chunk.firstShard() + "-" + chunk.first() + "-" + chunk.last();
        String text = new String(chunk.bytes(), 0, chunk.length(), StandardCharsets.UTF_8);
        String there = objects.putIfAbsent(name, text);
        stored.add(name);
        if (there != null && !there.equals(text)) {
            conflicts.add(name);
        }
        chunk.acknowledged();
    }

    private Path checkpoint() {
        return output.resolve("00000007/checkpoint.json");
    }

    /** One lane, so that the first flush is the flush of all. */
    private RunPlan plan() {
        if (plan == null) {
            plan = sketch().plan();
        }
        return plan;
    }

    private Sketch sketch() {
        return new Sketch(output)
                .stream("orders", 5000).stream("clicks", 700)
                        .events(EVENTS)
                        .tag(7)
                        .regions(event -> (int) (event.keyHash() & 3), "a", "b", "c", "d")
                        .regionSinks("a", "store")
                        .regionSinks("b", "store")
                        .regionSinks("c", "store")
                        .regionSinks("default")
                        .sink("store", 1, new Store());
    }

    private RunReport stopAfter(long events) throws Exception {
        atFlush = new byte[0];
        most = events + 25_000; // of which some are gathered and not stored yet
        stopping = new CountDownLatch(1);
        CountDownLatch reached = new CountDownLatch(1);
        Run run = sketch().speed(10).plan().start().after(events, reached::countDown);
        reached.await();
        run.requestStop();
        stopping.countDown();
        most = Long.MAX_VALUE;
        return run.await();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        objects.values().forEach(text -> text.lines().forEach(lines::add));
        return lines;
    }

    private long meant() {
        var routing = new Regions(sketch().config()).routingTo("store");
        long count = 0;
        for (int stream = 0; stream < 2; stream++) {
            long limit = plan().extent().limit(stream);
            for (long n = 0; n < limit; n++) {
                count += routing.goesTo(stream, n) ? 1 : 0;
            }
        }
        return count;
    }

    @Test
    void aRunStoppedInGoodOrderStoresEveryObjectOnce() throws Exception {
        long before = stopAfter(10_000).acknowledged();
        long after = stopAfter(40_000).acknowledged();
        Run last = plan().start();
        RunReport report = last.await();

        assertThat(before).isLessThan(after);
        assertThat(conflicts).isEmpty();
        assertThat(stored).as("no object was stored twice").doesNotHaveDuplicates();
        assertThat(lines()).doesNotHaveDuplicates().hasSize((int) meant());
        assertThat(report.acknowledged()).isEqualTo(meant());
        assertThat(last.resumption())
                .filteredOn(line -> line.startsWith("sink"))
                .allMatch(line -> line.endsWith("none of which has arrived yet"));
    }

    @Test
    void aRunKilledInItsLastFlushStoresTheSameBytesUnderTheSameNames() throws Exception {
        stopAfter(10_000);
        byte[] beforeFlush = atFlush;
        int first = stored.size();
        Files.write(checkpoint(), beforeFlush);

        RunReport report = plan().start().await();

        assertThat(conflicts).isEmpty();
        assertThat(lines()).doesNotHaveDuplicates().hasSize((int) meant());
        assertThat(report.acknowledged()).isEqualTo(meant());
        List<String> again = new ArrayList<>(stored.subList(first, stored.size()));
        again.retainAll(stored.subList(0, first));
        assertThat(again).as("objects that were sent again").isNotEmpty();
    }

    @Test
    void aRunKilledAnywhereStoresTheSameBytesUnderTheSameNames() throws Exception {
        List<byte[]> killed = new ArrayList<>();
        Run run = plan().start();
        for (long events = 5000; events < 70_000; events += 9000) {
            run.after(events, () -> {
                try {
                    synchronized (killed) {
                        killed.add(Files.readAllBytes(checkpoint()));
                    }
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
        run.await();
        await().forever()
                .until(
                        () -> { // they have threads of their own
                            synchronized (killed) {
                                return killed.size() == 8;
                            }
                        });
        synchronized (killed) {
            for (byte[] left : killed) {
                Files.write(checkpoint(), left);
                assertThat(plan().start().await().acknowledged()).isEqualTo(meant());
            }
        }
        assertThat(conflicts).isEmpty();
        assertThat(lines()).doesNotHaveDuplicates().hasSize((int) meant());
    }
}
