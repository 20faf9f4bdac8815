/** Judging what came out of a system under test: arrivals, expectations, verdicts. */
@NullMarked
package io.dataflux.verify;

import org.jspecify.annotations.NullMarked;
