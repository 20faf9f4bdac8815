package io.dataflux.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.sinks.FileSink;
import io.dataflux.testkit.FaultMatrix.Delivery;
import io.dataflux.testkit.FaultMatrix.Ending;
import io.dataflux.testkit.FaultTrial.Breach;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the file sink promises when its folder is not what it was. What is acknowledged is in a whole file, what failed in none, and
 * the error says which file, which events, and what the system said. Nothing here needs an administrator: a disk that is full is
 * {@code /dev/full}, a folder that takes no files is one of {@code /sys}, which refuses everybody.
 */
class FileFaultMatrixTest {

    private static final int AT_A_TIME = 4;
    private static final int ROLL_BYTES = 10 << 10;
    /** Two files are whole then, and one is open. */
    private static final int OPEN = 250;
    /** Three files are whole then, and none is open. */
    private static final int WHOLE = 300;
    /** The name that the open file is to get. */
    private static final String NEXT = "events-0of1-000002-0.0.200.jsonl";

    private static final int AFTER = 400;

    @TempDir
    Path temp;

    private static final String IN_THE_WAY = "a file or link of that name is in the way";

    private interface Weather {
        /** Returns where the acknowledged files are then. */
        Path begin(Path folder, Path open) throws Exception;
    }

    @TestFactory
    List<DynamicTest> cells() throws Exception {
        FaultMatrix matrix = new FaultMatrix("file");
        fails(matrix, "folder moved away", "NoSuchFile", FileFaultMatrixTest::moved);
        fails(matrix, "folder replaced by a file", "Not a directory", (folder, open) -> {
            Path elsewhere = moved(folder, open);
            Files.writeString(folder, "a file");
            return elsewhere;
        });
        fails(matrix, "folder takes no files", "NoSuchFile", (folder, open) -> {
            Path elsewhere = moved(folder, open);
            Files.createSymbolicLink(folder, Path.of("/sys/kernel"));
            return elsewhere;
        });
        fails(matrix, "open file deleted", "NoSuchFile", (folder, open) -> {
            Files.delete(open);
            return folder;
        });
        fails(matrix, "name taken by a folder", "already exists, and this run did not write it", (folder, open) -> {
            Files.createDirectories(folder.resolve(NEXT).resolve("inside"));
            return folder;
        });
        fails(matrix, "name taken by a file", "already exists, and this run did not write it", (folder, open) -> {
                    Files.writeString(folder.resolve(NEXT), "somebody's");
                    return folder;
                })
                .allowing(Breach.FOREIGN);
        between(matrix, "name taken by a link", IN_THE_WAY, (folder, open) -> {
            Files.createSymbolicLink(open, Path.of("/dev/full"));
            return folder;
        });
        between(matrix, "name taken by a folder", IN_THE_WAY, (folder, open) -> {
            Files.createDirectories(open.resolve("inside"));
            return folder;
        });
        between(matrix, "folder takes no files", "permission denied", (folder, open) -> {
            Path elsewhere = moved(folder, open);
            Files.createSymbolicLink(folder, Path.of("/sys/kernel"));
            return elsewhere;
        });
        matrix.control("default", "acknowledged files deleted", Breach.LOST, delivery(OPEN, "", (folder, open) -> {
            Files.delete(folder.resolve("events-0of1-000000-0.0.0.jsonl"));
            return folder;
        }));
        return matrix.run(AT_A_TIME);
    }

    /** A fault while a file is open. */
    private FaultMatrix.Cell fails(FaultMatrix matrix, String fault, String reason, Weather weather) {
        return matrix.cell("a file open", fault, delivery(OPEN, reason, weather))
                .ending(Ending.SOME_FAILED);
    }

    /** A fault when all files are whole. */
    private void between(FaultMatrix matrix, String fault, String reason, Weather weather) {
        matrix.cell("between files", fault, delivery(WHOLE, reason, weather)).ending(Ending.SOME_FAILED);
    }

    private static Path moved(Path folder, Path open) throws IOException {
        return Files.move(folder, folder.resolveSibling("moved"));
    }

    private Delivery delivery(int before, String reason, Weather weather) {
        return trial -> {
            Path folder = temp.resolve(trial.lane().tagText()).resolve("trial");
            trial.open(TestSettings.configure(
                    new FileSink.Provider(), Map.of("dir", temp.toString(), "roll_bytes", ROLL_BYTES + "B")));
            trial.write(before);
            Path open = folder.resolve("events-0of1.jsonl.part");
            assertThat(Files.exists(open)).as("a file is open").isEqualTo(before == OPEN);
            Path left = weather.begin(folder, open);
            trial.hit(trial.unsettled());
            trial.write(AFTER);
            trial.hit(before == WHOLE ? trial.failed() : 0); // its first write met the fault
            trial.close();
            trial.stored(lines(left));
            if (!reason.isEmpty()) {
                assertThat(trial.acknowledged()).as("before the fault").isGreaterThanOrEqualTo(OPEN - 50);
                assertThat(trial.causes().get(0))
                        .contains(reason)
                        .startsWith("cannot write " + open + ": ")
                        .containsPattern("; the events from events \\d+ to events \\d+ of lane 0 are in no file");
            }
        };
    }

    /** What is in whole files. */
    private static List<String> lines(Path folder) throws IOException {
        List<String> lines = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> each.toString().endsWith(".jsonl") && Files.isRegularFile(each))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(file));
            }
        }
        return lines;
    }
}
