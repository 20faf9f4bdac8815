package io.dataflux.encode;

import io.dataflux.encode.Node.Choice;
import io.dataflux.json.Json;
import io.dataflux.json.Literal;
import io.dataflux.model.Kind.ListOf;
import io.dataflux.schedule.Mix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The nodes made of other nodes: objects, lists, variants, null and absent. */
final class StructureNodes {

    /** The most elements of a list; also keeps the draws of nested lists apart. */
    private static final int MOST_ELEMENTS = ListOf.MOST_ELEMENTS;

    private StructureNodes() {}

    /**
     * An object. Every member begins with a comma; the first one is overwritten by the brace, so that members need not know
     * whether they come first.
     *
     * @param body writes all members; {@code members} are the same, by name
     */
    record Obj(Op body, Map<String, Node> members, int maxBytes) implements Node {
        @Override
        public int write(EventState s, byte[] b, int at) {
            int end = body.write(s, b, at);
            if (end == at) {
                b[end++] = '{';
            } else {
                b[at] = '{';
            }
            b[end] = '}';
            return end + 1;
        }

        @Override
        public Object value(EventState s) {
            Map<String, @Nullable Object> value = new LinkedHashMap<>();
            members.forEach((name, node) -> {
                if (node.present(s)) {
                    value.put(name, node.value(s));
                }
            });
            return value;
        }
    }

    /** A member that is always present, after its literal {@code ,"name":}. */
    record Member(Literal name, Node value) implements Op {
        static Member of(String name, Node value) {
            byte[] quoted = Json.quoted(name);
            byte[] literal = new byte[quoted.length + 2];
            literal[0] = ',';
            System.arraycopy(quoted, 0, literal, 1, quoted.length);
            literal[quoted.length + 1] = ':';
            return new Member(Literal.of(literal), value);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return value.write(s, b, name.write(b, at));
        }
    }

    /** A member that some events do not have. */
    record OptionalMember(Member member) implements Op {
        @Override
        public int write(EventState s, byte[] b, int at) {
            return member.value.present(s) ? member.write(s, b, at) : at;
        }
    }

    /** A list; absent elements are left out. */
    record Elements(long salt, int min, int max, @Nullable Alias lengths, Node element) implements Node {
        @Override
        public int write(EventState s, byte[] b, int at) {
            int length = length(s);
            long outer = s.element;
            int end = at;
            for (int i = 0; i < length; i++) {
                s.element = outer * MOST_ELEMENTS + i;
                if (element.present(s)) {
                    b[end] = ',';
                    end = element.write(s, b, end + 1);
                }
            }
            s.element = outer;
            if (end == at) {
                b[end++] = '[';
            } else {
                b[at] = '[';
            }
            b[end] = ']';
            return end + 1;
        }

        private int length(EventState s) {
            if (min == max) {
                return min;
            }
            long word = Node.draw(s, salt);
            return min + (lengths != null ? lengths.index(word) : (int) Mix.bound(word, max - min + 1));
        }

        @Override
        public Object value(EventState s) {
            int length = length(s);
            long outer = s.element;
            List<@Nullable Object> values = new ArrayList<>(length);
            for (int i = 0; i < length; i++) {
                s.element = outer * MOST_ELEMENTS + i;
                if (element.present(s)) {
                    values.add(element.value(s));
                }
            }
            s.element = outer;
            return values;
        }

        @Override
        public int maxBytes() {
            return Math.addExact(2, Math.multiplyExact(max, Math.addExact(1, element.maxBytes())));
        }
    }

    /**
     * A variant by the value of another node.
     *
     * @param cases by choice; null where the event does not have the field
     * @param there by choice, whether the event has the field; null if that depends on the cases themselves
     * @param write writes the case of the choice
     */
    record Variant(Choice by, @Nullable Node[] cases, boolean @Nullable [] there, Op write) implements Node {
        static Variant of(Choice by, @Nullable Node[] cases) {
            boolean[] there = new boolean[cases.length];
            boolean known = true;
            for (int i = 0; i < cases.length; i++) {
                Node node = cases[i];
                there[i] = node != null;
                known &= node == null || node.always();
            }
            return new Variant(by, cases, known ? there : null, Fused.byChoice(by, cases));
        }

        @Override
        public boolean present(EventState s) {
            int choice = by.choice(s);
            if (there != null) {
                return there[choice];
            }
            Node node = cases[choice];
            return node != null && node.present(s);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return write.write(s, b, at);
        }

        @Override
        public @Nullable Object value(EventState s) {
            return chosen(s).value(s);
        }

        private Node chosen(EventState s) {
            Node node = cases[by.choice(s)];
            if (node == null) {
                throw new IllegalStateException("asked for a value that is absent");
            }
            return node;
        }

        @Override
        public boolean always() {
            for (Node node : cases) {
                if (node == null || !node.always()) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public int maxBytes() {
            int most = 0;
            for (Node node : cases) {
                most = Math.max(most, node == null ? 0 : node.maxBytes());
            }
            return most;
        }
    }

    private static final int NULL = 'n' | 'u' << 8 | 'l' << 16 | 'l' << 24;

    /** Always null. */
    record Null() implements Node {
        @Override
        public int write(EventState s, byte[] b, int at) {
            Json.putInt(b, at, NULL);
            return at + 4;
        }

        @Override
        public @Nullable Object value(EventState s) {
            return null;
        }

        @Override
        public boolean always() {
            return false;
        }

        @Override
        public int maxBytes() {
            return 4;
        }
    }

    /** Null in a share of events. */
    record OrNull(long salt, int ppm, Node node) implements Node {

        @Override
        public int write(EventState s, byte[] b, int at) {
            if (Node.hit(s, salt, ppm)) {
                Json.putInt(b, at, NULL);
                return at + 4;
            }
            return node.write(s, b, at);
        }

        @Override
        public @Nullable Object value(EventState s) {
            return Node.hit(s, salt, ppm) ? null : node.value(s);
        }

        @Override
        public boolean present(EventState s) {
            return node.present(s);
        }

        @Override
        public boolean always() {
            return false;
        }

        @Override
        public int maxBytes() {
            return Math.max(4, node.maxBytes());
        }
    }

    /** Left out of a share of events. */
    record Absent(long salt, int ppm, Node node) implements Node {
        @Override
        public boolean present(EventState s) {
            return !Node.hit(s, salt, ppm) && node.present(s);
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
            return node.write(s, b, at);
        }

        @Override
        public @Nullable Object value(EventState s) {
            return node.value(s);
        }

        @Override
        public boolean always() {
            return false;
        }

        @Override
        public int maxBytes() {
            return node.maxBytes();
        }
    }

    /** A value from outside the list that is being computed: its draws are those of the list {@code levels} further out. */
    record Outer(Node node, int levels) implements Redirected {
        @Override
        public long enter(EventState s) {
            long element = s.element;
            for (int i = 0; i < levels; i++) {
                s.element /= MOST_ELEMENTS;
            }
            return element;
        }

        @Override
        public void leave(EventState s, long element) {
            s.element = element;
        }
    }
}
