package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.model.Faults;
import io.dataflux.verify.FaultyReader.Sabotage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The whole job with real servers: three streams in three regions are sent to a Kafka broker, an object store and an ingestion API in
 * this process, and to files; everything is read back and judged.
 */
@CommandLine.Command(
        header = "sends events to a real broker, store, API and files, reads everything back and judges it",
        footer =
                "The exit code is 0 only if every verdict is clean. With --break it is 1, and the verdict names event N and what"
                        + " happened to it.")
final class DemoCommand extends Command {

    private static final String CONFIG = "demo.yaml";
    private static final String LINGER = "30s";
    private static final String FIRST = "clickstream: {from: clickstream, weight: 3";

    @Option(
            names = Judging.BREAK,
            paramLabel = "FAULT",
            converter = Judging.Fault.class,
            description = Judging.BREAK_WORDS)
    private @Nullable Sabotage sabotage;

    @Option(
            names = "--faults",
            paramLabel = "TEXT",
            converter = FaultsText.class,
            description = "planned faults of the first stream, such as \"late 2%% by 8s..30s, drop 0.1%%\"")
    private @Nullable String faults;

    @Option(
            names = "--hold",
            description = "keeps the servers running until Ctrl-C, so that you can inspect them with your own tools")
    private boolean hold;

    @Option(
            names = "--monitor",
            description =
                    "shows the run on a live page at port " + RunOptions.PORT + ", until " + LINGER + " after its end")
    private boolean monitor;

    @Option(
            names = {"-n", "--events"},
            paramLabel = "N",
            converter = Count.class,
            description = "how many events over all streams (default 1000000)")
    private @Nullable Long events;

    @Option(
            names = "--seed",
            paramLabel = "S",
            converter = WholeNumber.Any.class,
            description = "the seed (default 42)")
    private @Nullable Long seed;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "the folder for the configuration, reports and files (default dataflux-out)")
    private Path output = Path.of("dataflux-out");

    @Override
    int run(Stdout out) throws IOException, InterruptedException {
        if (!DemoServers.areThere()) {
            throw mistake(
                    "the demo needs a Kafka broker and an object store, which this distribution leaves out because they"
                            + " double its size; run ./dataflux demo in the sources, or send to servers of your own: "
                            + program() + " init --sink kafka");
        }
        Map<String, String> flags = new LinkedHashMap<>();
        flags.put("output", output.toString());
        RunOptions.put(flags, "events", events == null ? null : events.toString());
        RunOptions.put(flags, "seed", seed == null ? null : seed.toString());
        RunOptions.put(flags, "monitor", monitor ? RunOptions.PORT : null);
        RunOptions.put(flags, "set.monitor.linger", monitor ? LINGER : null);
        Path folder = WrittenFile.folder(output, this::mistake);
        Path config = write(folder.resolve(CONFIG));
        System.err.println("starting a Kafka broker, an object store and an ingestion API in this process...");
        try (DemoServers servers = DemoServers.start()) {
            Plan plan = DataFlux.plan(config, flags, servers.environment());
            plan.describe().lines().takeWhile(line -> !line.equals("settings")).forEach(System.err::println);
            Watch.Ended ended = Watch.run(plan);
            RunReport report = ended.report();
            System.err.println(Reports.text(report));
            int code = ended.exitCode();
            boolean clean = new Judging(plan, report.ledger(), sabotage).allClean(plan.readableSinks(), this::mistake);
            System.err.println("report and verdicts: " + folder.resolve(report.tag()));
            if (hold) {
                hold(servers);
            }
            return code == FAILED || clean ? code : FAILED;
        }
    }

    private static void hold(DemoServers servers) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Interrupts interrupts = Interrupts.handledBy(stopped::countDown);
        System.err.println("holding the servers until Ctrl-C; for example:\n" + servers.hints());
        stopped.await();
        interrupts.close();
    }

    private Path write(Path file) throws IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream("/" + CONFIG)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its " + CONFIG);
            }
            String config = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Files.writeString(
                    file,
                    faults == null ? config : config.replace(FIRST + "}", FIRST + ", faults: \"" + faults + "\"}"));
        }
    }

    static final class Count extends WholeNumber {
        Count() {
            super(1, 1_000_000_000);
        }
    }

    /** Checks planned faults. */
    static final class FaultsText implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            try {
                Faults.of(text);
                return text;
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(": " + e.getMessage());
            }
        }
    }
}
