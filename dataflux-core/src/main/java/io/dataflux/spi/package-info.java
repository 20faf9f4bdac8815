/**
 * What users may add: {@link io.dataflux.spi.EventGenerator}, {@link io.dataflux.spi.Sink} with
 * {@link io.dataflux.spi.ReadBack} and {@link io.dataflux.spi.Resume}, {@link io.dataflux.spi.RegionRouter}. Each is found by {@link java.util.ServiceLoader}
 * through its provider and named in a configuration by the provider's type.
 */
@NullMarked
package io.dataflux.spi;

import org.jspecify.annotations.NullMarked;
