/** JSON as bytes: written into arrays, and found again in them. Knows nothing of streams. */
@NullMarked
package io.dataflux.json;

import org.jspecify.annotations.NullMarked;
