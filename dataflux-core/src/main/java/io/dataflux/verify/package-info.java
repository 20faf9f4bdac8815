/** Judging the output of a system: arrivals, the ledger of a run, verification and its verdict. */
@NullMarked
package io.dataflux.verify;

import org.jspecify.annotations.NullMarked;
