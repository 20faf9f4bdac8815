package io.dataflux.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import javax.management.AttributeNotFoundException;
import javax.management.RuntimeErrorException;
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

    /** The system counts open files by opening a folder. */
    @Test
    void withNoFileLeftTheyCannotBeCounted() {
        assertThat(OpenFiles.words(name -> {
                    if (name.equals("OpenFileDescriptorCount")) {
                        throw new RuntimeErrorException(new InternalError("Too many open files"));
                    }
                    return 1024L;
                }))
                .startsWith("this process has 1024 of the 1024 files");
    }

    @Test
    void aSystemThatDoesNotCountThemSaysNothing() {
        assertThat(OpenFiles.words(name -> {
                    throw new AttributeNotFoundException(name);
                }))
                .isEmpty();
    }
}
