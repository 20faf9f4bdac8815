package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DeliveryException;
import io.dataflux.Run;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.model.FaultKind;
import io.dataflux.model.Faults;
import io.dataflux.model.StreamDefinition;
import io.dataflux.plan.ConfigText;
import io.dataflux.plan.RunConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Changes the streams of a running run: other definitions from some event on, or faults switched off and on. What decides which events there
 * are, and when, stays as it is. One change at a time.
 */
final class StreamChanges {

    private final Attempt attempt;
    private final List<RunningSink> sinks;

    StreamChanges(Attempt attempt, List<RunningSink> sinks) {
        this.attempt = attempt;
        this.sinks = sinks;
    }

    /**
     * Goes over to the streams of another configuration.
     *
     * @return the epoch that begins; null if nothing has changed
     * @throws ConfigurationException with every change that a running run cannot take
     * @throws IllegalStateException if this run cannot be changed at all
     * @throws DeliveryException if the definitions cannot be kept in the run's folder
     */
    Ledger.@Nullable Epoch reload(RunConfig next) {
        ConfigText text = attempt.config().configText();
        ConfigText nextText = next.configText();
        if (text == null || nextText == null) {
            throw new IllegalStateException(
                    "only a run that was read from a configuration file can be reloaded: this plan was made in code");
        }
        checkWhole();
        Definitions now = attempt.epochs().definitions();
        List<Problem> problems = new ArrayList<>();
        others(text.others(), nextText.others(), problems);
        streams(now.latest(), next.streams(), problems);
        if (!problems.isEmpty()) {
            throw new ConfigurationException(next.source(), problems);
        }
        if (fingerprints(now.latest()).equals(fingerprints(next.streams()))) {
            return null;
        }
        checkKept(now, next.source());
        String file = Definitions.file(now.later().size() + 1);
        if (now.later().stream().allMatch(epoch -> epoch.definitions().isEmpty())) {
            keep(text, Definitions.file(0), attempt.config(), now.latest());
        }
        keep(nextText, file, next, next.streams());
        List<CompiledStream> latest =
                next.streams().stream().map(stream -> stream.withTag(0)).toList();
        List<Set<FaultKind>> off = new ArrayList<>();
        for (int i = 0; i < latest.size(); i++) {
            Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
            kinds.addAll(now.off().get(i));
            kinds.retainAll(kinds(latest.get(i)));
            off.add(kinds);
        }
        try {
            return begin(file, latest, off);
        } catch (IllegalStateException e) {
            forget(attempt.folder().resolve(file), e); // the run never had it
            throw e;
        }
    }

    /**
     * Switches planned faults of one kind off or on again.
     *
     * @param stream its name; empty for all streams that have such faults
     * @return the epoch that begins; null if nothing has changed
     * @throws IllegalArgumentException if there is no such stream, or it has no such faults
     * @throws IllegalStateException if this run cannot be changed
     */
    Ledger.@Nullable Epoch switched(String stream, FaultKind kind, boolean on) {
        checkWhole();
        Definitions now = attempt.epochs().definitions();
        List<String> names = now.latest().stream().map(CompiledStream::name).toList();
        if (!stream.isEmpty() && !names.contains(stream)) {
            throw new IllegalArgumentException("the run has no stream '" + stream + "'; its streams are " + names);
        }
        List<Set<FaultKind>> off = new ArrayList<>();
        boolean any = false;
        boolean changed = false;
        for (int i = 0; i < names.size(); i++) {
            Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
            kinds.addAll(now.off().get(i));
            if ((stream.isEmpty() || names.get(i).equals(stream))
                    && kinds(now.latest().get(i)).contains(kind)) {
                any = true;
                changed |= on ? kinds.remove(kind) : kinds.add(kind);
            }
            off.add(kinds);
        }
        if (!any) {
            throw new IllegalArgumentException((stream.isEmpty() ? "no stream of the run" : "stream '" + stream + "'")
                    + (stream.isEmpty() ? " has '" : " has no '") + kind.word() + "' among its faults, so "
                    + "there is nothing to switch; faults are planned in the configuration");
        }
        return changed ? begin("", now.latest(), off) : null;
    }

    /** What can be switched, and how it is. */
    List<Run.FaultSwitch> switches() {
        Definitions now = attempt.epochs().definitions();
        List<Run.FaultSwitch> switches = new ArrayList<>();
        for (int i = 0; i < now.latest().size(); i++) {
            CompiledStream stream = now.latest().get(i);
            for (FaultKind kind : kinds(stream)) {
                switches.add(new Run.FaultSwitch(
                        stream.name(), kind, !now.off().get(i).contains(kind)));
            }
        }
        return List.copyOf(switches);
    }

    private Ledger.Epoch begin(String file, List<CompiledStream> latest, List<Set<FaultKind>> off) {
        List<Lane> lanes = sinks.stream().flatMap(sink -> sink.lanes().stream()).toList();
        Ledger.Epoch begun = attempt.epochs().change(file, latest, off, lanes);
        if (begun == null) {
            throw new IllegalStateException(
                    "a lane of the run has nothing left to send, so that the change would come too late for it; start"
                            + " another run with the change");
        }
        sinks.forEach(sink -> sink.past().follow(attempt.epochs().history()));
        return begun;
    }

    private void checkWhole() {
        if (attempt.config().part().of() > 1) {
            throw new IllegalStateException(
                    "this process is part " + attempt.config().part()
                            + " of a run, and the other parts would not follow; only a run in one process can be changed");
        }
    }

    /** Whether what was kept is still read as what it was: otherwise nobody could resume or judge the run. */
    private void checkKept(Definitions now, String source) {
        for (int i = 0; i < now.later().size(); i++) {
            String name = now.later().get(i).definitions();
            if (!name.isEmpty()) {
                Path file = attempt.folder().resolve(name);
                List<CompiledStream> read =
                        Definitions.without(readAgain(file, source), now.offIn(i), attempt.config());
                if (!fingerprints(read)
                        .equals(fingerprints(now.history().epochs().get(i + 1).streams()))) {
                    throw changedFile(file, source);
                }
            }
        }
        Path first = attempt.folder().resolve(Definitions.file(0));
        boolean kept =
                now.later().stream().anyMatch(epoch -> !epoch.definitions().isEmpty());
        if (kept
                && !fingerprints(readAgain(first, source))
                        .equals(fingerprints(now.history().epochs().get(0).streams()))) {
            throw changedFile(first, source);
        }
    }

    private List<CompiledStream> readAgain(Path file, String source) {
        try {
            return Definitions.read(attempt.config(), file);
        } catch (ConfigurationException e) {
            List<Problem> problems = new ArrayList<>();
            problems.add(new Problem(
                    "",
                    "the definitions that the run has had cannot be read any more, so that it could neither be resumed nor"
                            + " judged after the change; restore what they name, see " + file));
            problems.addAll(e.problems());
            throw new ConfigurationException(source, problems);
        }
    }

    private static ConfigurationException changedFile(Path file, String source) {
        return new ConfigurationException(
                source,
                List.of(new Problem(
                        "streams",
                        "a list of words or a variable of the environment is not what it was earlier in the run, which could"
                                + " neither be resumed nor judged after the change; restore it, and give a changed list"
                                + " another name (" + file + " is what does not mean the same any more)")));
    }

    /** Keeps definitions in the run's folder, after a look whether they are read as what they are. */
    private void keep(ConfigText text, String name, RunConfig config, List<CompiledStream> streams) {
        Path file = attempt.folder().resolve(name);
        try {
            new LedgerFile(file)
                    .replace(text.streams(streams.get(0).definition().start()).stripTrailing());
            if (!fingerprints(readAgain(file, config.source())).equals(fingerprints(streams))) {
                throw changedFile(file, config.source());
            }
        } catch (ConfigurationException e) {
            forget(file, e);
            throw e;
        } catch (IOException e) {
            throw new DeliveryException(
                    "the definitions cannot be written to " + file + ": " + Checkpoints.words(e)
                            + "; the run goes on as it was",
                    e);
        }
    }

    private static void forget(Path file, Exception why) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static Set<FaultKind> kinds(CompiledStream stream) {
        Faults faults = stream.definition().faults();
        return faults == null ? EnumSet.noneOf(FaultKind.class) : faults.kinds();
    }

    private static List<Long> fingerprints(List<CompiledStream> streams) {
        return streams.stream().map(CompiledStream::fingerprint).toList();
    }

    /** Settings that are not about streams stay as they are while the run goes on. */
    private static void others(Map<String, Long> now, Map<String, Long> next, List<Problem> problems) {
        Set<String> names = new TreeSet<>(now.keySet());
        names.addAll(next.keySet());
        for (String name : names) {
            if (!Objects.equals(now.get(name), next.get(name))) {
                problems.add(new Problem(
                        name,
                        "is not changed in a running run; undo it, or stop the run and start it again with the change"
                                + (name.startsWith("sinks.") ? " and its --tag, which goes on where it ended" : "")));
            }
        }
    }

    private static void streams(List<CompiledStream> now, List<CompiledStream> next, List<Problem> problems) {
        List<String> names = now.stream().map(CompiledStream::name).toList();
        List<String> others = next.stream().map(CompiledStream::name).toList();
        if (!names.equals(others)) {
            problems.add(new Problem(
                    "streams",
                    others + ": a running run keeps its streams, in their order, which are " + names
                            + "; start another run"));
            return;
        }
        for (int i = 0; i < now.size(); i++) {
            stream(now.get(i), next.get(i), problems);
        }
    }

    /** What decides which events there are, which entity each is about, what identifies it and when it is due. */
    private static void stream(CompiledStream now, CompiledStream next, List<Problem> problems) {
        StreamDefinition a = now.definition();
        StreamDefinition b = next.definition();
        String path = "streams." + a.name() + ".";
        fixed("seed", now.seed(), next.seed(), "another seed is another stream; start another run", problems);
        fixed("start", a.start(), b.start(), "it says when each event is due; start another run", problems);
        fixed(
                path + "rate",
                a.rate(),
                b.rate(),
                "it says when each event is due; change the speed of the running run instead, or start another run",
                problems);
        fixed(
                path + "arrivals",
                a.arrivals(),
                b.arrivals(),
                "they say when each event is due; start another run",
                problems);
        fixed(path + "key", a.key(), b.key(), "it says whom each event is about; start another run", problems);
        fixed(
                path + "sessions",
                a.sessions(),
                b.sessions(),
                "they say whom each event is about; start another run",
                problems);
        fixed(path + "table", a.table(), b.table(), "its rows go on from event to event; start another run", problems);
        fixed(
                path + "identity",
                a.identity(),
                b.identity(),
                "a verdict traces events by it; start another run",
                problems);
        fixed(
                path + "generator",
                a.code() == null ? null : a.code().type(),
                b.code() == null ? null : b.code().type(),
                "start another run",
                problems);
        if (a.table() != null
                && Objects.equals(a.table(), b.table())
                && !a.fields().equals(b.fields())) {
            problems.add(new Problem(
                    path + "fields",
                    "a row that was changed before would have other values in a change after it; start another run"));
        } else if (a.identity().equals(b.identity())) {
            Set<String> changed = a.identity().stream()
                    .map(field -> field.split("[.\\[]", 2)[0])
                    .filter(field ->
                            !Objects.equals(a.fields().get(field), b.fields().get(field)))
                    .collect(Collectors.toCollection(TreeSet::new));
            changed.forEach(
                    field -> problems.add(
                            new Problem(
                                    path + "fields." + field,
                                    "is part of the identity, by which a verdict traces events; undo the change, or start another run")));
        }
    }

    private static void fixed(
            String path, @Nullable Object now, @Nullable Object next, String why, List<Problem> problems) {
        if (!Objects.equals(now, next)
                && problems.stream().noneMatch(problem -> problem.path().equals(path))) {
            problems.add(new Problem(path, "is not changed in a running run: " + why));
        }
    }
}
