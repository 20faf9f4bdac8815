package com.acme.fares;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Shows that a generator, a router and a sink of your own are classes on the class path, listed in META-INF/services and named
 * in config.yaml. The stream is a function, so what the sink should have counted is computed again. Run it: {@code ./run}
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Plan plan = DataFlux.plan(Path.of(args[0]));
        RunReport report = plan.start().await();

        Map<String, Long> expected = new TreeMap<>();
        for (Event fare : plan.streams().get(0).events(0, 10_000)) {
            expected.merge((Long) fare.field("stop") < 20 ? "north" : "south", 1L, Long::sum);
        }
        System.out.println("a fare       " + plan.streams().get(0).event(0));
        System.out.println("acknowledged " + report.acknowledged());
        System.out.println("counted      " + Tally.EVENTS);
        System.out.println("expected     " + expected);
        if (!report.delivered() || report.acknowledged() != 10_000 || !expected.equals(Tally.EVENTS)) {
            System.err.println("the two differ: " + report.problems());
            System.exit(1);
        }
    }
}
