package io.dataflux.examples.standalone;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.Validity;
import java.io.IOException;
import java.nio.file.Path;

/** Sends until done, the limit, or Ctrl-C; then flushes, closes and reports. */
final class RunCommand implements Command {

    @Override
    public Usage usage() {
        return Plans.options(new Usage("run", "sends streams as a configuration says").operand("FILE"))
                .option("report", "FILE", "writes the report there too; it is always in OUTPUT/TAG/report.json")
                .more(
                        "With the --tag of a run that was stopped or killed, and the same options, it sends exactly the rest.\n"
                                + "Ctrl-C ends the run in good order: what was begun is flushed, and the report says what was sent."
                                + " A second Ctrl-C\nends it at once.");
    }

    @Override
    public int run(Arguments arguments) throws IOException, InterruptedException {
        Plan plan = DataFlux.plan(Path.of(arguments.operand(0)), Plans.flags(arguments), System.getenv());
        RunReport report = Watch.run(plan);
        System.err.println(Reports.text(report));
        if (arguments.text("report").isPresent()) {
            DataFlux.writeReport(report, Path.of(arguments.text("report").get()));
        }
        return exitCode(report);
    }

    static int exitCode(RunReport report) {
        if (!report.delivered()) {
            return FAILED;
        }
        return report.validity() == Validity.INVALID ? RUN_INVALID : GOOD;
    }
}
