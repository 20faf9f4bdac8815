package io.dataflux.testkit.zoo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.dataflux.DataFlux;
import io.dataflux.EventStream;
import io.dataflux.testkit.Decoder;
import io.dataflux.testkit.zoo.Orders.Order;
import io.dataflux.verify.Arrivals.JsonDecode;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * An event as a system under test receives it. The number is known to the zoo's own books only; the systems decide by what they can see.
 */
final class Message {

    /** Whose fields the decoder goes by. */
    private static final EventStream LIKE = DataFlux.stream(Orders.definition(), 1);

    private static final JsonDecode<Order> JSON = Decoder.ofBytes(Order.class);

    final long sequence;
    final String key;
    final byte[] bytes;
    private Order order;

    Message(long sequence, String key, byte[] bytes) {
        this.sequence = sequence;
        this.key = key;
        this.bytes = bytes;
    }

    /** The order; throws if the message is broken. */
    synchronized Order order() {
        if (order == null) {
            Order read = JSON.decode(bytes, LIKE);
            Stream.of(
                            read.customer(),
                            read.placedAt(),
                            read.status(),
                            read.total(),
                            read.units(),
                            read.gift(),
                            read.city(),
                            read.country(),
                            read.items())
                    .forEach(Objects::requireNonNull);
            if (!new String(bytes, UTF_8).contains("\"note\":")) {
                throw new IllegalArgumentException("it has no note, not even none");
            }
            order = read;
        }
        return order;
    }

    /** Two messages are the same if they are the same event; a system sees that by the id. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Message that && sequence == that.sequence;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence);
    }

    boolean readable() {
        try {
            return order() != null;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
