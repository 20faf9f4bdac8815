package io.dataflux.ledger;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A run's account of what it did: per sink, stream and shard, which events were acknowledged, failed or are unknown. Ranges are positions
 * in the shard's sending order; without planned faults that is the number of earlier events in the shard. Which sinks an event is meant for
 * is decided by the plan's routing. A verification expects the acknowledged part. Ranges may include positions that were routed to other
 * sinks, and positions that no event has because of planned faults.
 *
 * <p>A run that was resumed has one ledger for all its attempts.
 *
 * @param tag the run's tag
 * @param part which part of a run that several processes share this ledger is for, from 1
 * @param parts how many parts the run has; 1 for a run in one process, or once the ledgers of all parts are combined
 * @param streams the run's streams, in their order
 * @param epochs how the streams were changed while the run went on, in the order of their events; empty if they were not
 * @param sinks one entry per sink, in their order
 * @param drills what the run did to the system around it, in all attempts, in the order of time; see {@code actions} in configurations
 * @param touches how somebody changed the course of the run, in all attempts, in the order of time; empty if it went as planned
 */
public record Ledger(
        int tag,
        int part,
        int parts,
        List<Stream> streams,
        List<Epoch> epochs,
        List<SinkLedger> sinks,
        List<Drill> drills,
        List<Touch> touches) {

    /** The ledger of a whole run that nobody touched. */
    public Ledger(int tag, List<Stream> streams, List<SinkLedger> sinks) {
        this(tag, 1, 1, streams, sinks, List.of());
    }

    /** The ledger of a run whose streams nobody changed. */
    public Ledger(int tag, int part, int parts, List<Stream> streams, List<SinkLedger> sinks, List<Touch> touches) {
        this(tag, part, parts, streams, List.of(), sinks, List.of(), touches);
    }

    public Ledger {
        if (parts < 1 || part < 1 || part > parts) {
            throw new IllegalArgumentException("part " + part + " of " + parts);
        }
        streams = List.copyOf(streams);
        epochs = List.copyOf(epochs);
        sinks = List.copyOf(sinks);
        drills = List.copyOf(drills);
        touches = List.copyOf(touches);
    }

    /**
     * How the streams of a run were defined from some of their events on, until the next epoch. The first epoch of a run, in which its
     * streams are as it began, has none of these.
     *
     * @param definitions the file in the run's folder that has the definitions; empty if they are those of the epoch before, and only
     *     faults were switched
     * @param streams in the order of the run
     */
    public record Epoch(String definitions, List<Definition> streams) {
        public Epoch {
            streams = List.copyOf(streams);
        }
    }

    /**
     * How one stream was defined in an epoch.
     *
     * @param from the first sequence that is of this epoch
     * @param fingerprint of the stream as it was then
     * @param without the faults that were switched off, such as {@code late}; in the order of their kinds
     */
    public record Definition(long from, long fingerprint, List<String> without) {
        public Definition {
            without = List.copyOf(without);
        }
    }

    /**
     * A command that a run began on its way.
     *
     * @param attempt which attempt of the run began it, from 0
     * @param at when it was begun
     * @param scheduled the latest scheduled time of an event that a lane had made ready then
     * @param took how long it ran
     * @param code its exit code; -1 if it could not be started, did not end in time, or the attempt was killed meanwhile
     */
    public record Drill(int attempt, String name, Instant at, Instant scheduled, Duration took, int code) {

        /** Such as {@code action 'kill-worker' at 2025-01-01T00:00:12.5Z of the schedule, for 0.1 s}, and how it failed, if it did. */
        public String words() {
            return "action '" + name + "' at " + scheduled + " of the schedule, "
                    + String.format(Locale.ROOT, "for %.1f s", took.toMillis() / 1000.0)
                    + (code == 0 ? "" : code < 0 ? ", which failed" : ", which ended with " + code);
        }
    }

    /**
     * What somebody did to a running run. It changed when events were sent, or which was the last, and none of their bytes, unless the
     * streams were changed: from which events on, the {@link #epochs} say.
     *
     *
     * @param attempt which attempt of the run it was, from 0
     * @param part which part of the run it was, from 1
     * @param at when it was done
     * @param scheduled the scheduled time of the events that were due then; when it was done, if the run was as fast as possible
     * @param action what was done
     * @param speed the run's speed from then on; infinite for as fast as possible
     */
    public record Touch(int attempt, int part, Instant at, Instant scheduled, Action action, double speed) {

        /** What can be done to a running run. */
        public enum Action {
            /** It was paused: nothing more was handed over. */
            PAUSED,
            /** It went on after a pause. */
            RESUMED,
            /** Its speed was changed. */
            SPEED,
            /** It was asked to end before its limit. */
            STOPPED,
            /** Its streams were changed: other definitions, or faults switched off or on. */
            CHANGED
        }
    }

    /** A stream as the ledger knows it; {@code limit} is the sequence at which the run ends if nothing stops it. */
    public record Stream(String name, long seed, long fingerprint, int shards, long from, long limit) {}

    /** One sink; {@code position} is where its target's log ended before the first event was sent. */
    public record SinkLedger(String name, String type, String position, List<StreamLedger> streams) {
        public SinkLedger {
            streams = List.copyOf(streams);
        }
    }

    /**
     * One stream of a sink: event counts, and ranges of positions per shard.
     *
     * @param missing how many events the run did not reach, up to its limit; 0 if it has none. Unlike the positions of the shards,
     *     it counts only events that the sink would have got
     */
    public record StreamLedger(
            String name, long acknowledged, long failed, long unknown, long missing, List<ShardLedger> shards) {
        public StreamLedger {
            shards = List.copyOf(shards);
        }

        /** A stream of which every missing position is an event for this sink. */
        public StreamLedger(String name, long acknowledged, long failed, long unknown, List<ShardLedger> shards) {
            this(
                    name,
                    acknowledged,
                    failed,
                    unknown,
                    shards.stream().mapToLong(shard -> shard.missing().count()).sum(),
                    shards);
        }

        public long issued() {
            return acknowledged + failed + unknown;
        }
    }

    /**
     * One shard: sets of positions, disjoint except for {@code resent}.
     *
     * @param resent what an attempt sent again although an earlier one may have delivered it; where the sink promises no more than
     *     at least once, these may be there more than once
     * @param missing what the run did not reach, up to its limit; empty if it has no limit
     */
    public record ShardLedger(Ranges acknowledged, Ranges failed, Ranges unknown, Ranges resent, Ranges missing) {

        /** A shard of a run that was not resumed and reached its end. */
        public ShardLedger(Ranges acknowledged, Ranges failed, Ranges unknown) {
            this(acknowledged, failed, unknown, new Ranges(), new Ranges());
        }

        /** The positions that were handed over. */
        public Ranges issued() {
            Ranges issued = acknowledged.copy();
            issued.addAll(failed);
            issued.addAll(unknown);
            return issued;
        }
    }

    /** The sink of that name. @throws IllegalArgumentException that lists the names */
    public SinkLedger sink(String name) {
        List<String> names = new ArrayList<>();
        for (SinkLedger sink : sinks) {
            if (sink.name().equals(name)) {
                return sink;
            }
            names.add(sink.name());
        }
        throw new IllegalArgumentException("the run has no sink '" + name + "'; its sinks are " + names);
    }

    /** What the pauses and changes of speed among the {@link #touches} were, as a sentence without an end; empty if there were none. */
    public String touched() {
        long pauses = touches.stream()
                .filter(touch -> touch.action() == Touch.Action.PAUSED)
                .count();
        long speeds = touches.stream()
                .filter(touch -> touch.action() == Touch.Action.SPEED)
                .count();
        List<String> parts = new ArrayList<>();
        if (pauses > 0) {
            Duration paused = paused();
            parts.add("the run was paused " + times(pauses)
                    + (paused.isZero() ? "" : String.format(Locale.ROOT, " for %.1f s", paused.toMillis() / 1000.0)));
        }
        if (speeds > 0) {
            parts.add((pauses > 0 ? "its" : "the run's") + " speed was changed " + times(speeds));
        }
        return String.join(", and ", parts);
    }

    /**
     * How the streams were changed while the run went on, as sentences without an end, in the order of the {@link #epochs}: such as {@code
     * 'orders' has other definitions from event 5120 on (definitions-1.yaml)}. Empty if nobody did.
     */
    public List<String> changes() {
        List<String> changes = new ArrayList<>();
        for (int e = 0; e < epochs.size(); e++) {
            Epoch epoch = epochs.get(e);
            for (int i = 0; i < streams.size() && i < epoch.streams().size(); i++) {
                Definition now = epoch.streams().get(i);
                long before = e == 0
                        ? streams.get(i).fingerprint()
                        : epochs.get(e - 1).streams().get(i).fingerprint();
                if (now.fingerprint() != before) {
                    changes.add("'" + streams.get(i).name() + "' has " + words(epoch, now) + " from event " + now.from()
                            + " on" + (epoch.definitions().isEmpty() ? "" : " (" + epoch.definitions() + ")"));
                }
            }
        }
        return List.copyOf(changes);
    }

    private static String words(Epoch epoch, Definition stream) {
        String off = stream.without().isEmpty() ? "" : "no fault '" + String.join("' or '", stream.without()) + "'";
        if (epoch.definitions().isEmpty()) {
            return off.isEmpty() ? "all its planned faults again" : off;
        }
        return "another definition" + (off.isEmpty() ? "" : ", and " + off + ",");
    }

    /** How long the pauses lasted whose end is known: not those in which the run was killed. */
    private Duration paused() {
        Duration sum = Duration.ZERO;
        for (int i = 0; i < touches.size(); i++) {
            Touch begin = touches.get(i);
            if (begin.action() == Touch.Action.PAUSED) {
                sum = sum.plus(touches.subList(i, touches.size()).stream()
                        .filter(end -> (end.action() == Touch.Action.RESUMED || end.action() == Touch.Action.STOPPED)
                                && end.attempt() == begin.attempt()
                                && end.part() == begin.part())
                        .findFirst()
                        .map(end -> Duration.between(begin.at(), end.at()))
                        .orElse(Duration.ZERO));
            }
        }
        return sum;
    }

    private static String times(long number) {
        return number == 1 ? "once" : number + " times";
    }
}
