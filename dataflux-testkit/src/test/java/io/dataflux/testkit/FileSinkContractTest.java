package io.dataflux.testkit;

import io.dataflux.spi.SinkProvider;
import java.util.Map;

/** The contract with files that end in the middle of the delivery, and with such that only the flush ends. */
class FileSinkContractTest extends SinkContract {

    @Override
    protected SinkProvider provider() {
        return CoreSinksTest.provider("file");
    }

    @Override
    protected Map<String, ?> settings() {
        return Map.of("roll_bytes", "50KB");
    }
}
