/** What tests need of a streaming system: an embedded broker, the contract of sinks. */
@NullMarked
package io.dataflux.testkit;

import org.jspecify.annotations.NullMarked;
