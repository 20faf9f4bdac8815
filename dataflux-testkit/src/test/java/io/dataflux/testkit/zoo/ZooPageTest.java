package io.dataflux.testkit.zoo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ZooPageTest {

    private static final Path PAGE = Path.of("..", "docs", "zoo.md");
    /** What stands below the tables of this catalogue belongs to the tests of the Kafka sink. */
    private static final String OVER_A_BROKER = "\n## Over a broker\n";

    @Test
    void thePageHasTheKindsOfTheCatalogue() throws IOException {
        String page = Files.exists(PAGE) ? Files.readString(PAGE) : OVER_A_BROKER;
        String rest = page.substring(page.indexOf(OVER_A_BROKER));
        if ("write".equals(System.getProperty("dataflux.zoo"))) {
            Files.writeString(PAGE, BrokenSystems.page() + rest);
        }
        assertThat(Files.readString(PAGE)).startsWith(BrokenSystems.page() + OVER_A_BROKER);
    }
}
