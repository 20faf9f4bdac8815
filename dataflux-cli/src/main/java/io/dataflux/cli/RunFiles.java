package io.dataflux.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dataflux.DataFlux;
import io.dataflux.DeliveryException;
import io.dataflux.StoredRun;
import io.dataflux.cli.RunPage.Judged;
import io.dataflux.ledger.Ledger;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the folder of a run says of it.
 *
 * @param reports the report, or one per part
 * @param ledgers those in the reports
 * @param verdicts those that were made with {@code verify}, by the name of the sink
 */
record RunFiles(StoredRun run, List<JsonNode> reports, List<Ledger> ledgers, List<Judged> verdicts) {

    private static final int MOST_EVENTS = 200;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The run with a tag, which may be written without leading zeros. */
    static Optional<StoredRun> tagged(List<StoredRun> runs, String tag) {
        return runs.stream()
                .filter(run -> run.tag().equalsIgnoreCase("0".repeat(Math.max(0, 8 - tag.length())) + tag))
                .findFirst();
    }

    /** A hint at the run that was probably meant. */
    static String hint(List<StoredRun> runs, String tag) {
        return Nearest.hint("", tag, runs.stream().map(StoredRun::tag).toList());
    }

    /**
     * @throws io.dataflux.ConfigurationException if a report is damaged, or has the format of another version
     * @throws DeliveryException if a file cannot be read
     */
    static RunFiles of(StoredRun run) {
        RunFiles files = new RunFiles(run, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        try {
            for (Path file : list(run.folder())) {
                String name = String.valueOf(file.getFileName());
                if (isReport(name)) {
                    files.ledgers.add(DataFlux.ledger(file)); // which refuses what is none
                    files.reports.add(JSON.readTree(file.toFile()));
                } else if (name.startsWith("verdict-") && Files.exists(file.resolve("verdict.json"))) {
                    files.verdicts.add(new Judged(
                            JSON.readTree(file.resolve("verdict.json").toFile()), events(file)));
                }
            }
        } catch (IOException e) {
            throw new DeliveryException("the files of run " + run.tag() + " cannot be read: " + e.getMessage(), e);
        }
        return files;
    }

    static boolean isReport(String name) {
        return name.matches("report(-\\d+of\\d+)?\\.json");
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    /** The first events of a verdict. */
    private static List<JsonNode> events(Path folder) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        Path file = folder.resolve("events.jsonl");
        if (Files.exists(file)) {
            try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
                for (String line = lines.readLine();
                        line != null && events.size() < MOST_EVENTS;
                        line = lines.readLine()) {
                    events.add(JSON.readTree(line));
                }
            }
        }
        return events;
    }
}
