package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.plan.ConfigText;
import io.dataflux.plan.Extent;
import io.dataflux.plan.History;
import io.dataflux.plan.RunCompiler;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunLimits;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The definitions that the streams of a run have one after the other.
 *
 * @param config of the run with its streams as they were when it began
 * @param history with these streams first
 * @param later what a ledger says of all epochs but the first
 * @param latest the streams as they are defined now, without regard to faults that are switched off
 */
record Definitions(RunConfig config, History history, List<Ledger.Epoch> later, List<CompiledStream> latest) {

    private static final Pattern FILE = Pattern.compile("definitions-\\d{1,9}\\.yaml");

    Definitions {
        later = List.copyOf(later);
        latest = List.copyOf(latest);
    }

    /** Those of a run that begins. */
    static Definitions first(RunConfig config, Extent extent) {
        return new Definitions(config, History.of(extent), List.of(), config.streams());
    }

    /**
     * Those of a run that has begun, and whose streams were changed.
     *
     * @param config as it is given now, whose streams are to be those that the run had last
     * @param folder of the run
     * @throws ConfigurationException if they are not, or the definitions that the run has kept cannot be read
     */
    static Definitions of(RunConfig config, Ledger ledger, Path folder) {
        boolean reloaded =
                ledger.epochs().stream().anyMatch(epoch -> !epoch.definitions().isEmpty());
        List<CompiledStream> latest = reloaded ? read(config, folder.resolve(file(0))) : config.streams();
        RunConfig first = config.withStreams(latest);
        if (!reloaded && !fingerprints(latest).equals(fingerprintsOf(ledger))) {
            return first(
                    first, RunLimits.extent(latest, new long[latest.size()], config.limits())); // whoever asks says why
        }
        checkFirst(first, ledger);
        History history = History.of(new Extent(
                latest,
                ledger.streams().stream().mapToLong(Ledger.Stream::from).toArray(),
                ledger.streams().stream().mapToLong(Ledger.Stream::limit).toArray()));
        for (Ledger.Epoch epoch : ledger.epochs()) {
            latest = epoch.definitions().isEmpty() ? latest : read(config, folder.resolve(epoch.definitions()));
            List<CompiledStream> streams = without(latest, off(epoch), config);
            checkEpoch(streams, epoch, folder);
            history = history.changed(
                    epoch.streams().stream().mapToLong(Ledger.Definition::from).toArray(), streams);
        }
        if (!fingerprints(latest).equals(fingerprints(config.streams()))) {
            throw new ConfigurationException(
                    config.source(),
                    List.of(new Problem(
                            "streams",
                            "they are not those that the run had last: its streams were changed while it went on; undo"
                                    + " the change, see " + folder.resolve(lastFile(ledger)))));
        }
        return new Definitions(first, history, ledger.epochs(), latest);
    }

    /** A ledger may be of a run with other streams: whoever has one says so better. */
    private static void checkFirst(RunConfig first, Ledger ledger) {
        if (first.streams().size() != ledger.streams().size()) {
            RunJudge.check(first, ledger);
        }
    }

    private static void checkEpoch(List<CompiledStream> streams, Ledger.Epoch epoch, Path folder) {
        List<Long> theirs =
                epoch.streams().stream().map(Ledger.Definition::fingerprint).toList();
        if (!fingerprints(streams).equals(theirs)) {
            throw new ConfigurationException(
                    folder.toString(),
                    List.of(new Problem(
                            epoch.definitions(),
                            "the definitions are not those that the run had " + fromWords(streams, epoch)
                                    + ": the file was edited, or a list of words that it names, or a variable of the"
                                    + " environment has another value; restore it")));
        }
    }

    /** Such as {@code from event 1200 of 'orders' on}. */
    private static String fromWords(List<CompiledStream> streams, Ledger.Epoch epoch) {
        List<String> words = new ArrayList<>();
        for (int i = 0; i < streams.size() && i < epoch.streams().size(); i++) {
            words.add("event " + epoch.streams().get(i).from() + " of '"
                    + streams.get(i).name() + "'");
        }
        return "from " + String.join(", ", words) + " on";
    }

    private static List<Long> fingerprintsOf(Ledger ledger) {
        return ledger.streams().stream().map(Ledger.Stream::fingerprint).toList();
    }

    /** The file with the definitions that a run had last. */
    private static String lastFile(Ledger ledger) {
        String file = file(0);
        for (Ledger.Epoch epoch : ledger.epochs()) {
            file = epoch.definitions().isEmpty() ? file : epoch.definitions();
        }
        return file;
    }

    private static List<Long> fingerprints(List<CompiledStream> streams) {
        return streams.stream().map(CompiledStream::fingerprint).toList();
    }

    /** Reads streams that a run of this configuration has kept. @throws ConfigurationException if they cannot be read */
    static List<CompiledStream> read(RunConfig config, Path file) {
        ConfigText text = config.configText();
        if (text == null || !Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    file.toString(),
                    List.of(new Problem(
                            "",
                            text == null
                                    ? "a run whose streams were changed can only be continued and judged with its"
                                            + " configuration file; this plan was made in code"
                                    : "there is no such file, and only it has the definitions that the run had; restore"
                                            + " it")));
        }
        return RunCompiler.compile(text.read(file), config);
    }

    static String file(int epoch) {
        return "definitions-" + epoch + ".yaml";
    }

    static boolean isFile(String name) {
        return FILE.matcher(name).matches();
    }

    /** The file in the run's folder that has the definition of an event; empty if the run has kept none. */
    String fileOf(int stream, long sequence) {
        boolean kept = later.stream().anyMatch(epoch -> !epoch.definitions().isEmpty());
        String file = kept ? file(0) : "";
        for (Ledger.Epoch epoch : later) {
            if (sequence >= epoch.streams().get(stream).from()
                    && !epoch.definitions().isEmpty()) {
                file = epoch.definitions();
            }
        }
        return file;
    }

    /** Per stream the faults that are switched off now. */
    List<Set<FaultKind>> off() {
        return later.isEmpty()
                ? latest.stream()
                        .<Set<FaultKind>>map(stream -> EnumSet.noneOf(FaultKind.class))
                        .toList()
                : off(later.get(later.size() - 1));
    }

    /** The same in one of the later epochs. */
    List<Set<FaultKind>> offIn(int later) {
        return off(this.later.get(later));
    }

    private static List<Set<FaultKind>> off(Ledger.Epoch epoch) {
        List<Set<FaultKind>> off = new ArrayList<>();
        for (Ledger.Definition stream : epoch.streams()) {
            Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
            stream.without().forEach(word -> FaultKind.of(word).ifPresent(kinds::add));
            off.add(kinds);
        }
        return off;
    }

    /** The streams without the faults that are switched off. */
    static List<CompiledStream> without(List<CompiledStream> streams, List<Set<FaultKind>> off, RunConfig config) {
        List<CompiledStream> without = new ArrayList<>();
        for (int i = 0; i < streams.size(); i++) {
            CompiledStream stream = streams.get(i);
            Faults faults = stream.definition().faults();
            Set<FaultKind> kinds = off.get(i);
            without.add(
                    faults == null || kinds.isEmpty()
                            ? stream
                            : stream.with(definition -> definition.faults(faults.without(kinds)))
                                    .in(config.regions(), config.router()));
        }
        return without;
    }

    /** The start that all streams of a run have. */
    Instant start() {
        return latest.get(0).definition().start();
    }
}
