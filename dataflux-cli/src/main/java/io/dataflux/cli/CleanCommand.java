package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.StoredRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Removes runs from an output folder. */
@CommandLine.Command(
        header = "removes runs from the output folder",
        footer = {
            "Removes the folder of each run with its report, checkpoint and the files of its file sinks; not what was stored elsewhere."
                    + " A removed run can be neither resumed nor verified.",
            "A run that is running is never removed, nor is anything that is not the folder of a run."
        })
final class CleanCommand extends Command {

    @Mixin
    private OutputOption output = new OutputOption();

    @Parameters(arity = "0..*", paramLabel = "TAG", description = "the runs to remove (default: all)")
    private List<String> tags = new ArrayList<>();

    @Option(
            names = "--older-than",
            paramLabel = "TIME",
            converter = Age.class,
            description = "only runs of which no file has changed for this long, such as 12h or 7d")
    private @Nullable Duration age;

    @Option(names = "--dry-run", description = "only says what would be removed")
    private boolean dry;

    @Option(
            names = {"-y", "--yes"},
            description = "does not ask")
    private boolean sure;

    @Override
    int run(Stdout out) throws IOException {
        List<StoredRun> all = DataFlux.runs(output.folder());
        List<String> known = all.stream().map(StoredRun::tag).toList();
        for (String tag : tags) {
            if (!known.contains(tag.toLowerCase(Locale.ROOT))) {
                throw mistake("there is no run '" + tag + "' in " + output.folder() + Nearest.hint("", tag, known));
            }
        }
        List<StoredRun> chosen = all.stream().filter(this::isChosen).toList();
        chosen.stream()
                .filter(run -> run.state() == StoredRun.State.RUNNING)
                .forEach(run -> System.err.println(run.tag() + " is running and stays"));
        List<StoredRun> removed = chosen.stream()
                .filter(run -> run.state() != StoredRun.State.RUNNING)
                .toList();
        if (removed.isEmpty()) {
            System.err.println("nothing to remove in " + output.folder());
            return GOOD;
        }
        String what = removed.size() + (removed.size() == 1 ? " run" : " runs");
        removed.forEach(run -> System.err.println((sure && !dry ? "removing " : "would remove ") + run.folder()));
        if (dry || !isWanted(what)) {
            return GOOD;
        }
        removed.forEach(DataFlux::delete);
        System.err.println("removed " + what);
        return GOOD;
    }

    private boolean isChosen(StoredRun run) {
        boolean named = tags.isEmpty() || tags.stream().anyMatch(run.tag()::equalsIgnoreCase);
        return named && (age == null || run.changed().isBefore(Instant.now().minus(age)));
    }

    private boolean isWanted(String what) throws IOException {
        if (sure) {
            return true;
        }
        if (!Boolean.getBoolean("dataflux.stdin.terminal")) {
            throw mistake("nobody can be asked here; --yes removes without asking, --dry-run only shows what");
        }
        System.err.print("remove " + what + "? [y/N] ");
        System.err.flush();
        String answer = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        boolean wanted =
                answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        if (!wanted) {
            System.err.println("nothing was removed");
        }
        return wanted;
    }

    /** Reads a time span. */
    static final class Age implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            String wanted = "'" + text + "' is not a time; write a whole number with s, m, h or d, such as 12h or 7d";
            if (!text.matches("[0-9]{1,6}[smhd]")) {
                throw new TypeConversionException(wanted);
            }
            try {
                String iso = text.endsWith("d") ? "P" + text : "PT" + text;
                return Duration.parse(iso.toUpperCase(Locale.ROOT));
            } catch (DateTimeException e) {
                throw new TypeConversionException(wanted);
            }
        }
    }
}
