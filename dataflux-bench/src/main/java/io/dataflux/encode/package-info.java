/** Benchmarks that need to look inside the encoder. */
@NullMarked
package io.dataflux.encode;

import org.jspecify.annotations.NullMarked;
