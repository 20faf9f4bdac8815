/** The program behind {@code ./dataflux}: a thin face over the library, one class per command. */
@NullMarked
package io.dataflux.examples.standalone;

import org.jspecify.annotations.NullMarked;
