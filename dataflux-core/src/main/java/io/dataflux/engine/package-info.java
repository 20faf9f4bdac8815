/**
 * The engine: from a plan to a run, and from a run to its report. Internal. In reading order:
 *
 * <ul>
 *   <li>A plan: {@link RunPlan} and its text, {@link PlanWords}; {@link PlanBuilder} makes one in code.
 *   <li>A run: {@link ActiveRun}, its {@link Attempt}, {@link RunningSink}, {@link SinkFailures}, {@link Milestones}; {@link RunLock},
 *       {@link RunClock}, {@link Ticker}, {@link Tuning}; {@link Touches} and {@link Tempo} are how somebody changes its course,
 *       {@link StreamChanges}, {@link Definitions} and {@link Epochs} how its streams; {@link Drills} are what it does to the system around it.
 *   <li>The way of an event: {@link Lane}, {@link BatchFiller}, {@link StreamCursor}, {@link DeliveryWalk}, {@link BatchBuffer};
 *       {@link Lateness} and {@link CatchUp} tell how late it is, {@link OrderlyStop} what a stopped lane still sends.
 *   <li>What became of it: {@link OpenBatches}, {@link Receipt}; {@link Books}, {@link Book}, {@link StepBook}, {@link Histogram}.
 *   <li>What others see of it meanwhile: {@link Monitoring}, {@link LaneMeter}.
 *   <li>What a crash leaves: {@link Checkpoints}, {@link LaneSnapshot}, {@link Lease}; {@link Checkpoint}, {@link CheckpointFile}.
 *   <li>The next attempt: {@link Resumption}, {@link EarlierAttempts}, {@link TargetMemory}.
 *   <li>The end: {@link ReportMaker}, {@link StepRates}, {@link FaultTally}, {@link ReportFile}, {@link LedgerFile}; {@link Parts},
 *       {@link EpochLedger} and {@link RunJudge} serve the verification, {@link StoredRuns} finds and removes what runs have left.
 * </ul>
 *
 * <p>A class refers to those that it makes or is given, never to the one that made it. What it has to tell that one it tells through an
 * interface of its own: {@link Lane.Listener}, {@link LaneSnapshot.Writer}, {@link OrderlyStop.Stopped},
 * {@link Epochs.Follower}. One pair knows each other: a
 * {@link Receipt} goes back to its {@link OpenBatches}.
 */
@NullMarked
package io.dataflux.engine;

import org.jspecify.annotations.NullMarked;
