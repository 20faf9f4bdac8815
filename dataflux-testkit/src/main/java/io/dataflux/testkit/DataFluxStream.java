package io.dataflux.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test method a {@link TestStream}: events of a built-in stream, of a configuration file, or of a definition in code. The type
 * argument of the parameter says what the test sees of an event, see {@link Decoder#of}: {@code Event} itself, {@code String}, {@code
 * byte[]}, a map, or a record or bean.
 *
 * <pre>{@code
 * @Test
 * void everyOrderBecomesOneRow(@DataFluxStream(file = "orders.yaml", events = 10_000) TestStream<Order> orders) {
 *     orders.sendTo(KafkaSink.topic(servers, "orders"));
 *     assertThat(orders.verify(rows).tracedBy(Row::orderId).await()).deliveredExactlyOnce();
 * }
 * }</pre>
 *
 * <p>When the test fails, its failure shows the seed and where it came from, the run's tag, and this annotation with the values that
 * produce the same events again. Reports and verdicts are in {@code target/dataflux/<test>}, see {@link TestStream}. Works with Jupiter 5.11 and newer.
 */
@Documented
@Target({ElementType.PARAMETER, ElementType.ANNOTATION_TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(DataFluxExtension.class)
public @interface DataFluxStream {

    /** The name of a built-in stream; with {@link #file} the name of a stream in it, if it has several. */
    String value() default "";

    /** A configuration file with streams, on the class path (beside the test's class, or from the root) or on disk. */
    String file() default "";

    /** A class with a static method without parameters that returns a {@code StreamDefinition}. */
    Class<?> source() default Void.class;

    /**
     * The seed. 0 means none: then it is that of {@code -Ddataflux.seed}, which may be {@code fresh} for a new one in each run; else that
     * of the file, if it has one; else it is derived from the test's id, which is the same in each run and differs from test to test.
     */
    long seed() default 0;

    /** The first event. */
    long from() default 0;

    /** How many events. 0 means all of a {@link #rate} that ends, such as steps or a ramp; otherwise 1,000. */
    long events() default 0;

    /** The rate to send at, such as {@code 2000/s}; without one, as fast as the sink takes it. See {@link TestStream#rate}. */
    String rate() default "";

    /** The time of event 0: an instant, {@code now}, {@code now-1d} or {@code now+2h}. */
    String start() default "";

    /**
     * The tag of the run, up to eight hexadecimal digits: the same one gives the same ids again. Without one it is that of {@code
     * -Ddataflux.tag}, else a fresh one. See {@link TestStream#tag}.
     */
    String tag() default "";

    /** What goes wrong on purpose, such as {@code late 2% by 8s..30s, drop 0.1%}. See {@link TestStream#faults}. */
    String faults() default "";
}
