/** What streams are made of: definitions, fields, kinds. Immutable data without behaviour. */
@NullMarked
package io.dataflux.model;

import org.jspecify.annotations.NullMarked;
