/** One question per class, with its ceiling and its floor; ratios, never absolute gates. */
package io.dataflux.bench;
