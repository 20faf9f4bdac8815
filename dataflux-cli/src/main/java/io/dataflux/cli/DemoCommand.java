package io.dataflux.cli;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.model.Faults;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * The whole job with real servers: three streams in three regions are sent to a Kafka broker, an object store and an ingestion API in
 * this process, and to files; everything is read back and judged.
 */
final class DemoCommand implements Command {

    private static final String CONFIG = "demo.yaml";
    private static final String OUTPUT = "dataflux-out";
    private static final String FIRST = "clickstream: {from: clickstream, weight: 3";

    @Override
    public Usage usage() {
        return new Usage(
                        "demo",
                        "sends events to a real broker, store, API and files, reads everything back and judges it")
                .option(Judging.BREAK, "FAULT", Judging.BREAK_WORDS)
                .option(
                        "faults",
                        "TEXT",
                        "planned faults of the first stream, such as \"late 2% by 8s..30s, drop 0.1%\"")
                .flag(
                        "hold",
                        "keeps the servers running until Ctrl-C, so that you can inspect them with your own tools")
                .option("events", "N", "how many events over all streams (default 1000000)")
                .option("seed", "S", "the seed (default 42)")
                .option("output", "DIR", "the folder for the configuration, reports and files (default dataflux-out)")
                .more(
                        "The exit code is 0 only if every verdict is clean. With --break it is 1, and the verdict names event N and what"
                                + " happened to it.");
    }

    @Override
    public int run(Arguments arguments, Stdout out) throws IOException, InterruptedException {
        Judging.sabotage(arguments);
        Map<String, String> flags = new LinkedHashMap<>(Plans.flags(arguments));
        flags.putIfAbsent("output", OUTPUT);
        arguments.number("events", 1, 1_000_000_000L);
        Path folder =
                WrittenFile.folder(arguments, "output", arguments.path("output").orElse(Path.of(OUTPUT)));
        Path config = write(folder.resolve(CONFIG), arguments);
        System.err.println("starting a Kafka broker, an object store and an ingestion API in this process...");
        try (DemoServers servers = DemoServers.start()) {
            Plan plan = DataFlux.plan(config, flags, servers.environment());
            plan.describe().lines().takeWhile(line -> !line.equals("settings")).forEach(System.err::println);
            Watch.Ended ended = Watch.run(plan);
            RunReport report = ended.report();
            System.err.println(Reports.text(report));
            int code = ended.exitCode();
            boolean clean = new Judging(arguments, plan, report.ledger()).allClean(arguments, plan.readableSinks());
            System.err.println("report and verdicts: " + folder.resolve(report.tag()));
            if (arguments.flag("hold")) {
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

    private static Path write(Path file, Arguments arguments) throws IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream("/" + CONFIG)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its " + CONFIG);
            }
            String config = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Files.writeString(
                    file,
                    arguments
                            .text("faults")
                            .map(faults -> with(faults, config, arguments))
                            .orElse(config));
        }
    }

    private static String with(String faults, String config, Arguments arguments) {
        try {
            Faults.of(faults);
        } catch (IllegalArgumentException e) {
            throw arguments.mistake("--faults: " + e.getMessage());
        }
        return config.replace(FIRST + "}", FIRST + ", faults: \"" + faults + "\"}");
    }
}
