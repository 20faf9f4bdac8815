/** What users implement: generators, sinks, routers and their providers, found by {@link java.util.ServiceLoader}. */
@NullMarked
package io.dataflux.spi;

import org.jspecify.annotations.NullMarked;
