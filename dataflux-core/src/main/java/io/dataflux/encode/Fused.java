package io.dataflux.encode;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Turns a list of operations into straight-line code. {@link Unrolled} is one ordinary class; every use is a hidden copy of it, whose
 * static finals hold the operations of that use. The compiler of the virtual machine then knows each operation exactly, trusts the fields
 * of records, and folds the whole plan of a stream into one body of machine code: what generated classes would give, without a library that
 * generates them. Where the runtime has no hidden classes, or the system property {@code dataflux.loop} is true, a loop
 * over the operations gives the same bytes.
 */
final class Fused {

    private static final int ARITY = 8;
    private static final Op NOTHING = (s, b, at) -> at;
    private static final byte[] NO_TEMPLATE = {};
    private static final byte[] TEMPLATE = Boolean.getBoolean("dataflux.loop") ? NO_TEMPLATE : template(Unrolled.class);

    private Fused() {}

    /** All operations, one after another. */
    static Op of(List<? extends Op> ops) {
        if (ops.size() == 1) {
            return ops.get(0);
        }
        if (ops.size() <= ARITY) {
            return straight(ops, TEMPLATE);
        }
        int groups = (ops.size() + ARITY - 1) / ARITY;
        Op[] outer = new Op[groups];
        for (int i = 0; i < groups; i++) {
            outer[i] = of(ops.subList(i * ops.size() / groups, (i + 1) * ops.size() / groups));
        }
        return of(Arrays.asList(outer));
    }

    /** The same as a loop: the reference that the straight-line code must match. */
    static Op interpreted(List<? extends Op> ops) {
        Op[] all = ops.toArray(new Op[0]);
        return (s, b, at) -> {
            for (Op op : all) {
                at = op.write(s, b, at);
            }
            return at;
        };
    }

    /** The operation that belongs to the choice; where it is null, it is never called. */
    static Op byChoice(Node.Choice by, @Nullable Op[] ops) {
        List<Op> different = new ArrayList<>();
        int[] slot = new int[ops.length];
        for (int i = 0; i < ops.length; i++) {
            Op op = ops[i] == null ? NOTHING : ops[i];
            slot[i] = place(op, different);
            if (slot[i] == different.size()) {
                different.add(op);
            }
        }
        return byChoice(by, slot, different, TEMPLATE);
    }

    /** By identity: cases that share an operation have the same one, and the first comparison of records takes milliseconds. */
    private static int place(Op op, List<Op> among) {
        int place = 0;
        while (place < among.size() && among.get(place) != op) {
            place++;
        }
        return place;
    }

    static Op byChoice(Node.Choice by, int[] slot, List<Op> different, byte[] template) {
        Op[] all = different.toArray(new Op[0]);
        Op copy = all.length > ARITY ? null : copy(different, by, slot, template);
        return copy != null ? copy : (s, b, at) -> all[slot[by.choice(s)]].write(s, b, at);
    }

    static Op straight(List<? extends Op> ops, byte[] template) {
        Op copy = copy(ops, null, new int[0], template);
        return copy != null ? copy : interpreted(ops);
    }

    /** A hidden copy of the template; null where the runtime cannot make one. */
    private static @Nullable Op copy(List<? extends Op> ops, Node.@Nullable Choice by, int[] slot, byte[] template) {
        if (template.length == 0) {
            return null;
        }
        @Nullable Object[] data = ops.toArray(new Object[ARITY + 2]);
        Arrays.fill(data, ops.size(), ARITY, NOTHING);
        data[ARITY] = by;
        data[ARITY + 1] = slot;
        try {
            Lookup copy = MethodHandles.lookup().defineHiddenClassWithClassData(template, data, true);
            return (Op) copy.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException | Error e) { // a runtime without hidden classes says so in its own way
            return null;
        }
    }

    /** The class data of the calling copy: its operations, the choice, and by choice the place of the operation. */
    static Object[] data(Lookup copy) {
        try {
            return MethodHandles.classData(copy, "_", Object[].class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Up to eight operations, run in a row or chosen by a choice; used only through hidden copies, each with its own operations. */
    static final class Unrolled implements Op {
        private static final Object[] DATA = data(MethodHandles.lookup());
        private static final Op A = (Op) DATA[0];
        private static final Op B = (Op) DATA[1];
        private static final Op C = (Op) DATA[2];
        private static final Op D = (Op) DATA[3];
        private static final Op E = (Op) DATA[4];
        private static final Op F = (Op) DATA[5];
        private static final Op G = (Op) DATA[6];
        private static final Op H = (Op) DATA[7];
        private static final Node.@Nullable Choice BY = (Node.Choice) DATA[ARITY];
        private static final int[] SLOT = (int[]) DATA[ARITY + 1];

        Unrolled() {}

        @Override
        public int write(EventState s, byte[] b, int at) {
            if (BY != null) {
                return switch (SLOT[BY.choice(s)]) {
                    case 0 -> A.write(s, b, at);
                    case 1 -> B.write(s, b, at);
                    case 2 -> C.write(s, b, at);
                    case 3 -> D.write(s, b, at);
                    case 4 -> E.write(s, b, at);
                    case 5 -> F.write(s, b, at);
                    case 6 -> G.write(s, b, at);
                    default -> H.write(s, b, at);
                };
            }
            int end = A.write(s, b, at);
            end = B.write(s, b, end);
            end = C.write(s, b, end);
            end = D.write(s, b, end);
            end = E.write(s, b, end);
            end = F.write(s, b, end);
            end = G.write(s, b, end);
            return H.write(s, b, end);
        }
    }

    /** The class file; empty where it cannot be read, as in a native image. */
    private static byte[] template(Class<?> type) {
        String name = type.getName();
        try (InputStream in = type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
            return in == null ? NO_TEMPLATE : in.readAllBytes();
        } catch (IOException e) {
            return NO_TEMPLATE;
        }
    }
}
