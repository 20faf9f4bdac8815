package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract holds for a sink that keeps everything in a list, and finds each defect that such a sink can have. */
class SinkContractTest extends SinkContract {

    private final List<Stored> target = Collections.synchronizedList(new ArrayList<>());
    private Defect defect = Defect.NONE;

    enum Defect {
        NONE,
        LOSES,
        REPEATS,
        ALTERS,
        SWAPS,
        INVENTS,
        MIXES_HEADERS_UP,
        KEEPS_THE_ARRAY,
        WRITES_TO_THE_ARRAY,
        SETTLES_TWICE,
        SETTLES_TOO_MUCH,
        NEVER_SETTLES,
        FAILS
    }

    @Override
    protected SinkProvider provider() {
        return new ListSinkProvider(this);
    }

    @Override
    protected Map<String, ?> settings() {
        return Map.of("name", "list");
    }

    @Override
    protected List<Stored> stored(SinkConnector connector, LaneContext run, String position) {
        return target;
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aDefectIsFound(Defect defect) {
        SinkContractTest contract = new SinkContractTest();
        contract.output = Path.of("");
        contract.defect = defect;
        assertThatThrownBy(() -> {
                    contract.whatIsAcknowledgedIsStoredOnceInOrderAndUnchanged();
                    contract.aBatchIsOnlyLent();
                })
                .isInstanceOf(AssertionError.class);
    }

    /** Listed in META-INF/services, as the contract asks. */
    public static final class ListSinkProvider implements SinkProvider {

        private final SinkContractTest test;

        public ListSinkProvider() {
            this(new SinkContractTest());
        }

        private ListSinkProvider(SinkContractTest test) {
            this.test = test;
        }

        @Override
        public String type() {
            return "list";
        }

        @Override
        public SinkConnector configure(Settings settings) {
            settings.text("name");
            test.target.clear();
            return lane -> new ListSink(test.defect, test.target);
        }
    }

    private record ListSink(Defect defect, List<Stored> target) implements Sink {

        @Override
        public void write(EventBatch batch, Outcome outcome) {
            List<Stored> records = new ArrayList<>();
            for (int i = 0; i < batch.size(); i++) {
                byte[] header = new byte[EventBatch.HEADER_BYTES];
                batch.header(defect == Defect.MIXES_HEADERS_UP ? 0 : i, header, 0);
                byte[] value = Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i));
                records.add(new Stored("list", batch.key(i), value, header));
            }
            Stored first = records.get(0);
            byte[] kept = first.value() == null ? new byte[0] : first.value();
            switch (defect) {
                case LOSES -> records.remove(7);
                case REPEATS -> records.add(records.get(7));
                case ALTERS -> kept[9]++;
                case SWAPS -> Collections.swap(records, 0, records.size() - 1);
                case INVENTS -> records.add(new Stored("list", null, new byte[] {'{', '}'}, null));
                // as if the client got the lane's own array and sent it later
                case KEEPS_THE_ARRAY -> records.set(0, new Stored("list", first.key(), batch.bytes(), first.header()));
                case WRITES_TO_THE_ARRAY -> batch.bytes()[batch.start(0)] = ' ';
                case SETTLES_TWICE -> outcome.acknowledged(3, 4);
                case SETTLES_TOO_MUCH -> outcome.acknowledged(0, batch.size() + 1);
                default -> {}
            }
            target.addAll(records);
            if (defect == Defect.FAILS) {
                outcome.failed(0, batch.size(), new IllegalStateException("full"));
            } else if (defect != Defect.NEVER_SETTLES) {
                outcome.acknowledged(0, batch.size());
            }
        }

        @Override
        public void close() {}
    }
}
