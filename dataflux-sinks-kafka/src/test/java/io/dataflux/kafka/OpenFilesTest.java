package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFilesTest {

    @Test
    void aLimitThatIsNearIsNamed() {
        assertThat(OpenFiles.words(130, 135))
                .startsWith("this process has 130 of the 135 files and connections that it may have")
                .contains("ulimit -n");
        assertThat(OpenFiles.words(130, 1024)).isEmpty();
    }

    @Test
    void thisProcessIsFarFromItsLimit() {
        assertThat(OpenFiles.words()).isEmpty();
    }
}
