/** The place of the HTTP sink, which is not written yet. */
@NullMarked
package io.dataflux.http;

import org.jspecify.annotations.NullMarked;
