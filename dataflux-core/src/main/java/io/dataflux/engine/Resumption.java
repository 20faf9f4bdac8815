package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.engine.Checkpoint.SinkMark;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ranges;
import io.dataflux.plan.Extent;
import io.dataflux.plan.Regions;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.plan.RunDraft;
import io.dataflux.plan.RunLimits;
import io.dataflux.spi.DeliveryUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Whether a plan resumes a run that began earlier, and what it reports when it does. */
final class Resumption {

    private static final int SHOWN = 6;

    /** A run that has begun. */
    record Begun(Checkpoint checkpoint, Definitions definitions) {}

    private final RunConfig config;
    private final Extent extent;
    private final List<Problem> problems = new ArrayList<>();

    private Resumption(RunConfig config, Extent extent) {
        this.config = config;
        this.extent = extent;
    }

    /** The same run with the start that it began with, if it starts now by its configuration and has begun before. */
    static RunDraft asBegun(RunDraft draft) {
        if (!draft.streams().startsNow() || !draft.streams().problems().none()) {
            return draft;
        }
        return checkpoint(draft.run())
                .map(begun -> draft.startingAt(begun.start()))
                .orElse(draft);
    }

    /**
     * What there is of the run with the plan's tag; empty if the plan has none, or the run has not begun. It is read while the run is
     * locked: what was read before that, to plan it, may have been followed by another attempt.
     *
     * @throws ConfigurationException if the run differs from the plan
     */
    static Optional<Begun> find(RunConfig config, Extent extent) {
        Optional<Checkpoint> checkpoint = checkpoint(config);
        if (checkpoint.isEmpty()) {
            checkFirst(config);
            return Optional.empty();
        }
        Ledger ledger = checkpoint.get().ledger();
        Path folder = config.output().resolve(hex(ledger.tag()));
        Definitions definitions =
                ledger.epochs().isEmpty() ? Definitions.first(config, extent) : Definitions.of(config, ledger, folder);
        Extent whole = RunLimits.extent(definitions.config().streams(), extent.from(), config.limits());
        new Resumption(definitions.config(), whole).check(checkpoint.get());
        return Optional.of(new Begun(checkpoint.get(), definitions));
    }

    /** A run without a checkpoint is a first attempt only if nothing else shows that a run with its tag has begun. */
    private static void checkFirst(RunConfig config) {
        Integer tag = config.tag();
        if (tag == null) {
            return;
        }
        Path file = file(config.output(), tag, config.part());
        Path folder = config.output().resolve(hex(tag));
        List<String> traces = ReportFile.traces(folder, config.part());
        String lock = RunLock.of(file.getFileName().toString());
        List<String> checkpoints = traces.stream()
                .filter(name -> name.startsWith("checkpoint") && !name.equals(lock))
                .toList();
        if (!checkpoints.isEmpty()) {
            throw new ConfigurationException(
                    config.source(),
                    List.of(new Problem(
                            "--part",
                            config.part() + ", but the run with the tag " + hex(tag)
                                    + " has begun in other parts (see " + String.join(", ", checkpoints) + " in "
                                    + folder
                                    + "), which own other shards; give the --part that it began with, or use another"
                                    + " tag for a new run")));
        }
        if (!traces.isEmpty()) {
            throw new ConfigurationException(
                    config.source(),
                    List.of(new Problem(
                            "--tag",
                            "a run with the tag " + hex(tag) + " has begun (see " + String.join(", ", traces) + " in "
                                    + folder + "), but its " + file.getFileName()
                                    + " is gone, and only that records what was delivered: everything would be sent"
                                    + " twice; restore the file, or use another tag for a new run")));
        }
    }

    private static Optional<Checkpoint> checkpoint(RunConfig run) {
        Integer tag = run.tag();
        return tag == null ? Optional.empty() : CheckpointFile.find(file(run.output(), tag, run.part()));
    }

    static Path file(Path output, int tag, RunConfig.Part part) {
        return output.resolve(hex(tag)).resolve(Checkpoint.file(part));
    }

    private void check(Checkpoint checkpoint) {
        Ledger ledger = checkpoint.ledger();
        int tag = Objects.requireNonNull(config.tag());
        if (ledger.tag() != tag) {
            problem("--tag", hex(tag) + ", but the file belongs to run " + hex(ledger.tag()));
        }
        if (ledger.part() != config.part().number()
                || ledger.parts() != config.part().of()) {
            problem("--part", config.part() + ", but the file belongs to part " + ledger.part() + "/" + ledger.parts());
        }
        List<Ledger.Stream> ours = extent.ledgerStreams();
        List<String> names = ours.stream().map(Ledger.Stream::name).toList();
        List<String> theirs = ledger.streams().stream().map(Ledger.Stream::name).toList();
        if (!names.equals(theirs)) {
            problem("streams", names + ", but the run has " + theirs);
        } else {
            for (int i = 0; i < ours.size(); i++) {
                check(ours.get(i), ledger.streams().get(i));
            }
        }
        List<String> sinks = config.sinks().stream().map(Resumption::typed).toList();
        List<String> theirSinks = ledger.sinks().stream().map(Resumption::typed).toList();
        if (!sinks.equals(theirSinks)) {
            problem("sinks", sinks + ", but the run has " + theirSinks);
        } else {
            for (int i = 0; i < sinks.size(); i++) {
                check(config.sinks().get(i), checkpoint.sinks().get(i));
            }
        }
        if (!problems.isEmpty()) {
            problem(
                    "",
                    "a run with this tag has begun (see " + file(config.output(), tag, config.part())
                            + ") and can only be resumed unchanged; undo the change, or use another tag for a new run");
            throw new ConfigurationException(config.source(), problems);
        }
    }

    private void check(Ledger.Stream ours, Ledger.Stream theirs) {
        String path = "streams." + ours.name();
        if (ours.fingerprint() != theirs.fingerprint()) {
            problem(path, "its definition, seed, start or rate differs from that of the run");
        } else if (ours.from() != theirs.from() || ours.limit() != theirs.limit()) {
            problem(
                    "limits",
                    "stream '" + ours.name() + "' has the events [" + ours.from() + ", " + ours.limit()
                            + "), but in the run [" + theirs.from() + ", " + theirs.limit() + ")");
        }
    }

    private void check(SinkConfig ours, SinkMark theirs) {
        String path = "sinks." + ours.name();
        if (ours.lanes() != theirs.lanes().size()) {
            problem(
                    path + ".lanes",
                    ours.lanes() + ", but the run has " + theirs.lanes().size());
        }
        String destination = ours.connector().resume().destination();
        if (!destination.equals(theirs.destination()) && !theirs.destination().isEmpty()) {
            problem(path, "it goes to " + destination + ", but in the run it went to " + theirs.destination());
        }
        if (!Long.toHexString(new Regions(config).digest(ours.name(), extent)).equals(theirs.routing())
                && !theirs.routing().isEmpty()) {
            problem(path, "it gets other events than in the run: regions, routing or region_sinks have changed");
        }
        if (!ours.connector().resume().unit().equals(theirs.unit())) {
            problem(
                    path,
                    "its deliveries end " + words(ours.connector().resume().unit()) + ", but those of the run "
                            + words(theirs.unit()));
        }
    }

    private static String hex(int tag) {
        return HexFormat.of().toHexDigits(tag);
    }

    private static String words(DeliveryUnit unit) {
        String time = unit.window().isZero() ? "" : PlanWords.span(unit.window().toNanos() / 1e9);
        String events = unit.sequences() == Long.MAX_VALUE ? "" : PlanWords.count(unit.sequences()) + " events";
        String both = events + (events.isEmpty() || time.isEmpty() ? "" : " and ") + time;
        return both.isEmpty() ? "anywhere" : "every " + both;
    }

    private static String typed(SinkConfig sink) {
        return sink.name() + " (" + sink.type() + ")";
    }

    private static String typed(SinkLedger sink) {
        return sink.name() + " (" + sink.type() + ")";
    }

    private void problem(String path, String what) {
        problems.add(new Problem(path, what));
    }

    /** What a resumed run is about to do: a headline, and a line per sink and stream. */
    static List<String> words(Attempt attempt, List<RunningSink> sinks) {
        List<String> words = new ArrayList<>();
        words.add("resuming run " + attempt.tagText() + ", attempt " + attempt.number());
        for (RunningSink sink : sinks) {
            for (int stream = 0; stream < attempt.streams().size(); stream++) {
                words.add(words(attempt, sink, stream));
            }
        }
        return List.copyOf(words);
    }

    private static String words(Attempt attempt, RunningSink sink, int stream) {
        EarlierAttempts past = sink.past();
        long maybe = past.unknownEvents(stream);
        StringBuilder text = new StringBuilder(
                "sink '" + sink.name() + "': " + attempt.streams().get(stream).name() + " "
                        + PlanWords.count(past.events(stream)) + " acknowledged; ");
        if (maybe == 0) {
            return text.append("sending the rest, none of which has arrived yet")
                    .toString();
        }
        text.append("sending the rest, of which ").append(PlanWords.count(maybe));
        String provided = sink.onceProvided();
        text.append(
                sink.exactlyOnceOnResume()
                        ? " may have been sent when it ended and are stored once"
                                + (provided.isEmpty() ? "" : " " + provided) + ": "
                        : " may already be there and arrive twice: ");
        List<Ranges> shards = past.unknown(stream);
        int shown = 0;
        int more = 0;
        for (int shard = 0; shard < shards.size(); shard++) {
            Ranges ranges = shards.get(shard);
            for (int i = 0; i < ranges.size(); i++) {
                if (shown < SHOWN) {
                    text.append(shown == 0 ? "" : ", ").append("shard ").append(shard);
                    text.append(" within ").append(past.within(stream, shard, ranges.from(i), ranges.to(i)));
                    shown++;
                } else {
                    more++;
                }
            }
        }
        return more == 0
                ? text.toString()
                : text + " and " + more + (more == 1 ? " more range" : " more ranges") + ", all in the report";
    }
}
