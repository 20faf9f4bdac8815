/**
 * The arithmetic behind a stream: which entity an event belongs to, when it is due, and what names it. Everything here
 * is a function with a closed inverse; nothing keeps a history.
 */
@NullMarked
package io.dataflux.schedule;

import org.jspecify.annotations.NullMarked;
