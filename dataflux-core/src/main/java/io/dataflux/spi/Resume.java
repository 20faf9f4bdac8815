package io.dataflux.spi;

/**
 * What a sink promises for a run that is resumed after its process ended, and what it needs to keep that promise; see
 * {@link SinkConnector#resume}. By default every method answers for a sink that promises nothing. All but {@link #recover} answer
 * without opening anything and always the same; they may be called by any thread.
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
     * Reports what the target holds from earlier attempts of this run, where the target knows more than the run's checkpoint: what was
     * stored just before the process was killed. Called once per lane between {@link SinkConnector#prepare} and
     * {@link SinkConnector#open}, only when {@link LaneContext#attempt} is above 0, by the thread that starts the run. Events that are
     * reported are not sent again.
     *
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
}
