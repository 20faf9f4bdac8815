/** Stream definitions: what a stream is made of, before anything is computed. */
@NullMarked
package io.dataflux.model;

import org.jspecify.annotations.NullMarked;
