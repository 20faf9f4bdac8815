package io.dataflux.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.dataflux.ConfigurationException;
import io.dataflux.EventStream;
import io.dataflux.encode.CompiledStream;
import io.dataflux.encode.EventState;
import io.dataflux.encode.PlannedFaults;
import io.dataflux.schedule.Schedule;
import io.dataflux.spi.SinkReader;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A reader that does one thing wrong, to show that a verification notices: it drops, alters or repeats one event of another
 * reader, or swaps it with the next event of its key in the same source. For a stream with planned faults it can also deliver an event
 * that is planned to be dropped, or mend a broken one. If an event was sent twice, it drops the first copy. It reports whether it did so,
 * so that a demonstration cannot pass because nothing happened. Used by one thread.
 *
 * <pre>{@code
 * FaultyReader faulty = new FaultyReader(reader, Sabotage.parse("drop:117"), stream, tag);
 * Verdict verdict = verification.verify(faulty);
 * System.err.println(faulty.report());      // drop:117 fired: event 117 of stream 'orders' (events-2 offset 31) was dropped
 * }</pre>
 */
public final class FaultyReader implements SinkReader {

    private static final JsonFactory JSON = new JsonFactory();

    /** What is done to an event. */
    public enum Kind {
        /** It does not arrive. */
        DROP,
        /** A digit or letter of one of its values is changed; what identifies it stays. */
        ALTER,
        /** It arrives twice. */
        REPEAT,
        /** It arrives after the next event of its key. */
        SWAP,
        /** It arrives although it is planned to be dropped. */
        DELIVER,
        /** It arrives intact although it was sent broken. */
        MEND
    }

    /** A kind, and the number of the event that it is done to, written as {@code drop:117}. */
    public record Sabotage(Kind kind, long sequence) {

        /** @throws ConfigurationException if the text is not one; its message is for users */
        public static Sabotage parse(String text) {
            int colon = text.indexOf(':');
            String number = text.substring(colon + 1);
            for (Kind kind : Kind.values()) {
                if (colon > 0 && kind.name().toLowerCase(Locale.ROOT).equals(text.substring(0, colon))) {
                    if (!number.matches("[0-9]{1,18}")) {
                        throw problem("'" + text + "': '" + number
                                + "' is not an event number; write a whole number from 0, as in drop:117");
                    }
                    return new Sabotage(kind, Long.parseLong(number));
                }
            }
            throw problem("'" + text
                    + "' is not known; write drop:N, alter:N, repeat:N or swap:N, or, where faults are planned,"
                    + " deliver:N or mend:N, where N is an event number, as in drop:117");
        }

        private static ConfigurationException problem(String what) {
            return new ConfigurationException("--break", List.of(new ConfigurationException.Problem("", what)));
        }

        @Override
        public String toString() {
            return kind.name().toLowerCase(Locale.ROOT) + ":" + sequence;
        }
    }

    private record Taken(
            String source, long offset, byte @Nullable [] key, byte @Nullable [] value, byte @Nullable [] header) {}

    private final SinkReader reader;
    private final Sabotage sabotage;
    private final CompiledStream stream;
    private final Tracer tracer;
    private final PlannedFaults plan;
    private final EventState state = new EventState();
    private final Schedule.Slot slot = state.slot;
    private final long entity;
    private final boolean delivers;
    private @Nullable Taken held;
    private String shifted = "";
    private String done = "";
    private String undone;
    private long handedOver;

    /**
     * @param stream the stream of the event
     * @param tag the run's tag
     */
    public FaultyReader(SinkReader reader, Sabotage sabotage, EventStream stream, int tag) {
        this.reader = reader;
        this.sabotage = sabotage;
        this.stream = JudgedRun.tagged(stream, tag);
        tracer = new Tracer(List.of(this.stream), tag);
        plan = this.stream.plannedFaults();
        boolean exists = sabotage.sequence < stream.end();
        if (exists) {
            this.stream.locate(sabotage.sequence, state);
        }
        entity = exists ? slot.entity : -1;
        boolean dropped = exists && plan.copies(slot.shard, slot.local) == 0;
        delivers = sabotage.kind == Kind.DELIVER && dropped;
        undone = event()
                + (sabotage.kind == Kind.DELIVER && !dropped
                        ? " is not planned to be dropped"
                        : sabotage.kind != Kind.DELIVER && dropped
                                ? " is planned to be dropped; only deliver applies to it"
                                : " never came");
    }

    /** Whether it happened. */
    public boolean fired() {
        return !done.isEmpty();
    }

    /** What happened, or why nothing did, in one line. */
    public String report() {
        return sabotage + (fired() ? " fired: " + done : " did not fire: " + undone);
    }

    @Override
    public long read(Visitor visitor) throws Exception {
        handedOver = 0;
        reader.read(
                (source, offset, key, value, header) -> record(new Taken(source, offset, key, value, header), visitor));
        Taken left = held;
        if (left != null) {
            held = null;
            undone = event() + " was the last of its key in " + left.source;
            handOver(left, visitor);
        }
        return handedOver;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }

    private void record(Taken record, Visitor visitor) {
        Taken waiting = held;
        boolean ours = !fired() && traced(record);
        if (waiting != null && ours && follows(waiting, record)) {
            held = null;
            done = event() + " (" + at(waiting) + ") was swapped with " + tracer.sequence + " (" + at(record)
                    + "), the next one of its key";
            visitor.record(record.source, waiting.offset, record.key, record.value, record.header);
            visitor.record(waiting.source, record.offset, waiting.key, waiting.value, waiting.header);
            handedOver += 2;
        } else if (waiting == null && ours && tracer.sequence == sabotage.sequence) {
            hit(record, visitor);
        } else {
            handOver(record, visitor);
            if (delivers && !fired()) {
                deliver(record, visitor);
            }
        }
    }

    /** Puts the event after a record, into the same source. */
    private void deliver(Taken before, Visitor visitor) {
        done = event() + ", which is planned to be dropped, came after " + at(before);
        shifted = before.source;
        stream.locate(sabotage.sequence, state);
        handOver(new Taken(before.source, before.offset, stream.key(entity), whole(), null), visitor);
    }

    private byte[] whole() {
        byte[] bytes = new byte[stream.maxEventBytes() + CompiledStream.SLACK];
        return Arrays.copyOf(bytes, stream.encode(state, bytes, 0));
    }

    private void hit(Taken record, Visitor visitor) {
        String what = event() + " (" + at(record) + ") ";
        switch (sabotage.kind) {
            case DROP -> done = what + "was dropped";
            case REPEAT -> {
                handOver(record, visitor);
                done = what + "was repeated";
                shifted = record.source; // the copy takes the next coordinate, and what follows moves on
                handOver(record, visitor);
            }
            case ALTER -> alter(record, what, visitor);
            case SWAP -> held = record;
            case DELIVER -> handOver(record, visitor);
            case MEND -> mend(record, what, visitor);
        }
    }

    private void mend(Taken record, String what, Visitor visitor) {
        stream.locate(sabotage.sequence, state);
        if (plan.corruption(slot.shard, slot.local) == null) {
            undone = event() + " was sent intact";
            handOver(record, visitor);
        } else {
            done = what + "was sent broken and came intact";
            handOver(new Taken(record.source, record.offset, stream.key(entity), whole(), record.header), visitor);
        }
    }

    private void alter(Taken record, String what, Visitor visitor) {
        byte[] altered = record.value == null ? null : record.value.clone();
        String field =
                altered == null ? null : alter(altered, stream.definition().identity());
        if (field == null) {
            undone = event() + " has no value with a digit or letter outside its identity";
            handOver(record, visitor);
        } else {
            done = what + "came with " + field + " altered";
            handOver(new Taken(record.source, record.offset, record.key, altered, record.header), visitor);
        }
    }

    /** Changes a digit or letter of the first value outside the identity; returns its field, null if there is none. */
    static @Nullable String alter(byte[] json, List<String> identity) {
        List<String> pointers =
                identity.stream().map(path -> "/" + path.replace('.', '/')).toList();
        try (JsonParser parser = JSON.createParser(json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                String field = parser.getParsingContext().pathAsPointer().toString();
                int start = (int) parser.currentTokenLocation().getByteOffset();
                boolean number = token.isNumeric();
                if ((number || token == JsonToken.VALUE_STRING) && !field.isEmpty() && !pointers.contains(field)) {
                    int at = number ? start + parser.getTextLength() - 1 : firstSign(json, start + 1);
                    if (at >= 0 && isSign(json[at])) {
                        json[at] += (byte) ("9zZ".indexOf(json[at]) >= 0 ? -1 : 1);
                        return field.substring(1).replace('/', '.');
                    }
                }
            }
            return null;
        } catch (IOException e) {
            return null; // not JSON, so there is no value to alter
        }
    }

    /** The first digit or letter of a text before any escape, -1 if there is none. */
    private static int firstSign(byte[] json, int from) {
        for (int at = from; json[at] != '"' && json[at] != '\\'; at++) {
            if (isSign(json[at])) {
                return at;
            }
        }
        return -1;
    }

    private static boolean isSign(byte b) {
        return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z';
    }

    private boolean traced(Taken record) {
        return tracer.header(record.header) == Tracer.Found.EVENT || tracer.body(record.value) == Tracer.Found.EVENT;
    }

    private boolean follows(Taken waiting, Taken record) {
        if (!waiting.source.equals(record.source) || tracer.sequence <= sabotage.sequence) {
            return false;
        }
        stream.schedule().locate(tracer.sequence, slot);
        return slot.entity == entity && stream.definition().key() != null;
    }

    private void handOver(Taken record, Visitor visitor) {
        handedOver++;
        long moved = record.source.equals(shifted) ? 1 : 0;
        visitor.record(record.source, record.offset + moved, record.key, record.value, record.header);
    }

    private String event() {
        return "event " + sabotage.sequence + " of stream '" + stream.name() + "'";
    }

    private static String at(Taken record) {
        return record.source + " offset " + record.offset;
    }
}
