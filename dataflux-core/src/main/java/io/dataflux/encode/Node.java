package io.dataflux.encode;

import io.dataflux.schedule.Mix;
import org.jspecify.annotations.Nullable;

/**
 * One value of the compiled plan: a function of the located event, in two forms, as JSON bytes and as an object. Implementations are
 * records without state, so a node that the compiler knows as a constant becomes straight-line code (see {@link Fused}).
 */
interface Node extends Op {

    /** Writes the value as JSON. Only called if {@link #present}. */
    @Override
    int write(EventState s, byte[] b, int at);

    /** The value as an object. Only called if {@link #present}. */
    @Nullable
    Object value(EventState s);

    /** The most bytes that {@link #write} ever takes. */
    int maxBytes();

    /** Whether the event has this value. */
    default boolean present(EventState s) {
        return true;
    }

    /** Whether the value is present in every event and never null. */
    default boolean always() {
        return true;
    }

    /** The value as the content of a JSON string: what {@link #write} gives, without its quotes. */
    default int text(EventState s, byte[] b, int at) {
        int end = write(s, b, at);
        if (b[at] != '"') {
            return end;
        }
        System.arraycopy(b, at + 1, b, at, end - at - 2);
        return end - 2;
    }

    /** The random word of a path: the event's word, salted, one step further per list element. */
    static long draw(EventState s, long salt) {
        return Mix.mix(s.word + salt + Mix.GAMMA * s.element);
    }

    /** Whether the event is in a share of events, in parts per million. */
    static boolean hit(EventState s, long salt, int ppm) {
        return Mix.bound(draw(s, salt), 1_000_000) < ppm;
    }

    /** A node with a number: {@code unscaled} x 10^-{@code scale}, within known bounds. */
    interface Numeric extends Node {
        long unscaled(EventState s);

        int scale();

        long min();

        long max();

        @Override
        default int write(EventState s, byte[] b, int at) {
            return NumberNodes.number(b, at, unscaled(s), scale());
        }

        @Override
        default @Nullable Object value(EventState s) {
            return NumberNodes.asObject(unscaled(s), scale());
        }

        /** Room for the digits of any long, a sign, a point and quotes. */
        @Override
        default int maxBytes() {
            return 24;
        }
    }

    /** A whole number that is never negative. */
    interface Count extends Numeric {
        @Override
        default int scale() {
            return 0;
        }

        @Override
        default long min() {
            return 0;
        }
    }

    /** A node with one of a few known values. */
    interface Choice extends Node {
        int choice(EventState s);

        int choices();

        /** The value as text, as a case of {@code when} names it. */
        String choiceText(int choice);
    }

    /** A choice among the words of a dictionary that is not made by a draw. */
    interface Named extends Choice {
        TextNodes.Dictionary names();

        @Override
        default int write(EventState s, byte[] b, int at) {
            return names().write(choice(s), b, at);
        }

        @Override
        default Object value(EventState s) {
            return names().values().get(choice(s));
        }

        @Override
        default int choices() {
            return names().choices();
        }

        @Override
        default String choiceText(int choice) {
            return names().choiceText(choice);
        }

        @Override
        default int maxBytes() {
            return names().maxBytes();
        }
    }
}
