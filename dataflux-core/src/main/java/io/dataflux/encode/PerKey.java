package io.dataflux.encode;

import io.dataflux.schedule.Mix;

/**
 * A value that is the same in all events of one key: its draws are keyed by the entity instead of the sequence. The node refers to no other
 * field, so that no value of the event is drawn with the entity's word by mistake.
 */
record PerKey(long seed, Node node) implements Redirected {

    @Override
    public long enter(EventState s) {
        long word = s.word;
        s.word = Mix.mix(seed + Mix.GAMMA * s.slot.entity);
        return word;
    }

    @Override
    public void leave(EventState s, long word) {
        s.word = word;
    }
}
