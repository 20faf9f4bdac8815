package io.dataflux.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.StoredRun;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Ledger.SinkLedger;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.FaultyReader;
import io.dataflux.verify.FaultyReader.Sabotage;
import io.dataflux.verify.RunComparison;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares two runs by what their files say, and what their sinks hold event by event; or the streams of two configurations. */
@CommandLine.Command(
        header = "compares two runs, and with --read every event of them; or two configurations",
        footer = {
            "A and B are two runs or two configurations. A run is named by its tag, or by its folder; a file is a configuration,"
                    + " of which the streams are compared as by validate --diff.",
            "Of two runs prints what they were and did side by side, with difference and ratio. With --read also reads back what"
                    + " their sinks hold and compares it by stream and event number, however well it was sent: what only one of them"
                    + " holds, or holds more often, with other values, or in another order for a key. The runs must have the same"
                    + " streams and seeds; the tag, which makes the ids differ, is left out of the comparison.",
            "The exit code is 0 if nothing differs in the events that were compared, or if none were; otherwise 1. Figures that"
                    + " differ do not change it."
        })
final class DiffCommand extends JsonCommand {

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(index = "0", paramLabel = "A", description = "a run or a configuration")
    private String a = "";

    @Parameters(index = "1", paramLabel = "B", description = "what it is compared with")
    private String b = "";

    @Option(
            names = "--read",
            paramLabel = "FILE",
            description =
                    "reads back what the sinks hold of both runs, with this configuration; if B had another one, give"
                            + " that of A and then that of B")
    private List<Path> read = new ArrayList<>();

    @Option(
            names = "--sink",
            paramLabel = "NAME",
            description = "with --read: only this sink (default: all that can be read back)")
    private @Nullable String sink;

    @Option(
            names = "--examples",
            paramLabel = "N",
            converter = WholeNumber.FromZero.class,
            description = "with --read: how many events are shown of each difference (default 3)")
    private long examples = 3;

    @Option(names = "--seed", paramLabel = "S", description = "the seed (default: the configuration's)")
    private @Nullable String seed;

    @Option(
            names = SetOption.NAME,
            paramLabel = "PATH=VALUE",
            converter = SetOption.class,
            description = SetOption.MEANING)
    private List<Map.Entry<String, String>> settings = new ArrayList<>();

    @Option(
            names = Judging.BREAK,
            paramLabel = "FAULT",
            converter = Judging.Fault.class,
            description = "with --read: " + Judging.BREAK_WORDS + "; of B")
    private @Nullable Sabotage sabotage;

    private final List<FaultyReader> made = new ArrayList<>();

    @Override
    int run(ObjectNode document, Stdout out) {
        Path fileA = Path.of(a);
        Path fileB = Path.of(b);
        if (read.isEmpty() && (sink != null || sabotage != null)) {
            throw mistake((sink != null ? "--sink" : Judging.BREAK) + " is for --read, which is missing");
        }
        if (isConfiguration(fileA) && isConfiguration(fileB)) {
            if (!read.isEmpty()) {
                throw mistake("--read is for two runs, but " + a + " and " + b + " are files");
            }
            return ConfigurationDiff.of(fileA, fileB, flags()).print(document, json(), out);
        } else if (isConfiguration(fileA) || isConfiguration(fileB)) {
            throw mistake("give two runs or two configurations; " + (isConfiguration(fileA) ? a : b)
                    + " is a file, the other one is not");
        }
        if (read.size() > 2) {
            throw mistake("--read is given " + read.size() + " times; give it once, or once for A and once for B");
        }
        StoredRun runA = find(a);
        StoredRun runB = find(b);
        RunFigures figures = new RunFigures(RunFiles.of(runA), RunFiles.of(runB));
        document.put("a", runA.tag()).put("b", runB.tag()).set("figures", figures.json());
        if (!json()) {
            out.text(figures.text());
            out.flush(); // before what is said of the events
        }
        return read.isEmpty() ? GOOD : events(runA, runB, figures.otherStreams(), document.putArray("events"));
    }

    private static boolean isConfiguration(Path path) {
        return Files.isRegularFile(path) && !RunFiles.isReport(String.valueOf(path.getFileName()));
    }

    /** A run that has ended. */
    private StoredRun find(String word) {
        Path path = Path.of(word);
        if (Files.isRegularFile(path)) { // its report
            path = path.toAbsolutePath().getParent();
        }
        StoredRun run = path != null && Files.isDirectory(path)
                ? inFolder(path.toAbsolutePath().normalize())
                : tagged(word);
        if (run.state() == StoredRun.State.RUNNING) {
            throw refused(run, " is running; compare it when it has ended");
        } else if (run.state() == StoredRun.State.UNREPORTED
                && RunFiles.of(run).reports().isEmpty()) {
            throw refused(run, " has no report, because it was killed; run it again with its tag");
        }
        return run;
    }

    private static ConfigurationException refused(StoredRun run, String why) {
        return new ConfigurationException(run.folder().toString(), List.of(new Problem("", "run " + run.tag() + why)));
    }

    private StoredRun inFolder(Path folder) {
        Path parent = folder.getParent();
        return (parent == null ? List.<StoredRun>of() : DataFlux.runs(parent))
                .stream()
                        .filter(run -> run.folder().equals(folder))
                        .findFirst()
                        .orElseThrow(() ->
                                mistake(folder + " is not the folder of a run, which is named by the run's tag and"
                                        + " holds its report and checkpoint"));
    }

    private StoredRun tagged(String tag) {
        List<StoredRun> runs = DataFlux.runs(output.folder());
        return RunFiles.tagged(runs, tag)
                .orElseThrow(() -> mistake("there is no run '" + tag + "' in " + output.folder()
                        + RunFiles.hint(runs, tag) + "; name a tag, the folder of a run, or a configuration"));
    }

    // event by event

    private int events(StoredRun runA, StoredRun runB, List<String> otherStreams, ArrayNode events) {
        if (!otherStreams.isEmpty()) {
            throw new ConfigurationException(
                    "--read",
                    otherStreams.stream()
                            .map(why -> new Problem("", why + ", so the events are not compared one by one"))
                            .toList());
        }
        Plan planA = plan(read.get(0), runA);
        Plan planB = plan(read.get(read.size() - 1), runB);
        Ledger ledgerA = planA.ledger(planA.reports());
        Ledger ledgerB = planB.ledger(planB.reports());
        boolean same = true;
        for (String name : sinks(planA, planB, ledgerA, ledgerB)) {
            System.err.println("reading " + name + " of both runs back...");
            RunComparison comparison =
                    planA.compare(name, ledgerA, planB, ledgerB, reader -> between(reader, planB, ledgerB), (int)
                            Math.min(examples, 1000));
            System.err.println(Terminal.headed(comparison.toString(), comparison.same())
                    .replace(Judging.REPLAY, Command.program() + " sample "));
            events.add(json(comparison));
            same &= comparison.same();
        }
        if (sabotage != null && made.stream().noneMatch(FaultyReader::fired)) {
            throw mistake(Judging.BREAK + " " + sabotage
                    + " broke nothing: B has no such event, or swap found no later one" + " of its key");
        }
        return same ? GOOD : FAILED;
    }

    private Map<String, String> flags() {
        Map<String, String> flags = new LinkedHashMap<>();
        RunOptions.put(flags, "seed", seed);
        flags.putAll(SetOption.flags(settings, command));
        return flags;
    }

    private Plan plan(Path configuration, StoredRun run) {
        Map<String, String> flags = flags();
        flags.put("tag", run.tag());
        flags.put("output", String.valueOf(run.folder().toAbsolutePath().getParent()));
        return DataFlux.plan(configuration, flags, System.getenv());
    }

    private List<String> sinks(Plan planA, Plan planB, Ledger ledgerA, Ledger ledgerB) {
        List<String> both = new ArrayList<>(planA.readableSinks());
        both.retainAll(planB.readableSinks());
        both.retainAll(ledgerA.sinks().stream().map(SinkLedger::name).toList());
        both.retainAll(ledgerB.sinks().stream().map(SinkLedger::name).toList());
        if (both.isEmpty() || (sink != null && !both.contains(sink))) {
            throw mistake((sink == null ? "no sink" : "'" + sink + "' is no sink that")
                    + " is in both runs and can be read back" + (both.isEmpty() ? "" : "; these are " + both) + "; "
                    + VerifyCommand.READABLE);
        }
        return sink == null ? both : List.of(sink);
    }

    private SinkReader between(SinkReader reader, Plan plan, Ledger ledger) {
        if (sabotage == null) {
            return reader;
        }
        FaultyReader faulty = new FaultyReader(reader, sabotage, plan.streams().get(0), ledger.tag());
        made.add(faulty);
        return faulty;
    }

    private static ObjectNode json(RunComparison comparison) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("sink", comparison.sink())
                .put("same", comparison.same())
                .put("records_a", comparison.recordsA())
                .put("records_b", comparison.recordsB())
                .put("compared", comparison.compared());
        ObjectNode counts = json.putObject("differences");
        ArrayNode examples = json.putArray("examples");
        for (RunComparison.Kind kind : RunComparison.Kind.values()) {
            counts.put(kind.word(), comparison.count(kind));
        }
        comparison
                .examples()
                .forEach(example -> examples.addObject()
                        .put("difference", example.kind().word())
                        .put("stream", example.stream())
                        .put("sequence", example.sequence())
                        .put("text", example.text())
                        .put("replay", example.replay()));
        comparison.notes().forEach(json.putArray("notes")::add);
        return json;
    }
}
