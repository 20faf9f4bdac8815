package io.dataflux.testkit;

import io.dataflux.RunReport;
import io.dataflux.results.ResultVerdict;
import io.dataflux.verify.Verdict;

/**
 * AssertJ assertions for DataFlux reports and verdicts.
 *
 * <pre>{@code
 * import static io.dataflux.testkit.DataFluxAssertions.assertThat;
 *
 * assertThat(report).delivered();
 * assertThat(orders.verify(rows).tracedBy(Row::orderId).await()).deliveredExactlyOnce();
 * }</pre>
 */
public final class DataFluxAssertions {

    private DataFluxAssertions() {}

    public static VerdictAssert assertThat(Verdict verdict) {
        return new VerdictAssert(verdict);
    }

    public static ResultVerdictAssert assertThat(ResultVerdict verdict) {
        return new ResultVerdictAssert(verdict);
    }

    public static ReportAssert assertThat(RunReport report) {
        return new ReportAssert(report);
    }
}
