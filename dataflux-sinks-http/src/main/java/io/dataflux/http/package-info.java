/** The sink for HTTP endpoints, and its reader. */
@NullMarked
package io.dataflux.http;

import org.jspecify.annotations.NullMarked;
