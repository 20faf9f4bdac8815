package io.dataflux.cli;

import io.dataflux.ConfigurationException;
import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.ledger.Ledger;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads back what the sinks of a run hold, and prints the verdict. */
final class VerifyCommand implements Command {

    @Override
    public Usage usage() {
        return new Usage("verify", "reads back what a run sent and prints the verdict")
                .operand("FILE")
                .option("tag", "T", "the tag of the run; its reports are read from OUTPUT/TAG")
                .options(
                        "report",
                        "REPORT",
                        "instead of --tag: the run's report file; for a run in parts, once for each of them")
                .option("sink", "NAME", "verifies only this sink (default: all that can be read back)")
                .flag("explain", "also prints a table: what is judged, what is not, and by which option it would be")
                .option(Judging.BREAK, "FAULT", Judging.BREAK_WORDS)
                .more(
                        "FILE is the configuration of the run. Give --seed or --output too if it was started with them.\n"
                                + "The exit code is 0 if every acknowledged event is there once, in order and unchanged, otherwise 1.")
                .option("seed", "S", "the seed (default: the configuration's)")
                .option(
                        "output",
                        "DIR",
                        "the folder for reports and files (default: the configuration's, or dataflux-out)");
    }

    @Override
    public int run(Arguments arguments, Stdout out) {
        Judging.sabotage(arguments);
        Path config = arguments.pathOperand(0);
        List<Path> reports = arguments.paths("report");
        if (reports.isEmpty() == arguments.text("tag").isEmpty()) {
            throw arguments.mistake("give either --tag TAG or --report REPORT to say which run");
        }
        Map<String, String> flags = new LinkedHashMap<>(Plans.flags(arguments));
        if (!reports.isEmpty()) {
            flags.put(
                    "tag",
                    HexFormat.of().toHexDigits(DataFlux.ledger(reports.get(0)).tag()));
        }
        Plan plan = DataFlux.plan(config, flags, System.getenv());
        Ledger ledger = plan.ledger(reports.isEmpty() ? plan.reports() : reports);
        List<String> sinks = arguments.text("sink").map(List::of).orElse(plan.readableSinks());
        if (sinks.isEmpty()) {
            throw new ConfigurationException(
                    config.toString(),
                    List.of(new ConfigurationException.Problem(
                            "sinks", "none of them can be read back; kafka, s3, file, and http with 'read' can")));
        }
        boolean explains = arguments.flag("explain");
        Judging judging = new Judging(arguments, plan, ledger).explaining(explains);
        boolean clean = judging.allClean(arguments, sinks);
        if (explains) {
            for (String sink : plan.sinks()) {
                if (!sinks.contains(sink)) {
                    System.err.println(sink + ": nothing is judged: "
                            + (plan.readableSinks().contains(sink)
                                    ? "--sink names another one"
                                    : "it cannot be read back; kafka, s3, file, and http with 'read' can"));
                }
            }
        }
        return clean ? GOOD : FAILED;
    }
}
