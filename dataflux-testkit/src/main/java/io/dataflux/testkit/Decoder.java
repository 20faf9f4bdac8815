package io.dataflux.testkit;

import io.dataflux.Event;
import io.dataflux.verify.Arrivals;
import java.lang.reflect.Type;
import java.util.Map;

/**
 * Turns an event into what a test works with. A function of the event alone; thread-safe.
 *
 * <pre>{@code
 * record Order(String orderId, BigDecimal total, String status) {}
 * Decoder<Order> orders = Decoder.json(Order.class);            // order_id becomes orderId
 * }</pre>
 */
@FunctionalInterface
public interface Decoder<T> {

    T decode(Event event);

    /** The event as it is. */
    static Decoder<Event> events() {
        return event -> event;
    }

    /** The event's fields by name; numbers are {@code Long} or {@code BigDecimal}. */
    static Decoder<Map<String, Object>> maps() {
        return JsonDecoder.maps();
    }

    /**
     * A record or bean whose components or properties are fields of the event: by the same name, or {@code orderId} for {@code
     * order_id}. Fields without a component are left out, and what an event lacks is null; times can be {@code Instant}.
     * Jackson's annotations are honoured, and so are its modules on the class path.
     */
    static <T> Decoder<T> json(Class<T> type) {
        return JsonDecoder.of(type);
    }

    /**
     * Decodes what a system stored as JSON, like {@link #json}, but converts nothing: text is no number and no boolean, a number or boolean
     * is no text, and 12.0 is 12. Only what the stream's own field is, its field may be, too, such as text of digits read into a {@code
     * long}. Throws if it cannot be read, or if a member is there twice.
     */
    static <R> Arrivals.JsonDecode<R> ofBytes(Class<R> type) {
        return JsonDecoder.of(type);
    }

    /** The decoder for a type as a parameter declares it: {@code Event}, {@code String}, {@code byte[]}, a map, or as {@link #json}. */
    static Decoder<?> of(Type type) {
        return JsonDecoder.of(type);
    }
}
