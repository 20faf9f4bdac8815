/**
 * The interfaces that users can implement: {@link io.dataflux.spi.EventGenerator}, {@link io.dataflux.spi.Sink} with
 * {@link io.dataflux.spi.ReadBack} and {@link io.dataflux.spi.Resume}, {@link io.dataflux.spi.RegionRouter}. Each is found through its
 * provider by {@link java.util.ServiceLoader}, and configurations name it by the provider's type.
 */
@NullMarked
package io.dataflux.spi;

import org.jspecify.annotations.NullMarked;
