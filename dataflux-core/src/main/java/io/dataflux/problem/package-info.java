/** Collects what is wrong with a definition or configuration, each problem with its path and the likely fix. */
@NullMarked
package io.dataflux.problem;

import org.jspecify.annotations.NullMarked;
