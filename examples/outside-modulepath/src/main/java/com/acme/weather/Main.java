package com.acme.weather;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import io.dataflux.Plan;
import io.dataflux.RunReport;
import java.nio.file.Path;

/**
 * Shows the same on the module path: DataFlux and this program are modules, and module-info.java provides what
 * config.yaml names. Only the coast's events go to the sink; which these are is computed again. Run it: {@code ./run}
 */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws Exception {
        Plan plan = DataFlux.plan(Path.of(args[0]));
        RunReport report = plan.start().await();

        long warmest = Long.MIN_VALUE;
        for (Event reading : plan.streams().get(0).events(0, 5_000)) {
            if (reading.entity() % 2 == 0) {
                warmest = Math.max(warmest, (Long) reading.field("tenths"));
            }
        }
        System.out.println("a reading    " + plan.streams().get(0).event(0));
        System.out.println("acknowledged " + report.acknowledged());
        System.out.println("module       " + DataFlux.class.getModule());
        System.out.println("warmest      " + Warmest.TENTHS + ", expected " + warmest);
        boolean modules = DataFlux.class.getModule().isNamed() && Main.class.getModule().isNamed();
        if (!report.delivered() || report.acknowledged() != 5_000 || Warmest.TENTHS.get() != warmest || !modules) {
            System.err.println("the two differ: " + report.problems());
            System.exit(1);
        }
    }
}
