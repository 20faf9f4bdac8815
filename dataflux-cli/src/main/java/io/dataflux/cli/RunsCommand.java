package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.StoredRun;
import io.dataflux.StoredRun.StoredVerdict;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/** Lists the runs in an output folder. */
@CommandLine.Command(
        header = "lists the runs in the output folder, the last one first, with outcome and verdict",
        footer = {
            "EVENTS are those acknowledged, over all sinks. A run is 'complete', was 'stopped' before its limit, has 'failed'"
                    + " deliveries, is 'running', or is 'unreported': it was killed, or the report of a part is missing.",
            "The verdict is that of the last verify since the run ended."
        })
final class RunsCommand extends Command {

    private static final List<String> HEAD = List.of("TAG", "BEGUN", "STREAMS", "EVENTS", "OUTCOME", "VERDICT");

    @Mixin
    private OutputOption output = new OutputOption();

    @Override
    int run(Stdout out) {
        List<StoredRun> runs = DataFlux.runs(output.folder());
        if (runs.isEmpty()) {
            System.err.println("no runs in " + output.folder());
            return GOOD;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEAD);
        runs.forEach(run -> rows.add(row(run)));
        int[] width = new int[HEAD.size()];
        rows.forEach(row -> {
            for (int i = 0; i < width.length; i++) {
                width[i] = Math.max(width[i], row.get(i).length());
            }
        });
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < width.length; i++) {
                boolean number = HEAD.get(i).equals("EVENTS");
                String gap = " ".repeat(width[i] - row.get(i).length());
                line.append(i == 0 ? "" : "  ").append(number ? gap + row.get(i) : row.get(i) + gap);
            }
            out.line(line.toString().stripTrailing());
        }
        return GOOD;
    }

    private static List<String> row(StoredRun run) {
        return List.of(
                run.tag(),
                run.begun().truncatedTo(ChronoUnit.SECONDS).toString(),
                run.streams().size() > 3
                        ? String.join(", ", run.streams().subList(0, 2)) + " and "
                                + (run.streams().size() - 2) + " more"
                        : String.join(", ", run.streams()),
                String.format(Locale.ROOT, "%,d", run.acknowledged()),
                run.state().name().toLowerCase(Locale.ROOT),
                verdict(run.verdicts()));
    }

    private static String verdict(List<StoredVerdict> verdicts) {
        String wrong = verdicts.stream()
                .filter(verdict -> !verdict.clean())
                .map(StoredVerdict::sink)
                .collect(Collectors.joining(", "));
        return verdicts.isEmpty() ? "-" : wrong.isEmpty() ? "clean" : "findings at " + wrong;
    }
}
