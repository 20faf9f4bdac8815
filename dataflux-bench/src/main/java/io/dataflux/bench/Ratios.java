package io.dataflux.bench;

import java.util.List;

/** Measures the ratios that guard the speed; {@code dataflux-bench/run --help} lists them. Exits with 1 if one misses its limit. */
public final class Ratios {

    private interface Measure {
        boolean take() throws Exception;
    }

    private Ratios() {}

    public static void main(String[] args) throws Exception {
        String which = args.length == 0 ? "core" : args[0];
        Measure measure = switch (which) {
            case "core" -> () -> CoreRatios.measure(false);
            case "state" -> () -> StateRatios.measure(false);
            case "lanes" -> LaneRatios::measure;
            case "monitor" -> MonitorRatios::measure;
            case "judge" -> JudgeRatios::measure;
            case "kafka" -> KafkaRatios::measure;
            case "http" -> HttpRatios::measure;
            case "s3" -> S3Ratios::measure;
            case "--short" ->
                () -> {
                    List<Boolean> good = List.of(CoreRatios.measure(true), StateRatios.measure(true));
                    return !good.contains(false);
                };
            default -> {
                System.err.println("there is no '" + which + "' to measure; see dataflux-bench/run --help");
                System.exit(2);
                throw new IllegalStateException();
            }
        };
        if (!measure.take()) {
            System.out.println("NOT good enough");
            System.exit(1);
        }
    }
}
