/** The program that {@code ./dataflux} runs: a thin layer over the library, with one class per command. */
@NullMarked
package io.dataflux.cli;

import org.jspecify.annotations.NullMarked;
