package io.dataflux.results;

import io.dataflux.results.Results.Late;

/**
 * Which events count in which windows. The expectation has its rules, and so has each {@link Hypothesis} about a system that differs.
 *
 * @param copies whether an event that was sent twice counts twice
 * @param filtered whether the filter is applied
 * @param broken whether events that were sent broken count, as if they were whole
 * @param follows whether the system is supposed to follow the scheduled time closely, whatever is known about that
 */
record Rules(Windows windows, Late late, boolean copies, boolean filtered, boolean broken, boolean follows) {

    Rules with(Windows other) {
        return new Rules(other, late, copies, filtered, broken, follows);
    }

    Rules with(Late other) {
        return new Rules(windows, other, copies, filtered, broken, follows);
    }

    Rules followingTheSchedule() {
        return new Rules(windows, late, copies, filtered, broken, true);
    }

    Rules withCopies(boolean counted) {
        return new Rules(windows, late, counted, filtered, broken, follows);
    }

    Rules unfiltered() {
        return new Rules(windows, late, copies, false, broken, follows);
    }

    Rules withBroken() {
        return new Rules(windows, late, copies, filtered, true, follows);
    }
}
