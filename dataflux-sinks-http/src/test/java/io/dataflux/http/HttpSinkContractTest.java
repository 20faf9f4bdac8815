package io.dataflux.http;

import io.dataflux.spi.SinkProvider;
import io.dataflux.testkit.HttpReceiver;
import io.dataflux.testkit.SinkContract;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** The contract with bodies of each kind; requests of a lane one after the other, as the contract asks for order. */
class HttpSinkContractTest {

    abstract static class OverHttp extends SinkContract {

        private final List<HttpReceiver> receivers = new ArrayList<>();

        @AfterEach
        void closeReceivers() {
            receivers.forEach(HttpReceiver::close);
        }

        @Override
        protected SinkProvider provider() {
            return new HttpSinkProvider();
        }

        @Override
        protected Map<String, ?> settings() {
            HttpReceiver receiver = HttpReceiver.start();
            receivers.add(receiver);
            Map<String, Object> settings = new HashMap<>(Map.of(
                    "url", receiver.url(), "ordered", true, "read", Map.of("url", receiver.url(), "page", 700L)));
            settings.putAll(more());
            return settings;
        }

        abstract Map<String, ?> more();
    }

    @Nested
    class WithLines extends OverHttp {
        @Override
        Map<String, ?> more() {
            return Map.of("body", "ndjson", "batch_events", 100L, "compression", "gzip");
        }
    }

    @Nested
    class WithArrays extends OverHttp {
        @Override
        Map<String, ?> more() {
            return Map.of("body", "json_array", "batch_bytes", "3KiB", "method", "PUT");
        }
    }
}
