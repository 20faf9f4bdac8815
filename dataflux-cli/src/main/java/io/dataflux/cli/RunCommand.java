package io.dataflux.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sends until a limit is reached or Ctrl-C is pressed; then flushes, closes and reports. */
@CommandLine.Command(
        header = "sends the streams of a configuration to its sinks",
        footer = {
            "To resume a run that was stopped or killed, give its --tag and the same options: exactly the rest is sent.",
            "Ctrl-C stops the run cleanly: what is in flight is flushed, and the report states what was sent. A second Ctrl-C"
                    + " ends it at once. The exit code of a run that a signal stopped before its limit is 128 + its number:"
                    + " 130, 143 (kill) or 129 (the terminal was closed; not under nohup)."
        })
final class RunCommand extends JsonCommand {

    @Mixin
    private ConfigurationOptions configuration = new ConfigurationOptions();

    @Mixin
    private RunOptions options = new RunOptions();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            converter = WrittenFile.class,
            description = "also writes the report to this file; it is always in OUTPUT/TAG/report.json")
    private @Nullable Path copy;

    @Option(
            names = "--reload",
            description =
                    "goes over to the definitions in FILE whenever it is saved, while the run goes on: fields and faults"
                            + " can change; a mistake is shown, and the run goes on as it was")
    private boolean reload;

    @Override
    int run(ObjectNode document, Stdout out) throws InterruptedException {
        Path file = configuration.file();
        Supplier<Plan> read = () -> DataFlux.plan(file, configuration.flags(options.flags()), System.getenv());
        byte[] before = reload ? Reloader.content(file) : null;
        Plan plan = read.get();
        Watch.Ended ended = Watch.run(plan, run -> reload ? Reloader.begin(file, before, read, run) : null);
        RunReport report = ended.report();
        System.err.println(Terminal.headed(Reports.text(report), ended.exitCode() == GOOD));
        ended.missed().forEach(missed -> System.err.println("threshold missed: " + missed));
        System.err.println("report: " + ended.file());
        if (!plan.readableSinks().isEmpty()) {
            System.err.println("verify: "
                    + Stream.of(program(), "verify", configuration.words(), "--tag", report.tag())
                            .filter(word -> !word.isEmpty())
                            .collect(Collectors.joining(" ")));
        }
        if (copy != null) {
            write(report, copy);
        }
        document.put("tag", report.tag())
                .put("folder", String.valueOf(ended.file().getParent()))
                .put("delivered", report.delivered())
                .put("complete", report.complete());
        ended.missed().forEach(document.putArray("missed")::add);
        document.set("report", content(ended.file()));
        return ended.exitCode();
    }

    private static void write(RunReport report, Path file) {
        try {
            DataFlux.writeReport(report, file);
        } catch (IOException e) {
            throw new DeliveryException("--report " + file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
