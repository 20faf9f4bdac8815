package io.dataflux.testkit;

import io.dataflux.DataFlux;
import io.dataflux.Run;
import io.dataflux.RunReport;
import io.dataflux.testkit.KilledRun.Kill;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What the process of a {@link KilledRun} does: it starts the run, and prints a line whenever the counts have changed, and now and then. */
final class KilledRunProgram {

    private static final String MARK = "progress ";
    /** After this many looks without a change the line is printed again: the condition of a kill may depend on more than the counts. */
    private static final int PATIENCE = 20;

    private KilledRunProgram() {}

    public static void main(String[] words) throws InterruptedException {
        Map<String, String> flags = new LinkedHashMap<>();
        for (int i = 1; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            flags.put(words[i].substring(0, equals), words[i].substring(equals + 1));
        }
        boolean failed;
        CountDownLatch done = new CountDownLatch(1);
        try (Run run = DataFlux.plan(Path.of(words[0]), flags, System.getenv()).start()) {
            run.resumption().forEach(System.err::println);
            Thread printer = new Thread(() -> print(run, done), "progress");
            printer.start();
            RunReport report = run.await();
            done.countDown();
            printer.join();
            report.problems().forEach(System.err::println);
            failed = !report.delivered();
        } finally {
            done.countDown();
        }
        if (failed) {
            System.exit(1);
        }
    }

    private static void print(Run run, CountDownLatch done) {
        String before = "";
        int unchanged = 0;
        try {
            do {
                String line = line(run.progress());
                unchanged = line.equals(before) ? unchanged + 1 : 0;
                if (unchanged % PATIENCE == 0) {
                    System.out.println(line);
                    System.out.flush();
                    before = line;
                }
            } while (!done.await(1, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String line(Run.Progress progress) {
        long acknowledged = 0;
        long failed = 0;
        long open = 0;
        for (Run.SinkProgress sink : progress.sinks()) {
            acknowledged += sink.acknowledged();
            failed += sink.failed();
            open += sink.issued() - sink.acknowledged() - sink.failed() - sink.unknown();
        }
        return MARK + acknowledged + " " + failed + " " + open;
    }

    /** A line that the program printed; {@code null} if it is not a progress line, or was cut by the kill. */
    static @Nullable Kill parse(String line) {
        String[] numbers = line.startsWith(MARK) ? line.substring(MARK.length()).split(" ", -1) : new String[0];
        try {
            return numbers.length == 3
                    ? new Kill(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]), Long.parseLong(numbers[2]))
                    : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
