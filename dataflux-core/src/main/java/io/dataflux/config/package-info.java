/** Strict configuration: from YAML or JSON to a run's definition, with every problem named. Internal. */
@NullMarked
package io.dataflux.config;

import org.jspecify.annotations.NullMarked;
