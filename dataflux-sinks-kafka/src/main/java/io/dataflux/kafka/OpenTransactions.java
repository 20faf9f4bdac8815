package io.dataflux.kafka;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.DescribeProducersResult.PartitionProducerState;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.ProducerState;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.common.TopicPartition;

/** Reports who holds up the readers of committed records, as far as that can be seen. */
final class OpenTransactions {

    private final KafkaAdmin admin;

    OpenTransactions(KafkaAdmin admin) {
        this.admin = admin;
    }

    /** Such as {@code , where a transaction is open: 'dataflux-1-sink-0of1', for 12 s; the broker ends it after 60 s}. */
    String words(TopicPartition partition) throws InterruptedException {
        admin.begin();
        try {
            PartitionProducerState state = admin.get(
                    admin.client().describeProducers(List.of(partition)).partitionResult(partition));
            Optional<ProducerState> oldest = state.activeProducers().stream()
                    .filter(producer -> producer.currentTransactionStartOffset().isPresent())
                    .min(Comparator.comparingLong(
                            producer -> producer.currentTransactionStartOffset().orElseThrow()));
            return ", where a transaction is open" + (oldest.isEmpty() ? "" : whose(oldest.get()));
        } catch (ExecutionException | RuntimeException e) {
            return ", where a transaction is open (its owner cannot be determined: " + KafkaAdmin.words(e) + ")";
        }
    }

    private String whose(ProducerState producer) throws InterruptedException, ExecutionException {
        for (TransactionListing found : admin.get(admin.client()
                .listTransactions(new ListTransactionsOptions().filterProducerIds(Set.of(producer.producerId())))
                .all())) {
            String id = found.transactionalId();
            TransactionDescription transaction =
                    admin.get(admin.client().describeTransactions(List.of(id)).description(id));
            long timeout = transaction.transactionTimeoutMs();
            StringBuilder words = new StringBuilder(": '").append(id).append('\'');
            if (transaction.transactionStartTimeMs().isPresent()) {
                long age = System.currentTimeMillis()
                        - transaction.transactionStartTimeMs().getAsLong();
                words.append(", for ").append(age / 1000).append(" s");
            }
            return words.append(" (the broker ends it after ")
                    .append(KafkaAdmin.seconds(Duration.ofMillis(timeout)))
                    .append(')')
                    .toString();
        }
        return ": producer " + producer.producerId();
    }
}
