/**
 * Shows runs while they go on. In reading order:
 *
 * <ul>
 *   <li>What runs and configurations use: {@link io.dataflux.monitor.LivePage}, and {@link io.dataflux.monitor.RunMetrics} for registries of an
 *       application.
 *   <li>What is shown of a run: {@code RunHistory}, second by second, in the words of {@code PageJson}; sample events by {@code SampleJson}.
 *   <li>The server: {@code PageServer} with {@code Access} (who may see what), {@code Workers} (its threads) and {@code Updates} (the pages that
 *       are open). The page itself is {@code page.html}, {@code page.css} and {@code page.js} beside the classes.
 * </ul>
 */
@NullMarked
package io.dataflux.monitor;

import org.jspecify.annotations.NullMarked;
