/** Shows runs while they go on. */
@NullMarked
package io.dataflux.monitor;

import org.jspecify.annotations.NullMarked;
