package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.json.JsonScan;
import io.dataflux.model.Corruption;
import io.dataflux.schedule.Schedule;
import io.dataflux.schedule.Timeline;
import io.dataflux.verify.Tracer.Found;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Recognises records that are, byte for byte, events as they were sent; nearly all are. It only guesses which event a record may be, from
 * the header or from where the id stands in events of a stream, computes this event into a buffer of its own, and compares: a wrong guess is
 * never taken for right, and what is not recognised may be an event nevertheless, so that whoever asks has to look closer.
 *
 * <p>A record costs about what computing the event costs, if what is read in turn was sent in turn, and allocates nothing. A batch goes
 * through in passes, stream by stream: so the tables of one schedule stay in the caches, and looking up one event does not wait for
 * the look-up of another. One per thread.
 */
final class ExactEvents {

    private static final int LONGEST_NUMBER = 20;
    /** Up to how many events ahead a step from event to event is cheaper than a leap. */
    private static final int STEPS = 16;

    private final JudgedRun judged;
    private final Tracer tracer;
    private final Candidate[] streams;
    private final byte[] expected;
    private final byte[] key;
    private int recent;

    private int stream;
    private long sequence;

    /** What it takes to compute the events of one stream. */
    private static final class Candidate {
        final CompiledStream stream;
        final PlannedFaults faults;
        final EventState event = new EventState();
        final Timeline.Cursor time;
        final long startSecond;
        final int startNano;
        /** Where the id stands in an event, in quotation marks; the end is 0 if it has no id that can be read there. */
        int idFrom;

        int idTo;

        Candidate(CompiledStream stream) {
            this.stream = stream;
            faults = stream.plannedFaults();
            time = stream.timeline().cursor(0);
            startSecond = stream.definition().start().getEpochSecond();
            startNano = stream.definition().start().getNano();
            List<String> identity = stream.definition().identity();
            JsonScan scan = new JsonScan(identity);
            // several values may be those of another event too, and then it matters which of these has come already
            if (identity.size() == 1 && scan.find(stream.event(0).bytes())) {
                idFrom = scan.from(0);
                idTo = scan.to(0);
            }
        }

        /** The sequence that the id names where it stands in events of this stream; -1 if none. */
        long named(byte[] value) {
            return idTo == 0 || idTo > value.length ? -1 : stream.sequenceOf(value, idFrom, idTo);
        }

        void locate(long n, Schedule.Slot at) {
            long ahead = n - time.sequence();
            if (ahead < 0 || ahead > STEPS) {
                time.skipTo(n);
            } else {
                for (; ahead > 0; ahead--) {
                    time.next();
                }
            }
            long nano = (long) startNano + time.nanos();
            boolean carry = nano >= 1_000_000_000;
            stream.locate(
                    n,
                    at,
                    startSecond + time.seconds() + (carry ? 1 : 0),
                    (int) (carry ? nano - 1_000_000_000 : nano),
                    event);
        }
    }

    ExactEvents(JudgedRun judged) {
        this.judged = judged;
        tracer = judged.tracer();
        streams = judged.streams().stream().map(Candidate::new).toArray(Candidate[]::new);
        int longest = 0;
        int longestKey = 0;
        for (CompiledStream each : judged.streams()) {
            byte[] one = each.key(0);
            longest = Math.max(longest, each.maxEventBytes());
            longestKey = Math.max(longestKey, one == null ? 0 : one.length + LONGEST_NUMBER);
        }
        expected = new byte[longest + CompiledStream.SLACK];
        key = new byte[longestKey + CompiledStream.SLACK];
    }

    /**
     * Finds out which records are events of the run as they were sent, each under its own key or none, with its own header or none, and
     * notes which and where they are in their streams; of all others that they are unknown.
     */
    void recognise(RecordBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            boolean named = isNamed(batch.value[i], batch.header[i]);
            batch.stream[i] = named ? stream : RecordBatch.UNKNOWN;
            batch.sequence[i] = sequence;
        }
        for (int of = 0; of < streams.length; of++) {
            Schedule schedule = streams[of].stream.schedule();
            for (int i = 0; i < batch.size(); i++) {
                if (batch.stream[i] == of) {
                    schedule.locate(batch.sequence[i], batch.at[i]);
                }
            }
            for (int i = 0; i < batch.size(); i++) {
                if (batch.stream[i] == of && !isSent(streams[of], batch, i)) {
                    batch.stream[i] = RecordBatch.UNKNOWN;
                }
            }
        }
    }

    /** Guesses which event a record is, if it may be one. */
    private boolean isNamed(byte @Nullable [] value, byte @Nullable [] header) {
        Found named = tracer.header(header);
        if (named == Found.EVENT) {
            stream = tracer.stream;
            sequence = tracer.sequence;
        }
        return value != null && (named == Found.EVENT || named == Found.NOTHING && hasId(value));
    }

    /** Looks for an id where it stands in the events of each stream, first in those of the stream that was named last. */
    private boolean hasId(byte[] value) {
        for (int i = 0; i < streams.length; i++) {
            int candidate = recent + i < streams.length ? recent + i : recent + i - streams.length;
            long n = streams[candidate].named(value);
            if (n >= 0) {
                recent = candidate;
                stream = judged.changed() ? judged.home(candidate, n) : candidate;
                sequence = n;
                return true;
            }
        }
        return false;
    }

    private boolean isSent(Candidate of, RecordBatch batch, int i) {
        byte[] value = batch.value[i];
        byte[] itsKey = batch.key[i];
        of.locate(batch.sequence[i], batch.at[i]);
        Schedule.Slot at = batch.at[i];
        Corruption corruption = of.faults.corruption(at.shard, at.local);
        int length = of.faults.encode(of.event, corruption, expected, 0);
        return value != null
                && Arrays.equals(value, 0, value.length, expected, 0, length)
                && (itsKey == null || corruption != Corruption.NULL_KEY && isKey(of.stream, at.entity, itsKey));
    }

    private boolean isKey(CompiledStream of, long entity, byte[] itsKey) {
        return of.definition().key() != null
                && Arrays.equals(itsKey, 0, itsKey.length, key, 0, of.encodeKey(entity, key, 0));
    }
}
