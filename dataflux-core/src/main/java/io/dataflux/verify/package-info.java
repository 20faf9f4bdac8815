/** Judging what a system put out: arrivals, the ledger of a run, verification and its verdict. */
@NullMarked
package io.dataflux.verify;

import org.jspecify.annotations.NullMarked;
