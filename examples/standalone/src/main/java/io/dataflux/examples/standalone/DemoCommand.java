package io.dataflux.examples.standalone;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.FaultyReader;
import io.dataflux.verify.FaultyReader.Sabotage;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The main job on real parts: three streams over three regions into a Kafka broker, an object store and an ingestion API in this
 * process and into files, everything read back and judged.
 */
final class DemoCommand implements Command {

    private static final String CONFIG = "demo.yaml";

    @Override
    public Usage usage() {
        return new Usage("demo", "streams into a real broker, store, API and files, reads all back and judges it")
                .option(
                        "break",
                        "FAULT",
                        "reads back with a fault: drop:N, alter:N, repeat:N or swap:N, N an event of the first stream")
                .flag("hold", "keeps the servers up afterwards, to look with tools of your own, until Ctrl-C")
                .option("events", "N", "how many events over all streams (1000000)")
                .option("seed", "S", "the seed (42)")
                .option("output", "DIR", "the folder for the configuration, reports and files (dataflux-out)")
                .more(
                        "Exit code 0 only if the verdict is clean; with --break it is 1, and the verdict names N and what happened.");
    }

    @Override
    public int run(Arguments arguments) throws IOException, InterruptedException {
        Optional<Sabotage> sabotage = arguments.text("break").map(Sabotage::parse);
        Map<String, String> flags = new LinkedHashMap<>(Plans.flags(arguments));
        flags.putIfAbsent("output", "dataflux-out");
        arguments.number("events", 1, 1_000_000_000L);
        Path folder = Files.createDirectories(Path.of(flags.get("output")));
        Path config = write(folder.resolve(CONFIG));
        System.err.println("starting a Kafka broker, an object store and an ingestion API in this process...");
        try (DemoServers servers = DemoServers.start()) {
            Plan plan = DataFlux.plan(config, flags, servers.environment());
            plan.describe().lines().takeWhile(line -> !line.equals("settings")).forEach(System.err::println);
            RunReport report = Watch.run(plan);
            System.err.println(Reports.text(report));
            int code = RunCommand.exitCode(report);
            boolean clean = judge(arguments, plan, report, sabotage);
            System.err.println("report and verdicts: " + folder.resolve(report.tag()));
            if (arguments.flag("hold")) {
                hold(servers);
            }
            return code != GOOD ? code : clean ? GOOD : FAILED;
        }
    }

    private static void hold(DemoServers servers) throws InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Interrupts interrupts = Interrupts.handledBy(stopped::countDown);
        System.err.println("holding the servers until Ctrl-C; for example:\n" + servers.hints());
        stopped.await();
        interrupts.close();
    }

    private static boolean judge(Arguments arguments, Plan plan, RunReport report, Optional<Sabotage> sabotage) {
        boolean clean = true;
        boolean fired = false;
        for (String sink : plan.readableSinks()) {
            System.err.println("reading " + sink + " back...");
            List<FaultyReader> faulty = new ArrayList<>();
            Verdict verdict =
                    plan.verify(sink, report.ledger(), reader -> between(reader, sabotage, plan, report, faulty));
            for (FaultyReader reader : faulty) {
                System.err.println("faulty reader: " + reader.report());
                fired |= reader.fired();
            }
            System.err.println(sink + ": " + verdict);
            clean &= verdict.clean();
        }
        if (sabotage.isPresent() && !fired) {
            throw arguments.mistake("--break " + sabotage.get() + " broke nothing: "
                    + plan.streams().get(0).name() + " had "
                    + report.ledger().streams().get(0).limit()
                    + " events in this run, and swap needs a later one of the same key");
        }
        return clean;
    }

    /** The reader itself, or one that does something wrong to an event of the first stream. */
    private static SinkReader between(
            SinkReader reader, Optional<Sabotage> sabotage, Plan plan, RunReport report, List<FaultyReader> made) {
        if (sabotage.isEmpty()) {
            return reader;
        }
        made.add(new FaultyReader(
                reader, sabotage.get(), plan.streams().get(0), report.ledger().tag()));
        return made.get(0);
    }

    private static Path write(Path file) throws IOException {
        try (InputStream in = DemoCommand.class.getResourceAsStream("/" + CONFIG)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its " + CONFIG);
            }
            Files.write(file, in.readAllBytes());
        }
        return file;
    }
}
