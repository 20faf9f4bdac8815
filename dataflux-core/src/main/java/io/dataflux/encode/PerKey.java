package io.dataflux.encode;

import io.dataflux.encode.Node.Choice;
import io.dataflux.encode.Node.Numeric;
import io.dataflux.schedule.Mix;
import org.jspecify.annotations.Nullable;

/**
 * A value that is the same in all events of one key: its draws are keyed by the entity instead of the sequence. The node stands
 * alone, so that no value of the event is drawn by mistake where the entity's word is in place.
 */
record PerKey(long seed, Node node) implements Numeric, Choice {

    /** Puts the entity's word in place and returns the event's. */
    private long enter(EventState s) {
        long word = s.word;
        s.word = Mix.mix(seed + Mix.GAMMA * s.slot.entity);
        return word;
    }

    @Override
    public int write(EventState s, byte[] b, int at) {
        long word = enter(s);
        int end = node.write(s, b, at);
        s.word = word;
        return end;
    }

    @Override
    public @Nullable Object value(EventState s) {
        long word = enter(s);
        Object value = node.value(s);
        s.word = word;
        return value;
    }

    @Override
    public boolean present(EventState s) {
        long word = enter(s);
        boolean present = node.present(s);
        s.word = word;
        return present;
    }

    @Override
    public long unscaled(EventState s) {
        long word = enter(s);
        long unscaled = ((Numeric) node).unscaled(s);
        s.word = word;
        return unscaled;
    }

    @Override
    public int choice(EventState s) {
        long word = enter(s);
        int choice = ((Choice) node).choice(s);
        s.word = word;
        return choice;
    }

    @Override
    public boolean always() {
        return node.always();
    }

    @Override
    public int maxBytes() {
        return node.maxBytes();
    }

    @Override
    public int scale() {
        return ((Numeric) node).scale();
    }

    @Override
    public long min() {
        return ((Numeric) node).min();
    }

    @Override
    public long max() {
        return ((Numeric) node).max();
    }

    @Override
    public int choices() {
        return ((Choice) node).choices();
    }

    @Override
    public String choiceText(int choice) {
        return ((Choice) node).choiceText(choice);
    }
}
