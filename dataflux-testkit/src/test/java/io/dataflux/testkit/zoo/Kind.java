package io.dataflux.testkit.zoo;

import io.dataflux.verify.Finding;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A kind of broken system. Its correct twin is the same program, for which {@link Work#wrong} is always false.
 *
 * @param name what it is called
 * @param shape what it should do
 * @param wrong what it does instead, as the rest of a sentence that begins with "It"
 * @param findings what a verdict should call that
 */
record Kind(String name, Shape shape, String wrong, Set<Finding> findings, Consumer<Work> system) {

    static Kind of(String name, Shape shape, String wrong, Set<Finding> findings, Consumer<Work> system) {
        return new Kind(name, shape, wrong, findings, system);
    }

    /** The findings in the words of a verdict. */
    String finding() {
        return findings.stream()
                .sorted()
                .map(finding -> "`" + finding.name().toLowerCase(Locale.ROOT) + "`")
                .collect(Collectors.joining(", "));
    }

    @Override
    public String toString() {
        return name + ": " + wrong;
    }
}
