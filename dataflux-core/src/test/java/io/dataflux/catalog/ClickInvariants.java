package io.dataflux.catalog;

import static io.dataflux.catalog.Invariant.decides;
import static io.dataflux.catalog.Invariant.follows;
import static io.dataflux.catalog.Invariant.has;
import static io.dataflux.catalog.Invariant.hasExactly;
import static io.dataflux.catalog.Invariant.matches;
import static io.dataflux.catalog.Invariant.number;
import static io.dataflux.catalog.Invariant.refersTo;
import static io.dataflux.catalog.Invariant.text;
import static io.dataflux.catalog.Invariant.within;
import static io.dataflux.model.Fields.anyOf;
import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.sessionId;
import static io.dataflux.model.Fields.time;

import io.dataflux.model.Field;
import io.dataflux.model.Kind.TimeFormat;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

final class ClickInvariants {

    private static final Pattern EVENT_ID =
            Pattern.compile("evt_[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
    private static final Pattern USER = Pattern.compile("user_(0|[1-9][0-9]{0,5})");
    private static final Pattern TIME =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z");

    private static final Map<String, Set<String>> DATA = Map.of(
            "page_view", Set.of("session_id", "page", "referrer"),
            "click", Set.of("session_id", "page", "element", "product_id", "x", "y"),
            "search", Set.of("session_id", "page", "query", "results"),
            "add_to_cart", Set.of("session_id", "page", "product_id", "price", "quantity"),
            "purchase", Set.of("session_id", "page", "order_id", "items", "total", "discount", "currency"));

    private static final Pattern SESSION_ID = Pattern.compile("ses_[0-9a-f]{16}");
    private static final String SESSION = "data.session_id";

    private ClickInvariants() {}

    static List<Invariant> clickstream() {
        List<Invariant> of = new ArrayList<>(List.of(
                new Invariant(
                        "an event has these five fields",
                        hasExactly("event_id", "timestamp", "user_id", "event_type", "data"),
                        b -> b.field("user", constant("s"))),
                new Invariant(
                        "an id is a UUID behind evt_, a user a number behind user_, a timestamp milliseconds",
                        e -> matches(e, "event_id", EVENT_ID)
                                && matches(e, "user_id", USER)
                                && number(e, "timestamp") >= 1_735_689_600_000.0,
                        b -> b.replace("event_id", id("ev_{}"))),
                new Invariant(
                        "the data has the fields of the event's type",
                        e -> hasDataOf(e, text(e, "event_type")),
                        b -> b.replace("event_type", anyOf("page_view", "click"))
                                .replace("data", object("page", constant("/home"), "referrer", constant("google")))),
                new Invariant(
                        "a search happens on the search page, and nothing else does",
                        e -> text(e, "event_type").equals("search")
                                == text(e, "data.page").equals("/search"),
                        b -> b.replace("data", object("page", constant("/search")))),
                new Invariant(
                        "the result that was clicked is one of the results",
                        e -> !has(e, "data.clicked_rank")
                                || within(e, "data.clicked_rank", 1, number(e, "data.results")),
                        b -> b.replace("data", object("results", integer(1, 9), "clicked_rank", integer(1, 9)))),
                new Invariant(
                        "what goes into the cart is the product of the page",
                        e -> !text(e, "event_type").equals("add_to_cart")
                                || text(e, "data.page").equals("/product/" + text(e, "data.product_id")),
                        b -> b.replace("data", object("page", constant("/product/shoe"), "product_id", anyOf("a", "b")))
                                .rate(20, 1)),
                new Invariant(
                        "a product always has the same price",
                        prices(),
                        b -> b.replace("data", priced(decimal("12.90", "329.00")))),
                new Invariant(
                        "a discount is part of the total",
                        e -> !has(e, "data.discount") || within(e, "data.discount", 0, number(e, "data.total")),
                        b -> b.replace(
                                "data",
                                object("total", decimal("1.00", "90.00"), "discount", decimal("1.00", "90.00")))),
                new Invariant(
                        "an order is placed at the end of the checkout, nowhere else",
                        e -> text(e, "event_type").equals("purchase")
                                        == text(e, "data.page").equals("/checkout/complete")
                                && has(e, "data.order_id")
                                        == text(e, "event_type").equals("purchase"),
                        b -> b.replace("data", object("page", constant("/checkout/complete"))))));
        of.addAll(sessions());
        return of;
    }

    /** Mutants come slowly, so that they have sessions of several events early. */
    private static List<Invariant> sessions() {
        return List.of(
                new Invariant(
                        "a session has an id of its own, and one user",
                        decides(SESSION, "user_id").and(e -> matches(e, SESSION, SESSION_ID)),
                        b -> b.replace("data", object("session_id", constant("ses_0123456789abcdef")))),
                new Invariant(
                        "a session begins with a view of a page",
                        follows(
                                SESSION,
                                (before, e) ->
                                        before != null || text(e, "event_type").equals("page_view")),
                        b -> b.sessions(ClickStreams.VISITS.start("landing", 1, "search", 1))),
                new Invariant(
                        "what goes into the cart was clicked last",
                        refersTo(SESSION, "data.product_id", is("click"), is("add_to_cart")),
                        b -> b.replace("data", object("session_id", sessionId("ses_{}"), "product_id", anyOf("a", "b")))
                                .rate(20, 1)),
                new Invariant(
                        "one puts into the cart what one clicked right before, and buys right after that",
                        follows(SESSION, ClickInvariants::isInOrder),
                        b -> b.replace("event_type", anyOf("page_view", "click", "add_to_cart", "purchase"))
                                .replace("data", object("session_id", sessionId("ses_{}")))
                                .rate(20, 1)),
                new Invariant(
                        "a purchase is of as many items as were put into the cart",
                        counted(),
                        b -> b.replace("data", object("session_id", sessionId("ses_{}"), "items", integer(1, 9)))
                                .rate(20, 1)),
                new Invariant(
                        "a session ends with the purchase",
                        follows(
                                SESSION,
                                (before, e) -> before == null || !is("purchase").test(before)),
                        b -> b.replace("event_type", anyOf("page_view", "click", "add_to_cart", "purchase"))
                                .replace("data", object("session_id", sessionId("ses_{}")))
                                .rate(20, 1)),
                new Invariant(
                        "a visitor came from one place",
                        referrers(),
                        b -> b.replace("event_type", constant("page_view"))
                                .replace("data", object("session_id", sessionId("ses_{}"), "referrer", anyOf("a", "b")))
                                .rate(20, 1)));
    }

    private static Predicate<Map<String, Object>> is(String type) {
        return e -> text(e, "event_type").equals(type);
    }

    private static boolean isInOrder(Map<String, Object> before, Map<String, Object> event) {
        return switch (text(event, "event_type")) {
            case "add_to_cart" -> before != null && is("click").test(before);
            case "purchase" -> before != null && is("add_to_cart").test(before);
            default -> true;
        };
    }

    private static Predicate<Map<String, Object>> counted() {
        Map<String, Integer> inCart = new HashMap<>();
        return e -> {
            if (is("add_to_cart").test(e)) {
                inCart.merge(text(e, SESSION), 1, Integer::sum);
            }
            return !is("purchase").test(e) || number(e, "data.items") == inCart.getOrDefault(text(e, SESSION), 0);
        };
    }

    private static Predicate<Map<String, Object>> prices() {
        Predicate<Map<String, Object>> same = decides("data.product_id", "data.price");
        return e -> !has(e, "data.price") || same.test(e);
    }

    private static Predicate<Map<String, Object>> referrers() {
        Predicate<Map<String, Object>> same = decides(SESSION, "data.referrer");
        return e -> !has(e, "data.referrer") || same.test(e);
    }

    private static boolean hasDataOf(Map<String, Object> event, String type) {
        if (!(event.get("data") instanceof Map<?, ?> data)) {
            return false;
        }
        Set<Object> names = new HashSet<>(data.keySet());
        if (type.equals("search")) {
            names.remove("clicked_rank"); // not every search ends with a click
        }
        return names.equals(DATA.get(type));
    }

    private static Field priced(Field price) {
        return object("product_id", anyOf("a", "b"), "price", price);
    }

    static List<Invariant> pageviews() {
        return List.of(
                new Invariant(
                        "a view has these six fields",
                        hasExactly("event_id", "user_id", "url", "referrer", "ua", "ts"),
                        b -> b.replace(
                                "referrer", constant("https://www.google.com/").absent("1%"))),
                new Invariant(
                        "pages for mobiles are viewed on mobiles, and only there",
                        e -> text(e, "url").startsWith("https://m.")
                                == text(e, "ua").contains("Mobile"),
                        b -> b.replace("ua", anyOf(WordLists.CHROME_ANDROID, WordLists.SAFARI_MAC))),
                new Invariant(
                        "one comes to the checkout from the cart",
                        e -> !text(e, "url").endsWith("/checkout")
                                || text(e, "referrer").equals(text(e, "url").replace("/checkout", "/cart")),
                        b -> b.replace("referrer", constant("https://shop.example.com/cart"))),
                new Invariant(
                        "one comes to the cart from another page of the same site",
                        e -> !text(e, "url").endsWith("/cart")
                                || text(e, "referrer").startsWith(host(text(e, "url")))
                                        && !text(e, "referrer").equals(text(e, "url")),
                        b -> b.replace("referrer", constant("https://shop.example.com/sale"))),
                new Invariant(
                        "the referrer of other pages is outside of the shop, or nobody knows it",
                        e -> text(e, "url").endsWith("/cart")
                                || text(e, "url").endsWith("/checkout")
                                || !text(e, "referrer").contains("shop.example.com"),
                        b -> b.replace("referrer", constant("https://shop.example.com/"))),
                new Invariant(
                        "a user's id is the key",
                        e -> matches(e, "user_id", USER),
                        b -> b.replace("user_id", key("guest_{}"))),
                new Invariant(
                        "a time has milliseconds and ends in Z",
                        e -> matches(e, "ts", TIME),
                        b -> b.replace("ts", time(TimeFormat.EPOCH_MILLIS))));
    }

    private static String host(String url) {
        return url.substring(0, url.indexOf('/', "https://".length()) + 1);
    }
}
