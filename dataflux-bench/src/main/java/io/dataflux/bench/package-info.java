/** One question per class, with its upper and lower reference. Limits are ratios, never absolute figures. */
package io.dataflux.bench;
