package io.dataflux.cli;

import io.dataflux.Plan;
import io.dataflux.ledger.Ledger;
import io.dataflux.spi.SinkReader;
import io.dataflux.verify.FaultyReader;
import io.dataflux.verify.FaultyReader.Sabotage;
import io.dataflux.verify.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads sinks back and judges them; with {@code --break}, through a reader that tampers with one event of the first stream. */
final class Judging {

    static final String BREAK = "break";
    static final String BREAK_WORDS =
            "tampers with event number N of the first stream while reading back: drop:N, alter:N, repeat:N or swap:N;"
                    + " with planned faults also deliver:N or mend:N";

    private final Plan plan;
    private final Ledger ledger;
    private final Optional<Sabotage> sabotage;
    private boolean explains;
    private boolean fired;

    Judging(Arguments arguments, Plan plan, Ledger ledger) {
        this.plan = plan;
        this.ledger = ledger;
        sabotage = sabotage(arguments);
    }

    /** The fault that was asked for; a mistake in it is refused before anything is done. */
    static Optional<Sabotage> sabotage(Arguments arguments) {
        return arguments.text(BREAK).map(Sabotage::parse);
    }

    /** From now on each verdict is followed by a table of what was judged and what was not. */
    Judging explaining(boolean wanted) {
        explains = wanted;
        return this;
    }

    /** Whether all of these sinks hold what they should. */
    boolean allClean(Arguments arguments, List<String> sinks) {
        boolean clean = true;
        for (String sink : sinks) {
            clean &= clean(sink);
        }
        if (sabotage.isPresent() && !fired) {
            throw arguments.mistake("--break " + sabotage.get() + " broke nothing: "
                    + plan.streams().get(0).name() + " had "
                    + ledger.streams().get(0).limit()
                    + " events in this run, and swap needs a later event of the same key");
        }
        return clean;
    }

    private boolean clean(String sink) {
        System.err.println("reading " + sink + " back...");
        List<FaultyReader> faulty = new ArrayList<>();
        Verdict verdict = plan.verify(sink, ledger, reader -> between(reader, faulty));
        for (FaultyReader reader : faulty) {
            System.err.println("faulty reader: " + reader.report());
            fired |= reader.fired();
        }
        System.err.println(sink + ": " + verdict);
        if (explains) {
            System.err.println(verdict.explained());
        }
        return verdict.clean();
    }

    private SinkReader between(SinkReader reader, List<FaultyReader> made) {
        if (sabotage.isEmpty()) {
            return reader;
        }
        made.add(new FaultyReader(reader, sabotage.get(), plan.streams().get(0), ledger.tag()));
        return made.get(0);
    }
}
