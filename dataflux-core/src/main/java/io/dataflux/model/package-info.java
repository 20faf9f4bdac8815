/** Stream definitions: fields, their kinds, keys, rates, sessions, tables and faults. Immutable data without behaviour. */
@NullMarked
package io.dataflux.model;

import org.jspecify.annotations.NullMarked;
