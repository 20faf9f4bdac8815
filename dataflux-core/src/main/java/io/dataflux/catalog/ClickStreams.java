package io.dataflux.catalog;

import static io.dataflux.model.Fields.constant;
import static io.dataflux.model.Fields.decimal;
import static io.dataflux.model.Fields.id;
import static io.dataflux.model.Fields.integer;
import static io.dataflux.model.Fields.key;
import static io.dataflux.model.Fields.object;
import static io.dataflux.model.Fields.perSession;
import static io.dataflux.model.Fields.pick;
import static io.dataflux.model.Fields.sessionId;
import static io.dataflux.model.Fields.template;
import static io.dataflux.model.Fields.text;
import static io.dataflux.model.Fields.time;
import static io.dataflux.model.Fields.uuid;
import static io.dataflux.model.Fields.visits;
import static io.dataflux.model.Fields.when;
import static io.dataflux.model.Fields.whenElse;
import static io.dataflux.model.Fields.words;

import io.dataflux.model.Field;
import io.dataflux.model.Kind.Bound;
import io.dataflux.model.Kind.TimeFormat;
import io.dataflux.model.Sessions;
import io.dataflux.model.StreamDefinition;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Visits of a web shop, in two shapes. Keyed by user; a few users are very active. */
final class ClickStreams {

    private static final List<Product> PRODUCTS = List.of(
            new Product("shoe-41", "89.90", 20),
            new Product("jacket-07", "149.00", 15),
            new Product("bottle-12", "18.50", 14),
            new Product("socks-03", "12.90", 12),
            new Product("backpack-22", "74.00", 11),
            new Product("lamp-09", "39.95", 9),
            new Product("grinder-15", "59.00", 8),
            new Product("tent-02", "329.00", 6),
            new Product("pan-31", "45.50", 5));

    private static final String SHOP = "https://shop.example.com";
    private static final String MOBILE_SHOP = "https://m.shop.example.com";

    private ClickStreams() {}

    /** From the first page through others to a product, the cart and a purchase; a visitor can leave at any point. */
    static final Sessions VISITS = Sessions.thinkingAtMost(Duration.ofSeconds(3))
            .begin(Sessions.Begin.FRESH)
            .state("landing", "page", 26, "product", 32, "search", 16, "leave", 26)
            .state("page", "page", 30, "product", 34, "search", 12, "leave", 24)
            .state("search", "product", 55, "search", 15, "page", 8, "leave", 22)
            .state("product", "cart", 20, "product", 26, "page", 24, "search", 8, "leave", 22)
            .state("cart", "purchase", 34, "product", 30, "page", 12, "leave", 24)
            .state("purchase");

    static StreamDefinition clickstream() {
        return StreamDefinition.named("clickstream")
                .key("user_{}", 1_000_000, "0.5")
                .sessions(VISITS)
                .identity("event_id")
                .field("event_id", id("evt_{}"))
                .field("timestamp", time(TimeFormat.EPOCH_MILLIS))
                .field("user_id", key())
                .field(
                        "event_type",
                        when(
                                "state",
                                "landing",
                                constant("page_view"),
                                "page",
                                constant("page_view"),
                                "search",
                                constant("search"),
                                "product",
                                constant("click"),
                                "cart",
                                constant("add_to_cart"),
                                "purchase",
                                constant("purchase")))
                .field(
                        "data",
                        when(
                                "event_type",
                                "page_view",
                                pageView(),
                                "click",
                                click(),
                                "search",
                                search(),
                                "add_to_cart",
                                addToCart(),
                                "purchase",
                                purchase()))
                .build();
    }

    private static Field pageView() {
        return object(
                "session_id",
                sessionId("ses_{}"),
                "page",
                pick(
                        "/home",
                        40,
                        "/sale",
                        16,
                        "/category/outdoor",
                        14,
                        "/category/kitchen",
                        12,
                        "/new",
                        11,
                        "/help",
                        7),
                "referrer",
                perSession(pick("direct", 38, "google", 32, "newsletter", 14, "instagram", 10, "partner", 6)));
    }

    private static Field click() {
        return object(
                "session_id",
                sessionId("ses_{}"),
                "page",
                pick("/home", 50, "/sale", 25, "/category/outdoor", 15, "/category/kitchen", 10),
                "element",
                pick("product_card", 70, "banner", 18, "recommendation", 12),
                "product_id",
                clickedProduct(),
                "x",
                integer(0, 1439),
                "y",
                integer(0, 4999));
    }

    private static Field search() {
        return object(
                "session_id",
                sessionId("ses_{}"),
                "page",
                constant("/search"),
                "query",
                words("product_queries", WordLists.PRODUCT_QUERIES, "0.9"),
                "results",
                integer(1, 180),
                "clicked_rank",
                integer(1, "results").absent("35%"));
    }

    /** The product that was clicked last; a click is on another one. */
    private static Field clickedProduct() {
        Object[] products = PRODUCTS.stream()
                .flatMap(p -> List.<Object>of(p.id, p.weight).stream())
                .toArray();
        return perSession(pick(products), "product");
    }

    private static Field addToCart() {
        return object(
                "session_id",
                sessionId("ses_{}"),
                "page",
                template("/product/{product_id}"),
                "product_id",
                clickedProduct(),
                "price",
                when(
                        "product_id",
                        PRODUCTS.stream()
                                .flatMap(p -> List.of(p.id, constant(new BigDecimal(p.price))).stream())
                                .toArray()),
                "quantity",
                pick(1, 80, 2, 14, 3, 4, 4, 2));
    }

    private static Field purchase() {
        return object(
                "session_id",
                sessionId("ses_{}"),
                "page",
                constant("/checkout/complete"),
                "order_id",
                text("ord_[0-9A-Z]{8}"),
                "items",
                visits("cart"),
                "total",
                decimal("12.90", "890.00"),
                "discount",
                decimal(Bound.of(new BigDecimal("0.00")), Bound.of("total"), 2),
                "currency",
                pick("EUR", 70, "NOK", 20, "SEK", 10));
    }

    static StreamDefinition pageviews() {
        return StreamDefinition.named("pageviews")
                .key("user_{}", 1_000_000, "1.0")
                .identity("event_id")
                .field("event_id", uuid())
                .field("user_id", key())
                .field("url", pick(urls()))
                .field("referrer", whenElse("url", outside(), referrers()))
                .field("ua", when("url", userAgents()))
                .field("ts", time())
                .build();
    }

    private static final List<String> PATHS = List.of("/", "/sale", "/category/outdoor", "/help", "/cart", "/checkout");

    private static Object[] urls() {
        List<Object> urls = new ArrayList<>();
        for (int i = 0; i < PATHS.size(); i++) {
            int weight = PATHS.size() - i;
            urls.addAll(List.of(SHOP + PATHS.get(i), 2 * weight, MOBILE_SHOP + PATHS.get(i), 3 * weight));
        }
        return urls.toArray();
    }

    private static Object[] referrers() {
        List<Object> cases = new ArrayList<>();
        for (String host : List.of(SHOP, MOBILE_SHOP)) {
            cases.addAll(List.of(host + "/cart", pick(host + "/sale", 6, host + "/category/outdoor", 4)));
            cases.addAll(List.of(host + "/checkout", constant(host + "/cart")));
        }
        return cases.toArray();
    }

    /** Where visitors come from; unknown for those who typed the address. */
    private static Field outside() {
        return pick(
                        "https://www.google.com/", 50,
                        "https://duckduckgo.com/", 12,
                        "https://www.instagram.com/", 18,
                        "https://news.example.org/shopping", 20)
                .nullable("30%");
    }

    private static Object[] userAgents() {
        Field desktop = pick(
                WordLists.CHROME_WINDOWS,
                45,
                WordLists.SAFARI_MAC,
                25,
                WordLists.EDGE_WINDOWS,
                17,
                WordLists.FIREFOX_LINUX,
                13);
        Field mobile = pick(WordLists.CHROME_ANDROID, 52, WordLists.SAFARI_IPHONE, 48);
        List<Object> cases = new ArrayList<>();
        for (String path : PATHS) {
            cases.addAll(List.of(SHOP + path, desktop, MOBILE_SHOP + path, mobile));
        }
        return cases.toArray();
    }

    private record Product(String id, String price, int weight) {}
}
