package io.dataflux.spi;

/**
 * What a sink promises about a run that is resumed after its process ended, and what it needs for that. Told by
 * {@link SinkConnector#resume}; every method has the answer of a sink that promises nothing. Everything but {@link #recover} is
 * known without opening anything, always the same, and asked for by the thread that plans or starts the run.
 */
public interface Resume {

    /** Only what the run's checkpoint has acknowledged is known; the rest is sent again and may then be there twice. */
    Resume BY_CHECKPOINT = new Resume() {};

    /**
     * What has to be delivered as a whole: the lanes cut their events by it, and a resumed run sends units that are not acknowledged whole
     * from their beginning. By default there are no units.
     */
    default DeliveryUnit unit() {
        return DeliveryUnit.NONE;
    }

    /**
     * Where in the target events go and in what form, as text for users: what has to stay the same when a run is resumed, besides the
     * lanes and the {@link #unit}, such as {@code topic orders}. Addresses may change, for servers move; secrets have no place in it.
     * A run that was begun with another text is refused. Empty, the default, if it does not matter.
     */
    default String destination() {
        return "";
    }

    /**
     * Says what the target holds of earlier attempts of this run, where the target knows better than the run's checkpoint: what
     * was stored just before the process was killed. Called once per lane between {@link SinkConnector#prepare} and
     * {@link SinkConnector#open}, only when {@link LaneContext#attempt} is above 0, by the thread that starts the run. What is said
     * is not sent again.
     *
     * @throws Exception with a message for the user; the run then does not start
     */
    default void recover(LaneContext lane, Delivered delivered) throws Exception {}

    /**
     * Whether every event is in the target once, also after a process was killed and the run was resumed. Then an event that is there
     * more than once counts as a finding; otherwise it does so only outside of what was sent again. By default it is not.
     */
    default boolean exactlyOnce() {
        return false;
    }
}
