package io.dataflux.examples.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.DataFlux;
import io.dataflux.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PlotTest {

    @TempDir
    Path folder;

    static List<String> streams() {
        return DataFlux.streamNames();
    }

    /** 2,000 events each. */
    @ParameterizedTest
    @MethodSource("streams")
    void everyStreamHasAPageWithAllItsFieldsThatLoadsNothing(String stream) throws Exception {
        Path file = folder.resolve(stream + ".html");

        assertThat(Main.run(List.of("plot", stream, "--count", "2000", "-o", file.toString())))
                .isZero();

        String page = Files.readString(file, StandardCharsets.UTF_8);
        Set<String> seen = new TreeSet<>();
        for (Event event : DataFlux.stream(stream, 42).events(0, 2000)) {
            DataFlux.definition(stream).fields().keySet().stream()
                    .filter(field -> event.field(field) != null)
                    .forEach(seen::add);
        }
        assertThat(seen).isNotEmpty();
        for (String field : seen) {
            assertThat(page.contains(field)).as("field " + field).isTrue();
        }
        for (String there : List.of("<svg", "Rate over", "Size")) {
            assertThat(page.contains(there)).as(there).isTrue();
        }
        for (String not : List.of("NaN", "Infinity", "src=", "href=", "url(", "<script")) {
            assertThat(page.contains(not)).as(not).isFalse();
        }
    }

    @Test
    void aPageOfOneEventIsDrawnToo() throws Exception {
        Path file = folder.resolve("one.html");

        assertThat(Main.run(List.of("plot", "clickstream", "--count", "1", "-o", file.toString())))
                .isZero();
        assertThat(Files.readString(file)).contains("no key came twice").doesNotContain("NaN");
    }

    @Test
    void aPageThatCannotBeWrittenIsAMistake() {
        assertThat(Main.run(List.of("plot", "clickstream", "--count", "10", "-o", folder.toString())))
                .isEqualTo(2);
        assertThat(Main.run(List.of("plot", "clickstream"))).isEqualTo(2);
    }
}
