/** The built-in streams, each a definition in code. Internal. */
@NullMarked
package io.dataflux.catalog;

import org.jspecify.annotations.NullMarked;
