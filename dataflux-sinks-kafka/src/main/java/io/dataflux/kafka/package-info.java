/** The sink for Kafka topics, and its reader. */
@NullMarked
package io.dataflux.kafka;

import org.jspecify.annotations.NullMarked;
