package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Sends until a limit is reached or Ctrl-C is pressed; then flushes, closes and reports. */
final class RunCommand implements Command {

    @Override
    public Usage usage() {
        return Plans.options(new Usage("run", "sends the streams of a configuration to its sinks").operand("FILE"))
                .option("report", "FILE", "also writes the report to this file; it is always in OUTPUT/TAG/report.json")
                .more(
                        "To resume a run that was stopped or killed, give its --tag and the same options: exactly the rest is sent.\n"
                                + "Ctrl-C stops the run cleanly: what is in flight is flushed, and the report states what was sent."
                                + " A second Ctrl-C\nends it at once. The exit code of a run that a signal stopped before its limit"
                                + " is 128 + its number: 130, 143 (kill)\nor 129 (the terminal was closed; not under nohup).");
    }

    @Override
    public int run(Arguments arguments, Stdout out) throws InterruptedException {
        Path copy = arguments.flag("report") ? WrittenFile.of(arguments, "report") : null;
        Plan plan = DataFlux.plan(arguments.pathOperand(0), Plans.flags(arguments), System.getenv());
        Watch.Ended ended = Watch.run(plan);
        RunReport report = ended.report();
        System.err.println(Reports.text(report));
        System.err.println("report: " + ended.file());
        if (!plan.readableSinks().isEmpty()) {
            System.err.println("verify: " + verify(arguments, report.tag()));
        }
        if (copy != null) {
            write(report, copy);
        }
        return ended.exitCode();
    }

    /** The command that judges the run, to be pasted. */
    private static String verify(Arguments arguments, String tag) {
        StringBuilder line =
                new StringBuilder("./dataflux verify " + Plans.quoted(arguments.operand(0)) + " --tag " + tag);
        for (String flag : List.of("seed", "output")) {
            arguments
                    .text(flag)
                    .ifPresent(
                            value -> line.append(" --").append(flag).append(' ').append(Plans.quoted(value)));
        }
        return line.toString();
    }

    private static void write(RunReport report, Path file) {
        try {
            DataFlux.writeReport(report, file);
        } catch (IOException e) {
            throw new DeliveryException("--report " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
