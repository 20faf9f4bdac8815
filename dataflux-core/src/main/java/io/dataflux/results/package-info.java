/**
 * The right results of a system that aggregates events in windows, computed from the definition of the stream, and the verdict on what a
 * system put out. In reading order:
 *
 * <ul>
 *   <li>What is to be computed: {@link io.dataflux.results.Results}, {@code Asked}, {@code Windows}, {@code Aggregate}.
 *   <li>How: {@code Computation}, {@code Expected}, by the {@code Rules} of the expectation, one {@code Cell} per key and window, whose values {@code Gathered}
 *       adds up; {@code Allowed} is what a value may be.
 *   <li>What a system put out: {@link io.dataflux.results.ResultVerification}, {@code Outputs}, {@code Normal}.
 *   <li>What is wrong: {@link io.dataflux.results.ResultVerdict}, {@code Judgement}, {@code Differences}, {@code Explanation},
 *       {@code Hypothesis}.
 * </ul>
 */
@NullMarked
package io.dataflux.results;

import org.jspecify.annotations.NullMarked;
