/** For tests: streams and assertions, an embedded broker, object store and HTTP receiver, faults, and the contract of sinks. */
@NullMarked
package io.dataflux.testkit;

import org.jspecify.annotations.NullMarked;
