/** The place of the JUnit extension and the AssertJ face, which are not written yet. */
@NullMarked
package io.dataflux.testkit;

import org.jspecify.annotations.NullMarked;
