package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dataflux.spi.EventBatch;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Settings;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkProvider;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract holds for a sink that keeps everything in a list, and finds each defect that such a sink can have. */
class SinkContractTest extends SinkContract {

    private static final String STORED = "whatIsAcknowledgedIsStoredOnceInOrderAndUnchanged";
    private static final String LENT = "aBatchIsOnlyLent";

    private final List<Stored> target = Collections.synchronizedList(new ArrayList<>());
    private Defect defect = Defect.NONE;
    private Thread bad = new Thread();

    /** What can be wrong, which test finds it, and what that says. */
    enum Defect {
        NONE("", ""),
        LOSES(STORED, "events stored"),
        REPEATS(STORED, "stored once: "),
        ALTERS(STORED, "the target holds something that was not sent: "),
        SWAPS(STORED, "position in the order of "),
        INVENTS(STORED, "the target holds something that was not sent: {}"),
        MIXES_HEADERS_UP(STORED, "header"),
        KEEPS_THE_ARRAY(LENT, "the target holds something that was not sent: "),
        WRITES_TO_THE_ARRAY(LENT, "the batch's array after write"),
        SETTLES_TWICE(STORED, "settled event 3 a second time"),
        SETTLES_TOO_MUCH(STORED, "settled [0, "),
        NEVER_SETTLES(STORED, "events without an answer after flush"),
        FAILS(STORED, "full"),
        THROWS(STORED, "write threw java.io.IOException: broken"),
        THROWS_IN_CLOSE(STORED, "close threw java.io.IOException: broken"),
        ACKNOWLEDGES_EARLY("whatIsAcknowledgedIsThereAtOnce", "acknowledged and are not in the target yet"),
        STORES_SOMETHING_WHEN_CLOSED("aSinkThatGotNothingFlushesAndClosesAndTheTargetStaysEmpty", ""),
        IGNORES_CLOSE("aClosedSinkLeavesNothingRunning", "sender-of-a-bad-sink"),
        BLOCKS_IN_WRITE(STORED, "write has not returned after 1 s; it is"),
        BLOCKS_IN_FLUSH(STORED, "flush has not returned after 1 s; it is"),
        BLOCKS_IN_CLOSE(STORED, "close has not returned after 1 s; it is");

        private final String test;
        private final String words;

        Defect(String test, String words) {
            this.test = test;
            this.words = words;
        }
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

    @Override
    protected Duration patience() {
        boolean hangs = defect.name().startsWith("BLOCKS") || defect == Defect.IGNORES_CLOSE;
        return hangs ? Duration.ofSeconds(1) : Duration.ofSeconds(30);
    }

    @ParameterizedTest
    @EnumSource(names = "NONE", mode = EnumSource.Mode.EXCLUDE)
    void aDefectIsFoundByTheTestForIt(Defect defect) throws Exception {
        SinkContractTest contract = new SinkContractTest();
        contract.output = Path.of("");
        contract.defect = defect;

        assertThatThrownBy(() -> run(contract, defect.test))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(defect.words);
        contract.bad.interrupt();
    }

    private static void run(SinkContract contract, String test) throws Exception {
        Method method = SinkContract.class.getDeclaredMethod(test);
        try {
            method.invoke(contract);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof AssertionError failure) {
                throw failure;
            }
            throw new IllegalStateException("an error of the contract, not of the sink", e.getCause());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"provider()", "settings()", "stored()"})
    void aHookThatThrowsIsSaidToBeTheAuthors(String hook) {
        for (boolean isNull : new boolean[] {false, true}) {
            SinkContractTest contract = new SinkContractTest() {
                private <T> T broken(String name, T otherwise) {
                    if (!name.equals(hook)) {
                        return otherwise;
                    }
                    if (isNull) {
                        return null;
                    }
                    throw new IllegalStateException("no server here");
                }

                @Override
                protected SinkProvider provider() {
                    return broken("provider()", super.provider());
                }

                @Override
                protected Map<String, ?> settings() {
                    return broken("settings()", super.settings());
                }

                @Override
                protected List<Stored> stored(SinkConnector connector, LaneContext run, String position) {
                    return broken("stored()", super.stored(connector, run, position));
                }
            };
            contract.output = Path.of("");
            assertThatThrownBy(() -> run(contract, STORED))
                    .isInstanceOf(AssertionError.class)
                    .hasMessage(hook + " of " + contract.getClass().getName()
                            + (isNull
                                    ? " returned null"
                                    : " threw java.lang.IllegalStateException: no server here; this is the test's own"
                                            + " code, not the sink's"));
        }
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
            if (test.defect == Defect.IGNORES_CLOSE) {
                return lane -> {
                    test.bad = new Thread(ListSink::block, "sender-of-a-bad-sink");
                    test.bad.start();
                    return new ListSink(test.defect, test.target, new ArrayList<>());
                };
            }
            return lane -> new ListSink(test.defect, test.target, new ArrayList<>());
        }
    }

    private record ListSink(Defect defect, List<Stored> target, List<Stored> late) implements Sink {

        @Override
        public void write(EventBatch batch, Outcome outcome) throws IOException {
            if (defect == Defect.BLOCKS_IN_WRITE) {
                block();
            }
            if (defect == Defect.THROWS) {
                throw new IOException("broken");
            }
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
            (defect == Defect.ACKNOWLEDGES_EARLY ? late : target).addAll(records);
            if (defect == Defect.FAILS) {
                outcome.failed(0, batch.size(), new IllegalStateException("full"));
            } else if (defect != Defect.NEVER_SETTLES) {
                outcome.acknowledged(0, batch.size());
            }
        }

        @Override
        public void flush() {
            if (defect == Defect.BLOCKS_IN_FLUSH) {
                block();
            }
            target.addAll(late);
            late.clear();
        }

        @Override
        public void close() throws IOException {
            if (defect == Defect.BLOCKS_IN_CLOSE) {
                block();
            }
            if (defect == Defect.THROWS_IN_CLOSE) {
                throw new IOException("broken");
            }
            if (defect == Defect.STORES_SOMETHING_WHEN_CLOSED && target.isEmpty()) {
                target.add(new Stored("list", null, new byte[] {'e', 'n', 'd'}, null));
            }
        }

        /** For ever, or until somebody interrupts. */
        private static void block() {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
