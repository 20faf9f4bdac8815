/** Small programs to start from; the first lines of each say what it shows. */
@NullMarked
package io.dataflux.examples;

import org.jspecify.annotations.NullMarked;
