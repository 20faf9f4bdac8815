package io.dataflux.catalog;

import java.util.List;

/** Words of the built-in streams, the frequent ones first. */
final class WordLists {

    static final List<String> QUERIES = List.of(
            "news today",
            "football highlights",
            "how to tie a tie",
            "relaxing music",
            "chocolate cake",
            "guitar lesson",
            "northern lights",
            "yoga for beginners",
            "electric cars",
            "space documentary",
            "bread without yeast",
            "home workout",
            "cat videos",
            "learn spanish",
            "jazz piano",
            "mountain biking",
            "knitting pattern",
            "solar panels",
            "street food",
            "chess openings",
            "garden in spring",
            "old maps",
            "wooden boats",
            "café in paris");

    static final List<String> PRODUCT_QUERIES = List.of(
            "running shoes",
            "rain jacket",
            "coffee grinder",
            "backpack",
            "headphones",
            "water bottle",
            "desk lamp",
            "wool socks",
            "tent",
            "bike light",
            "cast iron pan",
            "notebook",
            "sleeping bag",
            "crème brûlée set",
            "thermos",
            "phone case");

    static final String CHROME_WINDOWS =
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36";
    static final String EDGE_WINDOWS = CHROME_WINDOWS + " Edg/131.0.0.0";
    static final String SAFARI_MAC =
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
                    + " Version/18.1 Safari/605.1.15";
    static final String FIREFOX_LINUX = "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0";
    static final String CHROME_ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko)"
            + " Chrome/131.0.0.0 Mobile Safari/537.36";
    static final String SAFARI_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15"
            + " (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1";

    private WordLists() {}
}
