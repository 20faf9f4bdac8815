package io.dataflux.config;

import static io.dataflux.config.Configurations.map;
import static org.assertj.core.api.Assertions.assertThat;

import io.dataflux.ConfigurationException;
import io.dataflux.config.Mutations.Mutant;
import io.dataflux.config.Tree.Mapping;
import io.dataflux.plan.RunConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a configuration, the user hears of it in our words, with its path, and no secret is shown. */
class MutatedConfigurationsTest {

    private static final int MUTANTS = Boolean.getBoolean("dataflux.thorough") ? 10_000 : 1_000;
    private static final List<String> FILES = List.of("orders.yaml", "platform.yaml", "kinds.yaml");
    private static final List<String> SECRETS = List.of("5ecretHeader", "5ecretLiteral", "5ecretVariable");
    private static final Map<String, String> ENVIRONMENT = map("PASSWORD", "5ecretVariable");

    @Test
    void theConfigurationsLoadBeforeTheyAreMutated() throws IOException {
        for (String file : FILES) {
            assertThat(complaint(text(file))).as(file).isEmpty();
        }
        assertThat(complaint(ConfigReaderTest.ORIGINAL)).isEmpty();
    }

    @Test
    void aMutatedConfigurationLoadsOrIsRefusedWithItsPathInWordsOfOurs() throws IOException {
        List<String> withoutPath = new ArrayList<>();
        int refused = 0;
        for (int seed = 0; seed < MUTANTS; seed++) {
            Mutant mutant = Mutations.mutant(trees().get(seed % trees().size()), seed);
            Optional<String> complaint = complaint(mutant.text());
            if (complaint.isPresent()) {
                refused++;
                assertThat(complaint.get())
                        .as(mutant.toString())
                        .doesNotContainIgnoringCase("snakeyaml", "jackson", "exception", "com.", "org.", "java")
                        .doesNotContain(SECRETS);
                if (!complaint.get().contains(mutant.path())) {
                    withoutPath.add(mutant.what() + " at " + mutant.path() + " -> " + complaint.get());
                }
            }
        }
        assertThat(refused).isGreaterThanOrEqualTo(MUTANTS * 7 / 10);
        assertThat(withoutPath).hasSizeLessThanOrEqualTo(refused / 20);
    }

    @Test
    void brokenSyntaxIsRefusedWithItsLineInWordsOfOurs() throws IOException {
        for (String file : FILES) {
            String text = text(file);
            for (int at = 0; at < text.length(); at += 7) {
                for (String noise :
                        List.of("", "\"", "'", "{", "]", ": ", "\n", "- ", "@", "\t", "\\", "&a ", "!x ", "\u0007")) {
                    String broken = text.substring(0, at) + noise + text.substring(at + (noise.isEmpty() ? 1 : 0));
                    readsOrComplains(broken);
                }
            }
        }
    }

    /** Looks at the tree only: what fields mean is the other tests' affair. */
    private static void readsOrComplains(String broken) {
        try {
            Document.parse("config.yaml", broken.getBytes(StandardCharsets.UTF_8));
        } catch (ConfigurationException e) {
            assertThat(e.getMessage())
                    .containsPattern("line \\d+, column \\d+")
                    .doesNotContainIgnoringCase("snakeyaml", "exception", "com.", "org.")
                    .doesNotContain(SECRETS);
        }
    }

    @Test
    void aVariableNeverShowsWhereverItIsUsed() throws IOException {
        for (Mapping tree : trees()) {
            for (Mutant mutant : Mutations.eachScalarReplaced(tree, "\"${env:PASSWORD}\"")) {
                Optional<String> complaint = complaint(mutant.text());

                assertThat(complaint.orElse("")).as(mutant.toString()).doesNotContain(SECRETS);
            }
        }
    }

    /** What the user is told; empty if the configuration loads. Origins hold no secret either. */
    private static Optional<String> complaint(String text) {
        try {
            RunConfig config = Configurations.read(
                    text.getBytes(StandardCharsets.UTF_8), Path.of("target"), Overrides.NONE, ENVIRONMENT);
            assertThat(config.origins()).noneMatch(line -> SECRETS.stream().anyMatch(line::contains));
            return Optional.empty();
        } catch (ConfigurationException e) {
            return Optional.of(e.getMessage());
        }
    }

    private static List<Mapping> trees() throws IOException {
        List<Mapping> trees = new ArrayList<>();
        for (String file : FILES) {
            trees.add(Document.parse(file, text(file).getBytes(StandardCharsets.UTF_8))
                    .root());
        }
        return trees;
    }

    private static String text(String file) throws IOException {
        try (InputStream in = MutatedConfigurationsTest.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
