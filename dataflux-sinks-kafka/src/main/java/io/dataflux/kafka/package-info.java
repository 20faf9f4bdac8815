/** Streams into and out of Kafka. */
@NullMarked
package io.dataflux.kafka;

import org.jspecify.annotations.NullMarked;
