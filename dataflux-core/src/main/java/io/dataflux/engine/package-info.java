/** The engine: plan, lanes, pacing, ledger, report. Internal. */
@NullMarked
package io.dataflux.engine;

import org.jspecify.annotations.NullMarked;
