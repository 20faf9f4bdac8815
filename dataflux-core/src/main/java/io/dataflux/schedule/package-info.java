/**
 * The arithmetic of a stream: which entity an event belongs to, when it is due, and what its id is. Everything here is a function with a
 * closed inverse; nothing keeps a history.
 */
@NullMarked
package io.dataflux.schedule;

import org.jspecify.annotations.NullMarked;
