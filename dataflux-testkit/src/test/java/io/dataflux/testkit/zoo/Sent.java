package io.dataflux.testkit.zoo;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.FaultKind;
import io.dataflux.spi.EventBatch;
import io.dataflux.spi.Outcome;
import io.dataflux.spi.Sink;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.TestStream;
import io.dataflux.testkit.zoo.Orders.Order;
import io.dataflux.verify.Arrivals;
import io.dataflux.verify.Verdict;
import io.dataflux.verify.Verification;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/** What was sent in one run, and the judge of what systems make of it. Thread-safe once made. */
final class Sent implements Work.Foreigners {

    private static final long FIRST = 1_000;
    private static final String FAULTS = "late 5% by 8s..30s, duplicate 3% within 50, drop 2%, reorder 5% within 30,"
            + " corrupt 3% as truncated or invalid_utf8 or wrong_type or missing_field";
    private static final Decoder<Order> ORDERS = Decoder.json(Order.class);
    /** Judging keeps a processor busy; waiting for a deadline does not. */
    private static final Semaphore PROCESSORS = new Semaphore(2);

    private final long seed;
    private final long end;
    private final EventStream stream;
    private final EventStream otherRun;
    private final EventStream otherStream;
    private final Ledger ledger;
    private final List<Message> messages = new ArrayList<>();
    private final Map<String, String> latest = new HashMap<>();
    private final List<Message> dropped;
    /** A verdict asks for each order several times. */
    private final Map<Long, Order> decoded = new ConcurrentHashMap<>();

    /** Sends that many orders, perhaps with planned faults. */
    Sent(long seed, int events, boolean faults) throws IOException {
        this.seed = seed;
        end = FIRST + events;
        EventStream made = DataFlux.stream(Orders.definition(), seed);
        try (TestStream<Order> orders = TestStream.of(made, FIRST, end, ORDERS)) {
            if (faults) {
                orders.faults(FAULTS);
            }
            stream = orders.stream();
            dropped = orders.plannedFaults().stream()
                    .filter(fault -> fault.kind() == FaultKind.DROP)
                    .map(fault -> message(stream.event(fault.sequence())))
                    .toList();
            ledger = orders.sendTo(lane -> new Collecting()).ledger();
            int tag = Integer.parseUnsignedInt(orders.tag(), 16);
            otherRun = stream.withTag(tag ^ 2);
            otherStream = stream.with(definition -> definition.name("payments")).withTag(tag);
        }
        for (Message message : faults ? List.<Message>of() : messages) {
            latest.put(message.key, message.order().orderId());
        }
    }

    private final class Collecting implements Sink {
        @Override
        public void write(EventBatch batch, Outcome outcome) {
            for (int i = 0; i < batch.size(); i++) {
                messages.add(new Message(
                        batch.sequence(i),
                        new String(batch.key(i), StandardCharsets.UTF_8),
                        Arrays.copyOfRange(batch.bytes(), batch.start(i), batch.end(i))));
            }
            outcome.acknowledged(0, batch.size());
        }

        @Override
        public void close() {}
    }

    private static Message message(Event event) {
        return new Message(event.sequence(), event.key(), event.bytes());
    }

    Work work(Shape shape, boolean broken) {
        return new Work(shape, messages, latest, this, seed, broken);
    }

    @Override
    public String ofAnotherRun(Message message) {
        return (String) otherRun.event(message.sequence).identity().get(0);
    }

    @Override
    public String ofAnotherStream(Message message) {
        return (String) otherStream.event(message.sequence).identity().get(0);
    }

    @Override
    public Message neverSent(int by) {
        return message(stream.event(by % 2 == 0 ? end + by : FIRST - by));
    }

    @Override
    public Message whole(Message broken) {
        return message(stream.event(broken.sequence));
    }

    @Override
    public List<Message> dropped() {
        return dropped;
    }

    private Order order(Event event) {
        return decoded.computeIfAbsent(event.sequence(), sequence -> ORDERS.decode(event));
    }

    /** What a verdict says about the work, which gives its output away. */
    Verdict judge(Work work, Duration deadline) throws InterruptedException {
        List<Object> records = new ArrayList<>();
        List<byte[]> letters = new ArrayList<>();
        Arrivals<Object> out = work.shape.log ? Arrivals.log(records) : Arrivals.snapshot(() -> records);
        Arrivals<byte[]> deadLetters = Arrivals.log(letters);
        work.out.forEach(each -> records.add(each.record()));
        work.deadLetters.forEach(each -> letters.add((byte[]) each.record()));
        work.out.clear();
        PROCESSORS.acquire();
        try (Reading reading = new Reading(out, records)) {
            Verification<?, ?> verification = work.shape == Shape.COPY
                    ? Verification.of(stream, () -> ledger, event -> event, reading)
                    : Verification.of(stream, () -> ledger, this::order, reading)
                            .tracedBy(record -> ((Map<?, ?>) record).get("orderId"))
                            .expecting(order -> work.shape.expected(order, latest));
            if (work.shape == Shape.FAULTY) {
                verification.deadLetters(deadLetters);
            }
            return verification.settle(Duration.ofMillis(20)).deadline(deadline).await();
        }
    }

    /** Gives the processor back once everything has been read, and forgets a log then. */
    private static final class Reading implements Arrivals<Object> {

        private final Arrivals<Object> records;
        private final List<Object> list;
        private boolean read;

        Reading(Arrivals<Object> records, List<Object> list) {
            this.records = records;
            this.list = list;
        }

        @Override
        public boolean isLog() {
            return records.isLog();
        }

        @Override
        public long read(Visitor<? super Object> visitor) throws Exception {
            if (read && isLog()) {
                return 0;
            }
            long count = records.read(visitor);
            close();
            return count;
        }

        @Override
        public void close() {
            if (!read) {
                read = true;
                PROCESSORS.release();
                if (isLog()) {
                    list.clear();
                }
            }
        }
    }
}
