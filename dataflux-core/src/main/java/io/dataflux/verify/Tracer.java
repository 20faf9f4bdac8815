package io.dataflux.verify;

import io.dataflux.encode.CompiledStream;
import io.dataflux.json.JsonScan;
import io.dataflux.schedule.Schedule;
import io.dataflux.spi.EventBatch;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which event of a run a record is: by the identity in its body, or by its header. The answer is in {@link #stream} and {@link
 * #sequence} until the next call. Not thread-safe.
 */
final class Tracer {

    /** What was found in a record. */
    enum Found {
        /** An event of one of the run's streams. */
        EVENT,
        /** Something that names an event, but none of this run's streams. */
        STRANGER,
        /** Nothing that names an event. */
        NOTHING
    }

    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final int TAG = 8;
    private static final int SEQUENCE = 22;
    /** What an identity with a tag looks like wherever it stands: a UUID, or a long number. */
    private static final Pattern UUID_TEXT = Pattern.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    private static final Pattern LONG_NUMBER = Pattern.compile("[0-9]{8,19}");
    private static final int LONGEST_LOOK = 1 << 20;
    private static final Object[] NOT_READ = {};

    /** The streams with the same identity fields: one scan serves them all. */
    private record Shape(List<String> fields, JsonScan scan, List<Integer> streams) {}

    private final List<CompiledStream> streams;
    private final Epochs epochs;
    private final int tag;
    private final List<Shape> shapes = new ArrayList<>();
    private final Schedule.Slot slot = new Schedule.Slot();
    private int recentShape;
    private Object[] identity = NOT_READ;

    int stream;
    long sequence;

    /** Which of several streams, which are one whose definition was changed, has an event. */
    @FunctionalInterface
    interface Epochs {
        int home(int stream, long sequence);
    }

    /** @param streams with the identities of the run, in the run's order */
    Tracer(List<CompiledStream> streams, int tag) {
        this(streams, tag, (stream, sequence) -> stream);
    }

    Tracer(List<CompiledStream> streams, int tag, Epochs epochs) {
        this.streams = List.copyOf(streams);
        this.epochs = epochs;
        this.tag = tag;
        for (int i = 0; i < streams.size(); i++) {
            List<String> fields = streams.get(i).definition().identity();
            if (!fields.isEmpty()) {
                shape(fields).streams.add(i);
            }
        }
    }

    /** Reads the header that the run's sinks send along. */
    Found header(byte @Nullable [] header) {
        if (header == null || header.length != EventBatch.HEADER_BYTES) {
            return Found.NOTHING;
        }
        long fingerprint = (long) LONG.get(header, 0);
        if ((int) INT.get(header, TAG) == tag) {
            for (int i = 0; i < streams.size(); i++) {
                if (streams.get(i).fingerprint() == fingerprint) {
                    return event(i, (long) LONG.get(header, SEQUENCE));
                }
            }
        }
        return Found.STRANGER;
    }

    /** Reads the identity fields in the body. */
    Found body(byte @Nullable [] body) {
        Found best = Found.NOTHING;
        if (body == null) {
            return best;
        }
        for (int i = 0; i < shapes.size(); i++) {
            int candidate = (recentShape + i) % shapes.size();
            Found found = body(shapes.get(candidate), body);
            if (found == Found.EVENT) {
                recentShape = candidate;
                return found;
            }
            best = found == Found.STRANGER ? found : best;
        }
        return best;
    }

    /** Looks for the event with the given values of the identity fields, of the one stream that there is. */
    Found identity(Object... values) {
        CompiledStream of = streams.get(0);
        if (values.length == 1 && values[0] instanceof String text) {
            byte[] quoted = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
            long n = of.sequenceOf(quoted, 0, quoted.length);
            if (n >= 0 && event(0, n) == Found.EVENT) { // just as the stream writes it; nearly all are
                identity = values;
                return Found.EVENT;
            }
        }
        identity = plain(values);
        OptionalLong found = of.sequenceOf(identity);
        if (found.isEmpty() || event(0, found.getAsLong()) == Found.STRANGER) {
            return Found.STRANGER;
        }
        Object[] own =
                of.event(sequence).identity().stream().map(Object::toString).toArray();
        if (own.length == 1 && !own[0].equals(identity[0].toString())) {
            return Found.STRANGER; // it only contains the identity
        }
        identity = own; // a time has many forms
        return Found.EVENT;
    }

    /** Whole numbers as text without a fraction: a system may read 517 and write 517.0. */
    private static Object[] plain(Object... values) {
        Object[] plain = values.clone();
        for (int i = 0; i < plain.length; i++) {
            if (plain[i] instanceof BigDecimal || plain[i] instanceof Double || plain[i] instanceof Float) {
                try {
                    plain[i] = new BigDecimal(plain[i].toString()).longValueExact();
                } catch (ArithmeticException | NumberFormatException e) {
                    plain[i] = values[i]; // no whole number, and no identity
                }
            }
        }
        return plain;
    }

    /**
     * Looks for an identity in bytes that need not be JSON, or not all of it: where it should stand, then anywhere if it is one field that
     * carries the run's tag, and so cannot be there by chance.
     */
    Found scan(byte @Nullable [] bytes) {
        Found found = body(bytes);
        if (found == Found.EVENT
                || bytes == null
                || streams.get(0).definition().identity().size() != 1) {
            return found;
        }
        String like = streams.get(0).event(0).identity().get(0).toString();
        Matcher own = UUID_TEXT.matcher(like);
        if (!own.find()) {
            own = LONG_NUMBER.matcher(like);
            if (!own.find() || isCounted(like)) {
                return found;
            }
        }
        String text = new String(bytes, 0, Math.min(bytes.length, LONGEST_LOOK), StandardCharsets.ISO_8859_1)
                .toLowerCase(Locale.ROOT);
        Matcher any = own.pattern().matcher(text);
        while (any.find()) {
            if (identity(like.substring(0, own.start()) + any.group() + like.substring(own.end())) == Found.EVENT) {
                return Found.EVENT;
            }
        }
        return found;
    }

    /** Whether the next number is an event's identity, too. */
    private boolean isCounted(String number) {
        try {
            return streams.get(0).sequenceOf(Long.parseLong(number) + 1).isPresent();
        } catch (NumberFormatException e) {
            return true;
        }
    }

    /** The values that {@link #identity} looked for last. */
    Object[] lookedFor() {
        return identity;
    }

    /** What {@link #identity} looked for last, such as {@code event_id=17}. */
    String identityText() {
        List<String> fields = streams.get(0).definition().identity();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < identity.length; i++) {
            text.append(i == 0 ? "" : ", ").append(fields.get(i)).append('=').append(identity[i]);
        }
        return text.toString();
    }

    /** Describes a record that names no event of this run. */
    String stranger(byte @Nullable [] body, byte @Nullable [] header) {
        if (header != null && header(header) == Found.STRANGER) {
            HexFormat hex = HexFormat.of();
            int from = (int) INT.get(header, TAG);
            return from == tag
                    ? "its header names a stream with fingerprint " + hex.toHexDigits((long) LONG.get(header, 0))
                    : "its header names run " + hex.toHexDigits(from);
        }
        String identity = body == null ? null : identity(body);
        return identity == null ? "nothing in it identifies an event" : identity + " belongs to another run or stream";
    }

    /** The identity as it stands in a body, such as {@code event_id=17}; null if there is none. */
    private @Nullable String identity(byte[] body) {
        for (Shape shape : shapes) {
            if (shape.scan.find(body)) {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < shape.fields.size(); i++) {
                    text.append(i == 0 ? "" : ", ")
                            .append(shape.fields.get(i))
                            .append('=')
                            .append(shape.scan.text(i));
                }
                return text.toString();
            }
        }
        return null;
    }

    /**
     * Moves from the event that {@link #body} or {@link #identity(Object...)} found to the next one with the same identity, and returns
     * whether there is one: fields that should be unique together need not be, such as a key and a time in whole seconds.
     */
    boolean nextTwin() {
        if (identity.length < 2 || streams.get(stream).definition().key() == null) {
            return false;
        }
        CompiledStream of = streams.get(stream);
        of.schedule().locate(sequence, slot);
        long next = of.sequenceOfOccurrence(slot.entity, slot.occurrence + 1);
        if (next >= of.end()) {
            return false;
        }
        List<Object> values = of.event(next).identity();
        for (int i = 0; i < identity.length; i++) {
            if (!identity[i].equals(values.get(i).toString())) {
                return false;
            }
        }
        sequence = next;
        return true;
    }

    private Found body(Shape shape, byte[] body) {
        if (!shape.scan.find(body)) {
            return Found.NOTHING;
        }
        if (shape.fields.size() == 1 && id(shape, body)) {
            return Found.EVENT;
        }
        Object[] values = new Object[shape.fields.size()];
        for (int i = 0; i < values.length; i++) {
            String text = shape.scan.text(i);
            if (text == null) {
                return Found.NOTHING;
            }
            values[i] = text;
        }
        identity = values;
        for (int i : shape.streams) {
            OptionalLong sequence = streams.get(i).sequenceOf(values);
            if (sequence.isPresent()) {
                return event(i, sequence.getAsLong());
            }
        }
        return Found.STRANGER;
    }

    /** Whether the scan found an id in just the form in which a stream writes it; nearly all are. */
    private boolean id(Shape shape, byte[] body) {
        int from = shape.scan.from(0);
        int to = shape.scan.to(0);
        for (int i : shape.streams) {
            long n = streams.get(i).sequenceOf(body, from, to);
            if (n >= 0) {
                identity = NOT_READ;
                stream = epochs.home(i, n);
                sequence = n;
                return true;
            }
        }
        return false;
    }

    /** A sequence that the stream does not have cannot be computed and compared. */
    private Found event(int named, long sequence) {
        if (sequence < 0 || sequence >= streams.get(named).end()) {
            return Found.STRANGER;
        }
        this.stream = epochs.home(named, sequence);
        this.sequence = sequence;
        return Found.EVENT;
    }

    private Shape shape(List<String> fields) {
        for (Shape shape : shapes) {
            if (shape.fields.equals(fields)) {
                return shape;
            }
        }
        Shape shape = new Shape(fields, new JsonScan(fields), new ArrayList<>());
        shapes.add(shape);
        return shape;
    }
}
