package io.dataflux.examples;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.EventStream;

/** Shows that any event can be computed at once, and that an id leads back to its event. Run it; it prints five lines. */
public final class FirstStream {

    private FirstStream() {}

    public static void main(String[] args) {
        EventStream clicks = DataFlux.stream("clickstream", 42);
        clicks.events(0, 2).forEach(System.out::println);

        Event far = clicks.event(123_456_789_012L); // costs no more than the first one
        System.out.println(far);
        System.out.println(far.key() + " has " + far.occurrence() + " earlier events; this one is at " + far.time());
        System.out.println(clicks.sequenceOf(far.identity().toArray()).getAsLong());
    }
}
