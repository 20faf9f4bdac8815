package io.dataflux.testkit.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.testkit.zoo.FalseGreens.FalseGreen;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every wrong verdict that was ever found is a case of its own, so that none comes back. */
class FalseGreensTest {

    private static final ExecutorService THREADS = Executors.newFixedThreadPool(4);

    @AfterAll
    static void stop() {
        THREADS.shutdownNow();
    }

    @Test
    void eachHasANameOfItsOwn() {
        assertThat(FalseGreens.all()).extracting(FalseGreen::system).doesNotHaveDuplicates();
    }

    @TestFactory
    Stream<DynamicTest> noneComesBack() {
        List<FalseGreen> all = FalseGreens.all();
        Map<FalseGreen, Future<?>> checks = new HashMap<>();
        all.forEach(each -> checks.put(each, THREADS.submit(() -> {
            each.check().run();
            return null;
        })));
        return all.stream()
                .map(each -> DynamicTest.dynamicTest(
                        "It " + each.system(), () -> checks.get(each).get()));
    }
}
