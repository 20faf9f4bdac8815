package io.dataflux.encode;

import io.dataflux.encode.Node.Choice;
import io.dataflux.encode.Node.Numeric;
import org.jspecify.annotations.Nullable;

/**
 * A node whose value is that of another node with different registers: the words of the key instead of the event's, or those of an earlier
 * event. It is numeric, or one of a few values, if the other node is.
 */
interface Redirected extends Numeric, Choice {

    Node node();

    /** Switches to the other registers and returns what {@link #leave} needs. */
    long enter(EventState s);

    /** Restores the registers. */
    void leave(EventState s, long entered);

    @Override
    default int write(EventState s, byte[] b, int at) {
        long entered = enter(s);
        int end = node().write(s, b, at);
        leave(s, entered);
        return end;
    }

    @Override
    default @Nullable Object value(EventState s) {
        long entered = enter(s);
        Object value = node().value(s);
        leave(s, entered);
        return value;
    }

    @Override
    default boolean present(EventState s) {
        long entered = enter(s);
        boolean present = node().present(s);
        leave(s, entered);
        return present;
    }

    @Override
    default long unscaled(EventState s) {
        long entered = enter(s);
        long unscaled = ((Numeric) node()).unscaled(s);
        leave(s, entered);
        return unscaled;
    }

    @Override
    default int choice(EventState s) {
        long entered = enter(s);
        int choice = ((Choice) node()).choice(s);
        leave(s, entered);
        return choice;
    }

    @Override
    default boolean always() {
        return node().always();
    }

    @Override
    default int maxBytes() {
        return node().maxBytes();
    }

    @Override
    default int scale() {
        return ((Numeric) node()).scale();
    }

    @Override
    default long min() {
        return ((Numeric) node()).min();
    }

    @Override
    default long max() {
        return ((Numeric) node()).max();
    }

    @Override
    default int choices() {
        return ((Choice) node()).choices();
    }

    @Override
    default String choiceText(int choice) {
        return ((Choice) node()).choiceText(choice);
    }
}
