package io.dataflux.testkit.zoo;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.Event;
import io.dataflux.MemorySink;
import io.dataflux.MemorySink.Entry;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.TestStream;
import io.dataflux.testkit.zoo.FalseGreens.FalseGreen;
import io.dataflux.testkit.zoo.Topic.Kept;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verdict.Example;
import io.dataflux.verify.Verification;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;

/** Verdicts that came too late or not at all, or did not say everything. */
final class FalseWaits {

    private FalseWaits() {}

    static List<FalseGreen> all() {
        return List.of(
                new FalseGreen(
                        "never stops writing",
                        "no verdict at all",
                        "a verdict at the deadline, which says that it did not read to the end",
                        FalseWaits::endless),
                new FalseGreen(
                        "lost an event, and the verdict is asked for twice",
                        "the second time all events are `lost`",
                        "the same verdict",
                        FalseWaits::lostWithNews),
                new FalseGreen(
                        "does more than 1,000 things wrong",
                        "the first 1,000 of them",
                        "each of them, in `findings()`",
                        FalseWaits::many));
    }

    private static void endless() throws Exception {
        Verdict verdict = Payments.verdict(
                Decoder.events(),
                sent -> new Arrivals<byte[]>() {
                    @Override
                    public boolean isLog() {
                        return true;
                    }

                    @Override
                    public long read(Visitor<? super byte[]> visitor) {
                        for (long offset = 0; true; offset++) {
                            Entry entry = sent.get((int) Math.min(offset, sent.size() - 2));
                            visitor.record("out", offset, entry.value());
                        }
                    }
                },
                v -> v.deadline(Duration.ofSeconds(1)));
        assertThat(verdict.readToEnd()).isFalse();
        assertThat(verdict.clean()).isFalse();
    }

    /** A busy machine that is still reading at the deadline gets more time: what is missing then is pending. */
    private static void lostWithNews() throws Exception {
        Duration deadline = Duration.ofSeconds(2);
        while (!lostWithNews(deadline) && deadline.toMinutes() < 2) { // not read to the end in time: a busy machine
            deadline = deadline.multipliedBy(3);
        }
    }

    private static boolean lostWithNews(Duration deadline) throws Exception {
        Iterator<Integer> news = Stream.iterate(0, i -> i + 1).iterator();
        try (TestStream<Event> payments = TestStream.of(Payments.STREAM, 0, Payments.EVENTS, Decoder.events())) {
            MemorySink memory = MemorySink.keeping();
            payments.sendTo(memory);
            List<Entry> passed = memory.entries().stream()
                    .filter(entry -> !Payments.isOne(entry))
                    .toList();
            Verification<Event, byte[]> verification = payments.verify(new Arrivals<byte[]>() {
                private final Arrivals<byte[]> log = new Topic<>(Topic.copy(passed, entry -> 0), bytes -> bytes);

                @Override
                public boolean isLog() {
                    return true;
                }

                @Override
                public long read(Visitor<? super byte[]> visitor) throws Exception {
                    visitor.record("news", news.next(), "{\"news\":1}".getBytes(UTF_8));
                    return 1 + log.read(visitor);
                }
            });
            Verdict verdict = verification
                    .settle(Duration.ofMillis(20))
                    .deadline(deadline)
                    .await();
            if (!verdict.readToEnd()) {
                return false;
            }
            assertThat(verdict.findings(Finding.LOST).map(Example::sequence))
                    .as("%s", verdict)
                    .containsExactly(Payments.ONE);
            assertThat(verdict.count(Finding.PENDING)).isZero();
            assertThat(verification.await()).isSameAs(verdict);
            return true;
        }
    }

    private static void many() throws Exception {
        try (TestStream<Event> payments = TestStream.of(Payments.STREAM, 0, 2_500, Decoder.events())) {
            MemorySink memory = MemorySink.keeping();
            payments.sendTo(memory);
            List<Kept> twice = Topic.copy(memory.entries(), entry -> 0);
            twice.addAll(List.copyOf(twice));
            Verdict verdict = Payments.soon(payments.verify(new Topic<>(twice, bytes -> bytes)))
                    .await();
            assertThat(verdict.findings(Finding.DUPLICATE)
                            .map(Example::sequence)
                            .distinct())
                    .hasSize(2_500);
        }
    }
}
