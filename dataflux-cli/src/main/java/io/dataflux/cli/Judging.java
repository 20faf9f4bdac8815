package io.dataflux.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.dataflux.Plan;
import io.dataflux.ledger.Ledger;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.FaultyReader;
import io.dataflux.verify.FaultyReader.Sabotage;
import io.dataflux.verify.Verdict;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;

/** Reads sinks back and judges them; with {@code --break}, through a reader that tampers with one event of the first stream. */
final class Judging {

    static final String BREAK = "--break";
    static final String BREAK_WORDS =
            "tampers with event number N of the first stream while reading back: drop:N, alter:N, repeat:N or swap:N;"
                    + " with planned faults also deliver:N or mend:N";

    /** How the library begins a line that computes events again. */
    static final String REPLAY = "./dataflux sample ";

    private final Plan plan;
    private final Ledger ledger;
    private final @Nullable Sabotage sabotage;
    private final Map<String, Verdict> verdicts = new LinkedHashMap<>();
    private boolean explains;
    private boolean fired;

    Judging(Plan plan, Ledger ledger, @Nullable Sabotage sabotage) {
        this.plan = plan;
        this.ledger = ledger;
        this.sabotage = sabotage;
    }

    /** Reads a fault that is asked for. */
    static final class Fault implements ITypeConverter<Sabotage> {
        @Override
        public Sabotage convert(String text) {
            return Sabotage.parse(text);
        }
    }

    /** From now on each verdict is followed by a table of what was judged and what was not. */
    Judging explaining(boolean wanted) {
        explains = wanted;
        return this;
    }

    /**
     * Whether all of these sinks hold what they should, or differ within the configuration's thresholds.
     *
     * @param mistake makes what is thrown if an event was to be tampered with and was not
     */
    boolean allClean(List<String> sinks, Function<String, ParameterException> mistake) {
        boolean clean = true;
        for (String sink : sinks) {
            clean &= clean(sink);
        }
        if (sabotage != null && !fired) {
            throw mistake.apply(BREAK + " " + sabotage + " broke nothing: "
                    + plan.streams().get(0).name() + " had "
                    + ledger.streams().get(0).limit()
                    + " events in this run, and swap needs a later event of the same key");
        }
        return clean;
    }

    /** What was found at each sink, as the files of the verdicts have it. */
    ArrayNode document() {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        verdicts.values().forEach(verdict -> verdict.report().ifPresent(file -> all.add(JsonCommand.content(file))));
        return all;
    }

    /** What was found at each sink, for Prometheus. */
    VerdictMetrics metrics() {
        return new VerdictMetrics(HexFormat.of().toHexDigits(ledger.tag()), verdicts);
    }

    private boolean clean(String sink) {
        System.err.println("reading " + sink + " back...");
        List<FaultyReader> faulty = new ArrayList<>();
        Verdict verdict = plan.verify(sink, ledger, reader -> between(reader, faulty));
        for (FaultyReader reader : faulty) {
            System.err.println("faulty reader: " + reader.report());
            fired |= reader.fired();
        }
        verdicts.put(sink, verdict);
        System.err.println(sink + ": "
                + Terminal.headed(verdict.toString(), verdict.clean()).replace(REPLAY, Command.program() + " sample "));
        if (explains) {
            System.err.println(verdict.explained());
        }
        List<String> missed = verdict.beyond(plan.thresholds());
        if (missed.isEmpty() && !verdict.clean()) {
            System.err.println(sink + ": within the thresholds of the configuration");
        }
        return missed.isEmpty();
    }

    private SinkReader between(SinkReader reader, List<FaultyReader> made) {
        if (sabotage == null) {
            return reader;
        }
        made.add(new FaultyReader(reader, sabotage, plan.streams().get(0), ledger.tag()));
        return made.get(0);
    }
}
