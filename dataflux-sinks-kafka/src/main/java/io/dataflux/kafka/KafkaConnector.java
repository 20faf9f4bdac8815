package io.dataflux.kafka;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DeliveryException;
import io.dataflux.kafka.KafkaSettings.Transactions;
import io.dataflux.spi.Delivered;
import io.dataflux.spi.LaneContext;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.Resume;
import io.dataflux.spi.Sink;
import io.dataflux.spi.SinkConnector;
import io.dataflux.spi.SinkReader;
import io.dataflux.spi.TargetView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The topics that a run sends to: looked up once, then one producer per lane. */
final class KafkaConnector implements SinkConnector {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaConnector.class);

    private final KafkaSettings settings;
    /** How the topics were when the run began. */
    private @Nullable Routes routes;

    KafkaConnector(KafkaSettings settings) {
        this.settings = settings;
    }

    @Override
    public void prepare(LaneContext run) throws Exception {
        if (settings.transactions() != null && run.streams().size() > Progress.MOST_STREAMS) {
            throw new DeliveryException(
                    "a transaction can record the progress of " + Progress.MOST_STREAMS + " streams, but the run has "
                            + run.streams().size() + "; set transactional: false, or split the run",
                    null);
        }
        if (Security.showsPassword(settings.security())) {
            LOG.warn("{}: sasl mechanism PLAIN without tls sends the password in the clear", settings.servers());
        }
        routes = Routes.prepare(settings, run);
    }

    @Override
    public List<String> warnings(Instant first, Instant now) {
        return settings.sendTime() ? List.of() : settings.topics().retentionWarnings(first, now);
    }

    private Routes routes(LaneContext lane) throws Exception {
        if (routes == null) {
            prepare(lane);
        }
        return Objects.requireNonNull(routes);
    }

    @Override
    public Sink open(LaneContext lane) throws Exception {
        Routes known = routes(lane);
        Transactions transactions = settings.transactions();
        Producer<byte[], byte[]> producer = producer(lane, known);
        if (transactions == null) {
            return new KafkaSink(producer, settings.deliveryTimeout(), known, lane);
        }
        try {
            long[] below = new long[lane.streams().size()];
            Progress.Segment part = progress(lane, known, below);
            if (lane.attempt() == 0 && (part != null || !Progress.isNone(below))) {
                throw new DeliveryException(
                        known.name() + " already holds events of run " + lane.tagText()
                                + ", but this run does not resume it; use another tag, or resume that run",
                        null);
            }
            return new TransactionalSink(producer, transactions, settings.deliveryTimeout(), known, lane, below, part);
        } catch (Exception e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** Asks how far a lane got: per stream, and where one stopped within the events of one time. */
    private Progress.@Nullable Segment progress(LaneContext lane, Routes known, long[] below)
            throws InterruptedException {
        Progress.Segment furthest = null;
        try (KafkaAdmin admin = KafkaAdmin.open(settings, known.topics())) {
            for (OffsetAndMetadata committed : admin.committed(TransactionalSink.id(lane), known.topics())) {
                Progress.Segment part = Progress.merge(committed.metadata(), below);
                furthest = part == null ? furthest : part.further(furthest);
            }
        }
        return furthest != null && furthest.time() == below[furthest.stream()] ? furthest : null;
    }

    /** The broker stored events of a lane, and its progress with them; if there is no progress any more, nobody knows what came after. */
    private static ConfigurationException forgotten(LaneContext lane) {
        return new ConfigurationException(
                "run " + lane.tagText(),
                List.of(new Problem(
                        "sinks." + lane.sink(),
                        "the brokers no longer know how far lane " + lane.lane() + " got: its consumer group '"
                                + TransactionalSink.id(lane)
                                + "' is gone (they keep one for offsets.retention.minutes, a week by default), and the"
                                + " process ended without being stopped. What it committed last would be stored twice;"
                                + " use another tag for a new run")));
    }

    /** A producer that is connected and, if there are transactions, the only one of its lane. */
    private Producer<byte[], byte[]> producer(LaneContext lane, Routes known) throws InterruptedException {
        Map<String, Object> properties = new HashMap<>(settings.producer());
        properties.put(
                ProducerConfig.CLIENT_ID_CONFIG, "dataflux-" + lane.sink() + "-" + lane.tagText() + "-" + lane.lane());
        if (settings.transactions() != null) {
            properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, TransactionalSink.id(lane));
        }
        KafkaProducer<byte[], byte[]> producer = null;
        try {
            producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
            for (String topic : known.topics()) {
                producer.partitionsFor(topic); // connects, so that the first event does not wait for it
            }
            if (settings.transactions() != null) {
                producer.initTransactions();
            }
            return producer;
        } catch (KafkaException e) {
            if (producer != null) {
                producer.close(Duration.ZERO);
            }
            if (e instanceof InterruptException) {
                Thread.interrupted();
                throw new InterruptedException("interrupted while connecting to Kafka");
            }
            String words = KafkaAdmin.words(e);
            throw new DeliveryException("cannot open a producer for " + known.name() + ": " + words + hint(words), e);
        }
    }

    private static String hint(String words) {
        return words.contains("transaction.max.timeout.ms")
                ? " Set transaction_timeout to no more than that (15m by default)."
                : "";
    }

    @Override
    public int openEvents() {
        Transactions transactions = settings.transactions();
        return Math.max(SinkConnector.super.openEvents(), transactions == null ? 0 : 2 * transactions.events());
    }

    @Override
    public Optional<ReadBack> readBack() {
        return Optional.of(new Stored(settings));
    }

    @Override
    public Optional<TargetView> view(LaneContext run) {
        return Optional.of(new KafkaView(settings, settings.topics().all(run).keySet()));
    }

    /** Without transactions a record whose acknowledgement was lost with the process is sent again. */
    @Override
    public Resume resume() {
        return settings.transactions() == null ? new WithoutTransactions(settings) : new ByTransactions();
    }

    /** The topics' records, from offsets on. */
    private record Stored(KafkaSettings settings) implements ReadBack {
        @Override
        public SinkReader reader(LaneContext run, String position) throws Exception {
            Set<String> topics = settings.topics().all(run).keySet();
            return KafkaReader.open(settings, topics, KafkaPosition.parse(position));
        }

        @Override
        public String position(LaneContext run) throws Exception {
            Set<String> topics = settings.topics().all(run).keySet();
            try (KafkaAdmin admin = KafkaAdmin.open(settings, topics)) {
                return KafkaPosition.text(admin.endOffsets(topics));
            }
        }

        @Override
        public String earliest(List<String> positions) {
            return KafkaPosition.earliest(positions);
        }

        @Override
        public boolean keepsKeys() {
            return true;
        }
    }

    private record WithoutTransactions(KafkaSettings settings) implements Resume {
        @Override
        public String destination() {
            return settings.topics().words();
        }

        @Override
        public Map<String, String> facts(LaneContext run) throws Exception {
            return TopicFacts.of(settings, run);
        }
    }

    /** The broker keeps how far each lane got, together with its events. */
    private final class ByTransactions implements Resume {
        @Override
        public String destination() {
            return settings.topics().words() + " in transactions";
        }

        @Override
        public Map<String, String> facts(LaneContext run) throws Exception {
            return TopicFacts.of(settings, run);
        }

        /** Fences off any process that still sends as this lane, and asks what it committed. */
        @Override
        public void recover(LaneContext lane, Delivered delivered) throws Exception {
            Routes known = routes(lane);
            producer(lane, known).close(Duration.ofSeconds(1));
            long[] below = new long[lane.streams().size()];
            Progress.Segment part = progress(lane, known, below);
            if (part == null && Progress.isNone(below) && delivered.hasAny() && delivered.mayHaveMore()) {
                throw forgotten(lane);
            }
            for (int stream = 0; stream < below.length; stream++) {
                if (below[stream] > 0) {
                    delivered.below(stream, below[stream]);
                }
            }
            if (part != null) {
                delivered.places(part.stream(), part.shard(), part.from(), part.to());
            }
        }

        @Override
        public boolean exactlyOnce() {
            return true;
        }
    }
}
