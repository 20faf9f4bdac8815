package io.dataflux.testkit.zoo;

import java.util.List;
import java.util.stream.Stream;

/** All kinds of broken systems that are known, and what no verdict judges. */
final class BrokenSystems {

    /** What goes wrong without a finding, and why. */
    record NotJudged(String wrong, String why) {}

    private BrokenSystems() {}

    static List<Kind> kinds() {
        return Stream.of(Losses.kinds(), Contents.kinds(), Identities.kinds(), PlannedAndTables.kinds())
                .flatMap(List::stream)
                .toList();
    }
}
