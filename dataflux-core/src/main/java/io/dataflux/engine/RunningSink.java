package io.dataflux.engine;

import io.dataflux.DeliveryException;
import io.dataflux.Run.SinkProgress;
import io.dataflux.engine.RunConfig.SinkConfig;
import io.dataflux.spi.Sink;
import io.dataflux.verify.Ledger.ShardLedger;
import io.dataflux.verify.Ledger.SinkLedger;
import io.dataflux.verify.Ledger.StreamLedger;
import io.dataflux.verify.Ranges;
import java.util.ArrayList;
import java.util.List;

/** One sink of a run under way: its lanes and its troubles. Thread-safe. */
final class RunningSink {

    private final SinkConfig config;
    private final Runnable endRun;
    private final Troubles troubles;
    private final List<Sink> opened = new ArrayList<>();
    private final List<Lane> lanes = new ArrayList<>();
    private String position = "";
    private volatile boolean ending;

    /** @param endRun ends the whole run; called from any thread */
    RunningSink(SinkConfig config, Runnable endRun) {
        this.config = config;
        this.endRun = endRun;
        troubles = new Troubles(config.name(), this::deliveryFailed);
    }

    private void deliveryFailed() {
        switch (config.onFailure()) {
            case STOP -> endRun.run();
            case ISOLATE -> end();
            case CONTINUE -> {}
        }
    }

    /** Opens the sink for every lane. @throws DeliveryException if it cannot; what is open then is to be closed */
    void open(Attempt attempt) {
        try {
            config.connector().prepare(attempt.context(config, 0));
            position = config.connector().position(attempt.context(config, 0));
            for (int lane = 0; lane < config.lanes(); lane++) {
                opened.add(config.connector().open(attempt.context(config, lane)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DeliveryException("sink '" + name() + "': interrupted while it was being opened", e);
        } catch (Exception e) {
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            throw new DeliveryException("sink '" + name() + "': " + why, e);
        }
    }

    /** Closes what {@link #open} opened, before there are lanes; what goes wrong is added to {@code why}. */
    void closeAgain(Throwable why) {
        for (Sink sink : opened) {
            try {
                sink.close();
            } catch (Exception e) {
                why.addSuppressed(e);
            }
        }
    }

    /** Makes the lanes; each closes its sink when it ends. */
    void makeLanes(ActiveRun run, List<List<Portion>> portions) {
        for (int lane = 0; lane < opened.size(); lane++) {
            lanes.add(new Lane(run, this, opened.get(lane), lane, portions.get(lane)));
        }
    }

    String name() {
        return config.name();
    }

    SinkConfig config() {
        return config;
    }

    Troubles troubles() {
        return troubles;
    }

    List<Lane> lanes() {
        return lanes;
    }

    /** Asks the lanes to end after their batch. */
    void end() {
        ending = true;
        lanes.forEach(Lane::wake);
    }

    boolean ending() {
        return ending;
    }

    SinkProgress progress() {
        long[] sums = new long[5];
        long ownLag = 0;
        long sinkLag = 0;
        boolean done = true;
        for (Lane lane : lanes) {
            Books books = lane.books();
            // what became of events before how many there were: the parts never exceed the whole
            sums[1] += books.acknowledged.get();
            sums[2] += books.failed.get();
            sums[3] += books.unknown.get();
            sums[4] += books.bytes.get();
            sums[0] += books.issued.get();
            ownLag = Math.max(ownLag, lane.ownLag());
            sinkLag = Math.max(sinkLag, lane.sinkLag());
            done &= lane.hasEnded();
        }
        return new SinkProgress(name(), sums[0], sums[1], sums[2], sums[3], sums[4], ownLag, sinkLag, done);
    }

    /** What the lanes wrote down, once all have ended. */
    SinkLedger ledger(Attempt attempt) {
        List<StreamLedger> streams = new ArrayList<>();
        for (int stream = 0; stream < attempt.streams().size(); stream++) {
            streams.add(streamLedger(attempt, stream));
        }
        return new SinkLedger(name(), config.type(), position, streams);
    }

    private StreamLedger streamLedger(Attempt attempt, int stream) {
        List<ShardLedger> shards = new ArrayList<>();
        long acknowledged = 0;
        long failed = 0;
        long unknown = 0;
        for (int shard = 0; shard < attempt.streams().get(stream).shards(); shard++) {
            ShardLedger ledger = new ShardLedger(new Ranges(), new Ranges(), new Ranges());
            for (Lane lane : lanes) {
                Book book = lane.books().bookOrNull(stream, shard);
                if (book != null) {
                    ledger = book.ledger();
                    acknowledged += book.acknowledgedEvents();
                    failed += book.failedEvents();
                    unknown += book.unknownEvents();
                }
            }
            shards.add(ledger);
        }
        return new StreamLedger(attempt.streams().get(stream).name(), acknowledged, failed, unknown, shards);
    }
}
