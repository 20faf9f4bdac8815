package io.dataflux;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModuleDescriptorTest {

    private final ModuleDescriptor module = ModuleFinder.of(Path.of("target", "classes"))
            .find("io.dataflux.core")
            .orElseThrow()
            .descriptor();

    @Test
    void exportsThePublicPackagesAndNothingElse() {
        assertThat(module.exports())
                .allMatch(export -> !export.isQualified())
                .extracting(ModuleDescriptor.Exports::source)
                .containsExactlyInAnyOrder(
                        "io.dataflux",
                        "io.dataflux.ledger",
                        "io.dataflux.model",
                        "io.dataflux.results",
                        "io.dataflux.spi",
                        "io.dataflux.verify");
    }

    @Test
    void opensNoPackage() {
        assertThat(module.opens()).isEmpty();
    }
}
