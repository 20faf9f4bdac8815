/** Streams compiled: from a definition to values and bytes. Internal. */
@NullMarked
package io.dataflux.encode;

import org.jspecify.annotations.NullMarked;
