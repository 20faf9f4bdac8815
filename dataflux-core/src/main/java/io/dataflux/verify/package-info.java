/**
 * Judging the output of a system: arrivals, the ledger of a run, verification and its verdict. In reading order:
 *
 * <ul>
 *   <li>What is judged: {@link io.dataflux.verify.Arrivals} ({@code GrowingLog}, {@code KeyedLog}, {@code Snapshot},
 *       {@code StoredLog}), against {@code JudgedRun}, and {@code ExpectedDeliveries} of what was planned and sent.
 *   <li>A sink's target: {@link io.dataflux.verify.SinkVerification}, {@code RecordReading}, {@code RecordBatch}, {@code
 *       ExactEvents}, {@code Tracer}, {@link io.dataflux.verify.Difference}, {@code Excerpt}.
 *   <li>A system's output: {@link io.dataflux.verify.Verification}, {@code Expectation}, {@code OutputJudge}, {@code OutputTrace},
 *       {@code ChangedIdentity}, {@code OutputKeys}, {@code DeletionTrace}, {@code OutputsSeen}, {@code Comparison},
 *       {@code NamedValues}, {@code DeadLetters}, {@code Waiting}.
 *   <li>What was seen: {@code Observed}, {@code StreamState}, {@code ArrivedSet}; {@code Sources} and {@code RecentArrivals} for the order.
 *   <li>What is wrong: {@link io.dataflux.verify.Finding}, {@code FindingTally}, {@code Noticed}, {@code Sequences}, {@code CommonTrait}, {@code Drilled}.
 *   <li>The outcome: {@link io.dataflux.verify.Verdict}, {@code Summary}, {@code Wording}, {@code FaultWords}, {@code VerdictFiles}.
 *   <li>Two runs: {@link io.dataflux.verify.RunComparison}, {@code ComparedRuns}, {@code SeenRun}, {@code Untagged}.
 *   <li>To show that a mistake is noticed: {@link io.dataflux.verify.FaultyReader}.
 * </ul>
 */
@NullMarked
package io.dataflux.verify;

import org.jspecify.annotations.NullMarked;
