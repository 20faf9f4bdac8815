package io.dataflux.kafka;

import java.util.HashMap;
import java.util.Map;

/** The same contract with transactions. */
class KafkaTransactionalContractTest extends KafkaSinkContractTest {

    @Override
    protected Map<String, ?> settings() {
        Map<String, Object> settings = new HashMap<>(super.settings());
        settings.put("transactional", true);
        settings.put("transaction_events", 700L);
        return settings;
    }
}
