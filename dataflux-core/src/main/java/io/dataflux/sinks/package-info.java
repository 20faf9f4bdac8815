/** The sinks that need nothing but the JDK: console, null, mock, file. Internal. */
@NullMarked
package io.dataflux.sinks;

import org.jspecify.annotations.NullMarked;
