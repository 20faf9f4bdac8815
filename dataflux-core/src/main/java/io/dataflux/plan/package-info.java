/** What a run is to do, before anything is opened: limits, regions, and which lane sends what, when. */
@NullMarked
package io.dataflux.plan;

import org.jspecify.annotations.NullMarked;
