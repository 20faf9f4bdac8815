package io.dataflux.testkit;

import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a verdict; each failure shows the whole verdict. Used by one thread. */
public final class VerdictAssert extends AbstractAssert<VerdictAssert, Verdict> {

    VerdictAssert(Verdict actual) {
        super(actual, VerdictAssert.class);
    }

    /**
     * Everything expected arrived once, as it should be, and nothing else arrived. Order is not checked, see {@link
     * #inOrderPerKey}. Fails if nothing was expected.
     *
     * <p>Where faults are planned: an event that was sent late, out of order or twice has its outputs once, a dropped one has none, and a
     * broken one appears only among the dead letters, if these are judged.
     */
    public VerdictAssert deliveredExactlyOnce() {
        return cleanBut("delivered exactly once", Finding.REORDERED);
    }

    /**
     * Everything expected arrived at least once, each time as it should be, and nothing else arrived. Fails if nothing was expected.
     * Where faults are planned: an event that was sent twice may have its outputs twice.
     */
    public VerdictAssert deliveredAtLeastOnce() {
        return cleanBut("delivered at least once", Finding.REORDERED, Finding.DUPLICATE);
    }

    /**
     * Per key, events arrived in the order in which they were sent, judged by the first time that each was seen. Fails if order was
     * not judged for all keys, and says why.
     */
    public VerdictAssert inOrderPerKey() {
        isNotNull();
        if (actual.count(Finding.REORDERED) > 0) {
            throw failure("%s", "not in order per key\n" + text());
        }
        actual.orderNotJudged().ifPresent(why -> {
            throw failure("%s", "order per key was not judged: " + why + "\n" + text());
        });
        return this;
    }

    /** Nothing arrived at all, whatever was expected. */
    public VerdictAssert nothingArrived() {
        isNotNull();
        if (actual.records() > 0) {
            throw failure(
                    "%s",
                    actual.records() + (actual.records() == 1 ? " record" : " records")
                            + " arrived, but none should have\n" + text());
        }
        if (!actual.readToEnd()) {
            throw failure("%s", "nothing was seen, but the arrivals were not read to their end\n" + text());
        }
        return this;
    }

    private VerdictAssert cleanBut(String what, Finding... tolerated) {
        isNotNull();
        if (!actual.cleanBut(tolerated)) {
            throw failure("%s", "not " + what + "\n" + text());
        }
        return this;
    }

    private String text() {
        return actual
                + actual.report()
                        .map(file -> "\n  files     : " + file.getParent())
                        .orElse("");
    }
}
