/** Small programs to start from; each says in its first lines what you learn. */
@NullMarked
package io.dataflux.examples;

import org.jspecify.annotations.NullMarked;
