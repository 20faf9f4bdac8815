package io.dataflux.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Asks for a Kafka cluster. On a {@link Kafka} parameter of a test it is a new cluster for this test, started in a second or two. On one of
 * {@code @BeforeAll} or a constructor it is one cluster for all tests of the class; tests that ask for the same number of brokers share it.
 * What a test did to it - brokers killed, faults switched on - is undone before the next test; topics stay.
 *
 * <pre>{@code
 * @Test
 * void countsEveryOrder(@KafkaCluster Kafka kafka) {
 *     kafka.createTopic("orders", 3);
 *     ...
 * }
 * }</pre>
 *
 * <p>Needs {@code io.dataflux:dataflux-testkit-kafka} in test scope; the version of the test's own Kafka client does not matter.
 */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@ExtendWith(KafkaClusterExtension.class)
public @interface KafkaCluster {

    /** The number of brokers; topics have as many replicas, at most three. */
    int brokers() default 1;

    /** Further properties of all brokers as {@code name=value}, such as {@code broker.session.timeout.ms=2000}. */
    String[] properties() default {};
}
