package io.dataflux.encode;

import io.dataflux.schedule.Schedule;

/** The registers of one event while it is computed: all of them are set anew for each event. One per thread. */
public final class EventState {

    public final Schedule.Slot slot = new Schedule.Slot();
    public long sequence;
    /** The event's random word; draws are mixed from it and the salt of a field's path. */
    long word;
    /** Event time: seconds since 1970 and nanoseconds within. */
    public long epochSecond;

    public int nano;
    /** The index of the list element being computed; 0 outside lists. */
    long element;
}
