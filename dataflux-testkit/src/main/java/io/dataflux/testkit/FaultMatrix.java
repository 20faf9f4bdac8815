package io.dataflux.testkit;

import io.dataflux.testkit.FaultTrial.Breach;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;

/**
 * What a sink's guarantees are worth when something goes wrong: a table of cells, each a {@linkplain FaultTrial delivery} in some mode of
 * the sink under some fault. A cell passes if each event was settled once, acknowledged events are in the target once and in order per key,
 * failed ones are not, and the fault met work in flight. A {@linkplain #control control} is a cell with a guarantee switched off: it must
 * break, or the other cells prove nothing.
 *
 * <pre>{@code
 * @TestFactory
 * List<DynamicTest> cells() {
 *     FaultMatrix matrix = new FaultMatrix("queue");
 *     matrix.cell("default", "reset in a request", trial -> ...);
 *     matrix.cell("no retries", "answer 503", trial -> ...).ending(Ending.SOME_FAILED);
 *     matrix.control("no key", "answer lost", Breach.DUPLICATE, trial -> ...);
 *     return matrix.run(4);
 * }
 * }</pre>
 *
 * <p>The table is printed and kept in {@code target/fault-matrix.md}.
 */
public final class FaultMatrix {

    /** How a delivery must end. */
    public enum Ending {
        /** The fault passes: everything is acknowledged in the end. */
        ALL_ACKNOWLEDGED,
        /** The fault outlasts the sink's patience, and some events may be in the target. */
        SOME_UNKNOWN,
        /** The fault outlasts the sink's patience, and some events are certainly not in the target. */
        SOME_FAILED,
        /** Any of these. */
        ANY
    }

    /** What a cell does with its trial; runs on a thread of its own. */
    @FunctionalInterface
    public interface Delivery {
        void run(FaultTrial trial) throws Exception;
    }

    private static final AtomicInteger TAGS = new AtomicInteger(0x0FA17000);
    private static final Duration LONGEST = Duration.ofMinutes(3);

    private final String sink;
    private final Path file;
    private final List<Cell> cells = new ArrayList<>();

    /** A matrix without cells. */
    public FaultMatrix(String sink) {
        this.sink = sink;
        this.file = Path.of("target", "fault-matrix.md");
    }

    /** Adds a cell that must keep every promise, with everything acknowledged in the end. */
    public Cell cell(String mode, String fault, Delivery delivery) {
        Cell cell = new Cell(mode, fault, delivery);
        cells.add(cell);
        return cell;
    }

    /** Adds a cell in which a guarantee is switched off and which must break in this way. */
    public Cell control(String mode, String fault, Breach must, Delivery delivery) {
        Cell cell = cell(mode, fault, delivery);
        cell.must = must;
        cell.ending = Ending.ANY;
        return cell;
    }

    /** A row of the table. */
    public final class Cell {

        private final String mode;
        private final String fault;
        private final Delivery delivery;
        private final Set<Breach> allowed = EnumSet.noneOf(Breach.class);
        private Ending ending = Ending.ALL_ACKNOWLEDGED;
        private @Nullable Breach must;
        private volatile String row = "";

        private Cell(String mode, String fault, Delivery delivery) {
            this.mode = mode;
            this.fault = fault;
            this.delivery = delivery;
        }

        /** Breaches that this mode does not promise to prevent. */
        public Cell allowing(Breach... breaches) {
            allowed.addAll(Arrays.asList(breaches));
            return this;
        }

        /** How the delivery must end. */
        public Cell ending(Ending how) {
            ending = how;
            return this;
        }

        private void run() throws Exception {
            FaultTrial trial = new FaultTrial(TAGS.incrementAndGet());
            String verdict = "did not finish";
            try {
                delivery.run(trial);
                Map<Breach, Long> breaches = new TreeMap<>(trial.breaches(ending));
                breaches.keySet().removeAll(allowed);
                // a control that was broken as intended was hit, though a sink that waits for no answer has nothing in
                // flight
                boolean hit = trial.inFlight() > 0 || (must != null && breaches.containsKey(must));
                boolean good = hit && (must == null ? breaches.isEmpty() : breaches.containsKey(must));
                verdict = !hit
                        ? "the fault met no work in flight"
                        : breaches.isEmpty()
                                ? "kept"
                                : (must == null ? "broken: " : "broken, as intended: ") + words(breaches);
                if (!good) {
                    throw new AssertionError(
                            this + ": " + (must == null ? "" : "must be " + must + ", but ") + verdict + numbers(trial),
                            trial.complaint());
                }
            } finally {
                trial.abandon();
                row = "| "
                        + String.join(
                                " | ",
                                sink,
                                mode + (must == null ? "" : " (control)"),
                                fault,
                                Long.toString(trial.inFlight()),
                                Integer.toString(trial.issued()),
                                Long.toString(trial.acknowledged()),
                                Long.toString(trial.failed()),
                                Long.toString(trial.unknown()),
                                Integer.toString(trial.storedCount()),
                                verdict)
                        + " |";
            }
        }

        private String numbers(FaultTrial trial) {
            return "; " + trial.issued() + " issued, " + trial.acknowledged() + " acknowledged, " + trial.failed()
                    + " failed, " + trial.unknown() + " unknown, " + trial.storedCount() + " stored";
        }

        @Override
        public String toString() {
            return sink + " " + mode + ", " + fault + (must == null ? "" : " (control)");
        }
    }

    private static String words(Map<Breach, Long> breaches) {
        return breaches.entrySet().stream()
                .map(each -> each.getValue() + " " + each.getKey().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }

    /** Runs all cells, some at a time, and returns the result of each as a test. */
    public List<DynamicTest> run(int atATime) throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(atATime);
        List<DynamicTest> tests = new ArrayList<>();
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (Cell cell : cells) {
                ends.add(threads.submit(() -> {
                    cell.run();
                    return null;
                }));
            }
            for (int i = 0; i < cells.size(); i++) {
                tests.add(result(cells.get(i), ends.get(i)));
            }
        } finally {
            threads.shutdownNow();
        }
        keep();
        return tests;
    }

    private static DynamicTest result(Cell cell, Future<?> end) throws InterruptedException {
        Throwable failure = null;
        try {
            end.get(LONGEST.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            failure = e.getCause();
        } catch (TimeoutException e) {
            end.cancel(true);
            failure = new AssertionError(cell + " took longer than " + LONGEST.toSeconds() + " s");
        }
        Throwable found = failure;
        return DynamicTest.dynamicTest(cell.toString(), () -> {
            if (found != null) {
                throw found;
            }
        });
    }

    private void keep() {
        List<String> table = new ArrayList<>();
        table.add(
                "| sink | mode | fault | met in flight | issued | acknowledged | failed | unknown | stored | verdict |");
        table.add("|---|---|---|---|---|---|---|---|---|---|");
        cells.forEach(cell -> table.add(cell.row));
        table.forEach(System.out::println);
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
