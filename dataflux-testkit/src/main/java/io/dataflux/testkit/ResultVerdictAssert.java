package io.dataflux.testkit;

import io.dataflux.results.ResultVerdict;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a verdict about results; each failure shows the whole verdict. Used by one thread. */
public final class ResultVerdictAssert extends AbstractAssert<ResultVerdictAssert, ResultVerdict> {

    ResultVerdictAssert(ResultVerdict actual) {
        super(actual, ResultVerdictAssert.class);
    }

    /**
     * Every expected result is there and right, and there is no other. Where only bounds are known, it is within them; see {@link #isExact}.
     * Fails if no result was expected.
     */
    public ResultVerdictAssert agrees() {
        isNotNull();
        if (!actual.agrees()) {
            throw failure("%s", "the results do not agree\n" + actual);
        }
        return this;
    }

    /** Only one value of each result was right, so that nothing can be wrong and within bounds. */
    public ResultVerdictAssert isExact() {
        isNotNull();
        if (!actual.exact()) {
            throw failure("%s", "the expected results are not exact: " + actual.whyNotExact() + "\n" + actual);
        }
        return this;
    }
}
