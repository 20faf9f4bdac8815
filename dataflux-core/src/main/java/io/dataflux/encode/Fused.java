package io.dataflux.encode;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodHandles.Lookup;
import java.util.Arrays;
import java.util.List;

/**
 * Turns a list of operations into straight-line code. {@link Straight} is one ordinary class; every use is a hidden copy of it,
 * whose static finals hold the operations of that use. The compiler of the virtual machine then knows each operation exactly, trusts the fields
 * of records, and folds the whole plan of a stream into one body of machine code: what generated classes would give, without a
 * library that generates them. Where hidden classes cannot be had, a loop over the operations gives the same bytes.
 */
final class Fused {

    private static final int ARITY = 8;
    private static final Op NOTHING = (s, b, at) -> at;

    private Fused() {}

    /** All operations one after the other. */
    static Op of(List<? extends Op> ops) {
        if (ops.size() == 1) {
            return ops.get(0);
        }
        if (ops.size() <= ARITY) {
            return straight(ops);
        }
        int groups = (ops.size() + ARITY - 1) / ARITY;
        Op[] outer = new Op[groups];
        for (int i = 0; i < groups; i++) {
            outer[i] = of(ops.subList(i * ops.size() / groups, (i + 1) * ops.size() / groups));
        }
        return of(Arrays.asList(outer));
    }

    /** The same as a loop: the reference that straight-line code must equal. */
    static Op interpreted(List<? extends Op> ops) {
        Op[] all = ops.toArray(new Op[0]);
        return (s, b, at) -> {
            for (Op op : all) {
                at = op.write(s, b, at);
            }
            return at;
        };
    }

    private static Op straight(List<? extends Op> ops) {
        byte[] template = Template.BYTES;
        if (template.length == 0) {
            return interpreted(ops);
        }
        Op[] slots = ops.toArray(new Op[ARITY]);
        Arrays.fill(slots, ops.size(), ARITY, NOTHING);
        try {
            Lookup copy = MethodHandles.lookup().defineHiddenClassWithClassData(template, slots, true);
            return (Op) copy.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot make a copy of " + Straight.class.getName(), e);
        }
    }

    /** Up to eight operations in a row; used through hidden copies only, each with its own. */
    static final class Straight implements Op {
        private static final Op A = at(0);
        private static final Op B = at(1);
        private static final Op C = at(2);
        private static final Op D = at(3);
        private static final Op E = at(4);
        private static final Op F = at(5);
        private static final Op G = at(6);
        private static final Op H = at(7);

        Straight() {}

        private static Op at(int slot) {
            try {
                return MethodHandles.classData(MethodHandles.lookup(), "_", Op[].class)[slot];
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public int write(EventState s, byte[] b, int at) {
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

    /** The class file of {@link Straight}; empty where it cannot be read, as in a native image. */
    private static final class Template {
        private static final byte[] BYTES = read();

        private static byte[] read() {
            String name = Straight.class.getName();
            try (InputStream in =
                    Straight.class.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
                return in == null ? new byte[0] : in.readAllBytes();
            } catch (IOException e) {
                return new byte[0];
            }
        }
    }
}
