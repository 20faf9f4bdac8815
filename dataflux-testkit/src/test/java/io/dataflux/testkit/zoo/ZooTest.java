package io.dataflux.testkit.zoo;

import static io.dataflux.testkit.DataFluxAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.verify.Finding;
import io.dataflux.verify.Verdict;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Systems that are broken in known ways, each beside its correct twin: the verdict must name exactly what the system itself knows that it
 * did wrong, and nothing else; say that the twin is clean; and find one more small fault far away.
 */
class ZooTest {

    private static final boolean THOROUGH = Boolean.getBoolean("dataflux.thorough");
    private static final int SEEDS = THOROUGH ? 20 : 1;
    private static final int EVENTS = THOROUGH ? 10_000 : 1_000;
    /** How long to wait for what a system has lost; a busy machine that does not judge in this time gets more. */
    private static final Duration DEADLINE = Duration.ofSeconds(THOROUGH ? 10 : 3);
    /** Nobody waits for it. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private static final int WAITING = 64;

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(WAITING);

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @Test
    void hasAtLeastFortyFiveKindsWithNamesOfTheirOwn() {
        assertThat(BrokenSystems.kinds())
                .hasSizeGreaterThanOrEqualTo(45)
                .extracting(Kind::name)
                .doesNotHaveDuplicates();
        assertThat(BrokenSystems.kinds()).extracting(Kind::wrong).doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> eachKindIsFoundAndItsTwinIsClean() {
        List<Kind> kinds = BrokenSystems.kinds();
        List<SecondFault> seconds = List.of(SecondFault.values());
        List<List<Future<List<String>>>> trials = new ArrayList<>();
        kinds.forEach(kind -> trials.add(new ArrayList<>()));
        for (int seed = 1; seed <= SEEDS; seed++) {
            Round round = new Round(seed, kinds.size());
            for (int i = 0; i < kinds.size(); i++) {
                Kind kind = kinds.get(i);
                SecondFault second = seconds.get((i + seed) % seconds.size());
                trials.get(i).add(THREADS.submit(() -> round.trial(kind, second)));
            }
        }
        return Stream.iterate(0, i -> i < kinds.size(), i -> i + 1)
                .map(i -> DynamicTest.dynamicTest(kinds.get(i).toString(), () -> {
                    List<String> failures = new ArrayList<>();
                    for (Future<List<String>> trial : trials.get(i)) {
                        failures.addAll(trial.get());
                    }
                    assertThat(failures).isEmpty();
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotJudgedGivesNoFinding() throws IOException {
        Sent orders = new Sent(1, 1_000, false);
        Sent faulty = new Sent(1, 1_000, true);
        return BrokenSystems.notJudged().stream()
                .map(each -> DynamicTest.dynamicTest(each.what(), () -> {
                    Sent sent = each.shape() == Shape.FAULTY ? faulty : orders;
                    Work work = sent.work(each.shape(), false);
                    each.system().accept(work);
                    Verdict verdict = sent.judge(work, LONGEST);
                    assertThat(verdict.clean()).as(verdict.toString()).isTrue();
                }));
    }

    /** The trials of one seed. What was sent is made by the first and forgotten after the last. */
    private static final class Round {

        private final long seed;
        private final Map<Boolean, Sent> sent = new HashMap<>();
        private final AtomicInteger left;

        Round(long seed, int trials) {
            this.seed = seed;
            left = new AtomicInteger(trials);
        }

        private synchronized Sent sent(Shape shape) {
            return sent.computeIfAbsent(shape == Shape.FAULTY, faults -> {
                try {
                    return new Sent(seed, EVENTS, faults);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }

        private synchronized void forget() {
            sent.clear();
        }

        /** What is not as it should be with the verdicts on a kind. */
        List<String> trial(Kind kind, SecondFault second) throws Exception {
            try {
                List<String> failures = new ArrayList<>();
                twin(kind, failures);
                broken(kind, null, failures);
                broken(kind, second, failures);
                return failures;
            } finally {
                if (left.decrementAndGet() == 0) {
                    forget();
                }
            }
        }

        private void twin(Kind kind, List<String> failures) throws Exception {
            Work work = sent(kind.shape()).work(kind.shape(), false);
            kind.system().accept(work);
            assertThat(work.book()).as("what the correct twin did wrong").isEmpty();
            Verdict verdict = sent(kind.shape()).judge(work, LONGEST);
            try {
                if (kind.shape() == Shape.SILENT) {
                    assertThat(verdict).nothingArrived();
                } else {
                    assertThat(verdict).deliveredExactlyOnce();
                    assertThat(verdict.clean()).as(verdict.toString()).isTrue();
                }
                if (kind.shape().log && kind.shape() != Shape.SILENT) {
                    assertThat(verdict).inOrderPerKey();
                }
            } catch (AssertionError e) {
                failures.add("seed " + seed + ", the correct twin: " + e.getMessage());
            }
        }

        private void broken(Kind kind, SecondFault second, List<String> failures) throws Exception {
            Work work;
            Map<Finding, List<Long>> did;
            Verdict verdict;
            Duration deadline = DEADLINE;
            do {
                work = sent(kind.shape()).work(kind.shape(), true);
                kind.system().accept(work);
                assertThat(work.book())
                        .as("what the broken system did wrong: the fault must fire")
                        .containsOnlyKeys(kind.findings());
                if (second != null) {
                    second.addTo(work);
                }
                did = work.book();
                verdict = sent(kind.shape()).judge(work, did.containsKey(Finding.LOST) ? deadline : LONGEST);
                deadline = deadline.multipliedBy(4);
            } while (!verdict.readToEnd() && deadline.compareTo(LONGEST) < 0);
            String what = "seed " + seed + (second == null ? "" : ", and one " + second);
            if (verdict.clean() || !said(verdict).equals(did)) {
                failures.add(what + ": it did " + shortened(did) + ", but the verdict says " + shortened(said(verdict))
                        + "\n" + verdict);
            }
            Work done = work;
            verdict.findings(Finding.CORRUPTED)
                    .filter(example -> !done.altered(example.sequence(), example.difference()))
                    .limit(3)
                    .forEach(example -> failures.add(
                            what + ": the field that was altered is not " + example.difference() + " in " + example));
        }
    }

    /** What a verdict says, to the last event, in the words of a book. */
    private static Map<Finding, List<Long>> said(Verdict verdict) {
        Map<Finding, List<Long>> said = new EnumMap<>(Finding.class);
        for (Finding finding : Finding.values()) {
            if (verdict.count(finding) > 0) {
                said.put(
                        finding,
                        verdict.findings(finding)
                                .map(example -> finding == Finding.FOREIGN ? example.offset() : example.sequence())
                                .sorted()
                                .toList());
            }
        }
        return said;
    }

    private static String shortened(Map<Finding, List<Long>> book) {
        StringBuilder text = new StringBuilder();
        book.forEach((finding, events) -> text.append(text.isEmpty() ? "" : ", ")
                .append(finding)
                .append(' ')
                .append(events.size())
                .append(' ')
                .append(events.subList(0, Math.min(20, events.size()))));
        return text.isEmpty() ? "nothing" : text.toString();
    }
}
