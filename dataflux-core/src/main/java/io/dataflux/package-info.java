/** Entry points and results: streams, events, plans, runs. */
@NullMarked
package io.dataflux;

import org.jspecify.annotations.NullMarked;
