package io.dataflux.engine;

import io.dataflux.ConfigurationException;
import io.dataflux.ConfigurationException.Problem;
import io.dataflux.DeliveryException;
import io.dataflux.encode.CompiledStream;
import io.dataflux.ledger.Ledger;
import io.dataflux.ledger.Routing;
import io.dataflux.plan.History;
import io.dataflux.plan.Pace;
import io.dataflux.plan.RunConfig;
import io.dataflux.plan.RunConfig.Limits;
import io.dataflux.plan.RunConfig.SinkConfig;
import io.dataflux.plan.RunLimits;
import io.dataflux.spi.ReadBack;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.RunComparison;
import io.dataflux.verify.RunComparison.Opened;
import io.dataflux.verify.RunComparison.Target;
import io.dataflux.verify.SinkVerification;
import io.dataflux.verify.Verdict;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Reads a run's targets back and has them judged. Knows the run only by its ledger. */
final class RunJudge {

    private final RunConfig config;
    private final Ledger ledger;
    private final Attempt attempt;
    /** The streams that are judged, of all epochs, and which of their events go to a sink. */
    private final List<CompiledStream> streams;

    private final Function<String, Routing> routing;

    RunJudge(RunConfig given, Ledger run) {
        Definitions definitions = definitions(given, run);
        config = definitions.config();
        History history = definitions.history();
        boolean changed = history.epochs().size() > 1;
        ledger = changed ? EpochLedger.of(definitions, run) : run;
        streams = changed ? EpochLedger.streams(history) : config.streams();
        routing = sink -> {
            Routing its = history.routingTo(sink, config);
            int own = config.streams().size();
            return changed ? (stream, sequence) -> its.goesTo(stream % own, sequence) : its;
        };
        Pace pace = new Pace(history.whole().start(), config.speed());
        RunClock clock = new RunClock(Tuning.DEFAULT.ticker());
        attempt = new Attempt(run.tag(), 0, config, new Epochs(definitions, run.tag()), pace, clock, Tuning.DEFAULT);
    }

    private static Definitions definitions(RunConfig config, Ledger ledger) {
        if (ledger.epochs().isEmpty()) {
            checkSame(config, ledger);
            long[] from = new long[config.streams().size()];
            return Definitions.first(config, RunLimits.extent(config.streams(), from, Limits.NONE));
        }
        Path folder = config.output().resolve(HexFormat.of().toHexDigits(ledger.tag()));
        Definitions definitions = Definitions.of(config, ledger, folder);
        checkSame(definitions.config(), ledger);
        return definitions;
    }

    /** @throws ConfigurationException if the ledger is of a run with other streams or sinks */
    static void check(RunConfig config, Ledger ledger) {
        definitions(config, ledger);
    }

    private static void checkSame(RunConfig config, Ledger ledger) {
        List<String> ours = new ArrayList<>();
        config.streams().forEach(stream -> ours.add(stream.toString()));
        List<String> theirs = new ArrayList<>();
        for (Ledger.Stream stream : ledger.streams()) {
            theirs.add(stream.name() + " (seed " + stream.seed() + ", fingerprint "
                    + HexFormat.of().toHexDigits(stream.fingerprint()) + ")");
        }
        if (!ours.equals(theirs)) {
            throw new ConfigurationException(
                    config.source(),
                    List.of(new Problem(
                            "streams",
                            "the report is of a run with other streams: " + theirs + ", not " + ours
                                    + "; use the configuration, seed and start of that run")));
        }
    }

    Verdict judge(String name, UnaryOperator<SinkReader> between) {
        Path folder = attempt.folder().resolve("verdict-" + name);
        return reading(name, () -> {
            Opened opened = target(name, between).open();
            try (SinkReader reader = opened.reader()) {
                return opened.verification().reportTo(folder).verify(reader);
            }
        });
    }

    /** Compares what the run left at a sink, event by event, with what another one left that had the same streams. */
    RunComparison compare(String name, RunJudge other, UnaryOperator<SinkReader> betweenOther, int examples) {
        return reading(
                name,
                () -> RunComparison.of(
                        target(name, UnaryOperator.identity()), other.target(name, betweenOther), examples));
    }

    private static <R> R reading(String name, Callable<R> work) {
        try {
            return work.call();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new DeliveryException("sink '" + name + "' could not be read back: " + e.getMessage(), e);
        }
    }

    private Target target(String name, UnaryOperator<SinkReader> between) {
        SinkConfig sink = config.sinks().stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> problem(
                        name,
                        "there is no such sink; the sinks are "
                                + config.sinks().stream().map(SinkConfig::name).toList()));
        ReadBack target = sink.connector()
                .readBack()
                .orElseThrow(() -> problem(name, "a sink of type '" + sink.type() + "' cannot be read back"));
        String position = ledger.sink(name).position();
        return () -> {
            SinkReader own = target.reader(attempt.context(sink, 0), position);
            return new Opened(between.apply(own), verification(sink, target, own));
        };
    }

    private SinkVerification verification(SinkConfig sink, ReadBack target, SinkReader own) {
        SinkVerification verification = SinkVerification.of(ledger, sink.name(), streams, routing.apply(sink.name()));
        verification.mayLack(own.removal()); // also if the one between does not hand it on
        if (!sink.connector().resume().exactlyOnce()) {
            verification.mayRepeatWhatWasSentAgain();
        }
        if (!target.ordered()) {
            verification.acceptAnyOrder();
        }
        return verification.replayWith(
                (stream, sequence) -> "--config " + attempt.source(stream, sequence) + " --tag " + attempt.tagText());
    }

    private ConfigurationException problem(String sink, String what) {
        return new ConfigurationException(config.source(), List.of(new Problem("sinks." + sink, what)));
    }
}
