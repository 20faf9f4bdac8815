package io.dataflux.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@SuppressWarnings("JdkObsolete") // users have linked lists
class ArrivalsTest {

    static Stream<Collection<String>> collections() {
        return Stream.of(
                new ArrayList<>(), new LinkedList<>(), new ConcurrentLinkedQueue<>(), new CopyOnWriteArrayList<>());
    }

    @ParameterizedTest
    @MethodSource("collections")
    void aLogIsReadOnFromWhereItEnded(Collection<String> records) throws Exception {
        records.addAll(List.of("a", "b"));
        Arrivals<String> log = Arrivals.log(records);
        assertThat(log.isLog()).isTrue();
        assertThat(read(log)).isEmpty();

        records.addAll(List.of("c", "d"));
        assertThat(read(log)).containsExactly("log 2 c", "log 3 d");
        assertThat(read(log)).isEmpty();

        records.add("e");
        assertThat(read(log)).containsExactly("log 4 e");
    }

    @Test
    void aLogMayBeAnythingThatIsWalkedFromItsStart() throws Exception {
        List<String> records = new ArrayList<>(List.of("a"));
        Arrivals<String> log = Arrivals.log((Iterable<String>) () -> records.iterator());
        records.add("b");

        assertThat(read(log)).containsExactly("log 1 b");
    }

    @Test
    void aCollectionThatDoesNotBearItIsNamedAsTheMistake() {
        List<String> records = new LinkedList<>();
        Arrivals<String> log = Arrivals.log(records);
        records.addAll(List.of("a", "b"));

        assertThatThrownBy(() -> log.read((source, offset, record) -> records.add("c")))
                .hasMessageStartingWith("the collection changed while it was read: use one that allows that");
    }

    @Test
    void aSnapshotIsReadAnewEachTime() throws Exception {
        Iterator<List<String>> readings =
                List.of(List.of("a", "b"), List.of("b")).iterator();
        Arrivals<String> snapshot = Arrivals.snapshot(readings::next);

        assertThat(snapshot.isLog()).isFalse();
        assertThat(read(snapshot)).containsExactly("snapshot 0 a", "snapshot 1 b");
        assertThat(read(snapshot)).containsExactly("snapshot 0 b");
    }

    @Test
    void whatATargetStoresIsReadFromItsEndAndDecoded() throws Exception {
        Target target = new Target();
        target.stored.add("old".getBytes(StandardCharsets.UTF_8));
        Arrivals<Integer> numbers =
                Arrivals.stored(target, value -> Integer.valueOf(new String(value, StandardCharsets.UTF_8)));
        target.stored.addAll(
                Arrays.asList("17".getBytes(StandardCharsets.UTF_8), null, "x".getBytes(StandardCharsets.UTF_8)));
        List<String> read = new ArrayList<>();

        long count = numbers.read(new Arrivals.Visitor<Integer>() {
            @Override
            public void record(String source, long offset, Integer number) {
                read.add(source + " " + offset + " " + number);
            }

            @Override
            public void unreadable(String source, long offset, byte[] value, String why) {
                read.add(source + " " + offset + " " + why);
            }
        });

        assertThat(count).isEqualTo(3);
        assertThat(read)
                .containsExactly("t 1 17", "t 2 has no value", "t 3 cannot be decoded: For input string: \"x\"");
        numbers.close();
        assertThat(target.closed).isTrue();
    }

    @Test
    void aTargetThatCannotBeReadIsRefused() {
        SinkConnector blind = lane -> {
            throw new IllegalStateException("not to be opened");
        };

        assertThatThrownBy(() -> Arrivals.stored(blind, value -> value))
                .hasMessage("this sink's target cannot be read back");
    }

    private static <R> List<String> read(Arrivals<R> arrivals) throws Exception {
        List<String> read = new ArrayList<>();
        long count = arrivals.read((source, offset, record) -> read.add(source + " " + offset + " " + record));
        assertThat(count).isEqualTo(read.size());
        return read;
    }

    private static final class Target implements SinkConnector, ReadBack {

        private final List<byte[]> stored = new ArrayList<>();
        private boolean closed;

        @Override
        public Sink open(LaneContext lane) {
            throw new IllegalStateException("not to be opened");
        }

        @Override
        public Optional<ReadBack> readBack() {
            return Optional.of(this);
        }

        @Override
        public String position(LaneContext run) {
            return Integer.toString(stored.size());
        }

        @Override
        public SinkReader reader(LaneContext run, String position) {
            assertThat(run.output()).isEqualTo(Path.of(""));
            int from = Integer.parseInt(position);
            return new SinkReader() {
                @Override
                public long read(Visitor visitor) {
                    for (int i = from; i < stored.size(); i++) {
                        visitor.record("t", i, null, stored.get(i), null);
                    }
                    return (long) stored.size() - from;
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }
    }
}
