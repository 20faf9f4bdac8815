package io.dataflux.spi;

import java.util.Collections;
import java.util.Map;

/**
 * What a sink promises for a run that is resumed after its process ended, and what it needs to keep that promise; see
 * {@link SinkConnector#resume}. By default every method answers for a sink that promises nothing. All but {@link #facts} and
 * {@link #recover} answer without opening anything and always the same; they may be called by any thread.
 */
public interface Resume {

    /** Only the run's checkpoint counts: what is not acknowledged there is sent again, and may then be in the target twice. */
    Resume BY_CHECKPOINT = new Resume() {};

    /**
     * The unit of delivery; a resumed run sends units that are not acknowledged as a whole from their beginning. By default there are no
     * units.
     */
    default DeliveryUnit unit() {
        return DeliveryUnit.NONE;
    }

    /**
     * Where in the target events go and in what form, as text for users, such as {@code topic orders}: besides the lanes and the
     * {@link #unit}, this must stay the same when a run is resumed. Leave out addresses, because servers move, and secrets. A run that was
     * started with a different text is not resumed. Empty, the default, if it does not matter.
     */
    default String destination() {
        return "";
    }

    /**
     * What the target is, as facts that must stay true while the run lasts: a name for people, such as {@code partitions of topic 'orders'},
     * and a value. A run is not resumed if a fact has another value than when the run began; facts that only one of the attempts knows
     * are not compared. So leave out what cannot be found out, and what may change, such as addresses; a target that is gone is a fact.
     * Neither may hold a secret. They are kept in the run's checkpoint. Called by the thread that starts the run, in the first attempt
     * after {@link SinkConnector#prepare}, in later ones before it, so that nothing is created in the place of what is gone. By default
     * there are none.
     *
     * @throws Exception with a message for the user; the run then does not start
     */
    default Map<String, String> facts(LaneContext run) throws Exception {
        return Collections.emptyMap();
    }

    /**
     * Reports what the target holds from earlier attempts of this run, where the target knows more than the run's checkpoint: what was
     * stored just before the process was killed. Called once per lane between {@link SinkConnector#prepare} and
     * {@link SinkConnector#open}, only when {@link LaneContext#attempt} is above 0, by the thread that starts the run. Events that are
     * reported are not sent again.
     *
     * @throws io.dataflux.ConfigurationException if the run must not be resumed, because the target has lost what it had acknowledged
     * @throws Exception with a message for the user; the run then does not start
     */
    default void recover(LaneContext lane, Delivered delivered) throws Exception {}

    /**
     * Whether every event is in the target exactly once even if a process was killed and the run was resumed. If so, any event that is
     * there more than once counts as a finding; if not, the default, only events that were not sent again on resumption do.
     */
    default boolean exactlyOnce() {
        return false;
    }

    /**
     * What {@link #exactlyOnce} takes for granted, as a clause such as {@code if the target drops requests whose key it has seen}, to be said
     * when a run is resumed; empty, the default, if nothing.
     */
    default String provided() {
        return "";
    }
}
