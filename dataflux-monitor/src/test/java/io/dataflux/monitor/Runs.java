package io.dataflux.monitor;

import io.dataflux.DataFlux;
import io.dataflux.Plan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Runs for tests, from configurations. */
final class Runs {

    private Runs() {}

    /** Two streams over three regions into two sinks, one of which gets one region; with planned faults, an alert and a large number. */
    static String yaml(Path folder, String more) {
        return """
                seed: 7
                streams:
                  orders:
                    key: {entity: "cust_{}", count: 100, shards: 4}
                    identity: id
                    weight: 3
                    fields:
                      id: {id: "ord_{}"}
                      customer: {copy: key}
                      note: {pick: ["<script>alert(1)</script>", "plain"]}
                      big: {int: [9007199254740993, 9007199254740995]}
                      amount: {decimal: ["1.00", "99.99"]}
                    faults: {duplicate: 2%%, late: {share: 2%%, by: [1s, 3s]}}
                  visits:
                    key: {entity: "user_{}", count: 100, shards: 4}
                    weight: 1
                    fields: {user: {copy: key}, at: {time: event}}
                regions: {eu: {weight: 2}, us: {weight: 1}, asia: {weight: 1}}
                sinks:
                  all: {type: "null", lanes: 2}
                  some: {type: shelf}
                region_sinks: {eu: [all, some], default: [all]}
                output: {dir: '%s'}
                %s
                """.formatted(folder.resolve("out"), more);
    }

    static Plan plan(Path folder, String more) throws IOException {
        return plan(folder, more, Map.of());
    }

    static Plan plan(Path folder, String more, Map<String, String> environment) throws IOException {
        return DataFlux.plan(Files.writeString(folder.resolve("run.yaml"), yaml(folder, more)), Map.of(), environment);
    }
}
