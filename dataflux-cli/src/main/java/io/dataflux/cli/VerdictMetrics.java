package io.dataflux.cli;

import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;

/** Verdicts as metrics of Prometheus, in a file such as its node exporter collects, since a verification has ended before anybody could ask it. */
final class VerdictMetrics {

    private final String run;
    private final Map<String, Verdict> verdicts;

    /** @param verdicts by the names of the sinks */
    VerdictMetrics(String run, Map<String, Verdict> verdicts) {
        this.run = run;
        this.verdicts = verdicts;
    }

    /** Replaces the file at once, so that nobody reads half of it. */
    void write(Path file) throws IOException {
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path fresh =
                target.resolveSibling("." + target.getFileName() + ".part"); // with the permissions of any new file
        Files.writeString(fresh, toString(), StandardCharsets.UTF_8);
        Files.move(fresh, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        metric(lines, "clean", "1 if the target holds what it should", verdict -> verdict.clean() ? 1 : 0);
        metric(lines, "expected_events", "Events that should be there", Verdict::expected);
        metric(lines, "records", "Records that were read", Verdict::records);
        head(lines, "findings", "Differences by kind");
        verdicts.forEach((sink, verdict) -> {
            for (Finding finding : Finding.values()) {
                String kind = finding.name().toLowerCase(Locale.ROOT);
                lines.add(line("findings", sink, ",kind=\"" + kind + "\"", verdict.count(finding)));
            }
        });
        return String.join("\n", lines) + "\n";
    }

    private void metric(List<String> lines, String name, String help, ToLongFunction<Verdict> figure) {
        head(lines, name, help);
        verdicts.forEach((sink, verdict) -> lines.add(line(name, sink, "", figure.applyAsLong(verdict))));
    }

    private static void head(List<String> lines, String name, String help) {
        lines.add("# HELP dataflux_verdict_" + name + " " + help);
        lines.add("# TYPE dataflux_verdict_" + name + " gauge");
    }

    private String line(String name, String sink, String more, long value) {
        return "dataflux_verdict_" + name + "{run=\"" + run + "\",sink=\"" + sink + "\"" + more + "} " + value;
    }
}
