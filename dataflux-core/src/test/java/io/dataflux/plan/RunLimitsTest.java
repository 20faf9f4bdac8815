package io.dataflux.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.encode.CompiledStream;
import io.dataflux.engine.Sketch;
import io.dataflux.plan.RunConfig.Limits;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunLimitsTest {

    private record Scheduled(Instant time, int stream) {}

    private static List<CompiledStream> streams(long... perSecond) {
        List<CompiledStream> streams = new ArrayList<>();
        for (int i = 0; i < perSecond.length; i++) {
            streams.add(Sketch.compiled(Sketch.definition("stream" + i, perSecond[i], 1)));
        }
        return streams;
    }

    /** The first events of the merged streams, one by one. */
    private static long[] counted(List<CompiledStream> streams, long[] from, long events) {
        List<Scheduled> merged = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            for (long n = from[i]; n < from[i] + events; n++) {
                merged.add(new Scheduled(streams.get(i).timeOf(n), i));
            }
        }
        merged.sort(Comparator.comparing(Scheduled::time).thenComparing(Scheduled::stream));
        long[] cut = from.clone();
        merged.stream().limit(events).forEach(event -> cut[event.stream]++);
        return cut;
    }

    private static long[] limits(List<CompiledStream> streams, long[] from, Limits limits) {
        Extent extent = RunLimits.extent(streams, from, limits);
        assertThat(extent.from()).isEqualTo(from);
        return extent.limits();
    }

    private static Limits events(long events) {
        return new Limits(OptionalLong.of(events), null, OptionalLong.empty());
    }

    @Test
    void eventsAreExactOverAllStreamsMergedByTimeWithTiesByStream() {
        SplittableRandom random = new SplittableRandom(11);
        List<CompiledStream> streams = streams(1000, 3000, 7, 1000, 999_983);
        for (int i = 0; i < 60; i++) {
            long events = random.nextLong(1, 2000);
            long[] from = random.longs(5, 0, 3).toArray();
            assertThat(limits(streams, from, events(events)))
                    .as("%d events", events)
                    .isEqualTo(counted(streams, from, events));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7})
    void eventsOfOneNanosecondAreTakenInStreamOrder(long events) {
        List<CompiledStream> streams = streams(10, 10, 10);
        assertThat(limits(streams, new long[3], events(events)))
                .containsExactly((events + 2) / 3, (events + 1) / 3, events / 3);
    }

    @Test
    void streamsThatStartLaterJoinLater() {
        List<CompiledStream> streams = new ArrayList<>(streams(10));
        streams.add(Sketch.compiled(Sketch.definition("later", 10, 1).toBuilder()
                .start(Instant.parse("2025-01-01T00:00:01Z"))
                .build()));
        assertThat(limits(streams, new long[2], events(10))).containsExactly(10, 0);
        assertThat(limits(streams, new long[2], events(13))).containsExactly(12, 1);
    }

    @Test
    void timeIsScheduledTimeSinceTheFirstEvent() {
        List<CompiledStream> streams = streams(1000, 3);
        Limits limits = new Limits(OptionalLong.empty(), Duration.ofMillis(2500), OptionalLong.empty());
        assertThat(limits(streams, new long[2], limits)).containsExactly(2500, 8);
        assertThat(limits(streams, new long[] {10_000, 30}, limits)).containsExactly(12_500, 38);
    }

    @Test
    void bytesBecomeEventsByTheMeanSizeOfEarlyEvents() {
        CompiledStream stream = streams(1000).get(0);
        long bytes = 0;
        for (long n = 0; n < 4096; n++) {
            bytes += stream.event(n).bytes().length + 1;
        }
        long mean = (bytes + 4095) / 4096;
        Limits limits = new Limits(OptionalLong.empty(), null, OptionalLong.of(10_000_000));
        assertThat(limits(List.of(stream), new long[1], limits)).containsExactly(10_000_000 / mean);
    }

    @Test
    void whicheverLimitComesFirstHolds() {
        List<CompiledStream> streams = streams(1000);
        assertThat(limits(
                        streams,
                        new long[1],
                        new Limits(OptionalLong.of(10), Duration.ofSeconds(1), OptionalLong.of(1_000_000))))
                .containsExactly(10);
        assertThat(limits(
                        streams,
                        new long[1],
                        new Limits(OptionalLong.of(10_000), Duration.ofMillis(5), OptionalLong.of(1_000_000))))
                .containsExactly(5);
    }

    @Test
    void withoutLimitsAndBeyondThemStreamsEndWhereTheyEnd() {
        List<CompiledStream> streams = streams(1, 1_000_000);
        long[] ends = {streams.get(0).end(), streams.get(1).end()};
        assertThat(limits(streams, new long[2], Limits.NONE)).isEqualTo(ends);
        assertThat(limits(streams, new long[2], events(Long.MAX_VALUE))).isEqualTo(ends);
        Limits bytes = new Limits(OptionalLong.empty(), null, OptionalLong.of(Long.MAX_VALUE - 1));
        assertThat(limits(streams, new long[2], bytes)).isNotEqualTo(ends);
    }

    @Test
    void farEventsAreCountedAsExactlyAsNearOnes() {
        List<CompiledStream> streams = streams(1000, 3000);
        long[] cut = limits(streams, new long[2], events(400_000_000_000_001L));
        assertThat(cut).containsExactly(100_000_000_000_001L, 300_000_000_000_000L);
    }
}
