package io.dataflux.encode;

import io.dataflux.json.Json;
import io.dataflux.spi.EventWriter;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;

/** The fields of a code generator as JSON. One per thread; grows no buffer: an event that does not fit is refused. */
final class JsonWriter implements EventWriter {

    private static final int DEEPEST = 32;

    private final CompiledStream stream;
    private final IdentityHashMap<String, byte[]> names = new IdentityHashMap<>(); // order never seen
    private final IdentityHashMap<String, TextNodes.Id> ids = new IdentityHashMap<>(); // order never seen
    private final TextNodes.Time iso = new TextNodes.Time(io.dataflux.model.Kind.TimeFormat.ISO_MILLIS);
    private final int[] starts = new int[DEEPEST];
    private final boolean[] list = new boolean[DEEPEST];
    private EventState s = new EventState();
    private byte[] b = new byte[0];
    private int at;
    private int limit;
    private int depth;

    JsonWriter(CompiledStream stream) {
        this.stream = stream;
    }

    /** Begins an event that may use {@code room} bytes. */
    void begin(EventState state, byte[] target, int from, int room) {
        s = state;
        b = target;
        at = from;
        limit = from + room;
        depth = 0;
        starts[0] = from;
        list[0] = false;
    }

    int end() {
        if (depth != 0) {
            throw new IllegalStateException("the generator of '" + stream.name() + "' left " + depth
                    + " objects or lists open in event " + s.sequence);
        }
        close('{', '}');
        return at;
    }

    private void close(char open, char close) {
        if (at == starts[depth]) {
            room(2);
            b[at++] = (byte) open;
        } else {
            room(1);
            b[starts[depth]] = (byte) open;
        }
        b[at++] = (byte) close;
    }

    private void room(int bytes) {
        if (at + bytes > limit) {
            throw new IllegalStateException("event " + s.sequence + " of '" + stream.name() + "' is larger than "
                    + stream.maxEventBytes() + " bytes; raise max_event_bytes");
        }
    }

    private void name(String name, int bytes) {
        if (list[depth]) {
            room(bytes + 2);
            b[at++] = ',';
            return;
        }
        byte[] literal = names.get(name);
        if (literal == null) {
            literal = Json.utf8("," + new String(Json.quoted(name), StandardCharsets.UTF_8) + ":");
            names.put(name, literal);
        }
        room(literal.length + bytes + 2);
        at = Json.bytes(b, at, literal);
    }

    @Override
    public EventWriter id(String name, String pattern) {
        TextNodes.Id id = ids.get(pattern);
        if (id == null) {
            if (!pattern.contains("{}")) {
                throw new IllegalArgumentException("the pattern '" + pattern + "' needs {} where the id goes");
            }
            id = TextNodes.Id.of(pattern);
            ids.put(pattern, id);
        }
        name(name, id.maxBytes());
        at = id.write(s, b, at);
        return this;
    }

    @Override
    public EventWriter key(String name) {
        TextNodes.KeyText key = stream.keyText();
        name(name, key.maxBytes());
        at = key.write(s, b, at);
        return this;
    }

    @Override
    public EventWriter time(String name) {
        name(name, iso.maxBytes());
        at = iso.write(s, b, at);
        return this;
    }

    @Override
    public EventWriter text(String name, CharSequence value) {
        name(name, 6 * value.length() + 2);
        b[at] = '"';
        at = Json.escaped(b, at + 1, value);
        b[at++] = '"';
        return this;
    }

    @Override
    public EventWriter integer(String name, long value) {
        name(name, 22);
        at = new NumberNodes.Fixed(value, 0).write(s, b, at);
        return this;
    }

    @Override
    public EventWriter decimal(String name, long unscaled, int scale) {
        name(name, 24);
        at = new NumberNodes.Fixed(unscaled, scale).write(s, b, at);
        return this;
    }

    @Override
    public EventWriter bool(String name, boolean value) {
        return literal(name, value ? "true" : "false");
    }

    @Override
    public EventWriter nothing(String name) {
        return literal(name, "null");
    }

    private EventWriter literal(String name, String literal) {
        name(name, literal.length());
        for (int i = 0; i < literal.length(); i++) {
            b[at++] = (byte) literal.charAt(i);
        }
        return this;
    }

    @Override
    public EventWriter beginObject(String name) {
        return begin(name, false);
    }

    @Override
    public EventWriter beginList(String name) {
        return begin(name, true);
    }

    private EventWriter begin(String name, boolean isList) {
        name(name, 2);
        if (++depth == DEEPEST) {
            throw new IllegalStateException("objects and lists are nested more than " + (DEEPEST - 1) + " deep");
        }
        starts[depth] = at;
        list[depth] = isList;
        return this;
    }

    @Override
    public EventWriter endObject() {
        return end(false);
    }

    @Override
    public EventWriter endList() {
        return end(true);
    }

    private EventWriter end(boolean isList) {
        if (depth == 0 || list[depth] != isList) {
            throw new IllegalStateException(isList ? "there is no list to end" : "there is no object to end");
        }
        close(isList ? '[' : '{', isList ? ']' : '}');
        depth--;
        return this;
    }
}
