package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.ShardLedger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.ledger.Ledger.StreamLedger;
import io.dataflux.ledger.Ledger.Touch;
import io.dataflux.plan.RunConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;

/** Puts the ledgers of the parts of a run together, after checking that they belong to one run and that each part is given once. */
final class Parts {

    private record PartReport(Path file, Ledger ledger, int attempt) {}

    private final RunConfig config;
    private final List<PartReport> parts = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();

    Parts(RunConfig config, List<Path> reports) {
        this.config = config;
        reports.forEach(
                file -> parts.add(new PartReport(file, ReportFile.readLedger(file), ReportFile.attemptOf(file))));
        if (parts.isEmpty()) {
            throw new IllegalArgumentException("no report");
        }
    }

    Ledger merged() {
        PartReport first = parts.get(0);
        parts.forEach(part -> check(first, part));
        parts.forEach(this::checkLast);
        checkAllThere(first);
        if (problems.isEmpty()) {
            checkShards();
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException("the reports", problems);
        }
        parts.sort(Comparator.comparingInt(part -> part.ledger.part()));
        List<SinkLedger> sinks = new ArrayList<>();
        for (int i = 0; i < first.ledger.sinks().size(); i++) {
            int sink = i;
            sinks.add(merged(
                    parts.stream().map(part -> part.ledger.sinks().get(sink)).toList()));
        }
        List<Touch> touches = parts.stream()
                .flatMap(part -> part.ledger.touches().stream())
                .sorted(Comparator.comparing(Touch::at))
                .toList();
        List<Ledger.Drill> drills = parts.stream()
                .flatMap(part -> part.ledger.drills().stream())
                .sorted(Comparator.comparing(Ledger.Drill::at))
                .toList();
        return new Ledger(
                first.ledger.tag(), 1, 1, first.ledger.streams(), first.ledger.epochs(), sinks, drills, touches);
    }

    private void check(PartReport first, PartReport part) {
        Ledger a = first.ledger;
        Ledger b = part.ledger;
        if (a.tag() != b.tag()) {
            problem(part, "it belongs to run " + hex(b.tag()) + ", but " + first.file + " to run " + hex(a.tag()));
        } else if (a.parts() != b.parts()) {
            problem(part, "it belongs to a run in " + parts(b) + ", but " + first.file + " to one in " + parts(a));
        } else if (!a.streams().equals(b.streams())) {
            problem(part, difference(a, b, first.file));
        } else if (!a.sinks().stream()
                .map(Parts::named)
                .toList()
                .equals(b.sinks().stream().map(Parts::named).toList())) {
            problem(part, "its sinks differ from those of " + first.file);
        }
    }

    private static String difference(Ledger a, Ledger b, Path file) {
        for (int i = 0; i < Math.min(a.streams().size(), b.streams().size()); i++) {
            Ledger.Stream one = a.streams().get(i);
            Ledger.Stream other = b.streams().get(i);
            if (one.name().equals(other.name()) && one.fingerprint() != other.fingerprint()) {
                return "the definition, seed or start of its stream '" + one.name() + "' differs from that in " + file;
            }
            if (one.name().equals(other.name()) && !one.equals(other)) {
                return "its stream '" + one.name() + "' has the events [" + other.from() + ", " + other.limit()
                        + "), but in " + file + " [" + one.from() + ", " + one.limit()
                        + "): the parts need the same limits";
            }
        }
        return "its streams differ from those of " + file;
    }

    /** A copy of a report says nothing of attempts that began after it was written. */
    private void checkLast(PartReport part) {
        Path folder = config.output().resolve(hex(part.ledger.tag()));
        Path last = folder.resolve(LedgerFile.name(ReportFile.REPORT, part.ledger.part(), part.ledger.parts()));
        Path checkpoint = folder.resolve(LedgerFile.name(Checkpoint.FILE, part.ledger.part(), part.ledger.parts()));
        boolean ended = Files.exists(last);
        Path newer = ended ? last : checkpoint;
        if (part.attempt >= 0 && Files.exists(newer) && ReportFile.number(newer) > part.attempt) {
            problem(
                    part,
                    "it is of attempt " + part.attempt + " of run " + hex(part.ledger.tag())
                            + ", and another attempt has begun since (see " + newer + "), of which it says nothing; "
                            + (ended
                                    ? "give the report of the last attempt, " + last
                                    : "let that attempt end, or if it was killed, run it again with its tag"));
        }
    }

    private void checkAllThere(PartReport first) {
        TreeMap<Integer, Path> there = new TreeMap<>();
        for (PartReport part : parts) {
            Path earlier = there.putIfAbsent(part.ledger.part(), part.file);
            if (earlier != null) {
                problem(part, "it is part " + part.ledger.part() + ", and so is " + earlier);
            }
        }
        List<String> missing = new ArrayList<>();
        for (int part = 1; part <= first.ledger.parts(); part++) {
            if (!there.containsKey(part)) {
                missing.add(LedgerFile.name(ReportFile.REPORT, part, first.ledger.parts()));
            }
        }
        if (!missing.isEmpty()) {
            problem(
                    first,
                    "the run has " + parts(first.ledger) + "; give the report of each, including "
                            + String.join(", ", missing));
        }
    }

    /** A shard belongs to one part. */
    private void checkShards() {
        for (PartReport part : parts) {
            for (SinkLedger sink : part.ledger.sinks()) {
                for (StreamLedger stream : sink.streams()) {
                    for (int shard = 0; shard < stream.shards().size(); shard++) {
                        if (shard % part.ledger.parts() != part.ledger.part() - 1
                                && !stream.shards().get(shard).issued().isEmpty()) {
                            problem(
                                    part,
                                    "it belongs to part " + part.ledger.part() + ", but sink '" + sink.name()
                                            + "' got events of stream '" + stream.name() + "' shard " + shard
                                            + ", which belongs to another part");
                        }
                    }
                }
            }
        }
    }

    private SinkLedger merged(List<SinkLedger> sinks) {
        SinkLedger first = sinks.get(0);
        List<StreamLedger> streams = new ArrayList<>();
        for (int i = 0; i < first.streams().size(); i++) {
            int stream = i;
            streams.add(mergedStreams(
                    sinks.stream().map(sink -> sink.streams().get(stream)).toList()));
        }
        List<String> positions =
                sinks.stream().map(SinkLedger::position).distinct().toList();
        String position = positions.size() == 1
                ? positions.get(0)
                : config.sinks().stream()
                        .filter(sink -> sink.name().equals(first.name()))
                        .findFirst()
                        .flatMap(sink -> sink.connector().readBack())
                        .map(target -> target.earliest(positions))
                        .orElse("");
        return new SinkLedger(first.name(), first.type(), position, streams);
    }

    private static StreamLedger mergedStreams(List<StreamLedger> streams) {
        StreamLedger first = streams.get(0);
        List<ShardLedger> shards = new ArrayList<>();
        for (int shard = 0; shard < first.shards().size(); shard++) {
            shards.add(streams.get(shard % streams.size()).shards().get(shard));
        }
        return new StreamLedger(
                first.name(),
                streams.stream().mapToLong(StreamLedger::acknowledged).sum(),
                streams.stream().mapToLong(StreamLedger::failed).sum(),
                streams.stream().mapToLong(StreamLedger::unknown).sum(),
                streams.stream().mapToLong(StreamLedger::missing).sum(),
                shards);
    }

    private void problem(PartReport part, String what) {
        problems.add(new Problem(Objects.toString(part.file), what));
    }

    private static String named(SinkLedger sink) {
        return sink.name() + " " + sink.type();
    }

    private static String parts(Ledger ledger) {
        return ledger.parts() == 1 ? "1 part" : ledger.parts() + " parts";
    }

    private static String hex(int tag) {
        return HexFormat.of().toHexDigits(tag);
    }
}
